"""Lines put in order, in the workspace: by keys and by mouse, run, kept, passed."""

from __future__ import annotations

from pathlib import Path

from tests.app.driver import NARROW, Driver, tutor
from tests.app.fakes import LAB, ORDER
from tutor.lessons.model import StepRef
from tutor.progress import State
from tutor.widgets.line_order import OrderedLines

REF = StepRef("lab", "order")


async def put_in_order(t: Driver) -> None:
    """Bring the lines into the solution's order with keys alone."""
    lines = t.lesson.desk.line_order.lines
    for place, wanted in enumerate(ORDER.solution.splitlines()):
        at = lines.arrangement.lines.index(wanted)
        await t.press(*["home", *["down"] * at, *["alt+up"] * (at - place)])
    while lines.arrangement.used > len(ORDER.solution.splitlines()):
        await t.press("end", "home", *["down"] * (lines.arrangement.used - 1), "space")


async def test_the_lines_are_there_shuffled_and_have_the_focus(tmp_path: Path) -> None:
    async with tutor(tmp_path, made=LAB) as t:
        await t.open("lab/order")
        assert t.focused == "editor"
        assert isinstance(t.app.focused, OrderedLines)
        assert not t.lesson.desk.editor.display
        assert t.lesson.desk.text == ORDER.starter
        assert "Space puts one away" in t.text
        assert "Alt+↑↓ Move" in t.bottom


async def test_keys_put_the_lines_in_order_and_the_program_that_they_make_is_run(tmp_path: Path) -> None:
    async with tutor(tmp_path, made=LAB) as t:
        t.examiner.passes = ORDER.solution
        await t.open("lab/order")
        await t.press("f5")
        assert t.examiner.codes == [ORDER.starter]
        assert "got 14, expected 7" in t.text
        await put_in_order(t)
        await t.press("f5")
        assert t.examiner.codes[-1] == ORDER.solution
        assert "✓ Passed." in t.text
        assert t.progress.state(REF) is State.PASSED


async def test_how_the_lines_stand_is_kept(tmp_path: Path) -> None:
    async with tutor(tmp_path, made=LAB) as t:
        await t.open("lab/order")
        await t.press("alt+down", "space")
        left = t.lesson.desk.text
        assert left != ORDER.starter
        await t.press("f4")
        assert t.progress.draft(REF) == left
    async with tutor(tmp_path, made=LAB) as t:
        await t.open("lab/order")
        assert t.lesson.desk.text == left
        await t.press("f7", "y")
        assert t.lesson.desk.text == ORDER.starter


async def test_the_answer_can_be_put_in_place_and_undone(tmp_path: Path) -> None:
    async with tutor(tmp_path, made=LAB) as t:
        await t.open("lab/order")
        await t.press("f3", "y", "f3")
        assert "Put the lines in this order?" in t.text
        await t.press("y")
        assert t.lesson.desk.text == ORDER.solution
        await t.press("ctrl+z")
        assert t.lesson.desk.text == ORDER.starter


async def test_in_one_column_the_lines_stand_below_the_page(tmp_path: Path) -> None:
    async with tutor(tmp_path, NARROW, made=LAB) as t:
        await t.open("lab/order")
        assert "optimizer.backward()" not in t.text
        await t.press("f6")
        assert t.focused == "editor"
        assert "optimizer.backward()" in t.text
        await t.press("down", "alt+up")
        assert t.lesson.desk.text.splitlines()[0] == ORDER.starter.splitlines()[1]
        await t.press("shift+f6")
        assert t.focused == "results"


async def test_the_footer_moves_lines_by_mouse(tmp_path: Path) -> None:
    async with tutor(tmp_path, made=LAB) as t:
        await t.open("lab/order")
        await t.press("down")
        await t.pilot.click("StatusLine", offset=(t.bottom.index("Move") + 1, 0))
        await t.settle()
        assert t.lesson.desk.text.splitlines()[0] == ORDER.starter.splitlines()[1]
        await t.pilot.click("StatusLine", offset=(t.bottom.index("Put away") + 1, 0))
        await t.settle()
        assert len(t.lesson.desk.text.splitlines()) == len(ORDER.starter.splitlines()) - 1


async def test_help_names_the_keys_of_lines(tmp_path: Path) -> None:
    async with tutor(tmp_path, made=LAB, size=(120, 90)) as t:
        await t.open("lab/order")
        await t.press("f1")
        assert "In the lines" in t.text
        assert "Put the line away, or bring it back" in t.text


async def test_after_the_last_hint_a_move_of_one_line_is_tried(tmp_path: Path) -> None:
    async with tutor(tmp_path, made=LAB) as t:
        swapped = ORDER.solution.splitlines()
        swapped[3], swapped[4] = swapped[4], swapped[3]
        t.examiner.passes = ORDER.solution
        await t.open("lab/order")
        t.lesson.desk.replace_all("\n".join(swapped))
        await t.press("f5", "f2", "f2")
        assert "every check passes" in t.text
        await t.press("f2")
        assert "move it" in t.text
