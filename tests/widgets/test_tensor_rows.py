from __future__ import annotations

import math
from itertools import pairwise

import numpy
import pytest

from tests.widgets.tensors import tensor
from tutor.runtime.values import (
    LayerInfo,
    ModuleValue,
    OtherValue,
    ParameterInfo,
    PlainValue,
    SequenceValue,
    TensorValue,
    Value,
    Variable,
)
from tutor.widgets import inspector_rows
from tutor.widgets.tensor_rows import table

WEIGHT = tensor([[1, 2], [3, 4]], requires_grad=True, subclass="Parameter", grad=tensor([[3, 0], [0, 4]]))
MODEL = ModuleValue(
    type="Sequential",
    training=True,
    parameter_count=43,
    trainable_count=41,
    layers=(
        LayerInfo(name="0", type="Linear", text="in_features=40, out_features=1, bias=True", parameters=41),
        LayerInfo(name="1", type="ReLU"),
    ),
    parameters=(
        ParameterInfo(name="0.weight", shape=(1, 40), grad_norm=0.5),
        ParameterInfo(name="0.bias", shape=(1,)),
        ParameterInfo(name="scale", shape=(2,), requires_grad=False),
    ),
    buffers=("running_mean",),
)
VARIABLES = (
    Variable(name="W", value=WEIGHT),
    Variable(name="labels", value=tensor([0, 1, 2], "int64", device="cuda:0")),
    Variable(name="broken", value=tensor([1, math.nan])),
    Variable(name="model", value=MODEL),
    Variable(name="lr", value=PlainValue(type="float", value=0.1)),
)


def columns(width: int) -> tuple[str, ...]:
    return table(VARIABLES, width).columns


def inspected(value: Value, width: int = 60, slice_number: int = 0) -> str:
    return "\n".join(row.plain for row in inspector_rows.rows(value, width, slice_number))


# ---- the table ----------------------------------------------------------------------------------------------------


def test_a_wide_table_has_every_column() -> None:
    assert columns(120) == ("name", "type", "shape", "dtype", "device", "grad", "odd", "min", "mean", "max", "norm")


def test_a_tensor_shows_its_statistics_and_the_norm_of_its_gradient() -> None:
    assert table(VARIABLES, 120).rows[0].plain.split() == [
        *("W", "Parameter", "(2,", "2)", "f32", "cpu", "yes", "1", "2.5", "4", "5"),
    ]


def test_columns_leave_in_their_order_and_least_and_greatest_together() -> None:
    found = [columns(width) for width in range(120, 20, -1)]
    left = [sorted(set(before) - set(after)) for before, after in pairwise(found) if before != after]
    assert left == [["type"], ["device"], ["mean"], ["max", "min"], ["norm"]]


@pytest.mark.parametrize("width", [30, 48, 58, 78, 118])
def test_no_row_is_wider_than_the_table(width: int) -> None:
    long_name = Variable(
        name="a_very_long_variable_name", value=OtherValue(type="SomeVeryLongTypeName", text="x" * 200)
    )
    laid_out = table((*VARIABLES, long_name), width)
    assert max(row.cell_length for row in (laid_out.heading, *laid_out.rows)) <= width


def test_sixty_columns_hold_the_norm_and_the_mark_of_a_nan() -> None:
    assert {"shape", "dtype", "grad", "odd", "norm"} <= set(columns(58))
    assert "⚠ nan" in table(VARIABLES, 58).rows[2].plain


def test_a_name_that_is_no_tensor_takes_part_in_the_width() -> None:
    wide = Variable(name="learning_rate_of_all", value=PlainValue(type="float", value=0.1))
    assert table((*VARIABLES, wide), 78).rows[0].plain.startswith("W" + " " * 21)


def test_other_values_are_shown_by_type_and_text() -> None:
    assert table(VARIABLES, 78).rows[3].plain == "model   Sequential  43 parameters, 41 trainable, 2 layers, train mode"
    assert table(VARIABLES, 78).rows[4].plain == "lr      float  0.1"


def test_a_program_without_tensors_has_no_columns_of_statistics() -> None:
    assert "min" not in table([Variable(name="lr", value=PlainValue(type="float", value=0.1))], 100).columns


# ---- the inspector ------------------------------------------------------------------------------------------------


def test_a_parameter_shows_values_histogram_and_gradient() -> None:
    text = inspected(WEIGHT)
    assert "4 elements · cpu · leaf" in text
    assert "min 1   mean 2.5   max 4   std 1.118   norm 5.477" in text
    assert [line.split()[0] for line in text.splitlines() if line[:1].isupper()] == [
        *("Values", "Heatmap", "Histogram", "Gradient"),
    ]
    assert "0  3  0\n1  0  4" in text


def test_a_leaf_without_gradient_says_why() -> None:
    assert "no backward() has reached this tensor" in inspected(tensor([1.0, 2.0], requires_grad=True))


def test_a_result_says_that_its_gradient_is_not_kept() -> None:
    text = inspected(tensor(2.0, requires_grad=True, is_leaf=False, grad_fn="MulBackward0"))
    assert "made by MulBackward0" in text
    assert "retain_grad()" in " ".join(text.split())


def test_a_tensor_that_needs_no_gradient_has_no_such_section() -> None:
    assert "Gradient" not in inspected(tensor([1.0, 2.0]))


def test_a_tensor_without_data_shows_its_statistics_only() -> None:
    text = inspected(tensor(numpy.zeros((4, 4)), data=None))
    assert "mean 0" in text
    assert "too many elements" in text
    assert "Values" not in text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (TensorValue(dtype="float32", shape=(2,), device="meta"), "meta device"),
        (TensorValue(dtype="float32", shape=(2,), layout="sparse_coo"), "to_dense()"),
        (TensorValue(dtype="float8_e5m2", shape=(2,), data=b"ab"), "float8_e5m2"),
    ],
)
def test_a_tensor_without_a_table_of_values_says_why(value: TensorValue, said: str) -> None:
    assert said in inspected(value)


def test_nan_and_infinity_are_counted() -> None:
    assert "⚠ 2 nan, 1 inf" in inspected(tensor([math.nan, math.nan, math.inf, 1]))


def test_whole_numbers_have_no_norm() -> None:
    assert "norm" not in inspected(tensor([1, 2], "int64"))


def test_a_deep_tensor_is_shown_matrix_by_matrix() -> None:
    deep = tensor(numpy.arange(24).reshape(2, 3, 2, 2), "int64")
    assert inspector_rows.slices(deep) == 6
    assert "Values  [1, 0, :, :]  4 of 6\n    0   1\n0  12  13\n1  14  15" in inspected(deep, slice_number=3)
    assert "[0, 0, :, :]  1 of 6" in inspected(deep, slice_number=6)


def test_a_deep_tensor_without_elements_can_be_opened() -> None:
    assert "No elements." in inspected(tensor(numpy.zeros((0, 3, 2))))


def test_a_module_lists_layers_parameters_and_buffers() -> None:
    text = inspected(MODEL, 80)
    assert "43 parameters · 41 trainable · train mode · gradient norm 0.5" in text
    assert "0  Linear(in_features=40, out_features=1, bias=True)  41" in text
    assert [line.split()[-1] for line in text.splitlines() if line.startswith(("0.", "scale"))] == [
        *("0.5", "grad", "frozen"),
    ]
    assert text.endswith("running_mean")
    assert "…  41" in inspected(MODEL, 46)


def test_a_list_names_its_items_and_what_is_left_out() -> None:
    text = inspected(SequenceValue(type="list", length=900, items=(WEIGHT, PlainValue(type="int", value=3))))
    assert text == "900 items\n\n[0]  f32 (2, 2) grad\n[1]  3\n… and 898 more items"


@pytest.mark.parametrize("width", [30, 46, 76, 96])
@pytest.mark.parametrize("value", [WEIGHT, MODEL, tensor(numpy.random.default_rng(0).normal(size=(3, 40, 50)))])
def test_the_inspector_keeps_to_its_width(value: Value, width: int) -> None:
    assert max(row.cell_length for row in inspector_rows.rows(value, width)) <= width


def test_an_object_keeps_the_lines_of_its_text() -> None:
    assert inspected(OtherValue(type="SGD", text="SGD (\n  lr: 0.1\n)")) == "SGD (\n  lr: 0.1\n)"


def test_text_of_the_program_cannot_move_the_cursor() -> None:
    assert inspected(PlainValue(type="str", value="a\x1b[2J\nb")) == "a␛[2J\nb"
