"""What holds for every test: a terminal that can show all that is drawn, wherever the tests are run."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator

import pytest
from textual import _wait

from tutor.cli import check, export, run, session, watch
from tutor.runtime.client import Runtime
from tutor.runtime.protocol import ANYWHERE, Place

Work = Callable[[Runtime], Awaitable[object]]

for name in ("NO_COLOR", "LC_ALL"):
    os.environ.pop(name, None)
os.environ.update(LC_CTYPE="C.UTF-8", TERM="xterm-256color")

# Textual's pilot takes the app for idle when it has slept through this time, after each key and at each pause. Messages
# are waited for apart from that, so a shorter time is as safe, and most of the time of our tests was such sleep.
_wait.SLEEP_GRANULARITY = 1 / 200
_wait.SLEEP_IDLE = _wait.SLEEP_GRANULARITY / 20


@pytest.fixture(scope="session")
def _runtime_for_commands() -> Iterator[tuple[asyncio.AbstractEventLoop, Runtime]]:
    loop, runtime = asyncio.new_event_loop(), Runtime()
    yield loop, runtime
    loop.run_until_complete(runtime.close())
    loop.close()


@pytest.fixture
def torch_loaded_once(
    monkeypatch: pytest.MonkeyPatch, _runtime_for_commands: tuple[asyncio.AbstractEventLoop, Runtime]
) -> None:
    """Commands of a test use one runtime, which stays warm, instead of one each."""
    loop, runtime = _runtime_for_commands

    def lent(work: Work, place: Place = ANYWHERE, *, sklearn: bool = False, strict: bool = True) -> object:
        if sklearn or place != ANYWHERE:
            return session.with_runtime(work, place, sklearn=sklearn, strict=strict)
        return loop.run_until_complete(work(runtime))

    for command in (check, export, run, watch):
        monkeypatch.setattr(command, "with_runtime", lent)
