"""The first screen: the lessons, how far you are in each, and where to go on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Mount
from textual.message import Message
from textual.widget import Widget

from tutor.lessons.model import StepRef
from tutor.screens.base import TutorScreen
from tutor.screens.outline import outline_of
from tutor.screens.overview import first_open, map_rows, needed_lessons, step_lines
from tutor.screens.search import Search
from tutor.screens.services import Services
from tutor.screens.trial import Trial, trial_of, why_none
from tutor.widgets.lesson_detail import LessonDetail, StepLine, StepList
from tutor.widgets.lesson_list import LessonList
from tutor.widgets.map_rows import LessonLine, MapRow
from tutor.widgets.row_list import RowList
from tutor.widgets.search_line import SearchLine
from tutor.widgets.status_line import Key

MAP_KEYS = (
    Key("Enter", "Open", "screen.open"),
    Key("/", "Search", "screen.search"),
    Key("F1", "Help", "app.help"),
    Key("T", "Test-out", "screen.test_out"),
    Key("R", "Reset", "screen.reset"),
    Key("^P", "All", "app.command_palette"),
    Key("^Q", "Quit", "app.quit"),
)
SEARCH_KEYS = (Key("Enter", "Open", "screen.open"), Key("Esc", "Back to the map", "screen.leave_search"))


class CourseMap(TutorScreen):
    """Lessons at the left, the highlighted one at the right."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", tooltip="Find a step by words of its title or text", id="map.search"),
        Binding("r", "reset", "Reset lesson", tooltip="Forget what you did in a lesson (asks first)", id="map.reset"),
        Binding("t", "test_out", "Test-out", tooltip="Show that you know a lesson (asks first)", id="map.test_out"),
        Binding("escape", "leave_search", "Leave search", show=False),
        Binding("right,l", "to_steps", "To the steps", show=False),
        Binding("left,h", "to_lessons", "To the lessons", show=False),
    ]

    class Open(Message):
        """A step is to be opened."""

        def __init__(self, ref: StepRef, trial: Trial | None = None) -> None:
            super().__init__()
            self.ref, self.trial = ref, trial

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.states = services.progress.states()
        self.searching = False
        self._search: Search | None = None

    # ---- lines and panes ----------------------------------------------------------------------------------------

    @property
    def path_line(self) -> tuple[Content, ...]:
        """The course."""
        return (Content.styled(self.services.course.title, "$quiet"),)

    @property
    def progress_line(self) -> tuple[Content, ...]:
        """How many steps are passed."""
        outline = outline_of(self.services.course)
        done = sum(outline.done(self.states).values())
        return (Content.styled(f"{done} of {len(outline.refs)} steps", "$quiet"),)

    @property
    def keys(self) -> tuple[Key, ...]:
        """Those of the map, or of its search."""
        return SEARCH_KEYS if self.searching else MAP_KEYS

    def compose_body(self) -> Iterable[Widget]:
        """The list and the detail."""
        with Horizontal(id="body"):
            with Vertical(id="map"):
                yield LessonList(self._rows(), widget_id="lessons")
            yield LessonDetail(id="detail")

    @property
    def lessons(self) -> LessonList:
        """The list of lessons, or of matches while searching."""
        return self.query_one("#lessons", LessonList)

    def _rows(self) -> tuple[MapRow | None, ...]:
        return map_rows(self.services.course, self.services.progress.position(), self.states)

    @on(Mount)
    def start_on_continue(self) -> None:
        """Put the cursor on "Continue"."""
        self.lessons.focus()

    def on_screen_resume(self) -> None:
        """Show what changed while a lesson was open."""
        states = self.services.progress.states()
        if states != self.states or self.services.progress.position() is not None:
            self.states = states
            self.refresh_rows(cursor=0)

    def refresh_rows(self, cursor: int | None = None) -> None:
        """Draw the map anew."""
        if not self.searching:
            self.lessons.put(self._rows(), self.lessons.cursor if cursor is None else cursor)
        self.refresh_lines()

    @on(RowList.Highlighted, "#lessons")
    def show_detail(self, event: RowList.Highlighted) -> None:
        """Show the lesson of the row under the cursor."""
        detail = self.query_one(LessonDetail)
        row: MapRow | None = event.row
        if row is None:
            detail.say("Nothing found. Other words may do." if self.searching else "This course has no lessons yet.")
            return
        course = self.services.course
        lesson = course.lesson(row.lesson_id)
        here = first_open(lesson, self.states) if isinstance(row, LessonLine) else row.ref
        detail.show(lesson, needed_lessons(course, lesson, self.states), step_lines(lesson, self.states, here))

    # ---- opening ------------------------------------------------------------------------------------------------

    @on(RowList.Chosen, "#lessons")
    def open_row(self, event: RowList.Chosen) -> None:
        """Open the step that the row stands for."""
        row: MapRow = event.row
        lesson = self.services.course.lesson(row.lesson_id)
        ref = first_open(lesson, self.states) if isinstance(row, LessonLine) else row.ref
        if ref is None:
            self.notify(f"“{lesson.title}” has no steps yet.", markup=False)
        else:
            self.post_message(self.Open(ref))

    @on(RowList.Chosen, "#steps")
    def open_step(self, event: RowList.Chosen) -> None:
        """Open the chosen step."""
        line: StepLine = event.row
        self.post_message(self.Open(line.ref))

    def action_open(self) -> None:
        """Open what the cursor is on."""
        focused = self.focused
        (focused if isinstance(focused, RowList) else self.lessons).action_choose()

    def action_to_steps(self) -> None:
        """Go over to the steps of the highlighted lesson."""
        self.query_one(StepList).focus()

    def action_to_lessons(self) -> None:
        """Go back to the lessons."""
        self.lessons.focus()

    # ---- search -------------------------------------------------------------------------------------------------

    async def action_search(self) -> None:
        """Ask for words, above the list."""
        if not self.searching:
            self.searching = True
            await self.query_one("#map").mount(SearchLine(), before=0)
            self.refresh_lines()
            self._prepare_search()
        self.query_one(SearchLine).focus_input()

    @work(group="search", name="preparing the search", thread=True, exit_on_error=False)
    def _prepare_search(self) -> None:
        """Make the texts ready while the learner reaches for the first letter."""
        if self._search is None or self._search.course is not self.services.course:
            self._search = Search(self.services.course)

    def action_leave_search(self) -> None:
        """Back to the lessons."""
        if self.searching:
            self.searching = False
            self.query(SearchLine).remove()
            self.refresh_rows(cursor=0)
        self.lessons.focus()

    @on(SearchLine.Typed)
    def search_for(self, event: SearchLine.Typed) -> None:
        """Show the steps that hold the words; the whole map where there are none."""
        if self._search is None or self._search.course is not self.services.course:
            self._search = Search(self.services.course)
        self.lessons.words = tuple(event.words.lower().split())
        self.lessons.put(self._search.find(event.words) if event.words.strip() else self._rows())

    @on(SearchLine.Left)
    def to_matches(self) -> None:
        """Go down to the results."""
        self.lessons.focus()

    @on(SearchLine.Entered)
    def open_match(self) -> None:
        """Open the result under the cursor."""
        self.lessons.action_choose()

    # ---- test-out -----------------------------------------------------------------------------------------------

    @work(group="confirm", name="test-out", exclusive=True, exit_on_error=False)
    async def action_test_out(self) -> None:
        """Test the learner with the last code steps of the highlighted lesson, after saying what that is."""
        from tutor.screens.confirm import Confirm

        row = self.lessons.current
        if row is None:
            return
        lesson = self.services.course.lesson(row.lesson_id)
        trial = trial_of(lesson)
        reason = why_none(lesson, trial, self.services.progress)
        if reason or trial is None:
            self.notify(reason, markup=False)
            return
        steps = " and ".join(f"“{lesson.step(ref.step).title}”" for ref in trial.refs)
        detail = f"Pass {steps} without a hint or the answer, and the whole lesson counts as passed."
        question = f"Test yourself out of “{lesson.title}”?"
        if await self.app.push_screen_wait(Confirm(question, detail, yes="Begin", no="Not now")):
            self.post_message(self.Open(trial.ref, trial))

    # ---- reset --------------------------------------------------------------------------------------------------

    @work(group="confirm", name="reset", exclusive=True, exit_on_error=False)
    async def action_reset(self) -> None:
        """Forget the highlighted lesson, after asking."""
        from tutor.screens.confirm import Confirm

        row = self.lessons.current
        if row is None:
            return
        lesson = self.services.course.lesson(row.lesson_id)
        question = f"Reset “{lesson.title}”?"
        detail = "Its steps become new again, and your code in it goes back to the starters."
        if await self.app.push_screen_wait(Confirm(question, detail, yes="Reset", no="Keep it")):
            self.services.progress.reset_lesson(lesson.id)
            self.states = self.services.progress.states()
            self.refresh_rows()
