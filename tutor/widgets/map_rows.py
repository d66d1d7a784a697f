"""The rows of the course map as pieces of styled text: where to go on, lessons with their bars, what a search found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import msgspec
from rich.cells import cell_len, set_cell_size

from tutor.lessons.model import StepRef

BAR = 10
"""Cells of a lesson's bar."""
LEFT = 9
"""Cells before a lesson's title: cursor, glyph, number."""
EXCERPT = 60
"""Characters of text that a search result shows."""

Pieces: TypeAlias = list[tuple[str, str]]
"""Texts with their styles, a style being the last part of a `row--` class."""


class ContinueRow(msgspec.Struct, frozen=True):
    """Where the learner goes on; `verb` is "Continue", or "Start" in a course that is new."""

    ref: StepRef
    verb: str
    words: str

    @property
    def lesson_id(self) -> str:
        """The lesson that it is in."""
        return self.ref.lesson


class MatchRow(msgspec.Struct, frozen=True):
    """A step that a search found: its lesson and title, and its text."""

    ref: StepRef
    place: str
    text: str

    @property
    def lesson_id(self) -> str:
        """The lesson that it is in."""
        return self.ref.lesson


class LessonLine(msgspec.Struct, frozen=True):
    """A lesson: its glyph and the style of it, how many steps are done, and the open lessons that it builds on."""

    lesson_id: str
    number: int
    title: str
    glyph: str
    style: str
    done: int
    steps: int
    minutes: int
    after: tuple[int, ...] = ()


MapRow: TypeAlias = ContinueRow | MatchRow | LessonLine


def pieces(row: MapRow, width: int, current: bool, words: Sequence[str] = ()) -> Pieces:
    """The row in exactly `width` cells; `words` are those that were looked for."""
    match row:
        case ContinueRow():
            return continue_pieces(row, width, current)
        case MatchRow():
            return match_pieces(row, width, current, words)
        case LessonLine():
            return lesson_pieces(row, width, current)


def pointer(current: bool) -> tuple[str, str]:
    """The mark of the row under the cursor, which shows without colour too."""
    return (" ▸ " if current else "   ", "accent")


def continue_pieces(row: ContinueRow, width: int, current: bool) -> Pieces:
    """Verb, lesson and step."""
    verb = f"{row.verb}  "
    return [
        pointer(current),
        (verb, "accent"),
        (fitted(row.words, width - 3 - cell_len(verb)), "strong" if current else "plain"),
    ]


def match_pieces(row: MatchRow, width: int, current: bool, words: Sequence[str]) -> Pieces:
    """Lesson and step, then as much of the text around the words as fits."""
    place = row.place if cell_len(row.place) <= width - 4 else fitted(row.place, width - 4)
    room = width - 3 - cell_len(place) - 2
    return [
        pointer(current),
        (place, "strong" if current else "plain"),
        ("  ", "dim"),
        (fitted(excerpt(row.text, words), max(0, room)), "dim"),
    ]


def lesson_pieces(row: LessonLine, width: int, current: bool) -> Pieces:
    """Glyph, number, title, what to do before it, bar, count and minutes."""
    count = f"{row.done}/{row.steps}"
    right = f" {count:>5} {row.minutes:>4}m " if row.minutes else f" {count:>5}       "
    filled = row.done * BAR // row.steps if row.steps else 0
    if row.done and not filled:
        filled = 1
    room = width - LEFT - BAR - len(right) - 1
    needs = f"after {', '.join(map(str, row.after))}" if row.after else ""
    if needs and cell_len(row.title) + 2 + len(needs) > room:
        needs = "↑"
    title = fitted(row.title, room - (len(needs) + 2 if needs else 0))
    return [
        pointer(current),
        (row.glyph, row.style),
        (f" {row.number:>2}  ", "dim"),
        (title, "strong" if current else "plain" if row.done or row.style == "begun" else "dim"),
        (f"  {needs}" if needs else "", "dim"),
        (" ", "dim"),
        ("━" * filled, "done"),
        ("─" * (BAR - filled), "dim"),
        (right, "dim"),
    ]


def fitted(text: str, width: int) -> str:
    """The text in exactly so many cells, cut with an ellipsis."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    cut = set_cell_size(text, width - 1).rstrip()
    return set_cell_size(cut + "…", width)


def excerpt(text: str, words: Sequence[str]) -> str:
    """The part of the text around the first of the words that it holds."""
    found = [place for word in words if (place := text.lower().find(word)) >= 0]
    start = max(0, min(found, default=0) - EXCERPT // 3)
    piece = text[start : start + EXCERPT].strip()
    return ("…" if start else "") + piece + ("…" if start + EXCERPT < len(text) else "")
