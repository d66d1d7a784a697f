"""The Curve pane: what it draws, what it says, and what its keys do."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from textual.events import MouseScrollDown, MouseScrollUp

from tests.widgets.stage import screen_text, shown
from tutor.widgets.curve import CurveView
from tutor.widgets.curve_plot import LossPlot


def ran(view: CurveView, losses: Sequence[float], run: str = "", code: str = "") -> None:
    """A run from its beginning to its end."""
    view.clear(run, code)
    view.extend(losses)
    view.finish()


async def test_an_empty_curve_says_what_to_do() -> None:
    async with shown(CurveView()) as pilot:
        assert screen_text(pilot).rstrip() == "Run your code to see its loss here."


async def test_one_loss_is_told_at_the_top_without_a_plot() -> None:
    view = CurveView()
    async with shown(view) as pilot:
        ran(view, [3.2])
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
        ran(view, [3.0, math.nan, math.nan])
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
            ran(view, [9.0, float(rate)], code=f"optimizer = SGD(model.parameters(), lr={rate})")
        ran(view, [9.0, 1.0], code="optimizer = SGD(model.parameters(), lr=0.5, momentum=0.9)")
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
            ran(view, losses, code="train()")
        await pilot.pause()
        assert [curve.values for curve in view.earlier] == [(3.0, 2.0)]
        assert "⠶ this run → 4   + same code → 2" in screen_text(pilot)


async def test_what_is_drawn_beside_a_loss_is_known_by_its_name() -> None:
    view = CurveView()
    async with shown(view, height=20) as pilot:
        ran(view, [9.0, 8.0], code="rate = 1")
        view.clear(code="rate = 2")
        view.extend([4.0, 2.0])
        view.put_beside({"accuracy": [0.1, 0.9]})
        view.finish()
        await pilot.pause()
        assert "⠶ this run loss: rate = 2 → 2   + rate = 1 → 8\n× accuracy → 0.9 " in screen_text(pilot)


async def test_runs_far_apart_stand_on_a_log_scale_one_alone_does_not() -> None:
    view = CurveView()
    async with shown(view):
        ran(view, [1.0, 1e9], code="rate = 9")
        assert not view.log_scale
        ran(view, [1.0, 0.5], code="rate = 1")
        assert view.log_scale


async def test_runs_that_are_compared_stay_and_are_told_by_name() -> None:
    view = CurveView()
    async with shown(view, height=20) as pilot:
        for rate, losses in (("0.01", [4.0, 3.0]), ("0.1", [4.0, 1.0]), ("1.0", [4.0, 9.0]), ("0.1", [4.0, 0.5])):
            ran(view, losses, f"lr={rate}")
        await pilot.pause()
        assert [curve.label for curve in view.earlier] == ["lr=0.01", "lr=1.0"]
        shown_text = screen_text(pilot)
        assert "lr=0.1: loss fell from 4 to 0.5 in 2 steps." in shown_text
        assert "⠶ lr=0.1 → 0.5   + lr=0.01 → 3   o lr=1.0 → 9" in shown_text
        assert not view.log_scale


async def test_compared_runs_far_apart_stand_on_a_log_scale_unless_the_learner_chose() -> None:
    view = CurveView()
    async with shown(view, height=20):
        ran(view, [1.0, 1e9], "a")
        assert view.log_scale
        view.action_toggle_log()
        ran(view, [1.0, 0.5], "b")
        assert not view.log_scale


async def test_runs_are_told_by_what_differs() -> None:
    view = CurveView()
    async with shown(view, height=20) as pilot:
        for run, last in (("lr=1, n=3", 2.0), ("lr=2, n=3", 1.0)):
            ran(view, [4.0, last], run)
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
        ran(view, [1000.0, 1.0] * 20)
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
        ran(view, [float(step) for step in range(1000)])
        view.focus()
        await pilot.press("+")
        assert "steps 251–750 of 1,000" in screen_text(pilot)
        await pilot.press("right", "right")
        assert "steps 501–1,000 of 1,000" in screen_text(pilot)
        await pilot.press("plus", "left")
        assert "steps 501–750 of 1,000" in screen_text(pilot)
        assert "\n600┤" in screen_text(pilot)  # the loss axis fits what is shown
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
        ran(view, [float(step) for step in range(1000)])
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
