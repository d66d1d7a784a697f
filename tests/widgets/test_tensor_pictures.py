from __future__ import annotations

import math
from typing import Any

import numpy
import pytest
from textual.content import Content

from tests.widgets.tensors import tensor
from tutor.runtime.values import ArrayValue, TensorValue
from tutor.widgets.tensor_data import decode
from tutor.widgets.tensor_pictures import SHADES, bar, edges, heat_rows, histogram_rows, value_rows


def plain(rows: list[Content]) -> list[str]:
    return [row.plain for row in rows]


def decoded(value: TensorValue | ArrayValue) -> Any:
    array = decode(value)
    assert array is not None
    return array


# ---- bytes --------------------------------------------------------------------------------------------------------


def test_bfloat16_is_the_upper_half_of_a_float32() -> None:
    value = TensorValue(dtype="bfloat16", shape=(3,), data=bytes.fromhex("803f 40c0 c07f"))
    assert decoded(value)[:2].tolist() == [1.0, -3.0]
    assert math.isnan(decoded(value)[2])


@pytest.mark.parametrize(
    ("dtype", "values"),
    [
        ("float64", [0.1, -2]),
        ("float16", [0.5, -2]),
        ("int64", [2**40, -1]),
        ("uint8", [255, 0]),
        ("bool", [True, False]),
        ("complex64", [1 + 2j, 0]),
    ],
)
def test_bytes_become_the_numbers_they_were(dtype: str, values: list[Any]) -> None:
    assert decoded(tensor(values, dtype)).tolist() == values


@pytest.mark.parametrize(
    "value",
    [
        TensorValue(dtype="float32", shape=(2,)),
        TensorValue(dtype="float32", shape=(3,), data=b"\0" * 8),
        TensorValue(dtype="float32", shape=(2,), data=b"\0" * 7),
        TensorValue(dtype="float32", shape=(-1, -2), data=b"\0" * 8),
        TensorValue(dtype="float8_e5m2", shape=(8,), data=b"\0" * 8),
    ],
)
def test_data_that_is_missing_or_does_not_fit_gives_no_numbers(value: TensorValue) -> None:
    assert decode(value) is None


# ---- values -------------------------------------------------------------------------------------------------------


def test_too_many_places_leave_out_the_middle() -> None:
    assert edges(4, 4) == [0, 1, 2, 3]
    assert edges(100, 5) == [0, 1, None, 98, 99]


def test_a_matrix_has_its_indices_and_one_number_of_decimals() -> None:
    assert plain(value_rows(numpy.array([[1.5, -0.25], [10.0, 0.125]]), 40)) == [
        "       0      1",
        "0   1.50  -0.25",
        "1  10.00   0.12",
    ]


def test_a_number_too_small_for_the_decimals_is_not_shown_as_zero() -> None:
    assert plain(value_rows(numpy.array([5.5, 1e-7, 0.0]), 40)) == ["5.500  1e-7  0.000"]


def test_whole_numbers_have_no_decimals() -> None:
    assert plain(value_rows(numpy.array([1.0, 2.0]), 40)) == ["1  2"]


def test_a_long_vector_goes_on_in_rows_led_by_an_index() -> None:
    assert plain(value_rows(numpy.arange(9), 24)) == ["0  0  1  2  3  4", "5  5  6  7  8"]


def test_a_scalar_is_one_number() -> None:
    assert plain(value_rows(numpy.array(2.5), 40)) == ["2.5"]


def test_a_tensor_without_elements_says_so() -> None:
    assert plain(value_rows(numpy.zeros((0, 3)), 40)) == ["No elements."]


@pytest.mark.parametrize("width", [30, 50, 80])
def test_a_wide_matrix_leaves_out_columns_and_rows_to_fit(width: int) -> None:
    rows = plain(value_rows(numpy.random.default_rng(0).normal(size=(300, 400)), width, 16))
    assert max(map(len, rows)) <= width
    assert len(rows) == 17
    assert rows[-1].startswith("299")
    assert "…" in rows[0]


def test_what_is_not_finite_stands_out() -> None:
    (row,) = value_rows(numpy.array([1.5, math.nan]), 40)
    assert [row.plain[span.start : span.end] for span in row.spans if span.style == "bold $error"] == ["nan"]


# ---- heatmap ------------------------------------------------------------------------------------------------------


def test_the_heatmap_goes_from_the_lowest_value_to_the_highest() -> None:
    assert plain(heat_rows(numpy.array([[0, 1, 2, 3, 4]]), 40)) == ["··░░▒▒▓▓██", "0 ·░▒▓█ 4"]


def test_nan_and_infinity_have_signs_of_their_own() -> None:
    assert plain(heat_rows(numpy.array([0, math.nan, math.inf, 1]), 40))[0] == "··✗✗∞∞██"


def test_a_constant_tensor_says_what_it_is() -> None:
    assert plain(heat_rows(numpy.full((2, 2), 7.0), 40)) == ["▒▒▒▒", "▒▒▒▒", "all 7"]


def test_a_large_tensor_is_shown_by_the_means_of_blocks() -> None:
    columns = numpy.tile(numpy.arange(5.0), (50, 1))
    rows = plain(heat_rows(columns, 60, height=10))
    assert rows == ["··░░▒▒▓▓██"] * 10 + ["0 ·░▒▓█ 4   one sign: the mean of 5×1 elements"]


def test_a_block_that_holds_a_nan_is_marked() -> None:
    columns = numpy.tile(numpy.arange(5.0), (50, 1))
    columns[7, 0] = math.nan
    assert plain(heat_rows(columns, 40, height=10))[1].startswith("✗✗")


@pytest.mark.parametrize("shape", [(1, 1000), (1000, 1), (37, 61), (5,)])
def test_the_heatmap_keeps_to_its_size(shape: tuple[int, ...]) -> None:
    rows = plain(heat_rows(numpy.random.default_rng(0).normal(size=shape), 30, height=9))
    assert max(map(len, rows)) <= 30
    assert 1 <= sum(set(row) <= set(SHADES) for row in rows) <= 9


@pytest.mark.parametrize("array", [numpy.zeros(3), numpy.full(9, math.nan), numpy.zeros(9, dtype="complex64")])
def test_no_heatmap_where_there_is_nothing_to_see(array: Any) -> None:
    assert heat_rows(array, 40) == []


# ---- histogram ----------------------------------------------------------------------------------------------------


def test_a_bar_is_drawn_in_eighths_and_never_vanishes() -> None:
    assert [bar(2.5), bar(0.01), bar(0)] == ["██▌", "▏", ""]


def test_labels_get_a_bar_each() -> None:
    rows = plain(histogram_rows(numpy.array([0, 1, 1, 1, 2, 2]), 30))
    assert [row.split() for row in rows] == [["0", "█" * 8, "1"], ["1", "█" * 24, "3"], ["2", "█" * 16, "2"]]


def test_booleans_are_counted_by_name() -> None:
    assert [row.split()[0] for row in plain(histogram_rows(numpy.array([True, False, True, True]), 40))] == [
        "False",
        "True",
    ]


def test_ranges_hold_every_finite_value_once() -> None:
    values = numpy.append(numpy.random.default_rng(0).normal(size=500), [math.nan, math.inf])
    rows = plain(histogram_rows(values, 50))
    assert len(rows) == 8
    assert sum(int(row.split()[-1]) for row in rows) == 500
    assert max(map(len, rows)) <= 50


def test_the_range_of_the_largest_numbers_does_not_overflow() -> None:
    assert len(histogram_rows(numpy.array([-1.7e308, 1.7e308, 0, 1]), 60)) == 8
