"""Whether a level can be had: asked without torch, and taken away where the machine refuses what it is made of."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runtime.test_primitives import REPOSITORY
from tutor.runtime import bubblewrap, trial
from tutor.runtime.client import Runtime, RuntimeFault
from tutor.runtime.protocol import Level

FAILING = "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n"


@pytest.fixture
def failing_bubblewrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bwrap that ends at once, as on a machine that has no rule for it."""
    program = tmp_path / "bwrap"
    program.write_text(FAILING)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")


@pytest.mark.usefixtures("failing_bubblewrap")
async def test_a_jail_that_ends_at_once_is_a_level_that_can_not_be_had() -> None:
    assert await trial.why_not(Level.JAIL) == "bwrap: setting up uid map: Permission denied"
    for _ in range(5):  # it ends before or after it was spoken to
        async with Runtime(level=Level.JAIL) as runtime:
            with pytest.raises(RuntimeFault, match="setting up uid map: Permission denied"):
                await runtime.start()
    async with Runtime(level=Level.JAIL, strict=False) as lenient:
        assert (await lenient.start()).level is not Level.JAIL


async def test_a_level_that_stands_is_found_without_torch() -> None:
    async with Runtime() as runtime:
        taken = (await runtime.start()).level
    assert await trial.why_not(taken) == ""
    assert await trial.why_not(Level.BASIC) == ""
    assert await trial.why_not(Level.SPARE) == ""


async def test_a_python_that_is_not_there_is_a_reason() -> None:
    assert "can't be started" in await trial.why_not(Level.BASIC, "/nowhere/python")


async def test_a_try_leaves_no_folder_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert await trial.why_not(Level.BASIC) == ""
    assert not list(tmp_path.iterdir())


def test_a_jail_does_not_show_the_folder_that_the_tutor_was_started_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "bwrap").touch(0o755)
    shown = bubblewrap.command()[1:]
    assert str(tmp_path) not in shown


LIKE_A_CONTAINER = """
import errno, runpy, sys
from tutor.runtime import seccomp, syscalls
steps = [(0x20, 0, 0, 0)]
for name in ("mount", "unshare", "setns", "pivot_root"):
    steps += seccomp._refuse({name: seccomp._REFUSED[name]}, errno.EPERM)
seccomp.install(seccomp._assemble([*steps, (6, 0, 0, 0x7FFF0000)]))
from tutor.cli import main
sys.exit(main(["doctor", "--json"]))
"""


def test_where_namespaces_are_refused_the_basic_level_is_taken_and_doctor_says_why() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIKE_A_CONTAINER], capture_output=True, text=True, check=False, cwd=REPOSITORY
    )
    found = json.loads(done.stdout)
    assert (done.returncode, found["ok"], found["level"]) == (0, True, "basic"), done.stdout
    states = {one["name"]: one for one in found["levels"]}
    assert [name for name, one in states.items() if one["works"]] == ["basic", "spare"]
    assert "Operation not permitted" in states["full"]["why"]
    assert states["full"]["fix"]
    (off,) = [one for one in found["protections"] if one["name"] == "namespaces"]
    assert "the full level can't be had: unshare" in off["why"]
    assert off["fix"] == states["full"]["fix"]
    assert all(canary["holds"] for canary in found["canaries"])
