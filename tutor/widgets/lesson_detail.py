"""The right side of the course map: what a lesson is about, and its steps."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tutor.lessons.model import Lesson, StepRef
from tutor.widgets.map_rows import Pieces, fitted
from tutor.widgets.row_list import RowList


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
        & > #about { height: auto; max-height: 70%; padding: 0 3; }
        & > StepList { height: 1fr; margin-top: 1; }
    }
    """

    def compose(self) -> ComposeResult:
        """The text and the steps."""
        yield Static(id="about")
        yield StepList(widget_id="steps")

    def say(self, text: str) -> None:
        """Show a sentence in place of a lesson."""
        self.query_one("#about", Static).update(Content(text))
        self.query_one(StepList).put(())

    def show(self, lesson: Lesson, needs: Sequence[tuple[str, bool]], steps: Sequence[StepLine]) -> None:
        """Show a lesson; `needs` are the titles of lessons that it builds on, and whether they are finished."""
        self.query_one("#about", Static).update(about(lesson, needs))
        here = next((index for index, step in enumerate(steps) if step.here), 0)
        self.query_one(StepList).put(steps, here)


def about(lesson: Lesson, needs: Sequence[tuple[str, bool]]) -> Content:
    """The text of a lesson, ready to be wrapped."""
    blocks = [Content.styled(lesson.title, "bold $primary")]
    if lesson.summary:
        blocks.append(Content(" ".join(lesson.summary.split())))
    if lesson.objectives:
        lines = [Content.styled("You will", "$foreground 60%")]
        lines += [Content.assemble(("· ", "$primary"), " ".join(line.split())) for line in lesson.objectives]
        blocks.append(Content("\n").join(lines))
    if needs:
        marks = [
            Content.assemble(f"{title} ", ("✓", "$success") if done else ("open", "$warning")) for title, done in needs
        ]
        blocks.append(Content.assemble(("Builds on  ", "$foreground 60%"), Content(", ").join(marks)))
    return Content("\n\n").join(blocks)
