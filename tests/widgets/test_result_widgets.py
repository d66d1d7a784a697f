from __future__ import annotations

import subprocess
import sys

import numpy
import pytest
from textual.geometry import Offset
from textual.selection import Selection
from textual.widgets import OptionList, Static

from tests.widgets.stage import screen_text, shown
from tests.widgets.tensors import tensor
from tutor.checks.base import Status, Verdict
from tutor.checks.difference import Difference
from tutor.runtime.values import PlainValue, Variable
from tutor.widgets.output import OutputView
from tutor.widgets.output_buffer import MAX_LINES
from tutor.widgets.tensor_inspector import InspectorPage, TensorInspector
from tutor.widgets.tensors import NO_VARIABLES, TensorsView
from tutor.widgets.verdicts import VerdictsView

# ---- checks -------------------------------------------------------------------------------------------------------

FAILED = Verdict(
    id="g", kind="grad", title="x.grad", status=Status.FAILED, finding="got 14", why="w " * 40, next="Clear it."
)


async def test_verdicts_wrap_anew_when_the_window_changes() -> None:
    view = VerdictsView()
    async with shown(view, 80, 30) as pilot:
        view.show([FAILED], "0 of 1 checks pass")
        await pilot.pause()
        before = view.page.size.height
        await pilot.resize_terminal(40, 30)
        await pilot.pause()
        assert view.page.size.height > before
        assert "→ Clear it." in screen_text(pilot)


async def test_many_verdicts_scroll_and_new_ones_begin_at_the_top() -> None:
    view = VerdictsView()
    async with shown(view, 50, 12) as pilot:
        view.show([FAILED] * 9)
        await pilot.pause()
        view.scroll_end(animate=False, immediate=True)
        assert view.scroll_offset.y > 0
        view.show([FAILED] * 9, "new")
        await pilot.pause()
        assert screen_text(pilot).startswith("new")


async def test_a_message_takes_the_place_of_verdicts() -> None:
    view = VerdictsView()
    async with shown(view) as pilot:
        view.show([FAILED])
        view.message("Press `F5` to run.")
        await pilot.pause()
        assert screen_text(pilot).strip() == "Press F5 to run."


# ---- output -------------------------------------------------------------------------------------------------------


async def test_output_follows_the_end_until_you_scroll_up() -> None:
    view = OutputView()
    async with shown(view, height=10) as pilot:
        view.append("stdout", "".join(f"line {number}\n" for number in range(100)))
        await pilot.pause()
        assert screen_text(pilot).splitlines()[-1].strip() == "line 99"
        view.scroll_to(y=20, animate=False, immediate=True)
        view.append("stdout", "more\n")
        await pilot.pause()
        assert screen_text(pilot).splitlines()[0].strip() == "line 20"
        view.scroll_end(animate=False, immediate=True)
        view.append("stdout", "last\n")
        await pilot.pause()
        assert screen_text(pilot).splitlines()[-1].strip() == "last"


async def test_batches_that_come_before_the_screen_is_drawn_are_followed_too() -> None:
    view = OutputView()
    async with shown(view, height=10) as pilot:
        for number in range(50):
            view.append("stdout", f"line {number}\n")
        await pilot.resize_terminal(60, 5)
        await pilot.pause()
        assert screen_text(pilot).splitlines()[-1].strip() == "line 49"


async def test_the_streams_differ_by_their_gutter_and_notes_too() -> None:
    view = OutputView()
    async with shown(view) as pilot:
        view.append("stdout", "out\n")
        view.append("stderr", "Traceback\n")
        view.note("Stopped.")
        await pilot.pause()
        assert screen_text(pilot).split("\n")[:3] == ["  out", "│ Traceback", "· Stopped."]


async def test_dropped_output_is_counted_on_the_first_row() -> None:
    view = OutputView()
    async with shown(view):
        view.append("stdout", "x\n" * (MAX_LINES + 15_000))
        assert view.rows[0] == "· 15,000 earlier lines dropped (30 kB); the end is kept."
        assert len(view.rows) == MAX_LINES + 1


async def test_the_rows_being_read_stay_while_older_ones_are_dropped() -> None:
    view = OutputView()
    async with shown(view, height=10) as pilot:
        view.append("stdout", "".join(f"{number}\n" for number in range(MAX_LINES)))
        view.append("stdout", "x\n")
        await pilot.pause()
        view.scroll_to(y=2_000, animate=False, immediate=True)
        await pilot.pause()
        first = screen_text(pilot).splitlines()[0]
        view.append("stdout", "x\n" * 50)
        await pilot.pause()
        assert screen_text(pilot).splitlines()[0] == first
        assert len(view.rows) == MAX_LINES + 1


async def test_pieces_one_by_one_give_the_rows_of_the_whole() -> None:
    text = "".join(f"{number} " + "word " * (number % 30) + "\n" for number in range(200))
    whole, pieces = OutputView(), OutputView()
    async with shown(whole, 40):
        whole.append("stdout", text)
    async with shown(pieces, 40):
        for start in range(0, len(text), 37):
            pieces.append("stdout", text[start : start + 37])
    assert whole.rows == pieces.rows
    assert max(map(len, whole.rows)) <= 40


async def test_selected_output_is_copied_without_the_gutter() -> None:
    view = OutputView()
    async with shown(view):
        view.append("stderr", "first\nsecond\n")
        selected = view.get_selection(Selection(Offset(2, 0), Offset(8, 1)))
        assert selected == ("first\nsecond", "\n")


async def test_cleared_output_is_empty() -> None:
    view = OutputView()
    async with shown(view):
        view.append("stdout", "x\n" * 9)
        view.clear()
        assert view.rows == []


# ---- tensors ------------------------------------------------------------------------------------------------------

DEEP = Variable(name="images", value=tensor(numpy.arange(4000).reshape(2, 2, 25, 40), "int64"))
RATE = Variable(name="lr", value=PlainValue(type="float", value=0.1))


async def test_without_variables_a_sentence_stands_in_the_table_s_place() -> None:
    view = TensorsView()
    async with shown(view) as pilot:
        assert NO_VARIABLES in screen_text(pilot)
        view.show([RATE])
        await pilot.pause()
        assert NO_VARIABLES not in screen_text(pilot)
        assert "float  0.1" in screen_text(pilot)


async def test_enter_opens_a_variable_and_escape_closes_it() -> None:
    view = TensorsView()
    async with shown(view) as pilot:
        view.show([RATE, DEEP])
        view.query_one(OptionList).focus()
        await pilot.press("down", "enter")
        assert isinstance(pilot.app.screen, TensorInspector)
        assert "images  Tensor i64 (2, 2, 25, 40)" in screen_text(pilot)
        await pilot.press("escape")
        assert not isinstance(pilot.app.screen, TensorInspector)
        assert view.query_one(OptionList).highlighted == 1


async def test_the_screen_behind_the_inspector_stays_to_be_seen() -> None:
    async with shown(Static("behind"), 80, 24) as pilot:
        await pilot.app.push_screen(TensorInspector(RATE))
        assert pilot.app.screen.styles.background.a < 1


async def test_right_and_left_go_through_the_matrices() -> None:
    async with shown(Static()) as pilot:
        await pilot.app.push_screen(TensorInspector(DEEP))
        page = pilot.app.screen.query_one(InspectorPage)
        await pilot.press("left")
        await pilot.pause()
        assert page.slice_number == 3
        assert "[1, 1, :, :]  4 of 4" in screen_text(pilot)
        await pilot.press("right")
        assert page.slice_number == 0


@pytest.mark.parametrize(("width", "height"), [(60, 18), (80, 24), (120, 36)])
async def test_the_inspector_s_keys_stay_in_view(width: int, height: int) -> None:
    async with shown(Static(), width, height) as pilot:
        await pilot.app.push_screen(TensorInspector(DEEP))
        await pilot.pause()
        assert "Esc Close" in screen_text(pilot)


async def test_the_table_follows_the_window() -> None:
    view = TensorsView()
    async with shown(view, 100) as pilot:
        view.show([DEEP])
        await pilot.pause()
        assert "device" in screen_text(pilot)
        await pilot.resize_terminal(45, 20)
        await pilot.pause()
        assert "device" not in screen_text(pilot)


async def test_what_a_check_expected_stands_beside_what_the_program_has() -> None:
    view = TensorsView()
    async with shown(view, width=100, height=40) as pilot:
        got, expected = tensor([1.0, 2.0]), tensor([1.0, 3.0])
        inner = Difference(expr="w.grad", got=tensor(14.0), expected=tensor(7.0))
        view.show([Variable(name="w", value=got)], [Difference(expr="w", got=got, expected=expected), inner])
        await pilot.pause()
        assert [row.split()[:2] for row in screen_text(pilot).splitlines()[1:3]] == [["✗", "w.grad"], ["✗", "w"]]
        view.query_one(OptionList).focus()
        await pilot.press("enter")
        assert "Got 14, expected 7." in screen_text(pilot)
        await pilot.press("escape", "down", "enter")
        assert "1 of 2 elements differ; the first at [1]: got 2, expected 3." in screen_text(pilot)
        view.show([Variable(name="w", value=got)])
        await pilot.press("escape")
        assert "✗" not in screen_text(pilot)


# ---- all ----------------------------------------------------------------------------------------------------------


def test_the_result_widgets_load_neither_plotext_nor_numpy() -> None:
    code = (
        "import sys, tutor.widgets.verdicts, tutor.widgets.output, tutor.widgets.tensors, tutor.widgets.curve;"
        "print(sorted({'plotext', 'numpy', 'torch'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
