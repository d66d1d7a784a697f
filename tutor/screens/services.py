"""What the screens work with, by the methods that they use; tests put fakes in their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tutor.lessons.model import CodeStep, Course, PredictStep
from tutor.progress import Progress
from tutor.runtime.protocol import Report, RunEvent, RuntimeInfo

if TYPE_CHECKING:
    from tutor.checks.base import Finding, Verdict

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
    def passed(self) -> bool: ...  # noqa: D102


class Examines(Protocol):
    """Runs code and judges it, as tutor.exercise.Examiner does."""

    async def reference(self, step: CodeStep) -> Report: ...  # noqa: D102
    async def attempt(self, step: CodeStep, code: str, on_event: OnEvent = None) -> Attempted: ...  # noqa: D102
    async def answer(self, step: PredictStep) -> str: ...  # noqa: D102
    async def run_snippet(self, code: str, on_event: OnEvent = None) -> Report: ...  # noqa: D102


class Runs(Protocol):
    """Loads torch and stops runs, as tutor.runtime.client.Runtime does."""

    @property
    def ready(self) -> bool: ...  # noqa: D102
    @property
    def loading_s(self) -> float: ...  # noqa: D102
    async def start(self) -> RuntimeInfo: ...  # noqa: D102
    def stop(self) -> None: ...  # noqa: D102
    async def close(self) -> None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Services:
    """The course and everything that keeps, runs and judges what the learner does with it."""

    course: Course
    progress: Progress
    examiner: Examines
    runtime: Runs
