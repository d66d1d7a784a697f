"""One run as the tutor sees it: three pipes from a process that is not trusted, and a supervisor that is.

Whatever comes is counted and capped; messages are decoded into the types of `protocol` or refused. The first `Result`
ends the run; without one, the supervisor's word on the exit does.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable
from typing import Literal

import msgspec

from tutor.runtime import outcomes, wire
from tutor.runtime.protocol import (
    Job,
    Level,
    Message,
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
MB = 1 << 20
GRACE_S = 0.4
"""How long a program may take to end after an interrupt before it is killed."""
BATCH_S = 0.05
"""Output is passed on at most this often."""
LAST_RESORT_S = 5.0
"""The supervisor ends a run by itself this long after its time, should the tutor hang."""
_MOST_EVENTS = 25_000
_READ = 1 << 16
_decode: Callable[[bytes], Message] = msgspec.msgpack.Decoder(Message).decode


class Slot:
    """A parked process: the learner's socket, the supervisor's, and a handle of the supervisor."""

    def __init__(self, request: wire.SlotRequest, descriptors: list[int]) -> None:
        self.request = request
        self.learner = socket.socket(fileno=descriptors[0])
        self.supervisor = socket.socket(fileno=descriptors[1])
        self._handle = descriptors[2]
        self.learner.setblocking(False)
        self.supervisor.setblocking(False)

    async def parked(self) -> None:
        """Wait until the process is locked down; OSError with the reason where it could not be."""
        data = await asyncio.get_running_loop().sock_recv(self.supervisor, wire.LARGEST)
        message = wire.from_supervisor(data) if data else wire.Fault("the supervisor of a run ended at once")
        if isinstance(message, wire.Fault):
            raise OSError(message.text)

    def tell(self, message: msgspec.Struct) -> None:
        """Send the supervisor a message; where it has ended meanwhile, nothing is to be said."""
        with contextlib.suppress(OSError):
            self.supervisor.send(wire.encode(message))

    async def end(self) -> None:
        """End what still runs, wait until nothing is left of it, and close."""
        self.tell(wire.Kill())
        self.learner.close()
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(LAST_RESORT_S):
                while await loop.sock_recv(self.supervisor, wire.LARGEST):
                    pass
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        except OSError:
            pass  # it has ended
        self.supervisor.close()
        os.close(self._handle)


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
        self._output_bytes = self._dropped = self._message_bytes = self._messages = 0
        self._buffer = bytearray()
        self._cause: Outcome | None = None
        self._detail = ""
        self._result: Result | None = None
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
        limits = self._job.limits
        seconds = limits.time_s + LAST_RESORT_S
        self._slot.tell(wire.Watch(seconds=seconds, memory_mb=limits.memory_mb, scratch_mb=limits.scratch_mb))
        takers = (self._take_stdout, self._take_stderr, self._take_messages)
        pipes = [os.pipe() for _ in takers]
        body = os.memfd_create("job")
        try:
            for (reading, _), taker in zip(pipes, takers, strict=True):
                os.set_blocking(reading, False)
                self._pipes[reading] = taker
                self._loop.add_reader(reading, self._read, reading)
            os.write(body, msgspec.msgpack.encode(self._job))
            socket.send_fds(self._slot.learner, [b"job"], [body, *(writing for _, writing in pipes)])
        finally:
            for descriptor in (body, *(writing for _, writing in pipes)):
                os.close(descriptor)

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
        self._message_bytes += len(data)
        if self._result is not None:
            return  # a run has one result; what follows is no message
        if self._message_bytes > self._job.limits.message_mb * MB:
            self.stop(Outcome.PROTOCOL_ERROR, f"it is larger than {self._job.limits.message_mb} MB")
            return
        self._buffer += data
        while len(self._buffer) >= 4 and self._result is None and self._cause is not Outcome.PROTOCOL_ERROR:
            end = 4 + int.from_bytes(self._buffer[:4], "little")
            if len(self._buffer) < end:
                return
            body = bytes(self._buffer[4:end])
            del self._buffer[:end]
            self._take_message(body)

    def _take_message(self, body: bytes) -> None:
        self._messages += 1
        allowed = 200 + 40 * (time.perf_counter() - self._began)
        if self._messages > allowed:
            self.stop(Outcome.PROTOCOL_ERROR, "it sent too many messages")
            return
        try:
            message = _decode(body)
        except (msgspec.DecodeError, RecursionError):
            self.stop(Outcome.PROTOCOL_ERROR, "a message could not be read")
            return
        match message:
            case Started(at=at):
                self._first_line_s = min(max(0.0, at - self._began), time.perf_counter() - self._began)
                self._tell(message)
            case TraceBatch(events=events):
                events = events[: _MOST_EVENTS - len(self._trace)]
                self._trace += events
                self._tell(TraceBatch(events))
            case Result():
                self._result = message
                self._finish()

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
        result = self._result or Result()
        outcome, detail = self._outcome()
        wanted = {probe.id for probe in self._job.probes}
        observations = {seen.probe: seen for seen in result.observations if seen.probe in wanted}
        if outcome in (Outcome.FINISHED, Outcome.RAISED) and wanted - observations.keys():
            outcome, detail = (
                Outcome.PROTOCOL_ERROR,
                f"what was asked for is missing, or larger than {self._job.limits.message_mb} MB",
            )
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
            seconds=result.seconds,
            wall_s=time.perf_counter() - self._began,
            first_line_s=self._first_line_s,
            peak_mb=result.peak_mb,
            trace=tuple(self._trace),
            totals=result.totals,
            optimizers=result.optimizers,
            observations=observations,
            variables=result.variables,
        )

    def _outcome(self) -> tuple[Outcome, str]:
        if self._cause is not None:
            return self._cause, self._detail
        if self._result is not None:
            error = self._result.error
            return (Outcome.FINISHED if error is None else outcomes.of_error(error)), ""
        assert self._ended is not None, "a run is over by its result, by its end, or by a cause"
        return outcomes.of_end(self._ended, self._job.limits)
