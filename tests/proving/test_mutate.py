"""What becomes of changed solutions in the real sandbox: noticed, not noticed, excused, or without effect."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec import structs

from tutor.exercise import Examiner
from tutor.lessons.load import load_course
from tutor.lessons.model import CodeStep
from tutor.proving.mutants import mutant
from tutor.proving.mutate import mutate
from tutor.proving.proof import Flaw, Mutation
from tutor.proving.prove import Plan, prove_step
from tutor.runtime.client import Runtime

(LESSON,) = load_course(Path(__file__).parent / "mutants.yaml").lessons

in_one_loop = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def examiner() -> AsyncIterator[Examiner]:
    async with Runtime() as runtime:
        yield Examiner(runtime)


def step_of(name: str) -> CodeStep:
    step = LESSON.step(name)
    assert isinstance(step, CodeStep)
    return step


async def of(examiner: Examiner, name: str) -> tuple[Mutation, list[Flaw]]:
    return await mutate(examiner, step_of(name))


async def became(examiner: Examiner, monkeypatch: pytest.MonkeyPatch, name: str, old: str, new: str) -> tuple[int, int]:
    """How many changes were noticed and not noticed where only this one is tried."""
    step = step_of(name)
    assert step.solution.count(old) == 1
    one = mutant(step.solution, step.solution.replace(old, new), "this")
    monkeypatch.setattr("tutor.proving.mutate.mutants", lambda *_, **__: [one])
    mutation, _ = await mutate(examiner, step)
    return mutation.noticed, len(mutation.survived)


@in_one_loop
async def test_checks_that_see_everything_notice_every_change(examiner: Examiner) -> None:
    mutation, flaws = await of(examiner, "noticed")
    assert mutation.noticed == mutation.mutants >= 5
    assert flaws == []


@in_one_loop
async def test_a_change_that_no_check_notices_is_shown_with_its_line(examiner: Examiner) -> None:
    mutation, flaws = await of(examiner, "blind")
    assert 0 < mutation.noticed < mutation.mutants
    (flaw,) = (flaw for flaw in flaws if flaw.said.endswith("+ y = x - 3"))
    assert flaw.message == "no check notices a change of the solution (operator)"
    assert flaw.said == "- y = x + 3\n+ y = x - 3"
    assert (flaw.at, flaw.line) == (("solution",), 3)


@in_one_loop
async def test_an_excuse_is_kept_with_its_reason_and_told_where_it_is_none(examiner: Examiner) -> None:
    mutation, flaws = await of(examiner, "excused")
    reasons = [" ".join(one.because.split()) for one in mutation.survived if one.because]
    assert reasons == ["The task leaves z open.", "The same."]
    assert [(flaw.at, flaw.severity, flaw.message) for flaw in flaws if flaw.at[0] == "mutants"] == [
        (("mutants", 2, "replace"), "warning", "the excuse of this mutant is not needed: it changes nothing that can be seen"),
        (("mutants", 3, "replace"), "warning", "the excuse of this mutant is not needed: a check notices it"),
    ]  # fmt: skip
    assert not [flaw for flaw in flaws if "+ z = y" in flaw.said or "+ pass" in flaw.said]


@in_one_loop
@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("the-same", "a.reshape(3)", "a", (0, 0)),
        ("the-same", "a = torch.ones(3)", "a = torch.ones(3) * 1", (0, 0)),
        ("the-same", "a = torch.ones(3)\nb", "b = torch.ones(3)\na", (0, 0)),
        ("the-same", "b = torch.ones(3)", "b = torch.ones(3); c = 1", (0, 1)),
        ("the-same", "b = torch.ones(3)", "b = torch.ones(3); print(1)", (0, 1)),
        ("the-same", "b = torch.ones(3)", "b = torch.zeros(3)", (1, 0)),
        ("at-random", "import time", "import time; 1 + 1", (0, 0)),
        ("at-random", "y = 2", "y = 3", (1, 0)),
        ("in-a-loop", "    optimizer.zero_grad()\n    loss = (w - 3) ** 2\n", "    loss = (w - 3) ** 2\n    optimizer.zero_grad()\n", (0, 0)),
        ("in-a-loop", "    loss.backward()\n    optimizer.step()\n", "    optimizer.step()\n    loss.backward()\n", (1, 0)),
        ("in-a-loop", "    optimizer.zero_grad()\n", "    while True: pass\n", (1, 0)),
    ],
)  # fmt: skip
async def test_a_change_counts_where_something_else_can_be_seen(
    examiner: Examiner,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    old: str,
    new: str,
    expected: tuple[int, int],
) -> None:
    assert await became(examiner, monkeypatch, name, old, new) == expected


@in_one_loop
async def test_where_lines_are_arranged_only_lines_are_left_out_or_swapped(examiner: Examiner) -> None:
    mutation, flaws = await of(examiner, "arranged")
    assert (mutation.noticed, mutation.mutants, flaws) == (5, 5, [])  # three left out, two pairs swapped


@in_one_loop
async def test_only_steps_that_are_proved_are_changed(examiner: Examiner) -> None:
    plan = Plan(seeds=1, mutate=True)
    step = step_of("noticed")
    assert (await prove_step(examiner, LESSON, step, plan)).mutation is not None
    assert (await prove_step(examiner, LESSON, step, Plan(seeds=1))).mutation is None
    wrong = structs.replace(step, solution="y = 1 / 0")
    assert (await prove_step(examiner, LESSON, wrong, plan)).mutation is None
