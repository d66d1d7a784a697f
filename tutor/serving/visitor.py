"""One visitor: a tutor in a process of its own, which ends with everything that it started."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Sequence
from typing import Any

from textual_serve.app_service import AppService

from tutor.paths import HOME_VARIABLE, SERVED_VARIABLE

GRACE_S = 5.0
"""Seconds in which a tutor has to save and leave by itself."""


class Visitor(AppService):
    """Runs `command` for a visitor; with `guest`, on a progress of its own that goes when the visitor leaves."""

    def __init__(self, command: Sequence[str], *, guest: bool, **how: Any) -> None:
        super().__init__("", **how)
        self._arguments = tuple(command)
        self._home = tempfile.mkdtemp(prefix="torch-tutor-guest-") if guest else None

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        own = {HOME_VARIABLE: self._home} if self._home else {}
        return {**super()._build_environment(width, height), SERVED_VARIABLE: "1", **own}

    async def _open_app_process(self, width: int = 80, height: int = 24) -> asyncio.subprocess.Process:
        """Start the tutor, without a shell, as the head of a group of processes."""
        pipe = asyncio.subprocess.PIPE
        environment = self._build_environment(width, height)
        self._process = process = await asyncio.create_subprocess_exec(
            *self._arguments, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, start_new_session=True
        )
        assert process.stdin is not None
        self._stdin = process.stdin
        return process

    async def stop(self) -> None:
        """Let the tutor save and leave; end what does not."""
        process = self._process
        if process is None:
            return
        leaving = asyncio.ensure_future(super().stop())
        await asyncio.wait({leaving}, timeout=GRACE_S)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        with contextlib.suppress(ConnectionError):
            await leaving
        await process.wait()
        if self._home:
            shutil.rmtree(self._home, ignore_errors=True)
