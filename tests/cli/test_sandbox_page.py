"""docs/sandbox.md: its commands run, and what it tells to do is what `doctor` tells."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.runtime import levels, machine, primitives
from tutor.runtime.machine import Machine
from tutor.runtime.protocol import Level

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = (REPOSITORY / "docs/sandbox.md").read_text()
COMMANDS = re.findall(r"^\$ (.+)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_work(command: str, tmp_path: Path) -> None:
    words = shlex.split(command)
    settings = dict(word.split("=", 1) for word in words if word.startswith("TORCH_TUTOR_"))
    program, *rest = words[len(settings) :]
    assert program == "torch-tutor"
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from tutor.cli import main; sys.exit(main())", *rest],
        env={**os.environ, **settings, "TORCH_TUTOR_HOME": str(tmp_path)},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    if settings or "--level" in rest:
        assert "isolation   basic, as asked for" in done.stdout


def test_it_has_commands() -> None:
    assert len(COMMANDS) == 3


def test_it_knows_every_level_and_whose_code_it_is_for() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", PAGE, re.MULTILINE))
    assert list(rows) == list(Level)
    assert {level for level in Level if rows[level].startswith("anybody's")} == set(levels.STRANGERS)


def test_it_explains_every_word_that_doctor_uses() -> None:
    explained = set(re.findall(r"^\| ([^`|]+) \| ", PAGE.split("## The words")[1].split("\n## ")[0], re.MULTILINE))
    assert {one.name for one in primitives.probe() if "." not in one.name} <= explained


@pytest.mark.parametrize(
    "here",
    [
        Machine(release="6.8.0", apparmor_limits=True),
        Machine(release="6.8.0", apparmor_limits=True, bubblewrap="/usr/bin/bwrap"),
        Machine(most_namespaces=0),
        Machine(for_all=False),
        Machine(container="Docker"),
        Machine(release="4.4.0-19041-Microsoft"),
    ],
)
def test_what_doctor_says_to_do_stands_in_it(here: Machine) -> None:
    told = re.findall(r"`([^`]+)`", machine.for_namespaces(here))
    assert told or here.bubblewrap
    assert [command for command in told if command not in PAGE] == []
