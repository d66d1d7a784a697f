"""The rows of the course map: where to go on, the lessons with their bars, and what a search found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from rich.cells import cell_len

from tutor.lessons.model import StepRef
from tutor.widgets.row_list import RowList, fitted

BAR = 10
"""Cells of a lesson's bar."""
"""Styles of the row list's pieces, by state."""


@dataclass(frozen=True, slots=True)
class ContinueRow:
    """Where the learner goes on."""

    ref: StepRef
    words: str


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A step that a search found."""

    ref: StepRef
    place: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class LessonLine:
    """A lesson: its glyph and the style of it, how many steps are done, and what to do before it."""

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
