"""What `torch-tutor test` finds, in a course whose steps are right or have one thing wrong, in the real sandbox."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tutor.exercise import Examiner
from tutor.lessons.model import StepRef
from tutor.proving.proof import Flaw, Proof, Severity
from tutor.proving.prove import Plan, prove, prove_step
from tutor.proving.source import read_source
from tutor.runtime.client import Runtime

FILE = Path(__file__).parent / "course.yaml"
SOURCE = read_source(FILE)
(LESSON,) = SOURCE.course.lessons
WORK = [(LESSON, step) for step in LESSON.steps]
PLAN = Plan(seeds=2)

FOUND = {
    "good": [],
    "solution-raises": [("solution", "the solution does not pass")],
    "solution-at-random": [("solution", "the solution does not pass")],
    "solution-on-one-seed": [("solution", "the solution with seed 1 does not pass")],
    "slow": [("solution", "warning: the solution runs for … s, more than half of its 0.5 s")],
    "other-right-one-fails": [
        ("also_correct.1", "the program 2 of `also_correct` does not pass"),
        ("also_correct.2", "warning: the program 3 of `also_correct` is the solution"),
    ],
    "nothing-to-do": [("starter", "the starter passes every check: there is nothing to do")],
    "wrong-passes": [("wrong.0", "the wrong program 1 passes every check")],
    "wrong-not-in-it": [("wrong.0.replace", "the solution does not have the text to be replaced, 'x = 3'")],
    "wrong-elsewhere": [
        ("wrong.0.fails", "the wrong program 1 does not fail the check `after`"),
        ("wrong.0.says", "the wrong program 1 fails without the words 'no such words'"),
    ],
    "untold": [("misconceptions.1.say", "warning: no wrong program is told these words")],
    "right-distractor": [
        ("distractors.1", "the distractor 2 is the right answer"),
    ],
    "answers-at-random": [("run", "the snippet gives another answer each time")],
    "no-answer": [("of", "the snippet gives no answer")],
    "snippet-raises": [("run", "the snippet does not run to its end")],
    "chosen": [],
    "raises-by-its-answer": [],
    "only-looked-at": [],
    "nothing-to-draw": [("solution", "the solution with n=0 leaves nothing to draw")],
}

in_one_loop = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def examiner() -> AsyncIterator[Examiner]:
    async with Runtime() as runtime:
        yield Examiner(runtime)


def told(flaw: Flaw) -> tuple[str, str]:
    mark = "warning: " if flaw.severity is Severity.WARNING else ""
    return ".".join(map(str, flaw.at)), mark + re.sub(r"for [0-9.]+ s", "for … s", flaw.message)


async def of(examiner: Examiner, name: str) -> Proof:
    return await prove_step(examiner, LESSON, LESSON.step(name), PLAN)


def test_every_step_of_the_course_is_tried() -> None:
    assert [step.id for step in LESSON.steps] == list(FOUND)


@in_one_loop
@pytest.mark.parametrize("name", FOUND)
async def test_what_is_found(examiner: Examiner, name: str) -> None:
    proof = await of(examiner, name)
    assert [told(flaw) for flaw in proof.flaws] == FOUND[name]
    assert proof.passed == (not any(not message.startswith("warning") for _, message in FOUND[name]))


@in_one_loop
async def test_a_flaw_says_what_the_learner_would_read(examiner: Examiner) -> None:
    raised, waits = await of(examiner, "solution-raises"), await of(examiner, "wrong-elsewhere")
    assert "ZeroDivisionError: division by zero" in raised.flaws[0].said
    assert "· z (after): comes after `y`, which is not right yet" in waits.flaws[0].said


@in_one_loop
async def test_a_run_that_may_take_no_longer_than_five_seconds(
    examiner: Examiner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.proving.programs.LONGEST_S", 0.1)
    (flaw,) = (await of(examiner, "slow")).flaws
    assert flaw.severity is Severity.ERROR
    assert "a step takes at most" in flaw.message


@in_one_loop
async def test_the_proofs_come_in_the_order_of_the_course_from_several_runtimes() -> None:
    async with Runtime() as one, Runtime() as other:
        names = [proof.step.step async for proof in prove(WORK, [one, other], Plan(seeds=1))]
    assert names == list(FOUND)


@in_one_loop
async def test_an_error_of_ours_reaches_whoever_asked(examiner: Examiner, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> Proof:
        raise ZeroDivisionError

    monkeypatch.setattr("tutor.proving.prove.prove_step", broken)
    with pytest.raises(ZeroDivisionError):
        _ = [proof async for proof in prove(WORK, [examiner.runtime], PLAN)]


def test_flaws_have_their_place_in_the_file() -> None:
    lines = FILE.read_text().splitlines()
    ref = StepRef("flaws", "wrong-elsewhere")
    file, line, column = SOURCE.place(ref, ("wrong", 0, "says"))
    assert file == str(FILE)
    assert lines[line - 1][column - 1 :] == "no such words"
    assert SOURCE.place(ref, ("starter",)) == SOURCE.place(ref)
    assert "id: wrong-elsewhere" in lines[SOURCE.place(ref).line - 1]
