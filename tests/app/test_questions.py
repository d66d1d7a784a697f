"""Choice and predict steps."""

from __future__ import annotations

from pathlib import Path

from tests.app.driver import tutor
from tests.app.fakes import STEPS, FakeRuntime
from tutor.lessons.model import PredictStep, StepRef
from tutor.progress import State
from tutor.screens.questions import Item, Question, predict_question, said_and_was, what_is_missing
from tutor.widgets.choices import Choices

SHAPE = StepRef("autograd", "shape")


async def test_a_click_picks_an_option(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/which")
        row = next(y for y, (_, index) in enumerate(t.lesson.questions.choices.rows(50)) if index == 1)
        await t.pilot.click(Choices, offset=(12, row))
        await t.settle()
        assert "Yes: you asked for it." in t.text
        assert t.progress.state(StepRef("autograd", "which")) is State.PASSED


async def test_several_are_handed_in_together(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/both")
        await t.press("enter")
        assert "first" in t.text
        await t.press("1", "enter")
        assert "one more is right too" in t.text
        await t.press("3", "enter")
        assert "One of your picks does not hold." in t.text
        assert t.progress.state(StepRef("autograd", "both")) is State.BEGUN
        await t.press("3", "2", "enter")
        assert "That is right." in t.text
        assert t.progress.state(StepRef("autograd", "both")) is State.PASSED


async def test_picks_are_there_after_coming_back(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/which")
        await t.press("1")
    async with tutor(tmp_path) as t:
        await t.press("enter")
        assert "Nobody asked for a gradient here." in t.text


async def test_a_wrong_prediction_shows_the_real_value_and_why(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/shape")
        await t.press("f5")
        assert t.messages == ["Say first what you expect; then the program can be run."]
        await t.press(t.number_of("(2, 1)"))
        assert "That is the shape of the column alone." in t.text
        assert "You said  (2, 1)" in t.text
        assert "It gives  (2, 3)" in t.text
        assert "Each dimension of 1 stretches" in t.text
        assert t.progress.state(SHAPE) is State.PASSED_WITH_ANSWER
        await t.press(t.number_of("(2, 3)"))
        assert t.progress.choice(SHAPE) != (0,)


async def test_an_answered_prediction_can_be_run(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/shape")
        await t.press(t.number_of("(2, 3)"), "f5")
        assert t.lesson.desk.editor.text.startswith("import torch\n\nrow")
        assert "tensor(14.)" in t.text
        assert t.progress.state(SHAPE) is State.PASSED


async def test_after_the_run_stands_what_was_predicted_and_what_it_is(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/shape")
        await t.press(t.number_of("(2, 1)"), "f5")
        assert "✗ You said (2, 1); it is (2, 3)" in t.text
        await t.press("f7", "y", t.number_of("(2, 3)"), "f5")
        assert "✓ You said (2, 3); it is (2, 3)" in t.text
        await t.press("f7", "y", "f3", "y", "f5")
        assert "You said" not in t.text


def test_long_answers_are_not_set_side_by_side() -> None:
    items = (Item(0, "a\nb", True, ""), Item(1, "c", False, ""))
    assert said_and_was(Question(items, once=True), frozenset({1})) is None
    assert said_and_was(Question(items[1:], once=True), frozenset()) is None


async def test_options_come_when_torch_is_there(tmp_path: Path) -> None:
    runtime = FakeRuntime(ready_at_once=False)
    async with tutor(tmp_path, runtime=runtime) as t:
        await t.open("autograd/shape")
        assert "torch is loading" in t.text
        runtime.loaded.set()
        await t.settle()
        assert "What do you expect?" in t.text


async def test_the_answer_of_a_question_asks_first_and_is_marked(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/both")
        await t.press("f3", "y")
        assert "It makes two ones." in t.text
        assert t.progress.state(StepRef("autograd", "both")) is State.PASSED_WITH_ANSWER


async def test_reset_asks_the_question_again(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/which")
        await t.press("2", "f7", "y")
        assert "Press the number of your answer." in t.text


def test_the_order_of_options_depends_only_on_the_step() -> None:
    step = next(step for step in STEPS if isinstance(step, PredictStep))
    first, again = predict_question(SHAPE, step, "(2, 3)"), predict_question(SHAPE, step, "(2, 3)")
    assert first == again
    orders = {
        tuple(item.text for item in predict_question(StepRef("a", str(n)), step, "(2, 3)").items) for n in range(20)
    }
    assert len(orders) > 5


def test_a_distractor_that_is_the_answer_is_left_out() -> None:
    step = next(step for step in STEPS if isinstance(step, PredictStep))
    question = predict_question(SHAPE, step, "(3, 2)")
    assert [item.text for item in question.items].count("(3, 2)") == 1
    assert question.right == {0}


def test_what_is_missing_names_no_option() -> None:
    step = next(step for step in STEPS if isinstance(step, PredictStep))
    question = predict_question(SHAPE, step, "(2, 3)")
    assert what_is_missing(question, frozenset({1, 2})) == "2 of your picks do not hold."
