"""The panes of the workspace: page, editor and results or options; which are there, and which has the focus."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from tutor.lessons.model import AnyStep, ChoiceStep, CodeStep, PredictStep, ReadStep, StepRef
from tutor.screens.base import TutorScreen
from tutor.screens.code_desk import CodeDesk
from tutor.screens.question_desk import QuestionDesk
from tutor.screens.services import Services
from tutor.screens.workspace_lines import keys_of, path_of, progress_of
from tutor.widgets.lesson_page import LessonPage
from tutor.widgets.status_line import Key

EDITOR_PANES = ("editor", "results")


class WorkspacePanes(TutorScreen):
    """The page at the left, what you do at the right; below 100 columns one above or over the other."""

    AUTO_FOCUS = None

    def __init__(self, services: Services, ref: StepRef) -> None:
        super().__init__(services)
        self.ref = ref
        self._last_at_desk = "editor"
        self._was_narrow = self.narrow
        self.trying = False
        """Whether the program of a predict step was opened to try things."""

    # ---- parts --------------------------------------------------------------------------------------------------

    def compose_body(self) -> Iterable[Widget]:
        """Page, and the desk that fits the step."""
        with Horizontal(id="body"):
            yield LessonPage(id="page")
            yield CodeDesk(self.services)
            yield QuestionDesk(self.services)

    @property
    def step(self) -> AnyStep:
        """The step that is open."""
        return self.services.course.lesson(self.ref.lesson).step(self.ref.step)

    @property
    def page(self) -> LessonPage:
        """The lesson page."""
        return self.query_one(LessonPage)

    @property
    def desk(self) -> CodeDesk:
        """Where code is written."""
        return self.query_one(CodeDesk)

    @property
    def questions(self) -> QuestionDesk:
        """Where questions are answered."""
        return self.query_one(QuestionDesk)

    @property
    def at_code(self) -> bool:
        """Whether the editor is there."""
        step = self.step
        return isinstance(step, CodeStep) or self.trying or (isinstance(step, ReadStep) and step.run is not None)

    @property
    def at_question(self) -> bool:
        """Whether options are there."""
        return isinstance(self.step, ChoiceStep | PredictStep) and not self.trying

    @property
    def path_line(self) -> tuple[Content, ...]:
        """Lesson and step."""
        return path_of(self.services.course, self.ref)

    @property
    def progress_line(self) -> tuple[Content, ...]:
        """A dot for each step, and the count."""
        return progress_of(self.services.course, self.ref, self.services.progress.states())

    @property
    def keys(self) -> tuple[Key, ...]:
        """What can be done now."""
        if not self.query(CodeDesk):
            return ()
        return keys_of(
            self.step,
            running=self.desk.running or self.desk.evaluating,
            done=self.services.progress.state(self.ref).done,
            at_code=self.at_code,
            narrow=self.narrow,
            page_over=self.page_covers,
        )

    def on_resize(self) -> None:
        """Keep what is being read or typed in view, and show the keys that hold at the new width."""
        if self.narrow and not self._was_narrow:
            self.set_class(self.at_code and self.page.has_focus, "-page-over")
        self._was_narrow = self.narrow
        self.refresh_lines()

    # ---- focus --------------------------------------------------------------------------------------------------

    def focus_first(self) -> None:
        """Put the focus where a step that was just opened begins."""
        if self.at_question:
            self.questions.choices.focus()
        elif self.at_code and not self.page_covers:
            self.focus_pane(self.first_pane)
        else:
            self.page.focus()

    @property
    def page_covers(self) -> bool:
        """Whether the page stands over the desk."""
        return self.narrow and self.has_class("-page-over")

    def action_pane(self, by: int) -> None:
        """Go round the panes; in one column, forward is between page and desk, and backward within the desk."""
        here = self.pane_with_focus
        if not self.at_code:
            self.focus_pane("questions" if here == "page" and self.at_question else "page")
        elif not self.narrow:
            panes = ("page", *self.desk_panes)
            self.focus_pane(panes[(panes.index(here) + by) % len(panes)])
        elif by > 0:
            self.focus_pane(self._last_at_desk if here == "page" else "page")
        else:
            panes = self.desk_panes
            self.focus_pane(panes[(panes.index(here) + 1) % len(panes)] if here in panes else panes[0])

    @property
    def first_pane(self) -> str:
        """The pane of the desk that a step begins in: where there is nothing to write, the values of the parameters."""
        return "values" if self.desk.lab_begins else "editor"

    @property
    def desk_panes(self) -> tuple[str, ...]:
        """The panes beside the page, from above; an experiment has the values of its parameters."""
        return ("values", *EDITOR_PANES) if self.desk.lab is not None else EDITOR_PANES

    def focus_pane(self, pane: str) -> None:
        """Bring a pane to the front and put the focus on it."""
        if pane in self.desk_panes:
            self._last_at_desk = pane
        elif self.at_code and self.pane_with_focus in self.desk_panes:
            self._last_at_desk = self.pane_with_focus
        self.set_class(pane == "page" and self.at_code and self.narrow, "-page-over")
        match pane:
            case "page":
                self.page.focus()
            case "editor":
                self.desk.writing.focus()
            case "values":
                self.desk.parameters.focus()
            case "results":
                self.desk.results.take_focus()
            case _:
                self.questions.choices.focus()
        self.refresh_lines()

    @property
    def pane_with_focus(self) -> str:
        """Which pane has the focus; the one to start from where none has."""
        if self.page.has_focus or self.page.has_focus_within or self.page_covers:
            return "page"
        if self.at_code:
            if self.desk.results.has_focus_within:
                return "results"
            return "values" if self.desk.lab is not None and self.desk.parameters.has_focus else "editor"
        return "questions" if self.at_question else "page"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Which keys hold: those of the views where there are such."""
        if action == "tab":
            return self.at_code and parameters[0] in self.desk.results.tabs
        if action == "ribbon":
            return self.at_code and not self.desk.in_order
        if action == "value":
            return self.at_code and self.desk.lab is not None
        return super().check_action(action, parameters)

    def action_value(self, by: int) -> None:
        """Choose the value beside."""
        self.desk.parameters.action_choose(by)

    def action_line_up(self) -> None:
        """Move the line up that is pointed at."""
        self.desk.line_order.lines.action_shift(-1)

    def action_put_away(self) -> None:
        """Put the line away that is pointed at, or bring it back."""
        self.desk.line_order.lines.action_put_away()

    def action_next_tab(self) -> None:
        """Show the next of the results."""
        if self.at_code:
            tabs = self.desk.results.tabs
            self._show_view(tabs[(tabs.index(self.desk.results.active) + 1) % len(tabs)], into=False)

    def action_tab(self, key: str) -> None:
        """Show one of the results; go into it where it is shown already, or is there to type in."""
        if self.at_code and key in self.desk.results.tabs:
            into = key in ("console", "questions") or (key == self.desk.results.active and not self.page_covers)
            self._show_view(key, into=into)

    def _show_view(self, key: str, *, into: bool) -> None:
        self.remove_class("-page-over")
        self.desk.results.choose(key)
        if into or self.pane_with_focus != "editor":
            self.focus_pane("results")
        self.refresh_lines()
