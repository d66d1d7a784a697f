"""Every program of the suite, at every level that is a sandbox; as the user of the tests and, as root, as another."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import msgspec
import pytest
import pytest_asyncio

from tests.runtime.escapes import arena
from tests.runtime.escapes.escape import Escape
from tests.runtime.escapes.programs import ALL
from tests.runtime.escapes.ring import Ring, Trial

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Recorded(Protocol):
    """Keeps results for the table at the end."""

    def __call__(self, name: str, value: object) -> None: ...


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def missing() -> list[str]:
    """Why levels can't be had here."""
    return []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rings(missing: list[str]) -> AsyncIterator[list[Ring]]:
    opened = await arena.opened(missing)
    yield opened
    left = await arena.closed(opened)
    assert [trial for trial in left if trial.problems] == []


def judge(trials: list[Trial], user: str, record: Recorded) -> None:
    for trial in trials:
        record("escape", (user, msgspec.to_builtins(trial)))
    assert [trial for trial in trials if trial.problems] == []
    assert trials


@pytest.mark.parametrize(("family", "escape"), ALL, ids=[f"{family}: {escape.tries}" for family, escape in ALL])
async def test_it_holds(rings: list[Ring], family: str, escape: Escape, record_property: Recorded) -> None:
    judge(await arena.tried(rings, family, escape), "", record_property)


async def test_every_level_was_tried(rings: list[Ring], missing: list[str]) -> None:
    assert rings
    if missing:
        pytest.skip("; ".join(missing))


async def test_there_are_enough_of_them() -> None:
    assert len(ALL) >= 70
    assert len({escape.tries for _, escape in ALL}) == len(ALL)


@pytest.mark.skipif(os.getuid() != 0, reason="whoever is no root is the other user already")
async def test_all_of_them_hold_for_an_ordinary_user_too(record_property: Recorded) -> None:
    with tempfile.TemporaryDirectory(prefix="tt-") as home:  # short, because sockets with a name are laid out there
        file = Path(home) / "trials.json"
        as_user = ["-m", "tests.runtime.escapes.as_user", home, "tests.runtime.escapes", "--json", str(file)]
        done = subprocess.run([sys.executable, *as_user], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        judge(msgspec.json.decode(file.read_bytes(), type=list[Trial]), "as an ordinary user", record_property)
