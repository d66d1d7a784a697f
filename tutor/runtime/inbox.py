"""What the learner's process reports, taken for what it is: bytes from a process that is not trusted.

A message is four bytes of length, little-endian, and a `protocol.Message` in MessagePack. Whatever does not fit is
refused: `Started` comes first and once, `Result` last and once, with one answer to every probe and to nothing else.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator

import msgspec

from tutor.runtime.plot import MOST_PLOTS, sound
from tutor.runtime.protocol import Job, Message, Result, Started, TraceBatch
from tutor.runtime.safe_text import cleaned

MB = 1 << 20
_MESSAGES, _MESSAGES_A_SECOND = 200, 40
"""The trace sends one message every 50 ms at the most."""
_MOST_EVENTS = 25_000
_MOST_VALUES, _TAG = 250_000, b"\xa1t"
"""Every value is written with this tag; to look at so many takes a quarter of a second."""
_MOST_ITEMS = 10_000
_ROOM_FOR_TRACE = 8 * MB
_decode: Callable[[bytes], Message] = msgspec.msgpack.Decoder(Message).decode


class Refused(Exception):
    """The process sent something else than a report; the text says what is wrong with it."""


class Inbox:
    """Takes the bytes of one run and gives its messages, each checked, its texts safe to show."""

    def __init__(self, job: Job) -> None:
        self._wanted = sorted(probe.id for probe in job.probes)
        self._limit_mb = job.limits.message_mb
        self._began = time.perf_counter()
        self._buffer = bytearray()
        self._bytes = self._messages = self._events = 0
        self.started = False
        self.result: Result | None = None

    def feed(self, data: bytes) -> Iterator[Started | TraceBatch]:
        """The messages that are complete with these bytes, but the result, which is kept; Refused for what is none."""
        if self.result is not None:
            return  # what follows the result is no part of the report
        self._bytes += len(data)
        if self._bytes > self._limit_mb * MB + _ROOM_FOR_TRACE:
            raise Refused(f"it is larger than {self._limit_mb} MB")
        self._buffer += data
        while len(self._buffer) >= 4 and self.result is None:
            size = int.from_bytes(self._buffer[:4], "little")
            if size > self._limit_mb * MB:
                raise Refused(f"it is larger than {self._limit_mb} MB")
            if len(self._buffer) < 4 + size:
                return
            message = self._message(bytes(memoryview(self._buffer)[4 : 4 + size]))
            del self._buffer[: 4 + size]
            if isinstance(message, Result):
                self.result = message
            else:
                yield message

    def _message(self, body: bytes) -> Message:
        self._messages += 1
        if self._messages > _MESSAGES + _MESSAGES_A_SECOND * (time.perf_counter() - self._began):
            raise Refused("it came in too many messages")
        if body.count(_TAG) > _MOST_VALUES:
            raise Refused("it has too many values")
        try:
            message = cleaned(_bounded(_decode(body)))
        except (msgspec.DecodeError, RecursionError):
            raise Refused("a message could not be read") from None
        if isinstance(message, Started) == self.started:
            raise Refused("its messages came out of order")
        match message:
            case Started():
                self.started = True
                return message
            case TraceBatch(events=events):
                self._events += len(events)
                if self._events > _MOST_EVENTS:
                    raise Refused("it tells of too many events")
                return message
            case Result():
                return self._checked(message)

    def _checked(self, result: Result) -> Result:
        answered = sorted(observation.probe for observation in result.observations)
        if answered != self._wanted and (answered or result.error is None):
            raise Refused(f"what was asked for is missing, or larger than {self._limit_mb} MB")
        plots = tuple(map(sound, result.plots[-MOST_PLOTS:]))
        seconds, peak_mb = _plain(result.seconds), _plain(result.peak_mb)
        return msgspec.structs.replace(result, seconds=seconds, peak_mb=peak_mb, plots=plots)


def _bounded(message: Message) -> Message:
    """The message, if its lists are no longer than a program's report makes them."""
    if isinstance(message, Result):
        fields = (getattr(message, name) for name in message.__struct_fields__)
        if any(isinstance(field, tuple | dict) and len(field) > _MOST_ITEMS for field in fields):
            raise Refused("it has too many values")
        if sum(len(graph.nodes) for graph in message.graphs) > _MOST_ITEMS:
            raise Refused("its graphs are too large")
    return message


def _plain(number: float) -> float:
    """The number, if it can be an amount of anything."""
    return number if math.isfinite(number) and number >= 0 else 0.0
