"""One run as the tutor sees it: three pipes from a process that is not trusted, and a supervisor that is.

Whatever comes is counted and capped. The `Result` ends the run; without one, the supervisor's word on the exit does.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import Callable
from typing import Literal

import msgspec

from tutor.runtime import outcomes, wire
from tutor.runtime.inbox import MB, Inbox, Refused
from tutor.runtime.link import Slot
from tutor.runtime.protocol import (
    Job,
    Level,
    Outcome,
    Output,
    Report,
    Result,
    RunEvent,
    Started,
    TraceBatch,
    TraceEvent,
)
from tutor.runtime.safe_text import Decoder

Stream = Literal["stdout", "stderr"]
GRACE_S = 0.4
"""How long a program may take to end after an interrupt before it is killed."""
BATCH_S = 0.05
"""Output is passed on at most this often."""
LAST_RESORT_S = 5.0
"""The supervisor ends a run by itself this long after its time, should the tutor hang."""
_READ = 1 << 16


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
        self._pipes: dict[int, Callable[[bytes], None]] = {}
        self._decoders: dict[Stream, Decoder] = {"stdout": Decoder(), "stderr": Decoder()}
        self._text: dict[Stream, list[str]] = {"stdout": [], "stderr": []}
        self._waiting: list[tuple[Stream, str]] = []
        self._flush_at: asyncio.TimerHandle | None = None
        self._output_bytes = self._dropped = 0
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
            for descriptor in list(self._pipes):
                self._read_rest(descriptor)
        finally:
            self._close()
        return self._made()

    def stop(self, why: Outcome, detail: str = "") -> None:
        """Interrupt the program, and kill it where that does not end it."""
        if self._cause is None and not self._over.done():
            self._cause, self._detail = why, detail
            self._slot.tell(wire.Interrupt())
            self._timers.append(self._loop.call_later(GRACE_S, self._slot.tell, wire.Kill()))

    def _hand_over(self) -> None:
        takers = (self._take_stdout, self._take_stderr, self._take_messages)
        with contextlib.ExitStack() as handed_over:
            body = os.memfd_create("job")
            handed_over.callback(os.close, body)
            with open(body, "wb", closefd=False) as file:
                file.write(msgspec.msgpack.encode(self._job))
            ends = [body]
            for taker in takers:
                reading, writing = os.pipe()
                handed_over.callback(os.close, writing)
                ends.append(writing)
                os.set_blocking(reading, False)
                self._pipes[reading] = taker
                self._loop.add_reader(reading, self._read, reading)
            socket.send_fds(self._slot.learner, [b"job"], ends)
        # Second, so that the supervisor does not take the processor that the learner's process is to wake on.
        limits = self._job.limits
        seconds = limits.time_s + LAST_RESORT_S
        self._slot.tell(wire.Watch(seconds=seconds, memory_mb=limits.memory_mb, scratch_mb=limits.scratch_mb))

    def _close(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._loop.remove_reader(self._slot.supervisor)
        for descriptor in list(self._pipes):
            self._drop(descriptor)
        for stream in self._text:
            self._write(stream, self._decoders[stream].feed(b"", last=True))
        if self._flush_at is not None:
            self._flush_at.cancel()
        self._flush()

    # ---- what comes in ------------------------------------------------------------------------------------------

    def _read(self, descriptor: int) -> bool:
        """Take one piece from a pipe; whether there may be more."""
        try:
            data = os.read(descriptor, _READ)
        except BlockingIOError:
            return False
        if not data:
            self._drop(descriptor)
            return False
        self._pipes[descriptor](data)
        return True

    def _read_rest(self, descriptor: int) -> None:
        """What was written before the end, but no more than what a pipe and the limits hold."""
        for _ in range(self._job.limits.message_mb * MB // _READ + 1):
            if not self._read(descriptor):
                return

    def _drop(self, descriptor: int) -> None:
        self._loop.remove_reader(descriptor)
        del self._pipes[descriptor]
        os.close(descriptor)

    def _take_stdout(self, data: bytes) -> None:
        self._take_output("stdout", data)

    def _take_stderr(self, data: bytes) -> None:
        self._take_output("stderr", data)

    def _take_output(self, stream: Stream, data: bytes) -> None:
        room = self._job.limits.output_kb * 1024 - self._output_bytes
        kept = data[: max(0, room)]
        self._output_bytes += len(kept)
        self._dropped += len(data) - len(kept)
        self._write(stream, self._decoders[stream].feed(kept))
        if len(kept) < len(data):
            self.stop(Outcome.OUTPUT_LIMIT)

    def _write(self, stream: Stream, text: str) -> None:
        if not text:
            return
        self._text[stream].append(text)
        self._waiting.append((stream, text))
        if self._flush_at is None:
            self._flush_at = self._loop.call_later(BATCH_S, self._flush)

    def _flush(self) -> None:
        """Pass on what waits, what came in one go on one stream as one piece."""
        self._flush_at = None
        waiting, self._waiting = self._waiting, []
        joined: list[tuple[Stream, list[str]]] = []
        for stream, text in waiting:
            if not joined or joined[-1][0] != stream:
                joined.append((stream, []))
            joined[-1][1].append(text)
        for stream, texts in joined:
            self._tell(Output(stream, "".join(texts)))

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
            data = self._slot.supervisor.recv(wire.LARGEST)
        except BlockingIOError:
            return
        except OSError:
            data = b""
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
            stdout="".join(self._text["stdout"]),
            stderr="".join(self._text["stderr"]),
            dropped_output=self._dropped,
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
            observations={seen.probe: seen for seen in result.observations},
            variables=result.variables,
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
        return outcomes.of_end(self._ended, self._job.limits, "".join(self._text["stderr"]))

    def _last_words(self) -> str:
        lines = "".join(self._text["stderr"]).strip().splitlines()
        return lines[-1] if lines else ""
