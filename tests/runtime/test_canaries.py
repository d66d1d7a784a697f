"""The canaries: all hold at every level; and each one can fail, in a sandbox that was broken on purpose."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest

from tests.runtime.test_isolation import descendants
from tutor.runtime import canaries, safe_text
from tutor.runtime.client import Runtime, RuntimeFault
from tutor.runtime.levels import BUILT
from tutor.runtime.protocol import Level
from tutor.runtime.traps import Traps

REPOSITORY = str(Path(__file__).resolve().parents[2])
HOME, OUTSIDE, NETWORK, SIGNALS, MEMORY, DAEMON, ANSWERS, OUTPUT, PROCESSES, ALLOCATION = canaries.NAMES

# A Python that breaks what it is told to before the zygote begins.
BREAKING = """#!{python}
import os, sys
at = sys.argv.index("-c") + 1
sys.argv[at] = {holes!r} + sys.argv[at]
os.execv({python!r}, [{python!r}, *sys.argv[1:]])
"""
IMPORTS = f"""
import sys
sys.path[:0] = [{REPOSITORY!r}]
from tutor.runtime import guard, jail, lockdown, places, syscalls, watch
"""
NO_LOCK = "lockdown.lock_bare = lambda *_: None\n"
NO_LIMIT_ON_PROCESSES = """
limit = lockdown.limit
lockdown.limit = lambda name, *more, **named: None if name == "NPROC" else limit(name, *more, **named)
"""
NO_WATCHDOG = "guard.Guard._look = lambda _: ''\nlockdown.limit_for_job = lambda *_: None\n"
NO_CLEARING_UP = "watch.end_tree = lambda *_: None\n"
HOME_IN_SIGHT = "places.SYSTEM = (*places.SYSTEM, {home!r})\n"
LESSONS_IN_SIGHT = "places._OF_PACKAGE = (*places._OF_PACKAGE, 'lessons')\n"
NETWORK_SHARED = """
jail._EVERYTHING &= ~syscalls.CLONE_NEWNET
jail._OF_A_RUN &= ~syscalls.CLONE_NEWNET
syscalls.loopback_up = lambda: None
"""


def breaking(folder: Path, *holes: str) -> str:
    """The path of a Python with these holes."""
    program = folder / "python"
    program.write_text(BREAKING.format(python=sys.executable, holes=IMPORTS + "".join(holes)))
    program.chmod(0o755)
    return str(program)


async def verdicts(runtime: Runtime) -> dict[str, canaries.Verdict]:
    """What became of each canary."""
    await runtime.start()
    return {verdict.name: verdict for verdict in await canaries.release(runtime)}


def broken(found: dict[str, canaries.Verdict]) -> set[str]:
    return {name for name, verdict in found.items() if not verdict.holds}


@pytest.mark.parametrize("level", BUILT, ids=str)
async def test_every_canary_holds(level: Level, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    before = set(descendants(os.getpid()))
    async with Runtime(level=level) as runtime:
        try:
            await runtime.start()
        except RuntimeFault as fault:
            if level is BUILT[-1]:
                raise
            pytest.skip(str(fault))
        found = await verdicts(runtime)
    assert [verdict for verdict in found.values() if not verdict.holds] == []
    assert len(found) == 10
    assert set(descendants(os.getpid())) <= before
    assert not list(tmp_path.iterdir())


async def test_without_a_sandbox_every_canary_gets_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = breaking(tmp_path, NO_LOCK, NO_WATCHDOG, NO_CLEARING_UP)
    monkeypatch.setattr(safe_text, "visible", str)
    async with Runtime(level=Level.BASIC, python=python) as runtime:
        found = await verdicts(runtime)
    assert broken(found) == set(canaries.NAMES)
    assert "content of" in found[HOME].detail
    assert "something was changed" in found[OUTSIDE].detail
    assert "TCP" in found[NETWORK].detail
    assert "UDP" in found[NETWORK].detail
    assert "local socket" in found[NETWORK].detail
    assert "another process of yours" in found[SIGNALS].detail
    assert "secret" in found[MEMORY].detail
    assert "still there" in found[DAEMON].detail
    assert "tensors.yaml" in found[ANSWERS].detail
    assert "was not ended at its limit of 64 MB" in found[ALLOCATION].detail
    assert "processes at once" in found[PROCESSES].detail
    assert "control character" in found[OUTPUT].detail


async def test_a_hole_in_the_rooms_is_found_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as home:  # a run's own folder covers /tmp
        Path(home).chmod(0o755)
        monkeypatch.setenv("HOME", home)
        python = breaking(tmp_path, HOME_IN_SIGHT.format(home=home), LESSONS_IN_SIGHT, NETWORK_SHARED)
        async with Runtime(level=Level.FULL, python=python) as runtime:
            assert broken(await verdicts(runtime)) == {HOME, NETWORK, ANSWERS}


async def test_a_hole_in_the_limits_is_found_where_it_is(tmp_path: Path) -> None:
    python = breaking(tmp_path, NO_LIMIT_ON_PROCESSES, NO_WATCHDOG, NO_CLEARING_UP)
    async with Runtime(level=Level.BASIC, python=python) as runtime:
        assert broken(await verdicts(runtime)) == {DAEMON, PROCESSES, ALLOCATION}


async def test_a_canary_that_can_not_be_tried_has_not_held(tmp_path: Path) -> None:
    python = breaking(tmp_path, "lockdown.limit_for_job = lambda *_: 1 / 0\n")
    async with Runtime(level=Level.BASIC, python=python) as runtime:
        found = await verdicts(runtime)
    assert broken(found) == set(canaries.NAMES)
    assert "it could not be tried: the run ended as runtime_fault" in found[HOME].detail


def test_the_programs_hear_no_secret() -> None:
    with Traps() as traps:
        assert traps.secret not in repr(traps.told())
        assert traps.secret in traps.file.read_text()


def test_the_traps_are_taken_away() -> None:
    with Traps() as traps:
        assert all(folder.is_dir() for folder in traps.folders)
        decoy = traps.decoy
    assert decoy.poll() is not None
    assert not any(folder.exists() for folder in traps.folders)
