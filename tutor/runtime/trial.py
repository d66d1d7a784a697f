"""Whether a level of isolation stands on this machine: a process puts it on, sees one slot stand, and leaves.

No torch is loaded for it, so that `doctor` can say of every level whether it can be had.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys

from tutor.runtime import bubblewrap, levels, machine
from tutor.runtime.helper import import_path, last_line
from tutor.runtime.protocol import Level

PATIENCE_S = 30.0
_STANDS = "the level stands"
_BOOT = "import sys; sys.path[:] = sys.argv[2:]; from tutor.runtime import trial; trial.main(sys.argv[1])"


async def why_not(level: Level, python: str = sys.executable) -> str:
    """Why the level can't be had here; empty where it can."""
    try:
        levels.check(level)
        if level is Level.SPARE:  # it has what the machine has, and lacks the rest
            return ""
        around = bubblewrap.command() if level is Level.JAIL else []
    except OSError as error:
        return machine.in_words(error)
    try:
        process = await asyncio.create_subprocess_exec(
            *around,
            *(python, "-s", "-P", "-B", "-c", _BOOT, level.value, *import_path()),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        return f"Python can't be started: {error}"
    try:
        async with asyncio.timeout(PATIENCE_S):
            said, _ = await process.communicate()
    except TimeoutError:
        return f"no process was locked down within {PATIENCE_S:g} s"
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    last = last_line(said.decode(errors="replace"))
    return "" if last == _STANDS else last


def main(level: str) -> None:
    """In the process that tries: put the level on, and print how that went."""
    from tutor.runtime import watch, wire, zygote

    control, other = wire.pair()
    try:
        plan = zygote.prepare(Level(level), control)
        if plan.scratch_root:
            watch.remove_tree(plan.scratch_root)
    except OSError as error:
        said = last_line(machine.in_words(error))
    else:
        said = _STANDS
    other.close()
    os.write(1, f"{said}\n".encode())
