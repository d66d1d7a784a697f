"""`torch-tutor watch [LESSON/STEP]`: write in your own editor; every save is checked, and a pass leads on."""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

from tutor import paths
from tutor.cli import FINE, INTERRUPTED, UsageError
from tutor.cli.check import passes, print_attempt
from tutor.cli.common import code_of, course_of, progress_of, step_of
from tutor.cli.session import place_of, require_torch, with_runtime
from tutor.cli.show import lines_of
from tutor.exercise import Examiner
from tutor.lessons.model import CodeStep, Course, ExperimentStep, StepRef
from tutor.progress import Progress
from tutor.runtime.client import Runtime

LOOK_S = 0.25
"""Between two looks at the file."""


def main(options: argparse.Namespace) -> int:
    """Go through the steps from the one that was named, or from the first that is open."""
    course = course_of(options.course, options.language)
    require_torch(course)
    progress = progress_of(course)
    first = options.step and step_of(course, options.step)[0]
    steps = list(_from(course, progress, first))
    if not steps:
        raise UsageError("every step with code is passed; name one to do it again: torch-tutor watch LESSON/STEP")
    sklearn = any(course.lesson(ref.lesson).requires.sklearn for ref, _ in steps)

    async def work(runtime: Runtime) -> int:
        return await Watch(runtime, progress, Path.cwd()).through(steps)

    try:
        return with_runtime(work, place_of(options), sklearn=sklearn)
    finally:
        progress.close()


def _from(course: Course, progress: Progress, first: StepRef | None) -> Iterator[tuple[StepRef, CodeStep]]:
    """The steps with code to check, from one on; without one, those that are not passed yet."""
    states = progress.states()
    begun = first is None
    for lesson in course.lessons:
        for step in lesson.steps:
            ref = StepRef(lesson.id, step.id)
            begun = begun or ref == first
            if not begun or not isinstance(step, CodeStep) or not step.checks:
                continue
            done = ref in states and states[ref].done
            if ref == first or not done:
                yield ref, step


class Watch:
    """Watches one file after the other."""

    def __init__(self, runtime: Runtime, progress: Progress, folder: Path) -> None:
        self._runtime = runtime
        self._examiner = Examiner(runtime, paths.cache_dir())
        self._progress = progress
        self._folder = folder
        self._stopped = asyncio.Event()

    async def through(self, steps: list[tuple[StepRef, CodeStep]]) -> int:
        """One step after the other, until all are passed or somebody stops."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, self.stop)
        for ref, step in steps:
            if not await self._until_passed(ref, step):
                return INTERRUPTED
        print("\nThat was the last step.")
        return FINE

    def stop(self) -> None:
        """End the run and the watch."""
        self._stopped.set()
        self._runtime.stop()

    async def _until_passed(self, ref: StepRef, step: CodeStep) -> bool:
        file = self._folder / f"{ref.step}.py"
        print(f"\n{step.title}   ({ref})\n\n" + "\n".join(lines_of(ref.lesson, step)))
        starter = step.starter or "\n"
        begun = not file.exists()
        if begun:
            file.write_text(starter, encoding="utf-8")
        seen: object = _state(file) if begun or file.read_text(encoding="utf-8", errors="replace") == starter else None
        print(
            f"\n{'Wrote' if begun else 'Watching'} {file.name}. Each time that you save it, it is checked. Ctrl+C ends."
        )
        while True:
            seen = await self._changed(file, seen)
            if self._stopped.is_set():
                return False
            try:
                code = code_of(str(file))
            except UsageError as error:
                print(error)
                continue
            if await self._passed(ref, step, code):
                return True

    async def _changed(self, file: Path, seen: object) -> object:
        """Wait until the file is another one than was seen; what it is now."""
        while (now := _state(file)) in (seen, None) and not self._stopped.is_set():
            try:
                await asyncio.wait_for(self._stopped.wait(), LOOK_S)
            except TimeoutError:
                continue
        return now

    async def _passed(self, ref: StepRef, step: CodeStep, code: str) -> bool:
        print(f"\n── {ref} " + "─" * 20)
        attempt = await self._examiner.attempt(step, code)
        print_attempt(step, attempt)
        passed = passes(step, attempt)
        report = attempt.report
        done = not isinstance(step, ExperimentStep)
        self._progress.record_attempt(
            ref, code=code, outcome=report.outcome, passed=passed, seconds=report.seconds, done=done
        )
        return passed


def _state(file: Path) -> object:
    """What changes when a file is saved; None while it is not there."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
