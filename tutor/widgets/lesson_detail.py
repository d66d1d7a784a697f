"""The right side of the course map: what a lesson is about, and its steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeAlias

import msgspec
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tutor.lessons.model import Lesson, StepRef
from tutor.widgets.map_rows import Pieces, fitted
from tutor.widgets.row_list import RowList

Paragraph: TypeAlias = tuple[Content, Content]
"""A text, and what stands before its first row."""


class StepLine(msgspec.Struct, frozen=True):
    """A step of the lesson, its mark, and whether it is where the learner would go on."""

    ref: StepRef
    title: str
    kind: str
    glyph: str
    style: str
    here: bool = False


class StepList(RowList[StepLine]):
    """The steps, each to be opened."""

    ONE_CLICK: ClassVar[bool] = True

    def draw_row(self, row: StepLine, width: int, current: bool) -> Pieces:
        """Glyph, title and kind."""
        title_style = "strong" if row.here else "plain" if row.style != "dim" else "dim"
        kind = f" {row.kind}"
        return [
            (" ▸ " if current and self.has_focus else "   ", "accent"),
            (f"{row.glyph} ", row.style),
            (fitted(row.title, width - 5 - len(kind) - 1), title_style),
            (kind + " ", "dim"),
        ]


class LessonDetail(Vertical):
    """Title, summary, objectives, what it builds on, steps."""

    DEFAULT_CSS = """
    LessonDetail {
        & > About { height: auto; max-height: 70%; padding: 0 3; }
        & > StepList { height: 1fr; margin-top: 1; }
    }
    """

    def compose(self) -> ComposeResult:
        """The text and the steps."""
        yield About()
        yield StepList(widget_id="steps")

    def say(self, text: str) -> None:
        """Show a sentence in place of a lesson."""
        self.query_one(About).put([(Content(text), Content(""))])
        self.query_one(StepList).put(())

    def show(self, lesson: Lesson, needs: Sequence[tuple[str, bool]], steps: Sequence[StepLine]) -> None:
        """Show a lesson; `needs` are the titles of lessons that it builds on, and whether they are finished."""
        self.query_one(About).put(about(lesson, needs))
        here = next((index for index, step in enumerate(steps) if step.here), 0)
        self.query_one(StepList).put(steps, here)


class About(Widget):
    """Paragraphs, each with a lead that its further rows stand clear of."""

    def __init__(self) -> None:
        super().__init__()
        self._paragraphs: Sequence[Paragraph] = ()

    def put(self, paragraphs: Sequence[Paragraph]) -> None:
        """Take new contents."""
        self._paragraphs = paragraphs
        self.refresh(layout=True)

    def rows(self, width: int) -> list[Content]:
        """The rows at this width."""
        out: list[Content] = []
        for text, lead in self._paragraphs:
            first, *rest = text.wrap(max(8, width - lead.cell_length))
            out += [lead + first, *(Content(" " * lead.cell_length) + row for row in rest)]
        return out

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as the wrapped text has."""
        return len(self.rows(width))

    def render(self) -> Content:
        """The rows as one text."""
        return Content("\n").join(self.rows(self.content_size.width))


def about(lesson: Lesson, needs: Sequence[tuple[str, bool]]) -> list[Paragraph]:
    """The text of a lesson, ready to be wrapped."""
    none = Content("")
    out: list[Paragraph] = [(Content.styled(lesson.title, "bold $primary"), none)]
    if lesson.summary:
        out += [(none, none), (Content(" ".join(lesson.summary.split())), none)]
    if lesson.objectives:
        out += [(none, none), (Content.styled("You will", "$quiet"), none)]
        out += [(Content(" ".join(line.split())), Content.styled("· ", "$primary")) for line in lesson.objectives]
    if needs:
        marks = [
            Content.assemble(f"{title} ", ("✓", "$success") if done else ("open", "$warning")) for title, done in needs
        ]
        out += [(none, none), (Content(", ").join(marks), Content.styled("Builds on  ", "$quiet"))]
    return out
