"""Experiments in the workspace: values chosen, curves compared, questions answered, all of it kept."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.app.driver import NARROW, Driver, tutor
from tests.app.fakes import EXPERIMENT, LAB
from tutor.lessons.model import StepRef
from tutor.progress import State
from tutor.runtime.protocol import Outcome
from tutor.runtime.values import Observation, TensorValue
from tutor.widgets.choices import Choices
from tutor.widgets.parameters import ParameterRows

RATES, CHECKED = StepRef("lab", "rates"), StepRef("lab", "checked")


async def two_runs(t: Driver) -> None:
    await t.open("lab/rates")
    await t.press("enter", "right", "f5")


async def answer_all(t: Driver) -> None:
    await t.press("alt+q", "2", "enter", "1", "2", "enter")


async def test_values_are_chosen_and_given_to_the_run(tmp_path: Path) -> None:
    async with tutor(tmp_path, made=LAB) as t:
        await two_runs(t)
        assert t.examiner.settings == [{"lr": 0.01}, {"lr": 0.1}]
        assert "lr=0.01" in t.text
        assert "lr=0.1: loss fell" in t.text
        assert "Compare the runs.  Alt+Q shows the questions." in t.text
        assert [curve.label for curve in t.lesson.desk.results.curve.earlier] == ["lr=0.01"]


async def test_the_questions_come_after_as_many_values_as_the_author_says(tmp_path: Path) -> None:
    async with tutor(tmp_path, made=LAB) as t:
        await t.open("lab/rates")
        await t.press("alt+q")
        assert "After runs with 2 values, 2 questions come." in t.text
        await t.press("f5", "f5")
        assert "Now run it with one more value. Then 2 questions come." in t.text
        await t.press("alt+right", "f5", "alt+q")
        assert "Question 1 of 2." in t.text
        assert isinstance(t.app.focused, Choices)


async def test_answers_are_explained_and_pass_the_step(tmp_path: Path) -> None:
    async with tutor(tmp_path, made=LAB) as t:
        await two_runs(t)
        await t.press("alt+q", "1")
        assert "There it falls by a tenth in each step." in t.text
        assert "Not that one." in t.text
        await t.press("2")
        assert "That is right.  Enter shows the next question." in t.text
        await t.press("enter", "1", "2")
        assert t.progress.state(RATES) is State.BEGUN
        await t.press("enter")
        assert "✓ Passed." in t.text
        assert t.progress.state(RATES) is State.PASSED
        await t.press("f5")
        assert "✓ Passed." in t.text


async def test_runs_and_answers_are_there_after_coming_back(tmp_path: Path) -> None:
    async with tutor(tmp_path, made=LAB) as t:
        await two_runs(t)
        await t.press("alt+q", "2")
    async with tutor(tmp_path, made=LAB) as t:
        await t.open("lab/rates")
        assert t.lesson.desk.setting == {"lr": 0.1}
        assert t.text.count("✓") == 2
        await t.press("alt+q")
        assert "Question 2 of 2." in t.text
        await t.press("1", "2", "enter")
        assert t.progress.state(RATES) is State.PASSED
        await t.press("f7", "y", "alt+q")
        assert "After runs with 2 values, 2 questions come." in t.text


async def test_where_there_are_checks_they_have_to_pass_before_the_questions(tmp_path: Path) -> None:
    async with tutor(tmp_path, made=LAB) as t:
        await t.open("lab/checked")
        assert t.focused == "editor"
        await t.press("f5", "alt+right", "f5")
        assert t.lesson.desk.results.active == "checks"
        await t.press("alt+q")
        assert "When the checks pass, 2 questions come." in t.text
        t.lesson.desk.editor.text = "x.grad = None\n"
        await t.press("f5")
        assert t.lesson.desk.results.active == "curve"
        assert t.progress.state(CHECKED) is State.BEGUN
        await answer_all(t)
        assert t.progress.state(CHECKED) is State.PASSED


async def test_a_run_that_does_not_end_as_the_solution_is_no_try(tmp_path: Path) -> None:
    async with tutor(tmp_path, made=LAB) as t:
        t.examiner.outcome = Outcome.TIMED_OUT
        await two_runs(t)
        await t.press("alt+q")
        assert "After runs with 2 values, 2 questions come." in t.text


async def test_failed_runs_of_what_is_only_looked_at_offer_no_hint(tmp_path: Path) -> None:
    async with tutor(tmp_path, made=LAB) as t:
        await two_runs(t)
        await t.press("f5", "f5")
        assert t.progress.failures_since_pass(RATES) == 0
        assert t.progress.attempts(RATES) == 4


async def test_the_answer_of_a_question_is_shown_and_marked(tmp_path: Path) -> None:
    async with tutor(tmp_path, made=LAB) as t:
        await t.open("lab/rates")
        await t.press("f3")
        assert t.messages == ["There is nothing to answer now."]
        await t.press("f5", "right", "f5", "f3", "y")
        assert "Each step lands farther away" in t.text
        await t.press("f3", "y")
        assert t.progress.state(RATES) is State.PASSED_WITH_ANSWER


@pytest.mark.parametrize("size", [(120, 36), NARROW])
async def test_the_panes_go_round(tmp_path: Path, size: tuple[int, int]) -> None:
    async with tutor(tmp_path, size, made=LAB) as t:
        await t.open("lab/rates")
        if size == NARROW:
            assert t.focused == "page"
            await t.press("f6")
        assert t.focused == "values"
        seen = []
        for _ in range(3):
            await t.press("shift+f6" if size == NARROW else "f6")
            seen.append(t.focused)
        assert seen == (["editor", "results", "values"] if size == NARROW else ["editor", "results", "page"])


async def test_values_are_chosen_and_questions_opened_by_mouse(tmp_path: Path) -> None:
    async with tutor(tmp_path, made=LAB) as t:
        await t.open("lab/rates")
        rows = t.app.screen.query_one(ParameterRows)
        cell = rows.cells(0, rows.content_size.width)[2]
        await t.press("f5")
        await t.pilot.click(ParameterRows, offset=(cell.start + 2, 0))
        await t.pilot.click("StatusLine", offset=(t.bottom.index("Run"), 0))
        await t.settle()
        assert t.examiner.settings[-1] == {"lr": 2.5}
        await t.pilot.click("RunLine", offset=(5, 0))
        await t.settle()
        assert t.lesson.desk.results.active == "questions"


async def test_the_output_of_each_run_stays_below_its_values(tmp_path: Path) -> None:
    async with tutor(tmp_path, made=LAB) as t:
        await two_runs(t)
        await t.press("alt+o")
        rows = t.lesson.desk.results.output.rows
        assert [row for row in rows if "With" in row] == ["· With lr=0.01:", "· With lr=0.1:"]
        assert sum("tensor(14.)" in row for row in rows) == 2
        await t.open("lab/checked")
        assert not any("tensor(14.)" in row for row in t.lesson.desk.results.output.rows)


async def test_lists_that_the_author_names_are_drawn_in_place_of_the_losses(tmp_path: Path) -> None:
    (lesson,) = LAB.lessons
    plotted = replace(EXPERIMENT, plot=("seen",), starter="while True: pass\n")
    async with tutor(tmp_path, made=replace(LAB, lessons=(replace(lesson, steps=(plotted,)),))) as t:
        await t.open("lab/rates")
        curve = t.lesson.desk.results.curve
        await t.press("f5")
        assert t.lesson.desk.running
        assert curve.losses == ()
        await t.press("escape")
        t.lesson.desk.editor.text = "x = 1"
        seen = TensorValue(dtype="float64", shape=(2,), data=struct.pack("<2d", 3.0, 1.0))
        t.examiner.more = {"observations": {"plot: seen": Observation(probe="plot: seen", seen=seen)}}
        await t.press("f5")
        assert curve.losses == (3.0, 1.0)
        assert "lr=0.01: seen fell from 3 to 1 in 2 steps." in t.text


async def test_a_second_parameter_is_reached_by_down(tmp_path: Path) -> None:
    async with tutor(tmp_path, made=LAB) as t:
        await t.open("lab/checked")
        t.lesson.focus_pane("values")
        await t.press("down", "right", "enter")
        assert t.examiner.settings == [{"lr": 0.01, "name": "Adam"}]
        assert "[ Adam ✓ ]" in t.text
        assert "SGD ✓" not in t.text


async def test_another_step_has_neither_values_nor_questions(tmp_path: Path) -> None:
    async with tutor(tmp_path, made=LAB) as t:
        await two_runs(t)
        await t.open("lab/order")
        assert not t.app.screen.query_one(ParameterRows).display
        assert "questions" not in t.lesson.desk.results.tabs
        await t.press("alt+right", "f5")
        assert t.examiner.settings[-1] is None
