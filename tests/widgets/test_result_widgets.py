from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import numpy
import pytest
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown, MouseScrollUp
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.selection import Selection
from textual.widget import Widget
from textual.widgets import OptionList, Static

from tests.widgets.tensors import tensor
from tutor.checks.base import Status, Verdict
from tutor.checks.difference import Difference
from tutor.runtime.values import PlainValue, Variable
from tutor.widgets.curve import CurveView
from tutor.widgets.curve_plot import LossPlot
from tutor.widgets.output import OutputView
from tutor.widgets.output_buffer import MAX_LINES
from tutor.widgets.tensor_inspector import InspectorPage, TensorInspector
from tutor.widgets.tensors import NO_VARIABLES, TensorsView
from tutor.widgets.verdicts import VerdictsView


class Stage(App[None]):
    """Holds the one widget that is tested."""

    CSS = "Screen { background: $background; }"

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield self.widget


@asynccontextmanager
async def shown(widget: Widget, width: int = 60, height: int = 20) -> AsyncIterator[Pilot[None]]:
    async with Stage(widget).run_test(size=(width, height)) as pilot:
        await pilot.pause()
        yield pilot


def screen_text(pilot: Pilot[Any]) -> str:
    """What stands on the screen, row by row."""
    app = pilot.app
    strips = app.screen._compositor.render_strips(app.size)
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


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


# ---- curve --------------------------------------------------------------------------------------------------------


async def test_an_empty_curve_says_what_to_do() -> None:
    async with shown(CurveView()) as pilot:
        assert screen_text(pilot).rstrip() == "Run your code to see its loss here."


async def test_one_loss_is_told_at_the_top_without_a_plot() -> None:
    view = CurveView()
    async with shown(view) as pilot:
        view.clear()
        view.extend([3.2])
        view.finish()
        await pilot.pause()
        assert screen_text(pilot).rstrip() == "One loss was recorded: 3.2."


async def test_losses_that_rush_in_are_drawn_ten_times_a_second_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("tutor.widgets.curve.monotonic", lambda: now)
    view = CurveView()
    async with shown(view):
        view.clear()
        frames = view.frames
        for _ in range(100):
            now += 0.01
            view.extend([1.0])
        assert view.frames - frames <= 10
        view.finish()
        assert len(view.losses) == 100


async def test_a_finished_run_is_told_in_a_sentence() -> None:
    view = CurveView()
    async with shown(view, height=16) as pilot:
        view.clear()
        assert view.caption() == "Waiting for the first backward()."
        view.extend([3.0, 2.0])
        assert view.caption() == "Step 2: loss 2, at first 3."
        view.extend([1.0])
        view.finish()
        await pilot.pause()
        assert "Loss fell from 3 to 1 in 3 steps." in screen_text(pilot)
        assert "⠶ this run" in screen_text(pilot)


async def test_a_run_that_becomes_nan_is_told() -> None:
    view = CurveView()
    async with shown(view) as pilot:
        view.clear()
        view.extend([3.0, math.nan, math.nan])
        view.finish()
        await pilot.pause()
        assert "Loss became NaN at step 2" in screen_text(pilot)


async def test_losses_are_drawn_less_often_while_somebody_types(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("tutor.widgets.curve.monotonic", lambda: now)
    view = CurveView()
    async with shown(view) as pilot:
        view.clear()
        frames = view.frames
        for _ in range(100):
            now += 0.01
            pilot.app.typed_at = now  # type: ignore[attr-defined]
            view.extend([1.0])
        assert 1 <= view.frames - frames <= 3


async def test_five_runs_stay_behind_known_by_what_changed_in_their_code() -> None:
    view = CurveView()
    async with shown(view, height=24) as pilot:
        for rate in ("1e-5", "0.0001", "0.001", "0.01", "0.1", "0.5"):
            view.clear(code=f"optimizer = SGD(model.parameters(), lr={rate})")
            view.extend([9.0, float(rate)])
            view.finish()
        view.clear(code="optimizer = SGD(model.parameters(), lr=0.5, momentum=0.9)")
        view.extend([9.0, 1.0])
        view.finish()
        await pilot.pause()
        assert [curve.values[1] for curve in view.earlier] == [0.0001, 0.001, 0.01, 0.1, 0.5]
        text = screen_text(pilot)
        assert "⠶ this run: with momentum=0.9 → 1 " in text
        for rate in ("0.0001", "0.001", "0.01", "0.1", "0.5"):
            assert f" lr={rate} → {rate}" in text
        assert "zoom + - off" in text
        view.forget()
        await pilot.pause()
        assert view.earlier == ()
        assert "lr=" not in screen_text(pilot)


async def test_the_same_code_again_is_called_that() -> None:
    view = CurveView()
    async with shown(view) as pilot:
        for losses in ([9.0, 8.0], [3.0, 2.0], [5.0, 4.0]):
            view.clear(code="train()")
            view.extend(losses)
            view.finish()
        await pilot.pause()
        assert [curve.values for curve in view.earlier] == [(3.0, 2.0)]
        assert "⠶ this run → 4   + same code → 2" in screen_text(pilot)


async def test_what_is_drawn_beside_a_loss_is_known_by_its_name() -> None:
    view = CurveView()
    async with shown(view, height=20) as pilot:
        view.clear(code="rate = 1")
        view.extend([9.0, 8.0])
        view.finish()
        view.clear(code="rate = 2")
        view.extend([4.0, 2.0])
        view.put_beside({"accuracy": [0.1, 0.9]})
        view.finish()
        await pilot.pause()
        assert "⠶ this run loss: rate = 2 → 2   + rate = 1 → 8\n× accuracy → 0.9 " in screen_text(pilot)


async def test_runs_far_apart_stand_on_a_log_scale_one_alone_does_not() -> None:
    view = CurveView()
    async with shown(view):
        view.clear(code="rate = 9")
        view.extend([1.0, 1e9])
        view.finish()
        assert not view.log_scale
        view.clear(code="rate = 1")
        view.extend([1.0, 0.5])
        view.finish()
        assert view.log_scale


async def test_runs_that_are_compared_stay_and_are_told_by_name() -> None:
    view = CurveView()
    async with shown(view, height=20) as pilot:
        for rate, losses in (("0.01", [4.0, 3.0]), ("0.1", [4.0, 1.0]), ("1.0", [4.0, 9.0]), ("0.1", [4.0, 0.5])):
            view.clear(f"lr={rate}")
            view.extend(losses)
            view.finish()
        await pilot.pause()
        assert [curve.label for curve in view.earlier] == ["lr=0.01", "lr=1.0"]
        shown_text = screen_text(pilot)
        assert "lr=0.1: loss fell from 4 to 0.5 in 2 steps." in shown_text
        assert "⠶ lr=0.1 → 0.5   + lr=0.01 → 3   o lr=1.0 → 9" in shown_text
        assert not view.log_scale


async def test_compared_runs_far_apart_stand_on_a_log_scale_unless_the_learner_chose() -> None:
    view = CurveView()
    async with shown(view, height=20):
        view.clear("a")
        view.extend([1.0, 1e9])
        view.finish()
        assert view.log_scale
        view.action_toggle_log()
        view.clear("b")
        view.extend([1.0, 0.5])
        view.finish()
        assert not view.log_scale


async def test_runs_are_told_by_what_differs() -> None:
    view = CurveView()
    async with shown(view, height=20) as pilot:
        for run, last in (("lr=1, n=3", 2.0), ("lr=2, n=3", 1.0)):
            view.clear(run)
            view.extend([4.0, last])
            view.finish()
        assert view.caption() == "lr=2: loss fell from 4 to 1 in 2 steps."
        await pilot.pause()
        assert "⠶ lr=2 → 1   + lr=1 → 2 " in screen_text(pilot)


async def test_lists_of_the_program_take_the_place_of_its_losses() -> None:
    view = CurveView()
    async with shown(view, height=20) as pilot:
        view.clear("k=1")
        view.extend([1.0, 2.0, 3.0])
        view.put_lists({"accuracy": [0.1, 0.9], "held_out": [0.1, 0.5]})
        view.finish()
        await pilot.pause()
        assert view.losses == (0.1, 0.9)
        assert "k=1: accuracy rose from 0.1 to 0.9 in 2 steps." in screen_text(pilot)
        assert "⠶ k=1 accuracy → 0.9   + k=1 held_out → 0.5" in screen_text(pilot)
        view.clear("k=2")
        view.put_lists({"accuracy": []})
        view.finish()
        assert view.caption() == "k=2: there are no numbers in accuracy."
        assert [curve.label for curve in view.earlier] == ["k=1 accuracy", "k=1 held_out"]


async def test_l_and_a_change_the_scale_and_the_average() -> None:
    view = CurveView()
    async with shown(view, height=14) as pilot:
        view.clear()
        view.extend([1000.0, 1.0] * 20)
        view.finish()
        view.focus()
        plot = view.query_one(LossPlot)
        linear = plot.rows(plot.size)
        await pilot.press("l")
        logarithmic = plot.rows(plot.size)
        await pilot.press("a")
        averaged = plot.rows(plot.size)
        assert linear != logarithmic != averaged
        assert "log L on   average A of 3 steps" in screen_text(pilot)


async def test_the_keys_zoom_in_move_and_show_all_again() -> None:
    view = CurveView()
    async with shown(view, height=14) as pilot:
        view.clear()
        view.extend([float(step) for step in range(1000)])
        view.finish()
        view.focus()
        await pilot.press("+")
        assert "steps 251–750 of 1,000" in screen_text(pilot)
        await pilot.press("right", "right")
        assert "steps 501–1,000 of 1,000" in screen_text(pilot)
        await pilot.press("plus", "left")
        assert "steps 501–750 of 1,000" in screen_text(pilot)
        assert "250┤" not in screen_text(pilot)  # the loss axis fits what is shown
        await pilot.press("minus")
        assert "steps 376–875 of 1,000" in screen_text(pilot)
        await pilot.press("0")
        assert "zoom + - off" in screen_text(pilot)
        assert not view.leave()
        await pilot.press("+")
        assert view.leave()
        await pilot.pause()
        assert "zoom + - off" in screen_text(pilot)


async def test_zoomed_in_on_the_end_of_a_run_that_goes_on_it_follows() -> None:
    view = CurveView()
    async with shown(view, height=14) as pilot:
        view.clear()
        view.extend([1.0] * 100)
        view.focus()
        await pilot.press("+")
        assert view.stretch.ends(100) == (51, 100)
        view.extend([2.0] * 60)
        view.finish()
        await pilot.pause()
        assert "steps 111–160 of 160" in screen_text(pilot)
        view.clear()
        assert view.stretch.length is None


async def test_the_wheel_zooms_in_on_what_is_under_the_pointer() -> None:
    view = CurveView()
    async with shown(view, height=14) as pilot:
        view.clear()
        view.extend([float(step) for step in range(1000)])
        view.finish()
        await pilot.pause()
        plot = view.query_one(LossPlot)
        at = plot.region
        for column, ends in ((7, (1, 500)), (at.width - 1, (501, 1000))):
            await pilot._post_mouse_events([MouseScrollUp], plot, offset=(column, 2), button=0)
            await pilot.pause()
            assert view.stretch.ends(1000) == ends
            await pilot._post_mouse_events([MouseScrollDown], plot, offset=(column, 2), button=0)
            await pilot.pause()
            assert view.stretch.length is None


async def test_a_log_scale_says_that_it_leaves_out_zero() -> None:
    view = CurveView()
    async with shown(view):
        view.extend([1.0, 0.0])
        assert "log" not in view.caption()
        view.log_scale = True
        assert view.caption().endswith("The log scale leaves out losses of zero and below.")


# ---- all ----------------------------------------------------------------------------------------------------------


def test_the_result_widgets_load_neither_plotext_nor_numpy() -> None:
    code = (
        "import sys, tutor.widgets.verdicts, tutor.widgets.output, tutor.widgets.tensors, tutor.widgets.curve;"
        "print(sorted({'plotext', 'numpy', 'torch'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
