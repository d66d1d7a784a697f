"""Every exercise of the bundled course, proved in the real sandbox as `torch-tutor test --mutate` does: one test a step."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tutor.exercise import Examiner
from tutor.lessons.load import load_course, validate
from tutor.lessons.model import CodeStep, FixStep, Lesson, Step
from tutor.paths import PACKAGE
from tutor.proving.proof import Severity
from tutor.proving.prove import Plan, prove_step
from tutor.runtime.client import Runtime

COURSE = load_course()
STEPS = [pytest.param(lesson, step, id=f"{lesson.id}/{step.id}") for lesson in COURSE.lessons for step in lesson.steps]

in_one_loop = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def examiner() -> AsyncIterator[Examiner]:
    async with Runtime(sklearn=True) as runtime:
        yield Examiner(runtime)


def test_the_course_has_no_problem() -> None:
    assert [str(problem) for problem in validate(PACKAGE.parent / "lessons.yaml")] == []


def test_the_first_lessons_keep_their_ids_and_all_have_six_steps_of_three_kinds() -> None:
    kept = ["tensors", "autograd", "modules", "training", "evaluation"]
    assert [lesson.id for lesson in COURSE.lessons if lesson.id in kept] == kept
    for lesson in COURSE.lessons:
        assert len(lesson.steps) >= 6
        assert len({step.kind for step in lesson.steps}) >= 3


@in_one_loop
@pytest.mark.parametrize(("lesson", "step"), STEPS)
async def test_the_step_is_proved(examiner: Examiner, lesson: Lesson, step: Step) -> None:
    proof = await prove_step(examiner, lesson, step, Plan(seeds=2, mutate=True))
    untold = "no wrong program is told these words"
    flaws = [flaw for flaw in proof.flaws if flaw.severity is Severity.ERROR or flaw.message == untold]
    assert [f"{flaw.at} {flaw.message}\n{flaw.said}" for flaw in flaws] == []
    if proof.mutation is not None:  # those that survive are excused, each with a reason, and must be few
        assert proof.mutation.noticed >= 0.7 * proof.mutation.mutants


@pytest.mark.parametrize(("lesson", "step"), STEPS)
def test_text_fits_a_page(lesson: Lesson, step: Step) -> None:
    text = getattr(step, "text", None) or getattr(step, "task", None) or step.ask
    assert len(text.splitlines()) <= 40
    if isinstance(step, CodeStep) and step.checks:
        assert step.hints
        assert step.wrong
    if type(step) in (CodeStep, FixStep):
        assert len(step.also_correct) >= 2  # with the solution, three ways
    if isinstance(step, FixStep):
        assert step.starter.strip()
