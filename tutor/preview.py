"""A course as the learner sees it, while its author writes: what is saved is shown at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from textual import work

from tutor.app import TutorApp
from tutor.checks.python import Python
from tutor.lessons.load import Reader
from tutor.lessons.model import CodeStep, Course, StepRef
from tutor.lessons.problems import Problem
from tutor.progress import Progress
from tutor.runtime.protocol import ANYWHERE, Place
from tutor.screens.base import TutorScreen
from tutor.screens.course_map import CourseMap
from tutor.screens.services import Examines, Runs
from tutor.screens.workspace import Workspace
from tutor.settings import SettingsFile

LOOK_S = 0.4
"""Seconds between two looks at the files."""

State = dict[str, tuple[int, int]]
"""When each file was last written, and its size."""


class PreviewApp(TutorApp):
    """The tutor on the files of a course that is being written."""

    def __init__(
        self,
        path: Path,
        course: Course,
        progress: Progress,
        ref: StepRef | None = None,
        *,
        examiner: Examines | None = None,
        runtime: Runs | None = None,
        place: Place = ANYWHERE,
        settings: SettingsFile | None = None,
    ) -> None:
        """Begin with the step `ref`, or the map where there is none."""
        super().__init__(course, progress, examiner, runtime, place, settings)
        self._path, self._first = path, ref
        self._files = {str(path), *files_of(course)}
        self._seen = state_of(self._files)
        self._looking = False
        self.note = ""
        """What is wrong with the files as they are now; empty where nothing is."""

    def on_mount(self) -> None:
        """Open the step that was asked for, and begin to look."""
        super().on_mount()
        if self._first is not None:
            self.show_step(self._first)
        self.set_interval(LOOK_S, self._look)

    @work(group="looking", name="reading your file", exit_on_error=False)
    async def _look(self) -> None:
        # A look that takes longer than the time between two of them has to come to its end.
        if not self._looking:
            self._looking = True
            try:
                await self.look()
            finally:
                self._looking = False

    async def look(self) -> None:
        """Show what was saved since the last look; while a question is open, it waits."""
        screen = self.screen
        if not isinstance(screen, TutorScreen):
            return
        screen.status.note = self.note
        state = await asyncio.to_thread(state_of, self._files)
        if state == self._seen:
            return
        course, problems, files = await asyncio.to_thread(read, self._path)
        self._files |= files
        self._seen = {**state_of(files - state.keys()), **state}
        self.note = note_of(problems) if course is None else ""
        if course is not None:
            await self._show(course)
        if isinstance(self.screen, TutorScreen):
            self.screen.status.note = self.note

    async def _show(self, course: Course) -> None:
        """Take the course as it is now; what did not change stays as it is on the screen."""
        before, self.services.course = self.services.course, course
        for screen in self.screen_stack:
            if isinstance(screen, Workspace):
                ref = nearest(course, before, screen.ref)
                if ref is None:
                    self.pop_screen()
                elif ref != screen.ref or changed(before, course, ref):
                    place = screen.page.scroll_offset.y
                    await screen.go(ref)
                    screen.page.scroll_to(y=place, animate=False)
                else:
                    screen.refresh_lines()
            elif isinstance(screen, CourseMap):
                screen.refresh_rows()


def read(path: Path) -> tuple[Course | None, list[Problem], set[str]]:
    """The course where nothing is wrong with it, else its problems; and all files that were looked into."""
    reader = Reader()
    course = reader.open(path)
    problems = reader.problems()
    files = set(reader.documents)
    if course is None or problems:
        return None, problems, files
    return course, [], files | set(files_of(course))


def files_of(course: Course) -> Iterable[str]:
    """The files that a course was read from, its own checks and data among them."""
    for place in (course.path, *(lesson.path for lesson in course.lessons)):
        if place is not None:
            yield str(place)
    for lesson in course.lessons:
        if lesson.path is not None:
            yield from (str(lesson.path.parent / file.path) for file in lesson.files)
        for step in lesson.steps:
            if isinstance(step, CodeStep):
                yield from (check.file for check in step.checks if isinstance(check, Python))


def state_of(files: Iterable[str]) -> State:
    """The state of each file that is there."""
    found: State = {}
    for file in files:
        try:
            status = Path(file).stat()
        except (OSError, ValueError):
            continue
        found[file] = (status.st_mtime_ns, status.st_size)
    return found


def note_of(problems: list[Problem]) -> str:
    """The first problem with its place, and how many more there are."""
    if not problems:
        return ""
    more = f"   (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    first = problems[0]
    return f"{Path(first.file).name}:{first.line}:{first.column}: {first.message}{more}"


def nearest(course: Course, before: Course, ref: StepRef) -> StepRef | None:
    """The same step, or the one in its place, or the first of the course; None where there is none."""
    lessons = {lesson.id: lesson for lesson in course.lessons}
    if (lesson := lessons.get(ref.lesson)) is not None:
        ids = [step.id for step in lesson.steps]
        if ref.step in ids:
            return ref
        if ids:
            place = [step.id for step in before.lesson(ref.lesson).steps].index(ref.step)
            return StepRef(lesson.id, ids[min(place, len(ids) - 1)])
    return next((StepRef(one.id, step.id) for one in course.lessons for step in one.steps), None)


def changed(before: Course, after: Course, ref: StepRef) -> bool:
    """Whether a step is another than it was."""
    return before.lesson(ref.lesson).step(ref.step) != after.lesson(ref.lesson).step(ref.step)


def run_preview(path: Path, course: Course, ref: StepRef | None, place: Place = ANYWHERE) -> int | None:
    """Open the preview; drafts are kept apart from the learner's. Returns when the author leaves."""
    from tutor import paths

    progress = Progress(paths.preview_file(), course.id)
    try:
        settings = SettingsFile(paths.settings_file())
        return PreviewApp(path, course, progress, ref, place=place, settings=settings).run()
    finally:
        progress.close()
