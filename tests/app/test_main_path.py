"""A learner's way through a lesson, at two sizes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.driver import NARROW, WIDE, Driver, tutor
from tutor.lessons.model import StepRef
from tutor.progress import State

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x36"])


def at(driver: Driver) -> str:
    return str(driver.lesson.ref)


@SIZES
async def test_from_the_map_through_every_kind_of_step_and_back_after_quitting(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with tutor(tmp_path, size) as t:
        assert "Start" in t.text
        await t.press("down", "down", "enter")
        assert at(t) == "autograd/tape"
        assert "Autograd records" in t.text

        await t.press("f5")
        assert "tensor(14.)" in t.text
        await t.press("ctrl+n", "ctrl+n")
        assert at(t) == "autograd/which"

        await t.press("1")
        assert "Nobody asked for a gradient here." in t.text
        await t.press("2")
        assert "Yes: you asked for it." in t.text
        assert t.progress.state(StepRef("autograd", "which")) is State.PASSED
        await t.press("ctrl+n", "ctrl+n")

        assert at(t) == "autograd/shape"
        await t.press(t.number_of("(2, 3)"))
        assert "As you said." in t.text
        await t.press("ctrl+n")

        assert at(t) == "autograd/twice"
        if size == NARROW:
            assert "Work out dy/dx" in t.text
            await t.press("f6")
        await t.press("f5")
        assert "Checks 1/2" in t.text
        assert "got 14, expected 7" in t.text
        await t.press("f2")
        assert "Hint 1 of 3" in t.text
        if size == NARROW:
            await t.press("f6")
        await t.press("ctrl+end")
        await t.type("# draft")
        await t.press("ctrl+q")
        assert t.runtime.closed

    async with tutor(tmp_path, size) as t:
        assert "Continue" in t.text
        assert "step 6 of 7" in t.text
        await t.press("enter")
        assert at(t) == "autograd/twice"
        assert t.lesson.desk.editor.text.endswith("# draft")
        assert t.lesson.hints.shown == 1
        await t.press("f6") if size == NARROW else None
        assert "Hint 1 of 3" in t.text
        t.lesson.desk.editor.text = "x.grad = None\n"
        await t.press("f5")
        assert "Passed." in t.text
        assert t.progress.state(StepRef("autograd", "twice")) is State.PASSED
        await t.press("ctrl+n")
        assert at(t) == "autograd/loop"


async def test_the_end_of_a_lesson_says_what_is_open_and_leads_to_the_next(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("tensors/more")
        await t.press("ctrl+n")
        assert "ends here" in t.text
        assert "Boxes of numbers" in t.text
        await t.press("ctrl+n")
        assert at(t) == "autograd/tape"


async def test_the_end_of_the_course_says_so_when_nothing_is_open(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        for lesson in t.app.services.course.lessons:
            for step in lesson.steps:
                t.progress.mark_passed(StepRef(lesson.id, step.id))
        await t.open("training/loop")
        await t.press("ctrl+n")
        assert "You have finished the course" in t.text
        await t.press("enter")
        assert "10 of 10 steps" in t.top


async def test_before_the_first_step_there_is_none(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("tensors/welcome")
        await t.press("ctrl+b")
        assert t.messages == ["This is the first step of the course."]


async def test_a_window_that_is_too_small_waits_and_comes_back(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        await t.pilot.resize_terminal(50, 20)
        await t.settle()
        assert t.text.split("\n")[0].strip() == "50×20 is too small: torch-tutor needs 60×18."
        assert "import torch" not in t.text
        await t.pilot.resize_terminal(*NARROW)
        await t.settle()
        assert "import torch" in t.text


async def test_a_change_of_size_keeps_what_is_being_read(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        await t.press("f6", "f6")
        assert t.focused == "page"
        await t.pilot.resize_terminal(*NARROW)
        await t.settle()
        assert t.focused == "page"
        assert "Work out dy/dx" in t.text
        await t.pilot.resize_terminal(*WIDE)
        await t.settle()
        assert "import torch" in t.text
        assert t.focused == "page"


async def test_every_key_of_the_workspace_reaches_it_from_the_editor(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        assert t.focused == "editor"
        await t.press("f6")
        assert t.focused == "results"
        await t.press("f6")
        assert t.focused == "page"
        await t.press("shift+f6", "shift+f6")
        assert t.focused == "editor"
        await t.press("f7")
        assert "Reset this step?" in t.text
        await t.press("escape", "f1")
        assert "Everywhere" in t.text
        assert "Go to the next step" in t.text
        await t.press("escape", "f4")
        assert t.map


async def test_in_one_column_f6_goes_between_page_and_desk_and_shift_f6_within_the_desk(tmp_path: Path) -> None:
    async with tutor(tmp_path, NARROW) as t:
        await t.open("autograd/twice")
        assert t.focused == "page"
        await t.press("f6")
        assert t.focused == "editor"
        await t.press("shift+f6")
        assert t.focused == "results"
        await t.press("f6")
        assert "Work out dy/dx" in t.text
        await t.press("f6")
        assert t.focused == "results"


async def test_the_results_are_reached_by_a_key_and_by_a_click(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        await t.press("f5", "ctrl+t")
        assert t.lesson.desk.results.active == "output"
        assert t.focused == "editor"
        await t.click_tab("curve")
        assert t.lesson.desk.results.active == "curve"
        assert "Loss fell from 1.7" in t.text
        await t.press("f5")
        assert t.lesson.desk.results.active == "checks"


async def test_the_palette_holds_the_commands(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        await t.press("ctrl+p")
        await t.type("hint")
        await t.app.workers.wait_for_complete([w for w in t.app.workers if w.node is t.app.screen])
        await t.settle()
        assert "Show the next hint" in t.text
        await t.press("enter")
        await t.settle()
        assert "Hint 1 of 3" in t.text
