"""The app on a fake examiner, driven by keys and the mouse."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from tests.app.fakes import FakeExaminer, FakeRuntime, course
from tutor.app import TutorApp
from tutor.lessons.model import Course, StepRef
from tutor.progress import Progress
from tutor.screens.course_map import CourseMap
from tutor.screens.workspace import Workspace
from tutor.settings import SettingsFile
from tutor.widgets.status_line import StatusLine
from tutor.widgets.tab_line import placed
from tutor.widgets.top_line import TopLine

WIDE, NARROW = (120, 36), (80, 24)


class Driver:
    """What a test does and sees."""

    def __init__(self, app: TutorApp, pilot: Pilot[int], examiner: FakeExaminer) -> None:
        self.app, self.pilot, self.examiner = app, pilot, examiner
        self.runtime = examiner.runtime
        self.progress = app.services.progress

    async def press(self, *keys: str) -> None:
        """Press keys, and wait for what they begin, but not for a run or a question."""
        for key in keys:
            await self.pilot.press(key)
        await self.settle()

    async def type(self, text: str) -> None:
        """Type text into what has the focus."""
        names = {"\n": "enter", " ": "space"}
        await self.pilot.press(*(names.get(character, character) for character in text))
        await self.settle()

    async def click_tab(self, key: str) -> None:
        """Click the name of one of the results."""
        line = self.lesson.desk.results.tab_line
        spot = next(tab for tab in placed(line.tabs, line.active, line.content_size.width) if tab.key == key)
        await self.pilot.click(line, offset=(line.gutter.left + spot.start + 1, 0))
        await self.settle()

    async def finish_run(self) -> None:
        """Wait until a run, and what is looked at after it, are over."""
        for group in ("run", "look"):
            await self._ended(group)
            await self.settle()

    async def _ended(self, group: str) -> None:
        workers = [worker for worker in self.app.workers if worker.group == group]
        if workers:  # none would mean all
            await self.app.workers.wait_for_complete(workers)

    async def settle(self) -> None:
        """Let messages, workers and layouts come to rest."""
        await self._ended("last hint")
        for _ in range(3):
            await self.pilot.pause()

    async def open(self, name: str) -> None:
        """Open LESSON/STEP."""
        lesson, _, step = name.partition("/")
        if isinstance(self.app.screen, Workspace):
            await self.lesson.go(StepRef(lesson, step))
        else:
            self.app.show_step(StepRef(lesson, step))
        await self.settle()

    @property
    def lesson(self) -> Workspace:
        """The workspace, which must be on."""
        assert isinstance(self.app.screen, Workspace), self.app.screen
        return self.app.screen

    @property
    def map(self) -> CourseMap:
        """The course map, which must be on."""
        assert isinstance(self.app.screen, CourseMap), self.app.screen
        return self.app.screen

    @property
    def focused(self) -> str:
        """The pane that has the focus; "" where none has."""
        return self.lesson.pane_with_focus if self.app.focused is not None else ""

    def number_of(self, text: str) -> str:
        """The key of the option with that text."""
        question = self.lesson.questions.question
        assert question is not None
        return str(next(number for number, item in enumerate(question.items, 1) if item.text == text))

    @property
    def top(self) -> str:
        """The top line as text."""
        return self.app.screen.query_one(TopLine).render().plain

    @property
    def bottom(self) -> str:
        """The status line as text."""
        return self.app.screen.query_one(StatusLine).render().plain

    @property
    def text(self) -> str:
        """All that is on the screen."""
        return "\n".join(
            "".join(segment.text for segment in strip) for strip in self.app.screen._compositor.render_strips()
        )

    @property
    def messages(self) -> list[str]:
        """What was told in passing."""
        return [notification.message for notification in self.app._notifications]


@asynccontextmanager
async def tutor(
    home: Path,
    size: tuple[int, int] = WIDE,
    runtime: FakeRuntime | None = None,
    made: Course | None = None,
    settings: SettingsFile | None = None,
    *,
    tour: bool = False,
) -> AsyncIterator[Driver]:
    """A running app whose progress is kept in `home`."""
    examiner = FakeExaminer(runtime or FakeRuntime())
    made = made or course()
    progress = Progress(home / "progress.sqlite3", made.id)
    app = TutorApp(made, progress, examiner, examiner.runtime, settings=settings, tour=tour)
    app.animation_level = "none"
    async with app.run_test(size=size) as pilot:
        driver = Driver(app, pilot, examiner)
        await driver.settle()
        yield driver
    progress.close()
