"""Memory: of a parked process, and of the whole tutor at rest with torch ready."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.table import Row, at_most
from benchmarks.terminal import Terminal
from tutor.runtime.watch import descendants

SETTLE_S = 1.0
"""How long the processes must have stayed the same: then the slot is parked and has rehearsed."""
PATIENCE_S = 60.0
TUTOR = [sys.executable, "-c", "import sys; from tutor.cli import main; sys.exit(main([]))"]
_PROCESSES = 5
"""The app, the zygote outside and inside of its jail, the supervisor and the learner's process."""


def megabytes(pid: int, *fields: str) -> float:
    """The sum of these fields of /proc/PID/smaps_rollup."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.split(":")[0] in fields) / 1024


def at_rest(terminal: Terminal) -> list[int]:
    """The processes of a tutor that has torch loaded and a process parked, which are then left alone."""
    deadline = time.monotonic() + PATIENCE_S
    last: list[int] = []
    while time.monotonic() < deadline:
        terminal.drain(SETTLE_S)
        found = [terminal.pid, *descendants(terminal.pid)]
        if len(found) == _PROCESSES and found == last:
            return found
        last = found
    raise RuntimeError(f"the tutor's processes did not come to rest: {last}")


def rows() -> list[Row]:
    """The app on the course's map, as it is left alone; what is measured needs the right to look into all of them."""
    if os.getuid() != 0:
        print("  (left out: only root may look into the locked-down processes)")
        return []
    with tempfile.TemporaryDirectory() as home, Terminal(TUTOR, home) as terminal:
        found = at_rest(terminal)
        # Clean private pages are those of libraries that nobody else has touched yet: the kernel's cache of files.
        parked = sum(megabytes(pid, "Private_Dirty") for pid in found[-2:])
        whole = sum(megabytes(pid, "Pss") for pid in found)
    return [
        at_most("Memory of a parked process and its supervisor", parked, 10, "MB"),
        at_most("Memory of the tutor at rest, torch ready (PSS)", whole, 350, "MB"),
    ]
