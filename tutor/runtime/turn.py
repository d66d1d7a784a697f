"""One call of `Runtime.run`."""

from __future__ import annotations

import asyncio
import time

from tutor.runtime.protocol import Outcome
from tutor.runtime.running import Running


class Turn:
    """One call of `run`, from its first moment on, so that it can be stopped also while it waits."""

    def __init__(self) -> None:
        self.began = time.perf_counter()
        self.stopped: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.running: Running | None = None

    def stop(self) -> None:
        """End the wait for a process, or the run."""
        if self.running is not None:
            self.running.stop(Outcome.INTERRUPTED)
        elif not self.stopped.done():
            self.stopped.set_result(None)
