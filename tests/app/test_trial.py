"""Testing out of a lesson: its last code steps, without help."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tests.app.driver import Driver, tutor
from tests.app.fakes import LAB, course
from tutor.lessons.model import StepRef
from tutor.progress import State
from tutor.screens.trial import KNOWN, trial_of, why_none

LESSON = "autograd"


async def begin(t: Driver) -> None:
    """Go to the second lesson on the map, and begin its test-out."""
    t.map.lessons.cursor = next(
        number for number, row in enumerate(t.map.lessons.rows) if getattr(row, "number", 0) == 2
    )
    await t.press("t")
    assert "Test yourself out of “Autograd I" in t.text
    await t.press("y")


async def solve(t: Driver) -> None:
    """Write what passes, and run it."""
    t.lesson.desk.editor.text = "x.grad = None"
    await t.press("f5")
    await t.finish_run()


def states(t: Driver) -> set[State]:
    """The states of the lesson's steps."""
    return {t.progress.state(StepRef(LESSON, step.id)) for step in course().lesson(LESSON).steps}


async def test_both_steps_without_help_make_the_lesson_known(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        t.progress.mark_passed(StepRef(LESSON, "tape"))
        await begin(t)
        assert t.lesson.ref.step == "twice"
        assert "Test-out 1 of 2" in t.top
        await solve(t)
        assert "^N goes on with the test-out." in t.text
        await t.press("ctrl+n")
        assert t.lesson.ref.step == "loop"
        assert "Test-out 2 of 2" in t.top
        assert states(t) != {State.PASSED}
        await solve(t)
        assert "You know this lesson." in t.text
        assert states(t) == {State.PASSED}
        known = {step.id for step in course().lesson(LESSON).steps if t.progress.kept(StepRef(LESSON, step.id), KNOWN)}
        assert known == {"words", "which", "both", "shape"}
        assert {ref.step for ref in t.progress.keeping(KNOWN)} == known
        await t.press("f4")
        assert "7/7" in t.text


async def test_a_hint_or_an_answer_ends_it_and_the_lesson_stays(tmp_path: Path) -> None:
    for keys in (["f2"], ["f3", "y"]):
        home = tmp_path / keys[0]
        home.mkdir()
        async with tutor(home) as t:
            await begin(t)
            await t.press(*keys)
            assert "it is no test any more" in t.messages[-1]
            assert "Test-out" not in t.top
            await solve(t)
            await t.press("ctrl+n")
            assert State.NEW in states(t)


async def test_going_elsewhere_ends_it(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await begin(t)
        await t.press("ctrl+n")
        assert "You left the test-out." in t.messages[-1]
        assert "Test-out" not in t.top


async def test_what_can_not_be_tested_says_why(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        made = course()
        lesson = made.lesson(LESSON)
        trial = trial_of(lesson)
        assert not why_none(lesson, trial, t.progress)
        t.progress.show_hint(StepRef(LESSON, "loop"))
        assert "You have seen hints" in why_none(lesson, trial, t.progress)
        t.progress.reset_lesson(LESSON)
        only_words = made.lesson("tensors")
        assert "no code steps" in why_none(only_words, trial_of(only_words), t.progress)
        for step in only_words.steps:
            t.progress.mark_passed(StepRef("tensors", step.id))
        assert "already" in why_none(only_words, trial_of(only_words), t.progress)


def test_an_experiment_is_no_test() -> None:
    lesson = LAB.lessons[0]
    trial = trial_of(lesson)
    kinds = {lesson.step(ref.step).kind for ref in trial.refs} if trial else set()
    assert kinds == {"order"}
    without = msgspec.structs.replace(lesson, steps=tuple(step for step in lesson.steps if step.kind != "order"))
    assert trial_of(without) is None
