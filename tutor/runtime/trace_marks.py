"""Where an event of the trace came from, and which module or optimizer it is of."""

from __future__ import annotations

import sys
import weakref
from types import CodeType, FrameType
from typing import Any

frame_of = sys._getframe
_HOPS = 200
_CODES = 2000


class Places:
    """Lines of the learner's file."""

    def __init__(self, filename: str) -> None:
        self._filename = filename
        self.last: tuple[CodeType | None, list[int]] = None, []
        """The code of the learner's that an event came from last, and the line of each of its instructions."""
        self._known: dict[int, tuple[CodeType, list[int]]] = {}

    def line(self, frame: FrameType | None) -> int:
        """The line of the learner's file that is being run, 0 where there is none."""
        for _ in range(_HOPS):
            if frame is None:
                break
            code = frame.f_code
            if code.co_filename == self._filename:
                self.last = _, lines = self._lines_of(code)
                return lines[frame.f_lasti >> 1]
            frame = frame.f_back
        return 0

    def _lines_of(self, code: CodeType) -> tuple[CodeType, list[int]]:
        # By identity: to hash a code object takes longer than all the rest of an event.
        known = self._known.get(id(code))
        if known is None:
            lines = [0] * (len(code.co_code) // 2)
            for start, end, line in code.co_lines():
                lines[start >> 1 : end >> 1] = [line or 0] * ((end >> 1) - (start >> 1))
            known = code, lines
            if len(self._known) < _CODES:
                self._known[id(code)] = known
        return known


class Numbers:
    """A small number for each module and optimizer of a run, which are not kept alive by it."""

    def __init__(self) -> None:
        self._of: dict[int, int] = {}
        self._refs: dict[int, Any] = {}
        self._gone: list[Any] = []
        """Of what has ended, its place in memory may be another's by now. A list, since appending to it can't fail."""
        self._last = 0

    def clear(self) -> None:
        """Begin anew."""
        self._of.clear()
        self._refs.clear()
        self._gone.clear()
        self._last = 0

    def of(self, thing: Any) -> int:
        """The number of a thing, 0 where it can't have one."""
        if self._gone:
            self._forget()
        return self._of.get(id(thing)) or self._new(thing)

    def known(self, thing: Any) -> int:
        """The number of a thing that has one, else 0."""
        self._forget()
        return self._of.get(id(thing), 0)

    def _new(self, thing: Any) -> int:
        key = id(thing)
        try:
            self._refs[key] = weakref.KeyedRef(thing, self._gone.append, key)
        except TypeError:
            return 0
        self._last += 1
        self._of[key] = self._last
        return self._last

    def _forget(self) -> None:
        while self._gone:
            ended = self._gone.pop()
            key = ended.key
            if self._refs.get(key) is ended:
                del self._refs[key], self._of[key]
