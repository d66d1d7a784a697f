"""Running something on a runtime from a command, with Ctrl+C ending the run and nothing left behind."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tutor.cli import UsageError
from tutor.runtime.client import Runtime, RuntimeFault
from tutor.runtime.protocol import Level

T = TypeVar("T")


def with_runtime(work: Callable[[Runtime], Awaitable[T]], *, sklearn: bool = False, level: Level | None = None) -> T:
    """Start a runtime, do the work, end it; Ctrl+C stops the run, so that its report still comes."""

    async def session() -> T:
        async with Runtime(sklearn=sklearn, level=level) as runtime:
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, runtime.stop)
            return await work(runtime)

    try:
        return asyncio.run(session())
    except RuntimeFault as fault:
        raise UsageError(f"{fault}\n`torch-tutor doctor` says what this machine allows.") from None
