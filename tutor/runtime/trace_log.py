"""The record of a training trace: which events are kept, and when they are sent.

A program may do millions of things. The first `WHOLE` events are kept without a gap, so that the order of a loop can be
judged. After them are kept: losses, ever more thinly, so that a curve of any length still shows, and the last of them;
and the first few events of each new sort, so that an evaluation after a long training is seen. Everything is counted.
"""

from __future__ import annotations

from collections.abc import Callable

from tutor.runtime.protocol import TraceBatch, TraceEvent, TraceTotals

EVENTS = 20_000
"""Most events of one run."""
WHOLE = 12_000
_SORTS, _OF_EACH_SORT = 200, 5
_LOSSES = EVENTS - WHOLE - _SORTS * _OF_EACH_SORT - 1
_TIER = 8
"""Each time that 1/8 of the room left for losses is used, every second one fewer is kept."""
INTERVAL = 0.05
"""Seconds between two messages."""


class Thinning:
    """Decides which losses of a series of unknown length are kept: fewer and fewer, never more than `room`."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._stride = 1
        self._wait = 0
        self._tier = max(1, room // _TIER)

    def keeps(self) -> bool:
        """Whether the next one is kept."""
        self._wait -= 1
        if self._wait >= 0 or self._room <= 0:
            return False
        self._wait = self._stride - 1
        self._room -= 1
        self._tier -= 1
        if self._tier <= 0:
            self._stride *= 2
            self._tier = max(1, self._room // _TIER)
        return True


class Log:
    """Counts every event, keeps those that fit, and sends them in batches."""

    def __init__(self, send: Callable[[TraceBatch], None]) -> None:
        self._send = send
        self._pending: list[TraceEvent] = []
        self._sent_at = 0.0
        self._whole = 0
        self._kept = 0
        self._thinning = Thinning(_LOSSES)
        self._sorts: dict[tuple[object, ...], int] = {}
        self._last_loss: TraceEvent | None = None
        self.counts: dict[str, int] = {}

    def add(self, event: TraceEvent) -> None:
        """Take one event."""
        kind = event.kind
        counts = self.counts
        counts[kind] = counts.get(kind, 0) + 1
        if self._whole < WHOLE:
            self._whole += 1
            self._kept += 1
            self._pending.append(event)
        else:
            self._add_late(event)
        if event.at - self._sent_at >= INTERVAL:
            self.flush(event.at)

    def _add_late(self, event: TraceEvent) -> None:
        if event.value is not None:
            self._last_loss = event
            if not self._thinning.keeps():
                return
            self._last_loss = None
        else:
            sort = (event.kind, event.line, event.name, event.training, event.grad)
            seen = self._sorts.get(sort, 0)
            if seen >= _OF_EACH_SORT or (not seen and len(self._sorts) >= _SORTS):
                return
            self._sorts[sort] = seen + 1
        self._kept += 1
        self._pending.append(event)

    def flush(self, now: float) -> None:
        """Send what has gathered."""
        self._sent_at = now
        events, self._pending = self._pending, []
        if events:
            self._send(TraceBatch(events=tuple(events)))

    def finish(self, now: float) -> None:
        """Send the rest, with the last loss."""
        if self._last_loss is not None:
            self._pending.append(self._last_loss)
            self._kept += 1
            self._last_loss = None
        self.flush(now)

    def totals(self) -> TraceTotals:
        """How often each kind of event happened."""
        return TraceTotals(counts=dict(self.counts), dropped=sum(self.counts.values()) - self._kept, whole=self._whole)
