from __future__ import annotations

import math

import pytest

from tutor.widgets.loss_plot import Row, downsample, draw, even_ticks, smooth
from tutor.widgets.loss_sentence import flat_since, sentence
from tutor.widgets.overlay import SIGNS, Curve, Overlay, what_differs

FALLING = [1.6 * math.exp(-step / 40) + 0.079 for step in range(1000)]


def lines(rows: list[Row]) -> list[str]:
    return ["".join(piece.text for piece in row) for row in rows]


def roles(rows: list[Row]) -> set[str]:
    return {piece.role for row in rows for piece in row if piece.text.strip()}


@pytest.mark.parametrize(
    ("losses", "said"),
    [
        ([], "No loss was recorded: nothing called backward()."),
        ([3.25], "One loss was recorded: 3.25."),
        (FALLING, "Loss fell from 1.68 to 0.079 in 1000 steps, flat since step 131."),
        ([4, 3, 2, 1], "Loss fell from 4 to 1 in 4 steps."),
        ([2, 9, 1, 8, 2, 9, 3], "Loss swings between 1 and 9; after 7 steps it is 3."),
        ([9, 5, 1, 1.5, 1, 1.5, 1], "Loss fell from 9 to 1 in 7 steps."),
        ([2.0, 2.001, 2.0], "Loss stayed at 2 for 3 steps."),
        ([1, 2, 3], "Loss rose from 1 to 3 in 3 steps."),
        ([1, 30, 900], "Loss diverged: it grew from 1 to 900 in 3 steps."),
        ([5, 2, 1, 2, 4], "Loss fell from 5 to 1 at step 3, then rose to 4."),
        ([2, 0, 1, 3, 3], "Loss fell from 2 to 0 at step 2, then rose to 3."),
        ([1, 8, math.inf, math.nan], "Loss became infinite at step 3; the step before it was 8."),
        ([1, math.nan], "Loss became NaN at step 2; the step before it was 1."),
        ([math.nan, 1], "Loss was NaN from the first step."),
    ],
)
def test_the_sentence_says_what_the_curve_shows(losses: list[float], said: str) -> None:
    assert sentence(losses) == said


def test_what_is_no_loss_is_called_by_its_name() -> None:
    assert sentence([0, 11], "places") == "places rose from 0 to 11 in 2 steps."
    assert sentence([1.0], "accuracy") == "One number was recorded: 1."
    assert sentence([], "accuracy") == "There are no numbers in accuracy."
    assert sentence([4, 1], "losses") == "Loss fell from 4 to 1 in 2 steps."


def test_a_curve_that_still_falls_at_its_end_is_not_called_flat() -> None:
    assert flat_since([100.0 - step for step in range(100)]) is None


def test_downsampling_keeps_at_most_a_point_a_column_and_the_spike() -> None:
    values = [1.0] * 10_000
    values[7_777] = 50.0
    points = downsample(values, 60)
    assert len(points) <= 60
    assert (7_778, 50.0) in points


def test_downsampling_leaves_out_what_is_not_finite() -> None:
    assert downsample([1, math.nan, 3, math.inf], 10) == [(1, 1), (3, 3)]


def test_the_moving_average_steps_over_what_is_not_finite() -> None:
    assert smooth([1, 3, math.nan, 5], 2) == [1, 2, 3, 5]


@pytest.mark.parametrize(("width", "height"), [(16, 3), (50, 8), (60, 14), (100, 20)])
def test_the_plot_keeps_to_its_size(width: int, height: int) -> None:
    drawn = lines(draw(FALLING, [(0, FALLING[:300])], width=width, height=height))
    assert 0 < len(drawn) <= height
    assert max(map(len, drawn)) <= width


def test_a_falling_curve_begins_at_the_top_and_ends_at_the_bottom() -> None:
    drawn = lines(draw([8, 4, 2, 1], width=40, height=10))
    dots = [[place for place, sign in enumerate(line) if "\u2801" <= sign <= "\u28ff"] for line in drawn]
    used = [places for places in dots if places]
    assert min(used[0]) < 10
    assert max(used[-1]) > 30


def test_losses_far_from_zero_use_the_whole_height() -> None:
    drawn = lines(draw([101, 100], width=40, height=10))
    assert sum(any("\u2801" <= sign <= "\u28ff" for sign in line) for line in drawn) >= 6


def test_each_run_has_a_sign_of_its_own() -> None:
    earlier = [(sign, [3.0 + sign] * 1000) for sign in range(len(SIGNS))]
    rows = draw(FALLING, earlier, width=60, height=20)
    assert roles(rows) == {"frame", "current", *SIGNS}
    for sign in SIGNS:
        drawn = "".join(piece.text for row in rows for piece in row if piece.role == sign)
        assert set(drawn) & set(SIGNS) == {sign}
        assert any("\u2801" <= dots <= "\u28ff" for dots in drawn)


def test_the_last_step_is_labelled() -> None:
    assert lines(draw(FALLING, width=60, height=10))[-1].rstrip().endswith("1,000")


def test_a_log_scale_is_labelled_with_powers_of_ten() -> None:
    drawn = lines(draw([1, 0.1, 0.01, 0.001], width=50, height=14, log=True))
    assert [line.split("┤")[0].strip() for line in drawn if "┤" in line] == ["1", "0.1", "0.01", "0.001"]
    assert all(line.strip(" │┤.01") for line in drawn)  # a straight line, with dots on every row


def test_a_log_scale_leaves_out_what_is_not_positive() -> None:
    assert draw([0, -1], width=50, height=10, log=True) == []


@pytest.mark.parametrize("losses", [[], [math.nan, math.inf]])
def test_nothing_to_draw_gives_no_rows(losses: list[float]) -> None:
    assert draw(losses, width=50, height=10) == []


@pytest.mark.parametrize("losses", [[1e308, -1e308], [0, 0], [5, 5 + 1e-15], [1e-310, 0]])
def test_extreme_losses_are_drawn(losses: list[float]) -> None:
    assert draw(losses, width=50, height=10)


def test_ticks_stand_an_equal_number_of_rows_apart() -> None:
    ticks, top = even_ticks(0.08, 1.77, 17)
    assert ticks == pytest.approx([0, 0.6, 1.2, 1.8])
    assert top == pytest.approx(1.8 + 0.6 / 5)


@pytest.mark.parametrize("highest", [1, 1.3, 2.1, 3.3, 4.9, 7, 24.5, 99])
def test_at_most_two_fifths_of_the_plot_stay_empty(highest: float) -> None:
    for rows in range(7, 30):
        ticks, top = even_ticks(0, highest, rows)
        assert len(ticks) >= 2
        assert highest <= top * (1 + 1e-9) <= highest / 0.6


# ---- the curves of earlier runs ---------------------------------------------------------------------------------


def labels(overlay: Overlay) -> list[str]:
    return [signed.curve.label for signed in overlay.curves]


def test_a_curve_keeps_its_sign_while_others_come_and_go() -> None:
    overlay = Overlay()
    for run in ("a", "b", "c"):
        overlay.keep([Curve(run, (2.0, 1.0))], 5)
    signs = {signed.curve.run: signed.sign for signed in overlay.curves}
    overlay.drop("a")
    overlay.keep([Curve("d", (3.0, 1.0))], 5)
    after = {signed.curve.run: signed.sign for signed in overlay.curves}
    assert after == {"b": signs["b"], "c": signs["c"], "d": signs["a"]}


def test_the_oldest_run_goes_where_there_is_no_room() -> None:
    overlay = Overlay()
    for run in "abcdefg":
        overlay.keep([Curve(run, (2.0, 1.0))], 5)
    assert labels(overlay) == list("cdefg")
    overlay.keep([Curve("h", (1.0, 2.0), "train"), Curve("h", (1.0, 2.0), "test")], 5)
    assert labels(overlay) == ["e", "f", "g", "h train", "h test"]
    assert sorted(signed.sign for signed in overlay.curves) == [0, 1, 2, 3, 4]


def test_a_run_with_the_same_label_takes_the_place_of_the_one_before() -> None:
    overlay = Overlay()
    overlay.keep([Curve("a", (2.0, 1.0))], 5)
    overlay.keep([Curve("a", (5.0, 1.0))], 5)
    assert [signed.curve.values for signed in overlay.curves] == [(5.0, 1.0)]


def test_a_run_without_a_curve_leaves_the_others() -> None:
    overlay = Overlay()
    overlay.keep([Curve("a", (2.0, 1.0))], 1)
    overlay.keep([Curve("b", (2.0,))], 1)
    assert labels(overlay) == ["a"]


def test_labels_leave_out_what_all_runs_share() -> None:
    assert what_differs(["lr=1, n=3", "lr=2, n=3"]) == ["lr=1", "lr=2"]
    assert what_differs(["lr=1, n=3", "lr=2, n=4"]) == ["lr=1, n=3", "lr=2, n=4"]
    assert what_differs(["lr=1, n=3", "lr=1, n=3"]) == ["lr=1, n=3", "lr=1, n=3"]
    assert what_differs(["lr=1, n=3"]) == ["lr=1, n=3"]
