"""A test-out: who can do the last code steps of a lesson without help need not go through all of it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from tutor.lessons.model import CodeStep, ExperimentStep, Lesson, StepRef
from tutor.progress import Progress

STEPS = 2
"""Code steps of a lesson, counted from its end, that a test-out asks for."""
KNOWN = "known"
"""Under this the progress keeps that a step was passed by a test-out, and not by doing it."""


class Trial(msgspec.Struct, frozen=True):
    """The steps that are asked for, and which of them comes now."""

    refs: tuple[StepRef, ...]
    at: int = 0

    @property
    def ref(self) -> StepRef:
        """The step that comes now."""
        return self.refs[self.at]

    @property
    def name(self) -> str:
        """Such as "Test-out 1 of 2"."""
        return f"Test-out {self.at + 1} of {len(self.refs)}"

    @property
    def next(self) -> Trial | None:
        """The trial one step further; None after the last."""
        return Trial(self.refs, self.at + 1) if self.at + 1 < len(self.refs) else None


def trial_of(lesson: Lesson) -> Trial | None:
    """The test-out of a lesson; None where it has no code steps with checks."""
    steps = [
        step
        for step in lesson.steps
        if isinstance(step, CodeStep) and step.checks and not isinstance(step, ExperimentStep)
    ]
    return Trial(tuple(StepRef(lesson.id, step.id) for step in steps[-STEPS:])) if steps else None


def why_none(lesson: Lesson, trial: Trial | None, progress: Progress) -> str:
    """Why a lesson can't be tested out; empty where it can."""
    if all(progress.state(StepRef(lesson.id, step.id)).done for step in lesson.steps):
        return f"You have passed “{lesson.title}” already."
    if trial is None:
        return f"“{lesson.title}” has no code steps to test you with."
    if any(progress.hints_shown(ref) or progress.answer_shown(ref) for ref in trial.refs):
        return "You have seen hints or answers of its last code steps, so they are no test any more."
    return ""


def mark_known(progress: Progress, refs: Iterable[StepRef]) -> None:
    """Count steps as passed, and remember that a test-out did it; those that were done stay as they are."""
    for ref in refs:
        if not progress.state(ref).done:
            progress.mark_passed(ref)
            progress.keep(ref, KNOWN, True)
