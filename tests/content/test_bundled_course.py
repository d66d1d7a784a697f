"""Every exercise of the bundled course, run in the real sandbox: one test a step."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tutor.exercise import Attempt, Examiner
from tutor.lessons.load import load_course, validate
from tutor.lessons.model import CodeStep, ExperimentStep, FixStep, Lesson, Option, PredictStep, Step, Wrong
from tutor.lessons.settings import Setting, all_settings
from tutor.paths import PACKAGE
from tutor.plots import curves_of
from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Outcome

COURSE = load_course()
STEPS = [pytest.param(lesson, step, id=f"{lesson.id}/{step.id}") for lesson in COURSE.lessons for step in lesson.steps]
CODE_STEPS = [parameters for parameters in STEPS if isinstance(parameters.values[1], CodeStep)]
CHECKED_STEPS = [parameters for parameters in CODE_STEPS if parameters.values[1].checks]
PREDICT_STEPS = [parameters for parameters in STEPS if isinstance(parameters.values[1], PredictStep)]
READ_STEPS = [
    parameters
    for parameters in STEPS
    if getattr(parameters.values[1], "run", None) and parameters.values[1].kind == "read"
]

in_one_loop = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def examiner() -> AsyncIterator[Examiner]:
    async with Runtime(sklearn=True) as runtime:
        yield Examiner(runtime)


def wrong_code(step: CodeStep, wrong: Wrong) -> str:
    if wrong.code is not None:
        return wrong.code
    assert wrong.replace is not None
    old, new = wrong.replace
    assert old in step.solution, f"{old!r} is not in the solution"
    return step.solution.replace(old, new)


def said(attempt: Attempt) -> str:
    return (
        "\n".join(f"{v.status} {v.id}: {v.finding} | {v.why} | {v.next}" for v in attempt.verdicts)
        + attempt.report.stderr
    )


def test_the_course_has_no_problem() -> None:
    assert [str(problem) for problem in validate(PACKAGE.parent / "lessons.yaml")] == []


def test_the_first_lessons_keep_their_ids_and_all_have_six_steps_of_three_kinds() -> None:
    kept = ["tensors", "autograd", "modules", "training", "evaluation"]
    assert [lesson.id for lesson in COURSE.lessons if lesson.id in kept] == kept
    for lesson in COURSE.lessons:
        assert len(lesson.steps) >= 6
        assert len({step.kind for step in lesson.steps}) >= 3


def settings_of(step: CodeStep) -> tuple[Setting | None, ...]:
    return all_settings(step) if isinstance(step, ExperimentStep) else (None,)


@in_one_loop
@pytest.mark.parametrize(("lesson", "step"), CODE_STEPS)
async def test_solution_runs_with_every_setting_and_passes(examiner: Examiner, lesson: Lesson, step: CodeStep) -> None:
    for setting in settings_of(step):
        attempt = await examiner.attempt(step, step.solution, setting=setting)
        assert attempt.passed or not step.checks, said(attempt)
        assert not isinstance(step, ExperimentStep) or curves_of(step, attempt.report)


@in_one_loop
@pytest.mark.parametrize(("lesson", "step"), CHECKED_STEPS)
async def test_starter_and_wrong_answers_fail(examiner: Examiner, lesson: Lesson, step: CodeStep) -> None:
    for variant in step.also_correct:
        attempt = await examiner.attempt(step, variant)
        assert attempt.passed, said(attempt)
    starter = await examiner.attempt(step, step.starter)
    assert not starter.passed
    assert starter.report.outcome is not Outcome.RUNTIME_FAULT
    for wrong in step.wrong:
        attempt = await examiner.attempt(step, wrong_code(step, wrong))
        assert not attempt.passed, f"{wrong} passed"
        failed = [verdict.id for verdict in attempt.verdicts if not verdict.passed]
        assert wrong.fails is None or wrong.fails in failed, said(attempt)
        assert wrong.says is None or wrong.says in said(attempt), said(attempt)


@in_one_loop
@pytest.mark.parametrize(("lesson", "step"), PREDICT_STEPS)
async def test_prediction_has_one_right_answer(examiner: Examiner, lesson: Lesson, step: PredictStep) -> None:
    answer = await examiner.answer(step)
    assert answer
    wrong = [one.text if isinstance(one, Option) else one for one in step.distractors]
    assert answer not in [text.strip() for text in wrong]
    assert len(set(wrong)) == len(wrong)


@in_one_loop
@pytest.mark.parametrize(("lesson", "step"), READ_STEPS)
async def test_snippet_to_read_runs(examiner: Examiner, lesson: Lesson, step: Step) -> None:
    report = await examiner.run_snippet(step.run)
    assert report.outcome is Outcome.FINISHED, report.stderr


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
