"""The end of a lesson: what you can do now, what is still open, where to go on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Static

from tutor.keys import key
from tutor.lessons.model import Course, StepRef
from tutor.screens.outline import States
from tutor.screens.overview import first_open, state_of
from tutor.widgets.dialog import Dialog

Goal = StepRef | Literal["map", "stay"]


LISTED = 7
"""Open steps that are named; the others are counted."""


class LessonEnd(Dialog[Goal]):
    """Dismisses with the step to open, "map", or "stay"."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "on", "Go on", show=False),
        Binding("escape,ctrl+b", "leave('stay')", "Stay", show=False),
        Binding("f4,ctrl+l", "leave('map')", "Course map", show=False),
        Binding("left,up", "app.focus_previous", "Other button", show=False),
        Binding("right,down", "app.focus_next", "Other button", show=False),
    ]

    def __init__(self, course: Course, ref: StepRef, following: StepRef | None, states: States) -> None:
        super().__init__()
        self._course, self._lesson, self._states = course, course.lesson(ref.lesson), states
        self._left = [s for s in self._lesson.steps if not state_of(states, StepRef(ref.lesson, s.id)).done]
        self._goal: Goal = "map"
        if following is not None:
            self._goal = first_open(course.lesson(following.lesson), states) or following

    def compose(self) -> Iterable[Widget]:
        """The text and the ways on."""
        with Vertical(id="dialog"):
            yield Static(Content.styled(self._title(), "bold $primary"))
            yield Static(self._text(), id="detail-text")
            with Horizontal(id="buttons"):
                if isinstance(self._goal, StepRef):
                    yield Button(Content(f"{key('^N')} Next lesson"), id="go-on", compact=True)
                if self._left:
                    yield Button(Content("First open step"), id="go-open", compact=True)
                yield Button(Content(f"{key('F4')} Map"), id="go-map", compact=True)

    def _title(self) -> str:
        if not self._left and self._course_done():
            return f"You have finished the course “{self._course.title}”."
        end = "is finished." if not self._left else "ends here."
        return f"“{self._lesson.title}” {end}"

    def _course_done(self) -> bool:
        refs = (StepRef(lesson.id, step.id) for lesson in self._course.lessons for step in lesson.steps)
        return all(state_of(self._states, ref).done for ref in refs)

    def _text(self) -> Content:
        blocks: list[Content] = []
        if self._left:
            lines = [Content.styled("Still open", "$quiet")]
            lines += [Content.assemble(("○ ", "$warning"), step.title) for step in self._left[:LISTED]]
            if len(self._left) > LISTED:
                lines.append(Content(f"and {len(self._left) - LISTED} more"))
            blocks.append(Content("\n").join(lines))
        elif self._lesson.objectives:
            lines = [Content.styled("You can now", "$quiet")]
            lines += [Content.assemble(("✓ ", "$success"), " ".join(o.split())) for o in self._lesson.objectives]
            blocks.append(Content("\n").join(lines))
        if isinstance(self._goal, StepRef):
            following = self._course.lesson(self._goal.lesson)
            minutes = f", about {following.minutes} minutes" if following.minutes else ""
            blocks.append(
                Content(f"Next comes “{following.title}”{minutes}. {' '.join(following.summary.split())}".rstrip())
            )
        return Content("\n\n").join(blocks)

    def on_mount(self) -> None:
        """Start on the way on."""
        self.query(Button).first().focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "go-on":
            self.action_on()
        elif event.button.id == "go-open":
            self.dismiss(StepRef(self._lesson.id, self._left[0].id))
        else:
            self.dismiss("map")

    def action_on(self) -> None:
        """Go to the next lesson, or to the map after the last."""
        self.dismiss(self._goal)

    def action_leave(self, goal: Literal["map", "stay"]) -> None:
        """Go elsewhere."""
        self.dismiss(goal)
