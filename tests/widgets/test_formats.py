from __future__ import annotations

import math

import pytest

from tutor.runtime.values import (
    MappingValue,
    ModuleValue,
    OtherValue,
    PlainValue,
    SequenceValue,
    Stats,
    TensorValue,
    Value,
)
from tutor.widgets import formats


def plain(value: bool | int | float | str | None) -> PlainValue:
    return PlainValue(type=type(value).__name__, value=value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (14.0, "14"),
        (0.0789, "0.0789"),
        (1.23456, "1.235"),
        (1e-9, "1e-9"),
        (1e20, "1e20"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        (123456, "123456"),
        (10**12, "1.000e+12"),
        (10**400, "huge"),
        (True, "True"),
        (1 - 2j, "1-2j"),
        (None, ""),
    ],
)
def test_numbers_are_short(value: float | complex | None, text: str) -> None:
    assert formats.number(value) == text


def test_numbers_side_by_side_get_the_digits_that_tell_them_apart() -> None:
    assert formats.told_apart([100_000.0, 100_001.0]) == ["100000", "100001"]
    assert formats.told_apart([0, 0.5, 1]) == ["0", "0.5", "1"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (TensorValue(dtype="float32", shape=(32, 64), requires_grad=True), "f32 (32, 64) grad"),
        (TensorValue(dtype="int64", shape=(), device="cuda:0"), "i64 () cuda:0"),
        (plain("a\nb"), "'a\\nb'"),
        (plain(None), "None"),
        (SequenceValue(type="tuple", length=1, items=(plain(1),)), "(1,)"),
        (SequenceValue(type="Size", length=2, items=(plain(3), plain(4))), "Size([3, 4])"),
        (SequenceValue(type="list", length=900, items=(plain(1), plain(2))), "[1, 2, … 900 items]"),
        (MappingValue(type="dict", length=1, items=(("lr", plain(0.1)),)), "{lr: 0.1}"),
        (
            ModuleValue(type="Linear", training=False, parameter_count=3, trainable_count=1),
            "3 parameters, 1 trainable, eval mode",
        ),
        (OtherValue(type="SGD", text="SGD (\n  lr: 0.1\n)"), "SGD ( lr: 0.1 )"),
    ],
)
def test_any_value_fits_one_line(value: Value, text: str) -> None:
    assert formats.value_text(value) == text


def test_a_long_value_is_cut_with_an_ellipsis() -> None:
    assert formats.value_text(plain("x" * 500), 10) == "'xxxxxxxx…"


def test_control_characters_and_direction_marks_become_visible() -> None:
    assert formats.visible("a\x1b[2J\u202eb\ud800") == "a␛[2J�b�"


def test_the_gradient_norm_of_a_tensor_follows_from_its_statistics() -> None:
    grad = TensorValue(dtype="float32", shape=(2,), stats=Stats(mean=3.5, std=0.5, minimum=3, maximum=4))
    assert formats.gradient_norm(TensorValue(dtype="float32", shape=(2,), grad=grad)) == pytest.approx(5)


def test_a_nan_among_the_elements_makes_the_norm_nan() -> None:
    assert math.isnan(formats.norm(TensorValue(dtype="float32", shape=(2,), stats=Stats(nans=1, mean=1, std=0))) or 0)
