"""What each line of the program made in its last run, as short texts for the right side of the editor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from rich.cells import cell_len

from tutor.runtime.values import LineShape
from tutor.widgets.formats import count, short_dtype, visible

GAP = 2
"""Least empty cells between the code and its ribbon."""
NARROWEST = 34
"""Cells for code below which there is no ribbon at all."""
_MIDDLE = 300
"""Changed lines between two texts beyond which they are not compared one by one."""

Forms = tuple[str, ...]
"""The text of a line, the longest first; each further one says less."""


def forms_of(shapes: Sequence[LineShape]) -> dict[int, Forms]:
    """The texts of each line, by its number from 1: `h: f32[32, 64] grad ×10`, at the shortest `[32, 64]`."""
    by_line: dict[int, list[LineShape]] = {}
    for shape in shapes:
        by_line.setdefault(shape.line, []).append(shape)
    return {line: _forms(of_line) for line, of_line in by_line.items()}


def _forms(shapes: list[LineShape]) -> Forms:
    first = shapes[:1]
    texts = [
        "  ".join(_text(shape, grad=True, times=True) for shape in shapes),
        "  ".join(_text(shape, grad=True, times=False) for shape in shapes),
        "  ".join(_text(shape, grad=False, times=False) for shape in shapes),
        _text(first[0], grad=False, times=False) + (" …" if len(shapes) > 1 else ""),
    ]
    if len(shapes) == 1 and first[0].last:
        texts.append(_sizes(first[0]))
    return tuple(dict.fromkeys(texts))


def _text(shape: LineShape, *, grad: bool, times: bool) -> str:
    text = f"{visible(shape.name)}: {short_dtype(shape.dtype)}{_sizes(shape)}"
    if grad and shape.grad:
        text += " grad"
    if times and shape.times > 1:
        text += f" ×{count(shape.times)}"
    return text


def _sizes(shape: LineShape) -> str:
    last = "[" + ", ".join(map(str, shape.last)) + "]"
    return last if shape.first == shape.last else "[" + ", ".join(map(str, shape.first)) + f"]→{last}"


def unchanged(before: Sequence[str], now: Sequence[str]) -> dict[int, int]:
    """For each row of the text as it is now that was a row of the text before: which."""
    rows = min(len(before), len(now))
    start = next((row for row in range(rows) if before[row] != now[row]), rows)
    rest = rows - start
    end = next((back for back in range(rest) if before[-1 - back] != now[-1 - back]), rest)
    found = {row: row for row in range(start)}
    found |= {len(now) - 1 - back: len(before) - 1 - back for back in range(end)}
    old, new = before[start : len(before) - end], now[start : len(now) - end]
    if old and new and max(len(old), len(new)) <= _MIDDLE:
        for a, b, size in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
            found |= {start + b + each: start + a + each for each in range(size)}
    return found


def place(forms: Forms, code: int, column: int, width: int) -> tuple[int, str] | None:
    """Where a line's text begins, and which form of it, beside `code` cells of code; None where none fits.

    `column` is where the texts of all lines begin, if they can; else they end at the right edge.
    """
    for text in forms:
        size = cell_len(text)
        for start in (column, width - size):
            if code + GAP <= start <= width - size:
                return start, text
    return None


class Ribbon:
    """The ribbon of one run over a text that goes on changing."""

    def __init__(self) -> None:
        self._before: tuple[str, ...] = ()
        self._forms: dict[int, Forms] = {}
        self._rows: Mapping[int, int] = {}
        self._longest = 0
        self._compare = lru_cache(maxsize=4)(unchanged)

    def put(self, shapes: Sequence[LineShape], code: str) -> None:
        """Take what a run of `code` made."""
        self._before = tuple(code.split("\n"))
        self._forms = forms_of(shapes)
        self._longest = max((cell_len(forms[0]) for forms in self._forms.values()), default=0)
        self.follow(self._before)

    def follow(self, lines: Sequence[str]) -> None:
        """Take the lines as they are now: those that were edited lose their text."""
        self._rows = self._compare(self._before, tuple(lines)) if self._forms else {}

    def at(self, row: int, code: int, left: int, width: int) -> tuple[int, str] | None:
        """Place and text for a row with `code` cells of code, in `width` cells of which `left` are the gutter's."""
        before = self._rows.get(row)
        forms = self._forms.get(before + 1) if before is not None else None
        if forms is None:
            return None
        column = max(left + NARROWEST, width - self._longest - 1)
        return place(forms, code, column, width - 1) if width - left >= NARROWEST + len(forms[-1]) else None
