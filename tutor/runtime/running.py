"""One run as the tutor sees it: three pipes from a process that is not trusted, and a supervisor that is.

Whatever comes is counted and capped. The `Result` ends the run; without one, the supervisor's word on the exit does.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import tempfile
import time
from collections.abc import Callable
from typing import IO

import msgspec

from tutor.runtime import outcomes, wire
from tutor.runtime.inbox import MB, Inbox, Refused
from tutor.runtime.link import Slot
from tutor.runtime.protocol import (
    Job,
    Level,
    Outcome,
    Report,
    Result,
    RunEvent,
    Started,
    TraceBatch,
    TraceEvent,
)
from tutor.runtime.streams import Streams

GRACE_S = 0.4
"""How long a program may take to end after an interrupt before it is killed."""
LAST_RESORT_S = 5.0
"""The supervisor ends a run by itself this long after its time, should the tutor hang."""


def _file_in_memory() -> IO[bytes]:
    return os.fdopen(os.memfd_create("job"), "w+b") if hasattr(os, "memfd_create") else tempfile.TemporaryFile()


class Running:
    """A run from its job to its report."""

    def __init__(
        self, job: Job, slot: Slot, level: Level, began: float, on_event: Callable[[RunEvent], None] | None
    ) -> None:
        self._job = job
        self._slot = slot
        self._level = level
        self._began = began
        self._on_event = on_event
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[None] = self._loop.create_future()
        self._streams = Streams(
            job.limits.output_kb * 1024,
            on_output=self._tell,
            on_message=self._take_messages,
            on_limit=lambda: self.stop(Outcome.OUTPUT_LIMIT),
        )
        self._inbox = Inbox(job)
        self._cause: Outcome | None = None
        self._detail = ""
        self._ended: wire.Ended | None = None
        self._first_line_s = 0.0
        self._trace: list[TraceEvent] = []
        self._timers: list[asyncio.TimerHandle] = []

    async def report(self) -> Report:
        """Give the job to the slot and wait for the end."""
        try:
            self._hand_over()
            self._timers.append(self._loop.call_later(self._job.limits.time_s, self.stop, Outcome.TIMED_OUT))
            self._loop.add_reader(self._slot.supervisor, self._hear_supervisor)
            await self._over
            self._streams.read_rest(self._job.limits.message_mb * MB)
        except ConnectionError as error:
            self._cause, self._detail = Outcome.RUNTIME_FAULT, f"The process that was prepared has ended: {error}"
        finally:
            self._close()
        return self._made()

    @property
    def was_lost(self) -> bool:
        """Whether the prepared process was gone before the program began, so that another one may run it."""
        return not self._inbox.started and self._outcome()[0] is Outcome.RUNTIME_FAULT

    @property
    def reported(self) -> bool:
        """Whether the program has come to its report, by itself or after an interrupt."""
        return self._inbox.result is not None and self._cause is not Outcome.PROTOCOL_ERROR

    def stop(self, why: Outcome, detail: str = "") -> None:
        """Interrupt the program, and kill it where that does not end it."""
        if self._cause is None and not self._over.done():
            self._cause, self._detail = why, detail
            self._slot.tell(wire.Interrupt())
            self._timers.append(self._loop.call_later(GRACE_S, self._slot.tell, wire.Kill()))

    def _hand_over(self) -> None:
        with contextlib.ExitStack() as handed_over:
            body = handed_over.enter_context(_file_in_memory())
            body.write(msgspec.msgpack.encode(self._job))
            body.flush()
            ends = [body.fileno(), *self._streams.open(handed_over)]
            socket.send_fds(self._slot.learner, [b"job"], ends)
        # Second, so that the supervisor does not take the processor that the learner's process is to wake on.
        limits = self._job.limits
        seconds = limits.time_s + LAST_RESORT_S
        self._slot.tell(wire.Watch(seconds=seconds, memory_mb=limits.memory_mb, scratch_mb=limits.scratch_mb))

    def _close(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._loop.remove_reader(self._slot.supervisor)
        self._streams.close()

    # ---- what comes in ------------------------------------------------------------------------------------------

    def _tell(self, event: RunEvent) -> None:
        if self._on_event is not None:
            self._on_event(event)

    def _take_messages(self, data: bytes) -> None:
        if self._cause is Outcome.PROTOCOL_ERROR:
            return  # it was refused, and is about to end
        try:
            for message in self._inbox.feed(data):
                self._take_message(message)
        except Refused as why:
            self.stop(Outcome.PROTOCOL_ERROR, str(why))
        if self._inbox.result is not None:
            self._finish()

    def _take_message(self, message: Started | TraceBatch) -> None:
        match message:
            case Started(at=at):
                now = time.perf_counter() - self._began
                self._first_line_s = min(max(0.0, at - self._began), now) if at == at else now
            case TraceBatch(events=events):
                self._trace += events
        self._tell(message)

    def _hear_supervisor(self) -> None:
        try:
            data = heard(self._slot.supervisor)
        except BlockingIOError:
            return
        message = wire.from_supervisor(data) if data else None
        if isinstance(message, wire.Ended):
            self._ended = message
        elif self._cause is None:
            self._cause = Outcome.RUNTIME_FAULT
            self._detail = message.text if isinstance(message, wire.Fault) else "The supervisor of the run has ended."
        self._finish()

    def _finish(self) -> None:
        if not self._over.done():
            self._over.set_result(None)

    # ---- what is said of it -------------------------------------------------------------------------------------

    def _made(self) -> Report:
        result = self._inbox.result or Result(peak_mb=self._ended.peak_mb if self._ended else 0.0)
        outcome, detail = self._outcome()
        wall_s = time.perf_counter() - self._began
        ran_s = max(0.0, wall_s - self._first_line_s)
        return Report(
            outcome=outcome,
            error=result.error,
            detail=detail,
            stdout=self._streams.text("stdout"),
            stderr=self._streams.text("stderr"),
            dropped_output=self._streams.dropped,
            device=result.device,
            device_name=result.device_name,
            level=self._level,
            seconds=min(result.seconds, ran_s) if self._inbox.result else ran_s,
            wall_s=wall_s,
            first_line_s=self._first_line_s,
            peak_mb=result.peak_mb,
            trace=tuple(self._trace),
            totals=result.totals,
            optimizers=result.optimizers,
            operations=result.operations,
            observations={seen.probe: seen for seen in result.observations},
            variables=result.variables,
            line_shapes=result.line_shapes,
            loops=result.loops,
            graphs=result.graphs,
            plots=result.plots,
        )

    def _outcome(self) -> tuple[Outcome, str]:
        if self._cause is not None:
            return self._cause, self._detail
        if not self._inbox.started:
            return Outcome.RUNTIME_FAULT, f"The process ended before your code began. {self._last_words()}".rstrip()
        if self._inbox.result is not None:
            error = self._inbox.result.error
            return (Outcome.FINISHED if error is None else outcomes.of_error(error)), ""
        assert self._ended is not None, "a run is over by its result, by its end, or by a cause"
        return outcomes.of_end(self._ended, self._job.limits, self._streams.text("stderr"))

    def _last_words(self) -> str:
        lines = self._streams.text("stderr").strip().splitlines()
        return lines[-1] if lines else ""


def heard(supervisor: socket.socket) -> bytes:
    """What it says next, b"" where it has ended; BlockingIOError where it says nothing now.

    A program may end before its supervisor has read that it is to watch it. The kernel then tells of the closed socket
    first, once, and only afterwards gives what was said before.
    """
    for _ in range(2):
        with contextlib.suppress(ConnectionResetError):
            return supervisor.recv(wire.LARGEST)
    return b""
