"""What the screens work with, by the methods that they use; tests put fakes in their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from tutor.lessons.model import CodeStep, Course, PredictStep, StepRef, devices_of
from tutor.lessons.settings import Setting
from tutor.progress import Progress
from tutor.runtime.protocol import ANYWHERE, Answer, JobFile, Output, Place, Report, RunEvent, RuntimeInfo
from tutor.settings import SettingsFile

if TYPE_CHECKING:
    from tutor.checks.base import Finding, Verdict
    from tutor.checks.difference import Difference
    from tutor.completion.places import Atlas

OnEvent = Callable[[RunEvent], None] | None


class Attempted(Protocol):
    """A run that was judged."""

    @property
    def report(self) -> Report: ...  # noqa: D102
    @property
    def verdicts(self) -> Sequence[Verdict]: ...  # noqa: D102
    @property
    def remarks(self) -> Sequence[Finding]: ...  # noqa: D102
    @property
    def differences(self) -> Sequence[Difference]: ...  # noqa: D102
    @property
    def passed(self) -> bool: ...  # noqa: D102


class Examines(Protocol):
    """Runs code and judges it, as tutor.exercise.Examiner does."""

    async def reference(self, step: CodeStep, setting: Setting | None = None) -> Report: ...  # noqa: D102
    async def attempt(  # noqa: D102
        self, step: CodeStep, code: str, on_event: OnEvent = None, *, setting: Setting | None = None
    ) -> Attempted: ...
    async def answer(self, step: PredictStep) -> str: ...  # noqa: D102
    async def run_snippet(  # noqa: D102
        self, code: str, on_event: OnEvent = None, files: tuple[JobFile, ...] = ()
    ) -> Report: ...


class Runs(Protocol):
    """Loads torch, stops runs and keeps the last program, as tutor.runtime.client.Runtime does."""

    @property
    def ready(self) -> bool: ...  # noqa: D102
    @property
    def loading_s(self) -> float: ...  # noqa: D102
    @property
    def has_program(self) -> bool: ...  # noqa: D102
    def preload(self, module: str) -> None: ...  # noqa: D102
    async def start(self) -> RuntimeInfo: ...  # noqa: D102
    async def evaluate(self, code: str, on_output: Callable[[Output], None] | None = None) -> Answer: ...  # noqa: D102
    def let_go(self) -> None: ...  # noqa: D102
    def stop(self) -> None: ...  # noqa: D102
    async def close(self) -> None: ...  # noqa: D102


class KnowsNames(Protocol):
    """Finds the names that the editor offers, as tutor.known_names.KnownNames does."""

    @property
    def atlas(self) -> Atlas | None: ...  # noqa: D102
    @property
    def wanted(self) -> bool: ...  # noqa: D102
    async def learn(self) -> None: ...  # noqa: D102


class Services:
    """The course and everything that keeps, runs and judges what the learner does with it.

    What runs and judges is made when it is first wanted, so that the first screen does not wait for its imports.
    """

    def __init__(
        self,
        course: Course,
        progress: Progress,
        examiner: Examines | None = None,
        runtime: Runs | None = None,
        place: Place = ANYWHERE,
        settings: SettingsFile | None = None,
    ) -> None:
        self.course = course
        self.place = place
        self.progress = progress
        self.settings = settings or SettingsFile()
        self._examiner, self._runtime = examiner, runtime
        self.known_names: KnowsNames | None = None
        """What knows torch's names; made by `names` where a real runtime can be asked."""

    @property
    def runtime(self) -> Runs:
        """Where code runs."""
        if self._runtime is None:
            from tutor.runtime.client import Runtime

            level, device = self.place.level, self.place.device
            self._runtime = Runtime(level=level, device=device, strict=False)
        return self._runtime

    @property
    def names(self) -> KnowsNames | None:
        """What knows the names of torch and its like; None where there is nothing to ask."""
        if self.known_names is None:
            from tutor import paths
            from tutor.known_names import KnownNames
            from tutor.runtime.client import Runtime

            if isinstance(self.runtime, Runtime):
                self.known_names = KnownNames(self.runtime, paths.cache_dir())
        return self.known_names

    def prepare(self, ref: StepRef) -> None:
        """Have loaded what the lesson needs besides torch, while the learner reads."""
        if self.course.lesson(ref.lesson).requires.sklearn:
            self.runtime.preload("sklearn")

    def missing_device(self, ref: StepRef) -> str:
        """What to say where the step, or its lesson, needs a device that code can't use here; else empty."""
        from tutor.screens.words import device_missing

        return device_missing(devices_of(self.course.lesson(ref.lesson), ref.step), self.place.device)

    @property
    def examiner(self) -> Examines:
        """What runs and judges steps, on the runtime."""
        if self._examiner is None:
            from tutor import paths
            from tutor.exercise import Examiner
            from tutor.runtime.client import Runtime

            runtime = self.runtime
            assert isinstance(runtime, Runtime)
            self._examiner = Examiner(runtime, paths.cache_dir())
        return self._examiner
