"""The console on a finished run, as the tutor sees it: one evaluation after the other, each with limits of its own."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable

import msgspec

from tutor.runtime import outcomes, wire
from tutor.runtime.inbox import MB
from tutor.runtime.link import Slot
from tutor.runtime.protocol import Answer, Evaluate, Evaluated, Limits, Outcome, Output
from tutor.runtime.running import GRACE_S, LAST_RESORT_S
from tutor.runtime.safe_text import cleaned
from tutor.runtime.streams import Streams

TIME_S = 5.0
"""Seconds that one evaluation may take."""
_FOR_EVER_S = 1e9
_LARGEST_CODE = 32_000
_decode: Callable[[bytes], Evaluated] = msgspec.msgpack.Decoder(Evaluated).decode


class Console:
    """A learner's process that has sent its report and waits."""

    def __init__(self, slot: Slot, limits: Limits) -> None:
        self._slot = slot
        self._limits = limits
        self._one_at_a_time = asyncio.Lock()
        self._evaluation: _Evaluation | None = None
        self.alive = True
        """Whether the program is still there."""
        self._watch(_FOR_EVER_S)

    async def evaluate(self, code: str, on_output: Callable[[Output], None] | None = None) -> Answer:
        """Run code in the finished program; never raises for what it does."""
        if len(code.encode()) > _LARGEST_CODE:
            return Answer(outcome=Outcome.PROTOCOL_ERROR, detail=f"more than {_LARGEST_CODE} bytes of code")
        async with self._one_at_a_time:
            self._evaluation = _Evaluation(self._slot, self._limits, on_output)
            self._watch(TIME_S + LAST_RESORT_S)
            try:
                answer = await self._evaluation.answer(code)
                self.alive = self._evaluation.answered
                return answer
            finally:
                self._evaluation = None
                self._watch(_FOR_EVER_S)

    def stop(self) -> None:
        """Interrupt what is evaluated now."""
        if self._evaluation is not None:
            self._evaluation.stop(Outcome.INTERRUPTED)

    async def end(self) -> None:
        """Let go of the program."""
        await self._slot.end()

    def _watch(self, seconds: float) -> None:
        limits = self._limits
        self._slot.tell(wire.Watch(seconds=seconds, memory_mb=limits.memory_mb, scratch_mb=limits.scratch_mb))


class _Evaluation:
    def __init__(self, slot: Slot, limits: Limits, on_output: Callable[[Output], None] | None) -> None:
        self._slot = slot
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[None] = self._loop.create_future()
        self._streams = Streams(
            limits.output_kb * 1024,
            on_output=on_output or (lambda _: None),
            on_message=self._take,
            on_limit=lambda: self.stop(Outcome.OUTPUT_LIMIT),
        )
        self._received = bytearray()
        self._evaluated: Evaluated | None = None
        self._ended: wire.Ended | None = None
        self._cause: Outcome | None = None
        self._kill: asyncio.TimerHandle | None = None

    @property
    def answered(self) -> bool:
        """Whether the program has come to an answer, by itself or after an interrupt."""
        return self._evaluated is not None

    async def answer(self, code: str) -> Answer:
        clock = self._loop.call_later(TIME_S, self.stop, Outcome.TIMED_OUT)
        try:
            with contextlib.ExitStack() as stack:
                ends = self._streams.open(stack)
                socket.send_fds(self._slot.learner, [msgspec.msgpack.encode(Evaluate(code))], ends)
            self._loop.add_reader(self._slot.supervisor, self._hear)
            await self._over
            self._streams.read_rest(self._limits.message_mb * MB)
        except OSError:
            self._cause = Outcome.ENDED_EARLY
        finally:
            clock.cancel()
            if self._kill is not None:
                self._kill.cancel()
            self._loop.remove_reader(self._slot.supervisor)
            self._streams.close()
        return self._made()

    def stop(self, why: Outcome) -> None:
        if self._cause is None and not self._over.done():
            self._cause = why
            self._slot.tell(wire.Interrupt())
            self._kill = self._loop.call_later(GRACE_S, self._slot.tell, wire.Kill())

    def _take(self, data: bytes) -> None:
        if self._evaluated is not None or self._cause is Outcome.PROTOCOL_ERROR:
            return
        self._received += data
        size = int.from_bytes(self._received[:4], "little")
        if size > self._limits.message_mb * MB:
            self.stop(Outcome.PROTOCOL_ERROR)
        elif len(self._received) >= 4 + size and size:
            try:
                self._evaluated = cleaned(_decode(bytes(self._received[4 : 4 + size])))
            except (msgspec.DecodeError, RecursionError):
                self.stop(Outcome.PROTOCOL_ERROR)
            else:
                self._finish()

    def _hear(self) -> None:
        try:
            data = self._slot.supervisor.recv(wire.LARGEST)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        message = wire.from_supervisor(data) if data else None
        if isinstance(message, wire.Ended):
            self._ended = message
        self._finish()

    def _finish(self) -> None:
        if not self._over.done():
            self._over.set_result(None)

    def _made(self) -> Answer:
        evaluated = self._evaluated or Evaluated()
        stderr = self._streams.text("stderr")
        outcome, detail = Outcome.FINISHED, ""
        if self._cause is not None:
            outcome = self._cause
        elif evaluated.error is not None:
            outcome = outcomes.of_error(evaluated.error)
        elif self._ended is not None:
            outcome, detail = outcomes.of_end(self._ended, self._limits, stderr)
        elif self._evaluated is None:
            outcome = Outcome.ENDED_EARLY
        return Answer(
            outcome=outcome,
            detail=detail,
            text=evaluated.text,
            value=evaluated.value,
            error=evaluated.error,
            stdout=self._streams.text("stdout"),
            stderr=stderr,
            variables=evaluated.variables,
        )
