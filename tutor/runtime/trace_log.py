"""The record of a training trace: which events are kept, and when they are sent.

A program may do millions of things. The first `WHOLE` events are kept without a gap, so that the order of a loop can be
judged. After them are kept: losses, ever more thinly, so that a curve of any length still shows, and the last of them;
and the first few events of each new sort, so that an evaluation after a long training is seen. Everything is counted.

An event is a tuple of the fields of `TraceEvent`, in which form it is sent, too: it is written down where the program
waits, and looked at when many have gathered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import islice
from operator import itemgetter
from typing import cast

from tutor.runtime.protocol import TraceBatch, TraceEvent, TraceTotals

Event = tuple[str, float, int, str, float | None, bool | None, bool | None, int]

EVENTS = 20_000
"""Most events of one run."""
WHOLE = 12_000
_SORTS, _OF_EACH_SORT = 200, 5
_LOSSES = EVENTS - WHOLE - _SORTS * _OF_EACH_SORT - 1
_TIER = 8
"""Each time that 1/8 of the room left for losses is used, every second one fewer is kept."""
INTERVAL = 0.05
"""Seconds between two messages."""
_kind = itemgetter(0)


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
        self.waiting: list[Event] = []
        """Events that were not looked at yet; whoever appends one calls `flush` when it is `due`."""
        self.due = INTERVAL
        """When to flush, in seconds since the program's first line."""
        self._whole = 0
        self._kept = 0
        self._thinning = Thinning(_LOSSES)
        self._sorts: dict[tuple[object, ...], int] = {}
        self._last_loss: Event | None = None
        self._counts: Counter[str] = Counter()

    def flush(self, now: float) -> None:
        """Look at what has gathered, and send what is kept of it."""
        self.due = now + INTERVAL
        self._pass_on(self._looked_at())

    def finish(self, now: float) -> None:
        """Send the rest, with the last loss."""
        self.due = now + INTERVAL
        events = self._looked_at()
        if self._last_loss is not None:
            events.append(self._last_loss)
            self._kept += 1
            self._last_loss = None
        self._pass_on(events)

    def _looked_at(self) -> list[Event]:
        events = self.waiting[:]
        del self.waiting[: len(events)]  # another thread may have added one meanwhile
        self._counts.update(map(_kind, events))
        whole = min(len(events), WHOLE - self._whole)
        self._whole += whole
        late = [event for event in islice(events, whole, None) if self._keeps(event)] if whole < len(events) else []
        kept = events[:whole] + late
        self._kept += len(kept)
        return kept

    def _keeps(self, event: Event) -> bool:
        """Whether an event after the first `WHOLE` is kept."""
        kind, _, line, name, value, training, grad, _ = event
        if value is not None and kind == "backward":
            keeps = self._thinning.keeps()
            self._last_loss = None if keeps else event
            return keeps
        sort = (kind, line, name, training, grad)
        seen = self._sorts.get(sort, 0)
        if seen >= _OF_EACH_SORT or (not seen and len(self._sorts) >= _SORTS):
            return False
        self._sorts[sort] = seen + 1
        return True

    def _pass_on(self, events: list[Event]) -> None:
        if events:
            self._send(TraceBatch(events=cast("tuple[TraceEvent, ...]", tuple(events))))

    def totals(self) -> TraceTotals:
        """How often each kind of event happened, of those that were looked at."""
        counts = dict(self._counts)
        return TraceTotals(counts=counts, dropped=sum(counts.values()) - self._kept, whole=self._whole)
