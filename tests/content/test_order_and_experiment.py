"""Orders and experiments in the real sandbox: settings reach the program, the solution passes with each of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec.structs import replace

from tests.content.test_check_kinds import said
from tutor.exercise import Examiner
from tutor.lessons.load import load_course
from tutor.lessons.model import ExperimentStep, OrderStep
from tutor.lessons.settings import Setting, all_settings, label
from tutor.plots import curves_of, numbers_in
from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Outcome

KINDS = Path(__file__).parent / "kinds"
RATES, LOOK = load_course(KINDS / "experiment.yaml").lessons[0].steps
(ORDER,) = load_course(KINDS / "order.yaml").lessons[0].steps
assert isinstance(RATES, ExperimentStep)
assert isinstance(LOOK, ExperimentStep)
assert isinstance(ORDER, OrderStep)
SETTINGS = [pytest.param(RATES, setting, id=label(setting)) for setting in all_settings(RATES)]

in_one_loop = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def examiner() -> AsyncIterator[Examiner]:
    async with Runtime() as runtime:
        yield Examiner(runtime)


@in_one_loop
@pytest.mark.parametrize(("step", "setting"), SETTINGS)
async def test_the_solution_passes_with_every_setting_and_its_list_is_seen(
    examiner: Examiner, step: ExperimentStep, setting: Setting
) -> None:
    attempt = await examiner.attempt(step, step.solution, setting=setting)
    assert attempt.passed, said(attempt)
    (curve,) = curves_of(step, attempt.report).values()
    assert len(curve) == 30
    assert curve == pytest.approx(attempt.report.losses)


@in_one_loop
async def test_each_setting_has_its_own_run_and_its_own_reference(examiner: Examiner) -> None:
    small, large = {"lr": 0.01, "momentum": 0.0}, {"lr": 0.1, "momentum": 0.0}
    first, second = await examiner.reference(RATES, small), await examiner.reference(RATES, large)
    assert numbers_in(first, "losses")[-1] > 2 * numbers_in(second, "losses")[-1]
    assert await examiner.reference(RATES, small) is first
    # A program with a setting of its own passes only where the reference has the same.
    own = RATES.solution.replace("for step", "optimizer.param_groups[0]['lr'] = 0.1\nfor step")
    assert (await examiner.attempt(RATES, own, setting=large)).passed
    assert not (await examiner.attempt(RATES, own, setting=small)).passed


@in_one_loop
async def test_without_a_setting_the_first_is_taken(examiner: Examiner) -> None:
    first = await examiner.reference(RATES, all_settings(RATES)[0])
    assert await examiner.reference(RATES) is first


@in_one_loop
async def test_the_learners_lines_keep_their_numbers(examiner: Examiner) -> None:
    attempt = await examiner.attempt(RATES, "a = 1\nb = lr\nc = nothing\n", setting=all_settings(RATES)[3])
    assert attempt.report.error is not None
    assert attempt.report.error.line == 3


@in_one_loop
@pytest.mark.parametrize(
    ("code", "count"), [("losses = 3", 0), ("losses = ['a']", 0), ("del losses", 0), ("losses = range(4)", 4)]
)
async def test_what_is_no_list_of_numbers_is_not_drawn(examiner: Examiner, code: str, count: int) -> None:
    attempt = await examiner.attempt(RATES, code)
    assert len(numbers_in(attempt.report, "losses")) == count
    assert len(curves_of(RATES, attempt.report)) == bool(count)


@in_one_loop
async def test_where_nothing_is_named_the_losses_of_the_trace_are_drawn(examiner: Examiner) -> None:
    for setting in all_settings(LOOK):
        attempt = await examiner.attempt(LOOK, LOOK.solution, setting=setting)
        assert attempt.report.outcome is Outcome.FINISHED
        assert not attempt.verdicts
        assert len(curves_of(LOOK, attempt.report)[""]) == 20


@in_one_loop
async def test_a_text_is_given_to_the_program_as_a_text(examiner: Examiner) -> None:
    step = replace(LOOK, parameters={"name": ("it's", "b")}, solution="y = name", plot=())
    attempt = await examiner.attempt(step, "print(name)", setting={"name": "it's"})
    assert attempt.report.stdout == "it's\n"


@in_one_loop
async def test_the_shuffled_lines_do_not_pass_and_every_order_that_works_does(examiner: Examiner) -> None:
    assert not (await examiner.attempt(ORDER, ORDER.starter)).passed
    assert (await examiner.attempt(ORDER, ORDER.solution)).passed


@in_one_loop
async def test_a_line_outside_its_block_is_told_as_a_wrong_order(examiner: Examiner) -> None:
    first, second, *rest = ORDER.solution.splitlines()
    attempt = await examiner.attempt(ORDER, "\n".join([second, first, *rest]))
    assert attempt.report.error is not None
    assert attempt.report.error.type == "IndentationError"
    assert "a line that ends with `:` begins it" in said(attempt)
    assert "four spaces" not in said(attempt)
