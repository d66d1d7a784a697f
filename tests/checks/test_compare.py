"""Two values are compared by kind, dtype, shape, device, finite and values, and the first difference is the finding."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checks.build import compared, module, tensor
from tutor.checks.base import Status, Tolerance
from tutor.checks.compare import close, tolerance_for
from tutor.runtime.values import ArrayValue, MappingValue, OtherValue, PlainValue, TensorValue

NAN, INF = float("nan"), float("inf")


def array(data: Any, dtype: str = "float32") -> ArrayValue:
    made = np.asarray(data, dtype)
    return ArrayValue(dtype=dtype, shape=made.shape, data=made.tobytes())


def mapping(**items: Any) -> MappingValue:
    pairs = tuple((key, PlainValue(type=type(v).__name__, value=v)) for key, v in items.items())
    return MappingValue(type="dict", length=len(pairs), items=pairs)


EQUAL: list[tuple[Any, Any]] = [
    (tensor([1, 2]), tensor([1, 2])),
    (tensor([1.0]), tensor([1.000001])),
    (tensor([NAN, INF, -INF]), tensor([NAN, INF, -INF])),
    (tensor([]), tensor([])),
    (tensor([True, False], "bool"), tensor([True, False], "bool")),
    (tensor([1 + 2j], "complex64"), tensor([1 + 2j], "complex64")),
    (tensor(7.0, requires_grad=True, grad_fn="AddBackward0", is_leaf=False), tensor(7.0)),
    (7, 7.0),
    (True, True),
    (None, None),
    ("a", "a"),
    ([1, 2.0], (1, 2)),
    ([1, "a", [2]], [1, "a", [2]]),
    (array(7.0, "float64"), 7),
    (array(True, "bool"), True),
    (mapping(a=1, b=2), mapping(b=2, a=1)),
    (OtherValue(type="device", text="<at 0x12>"), OtherValue(type="device", text="<at 0x12>")),
    (OtherValue(type="F", text="f at 0x1234"), OtherValue(type="F", text="f at 0x99")),
    (module("Linear", shapes=((1, 2),)), module("Linear", shapes=((1, 2),))),
]

DIFFERENT: list[tuple[Any, Any, str]] = [
    # kind
    (7.0, tensor(7.0), "got the number 7, expected a tensor of shape ()"),
    (array([1]), tensor([1]), "got a NumPy array of shape (1,), expected a tensor of shape (1,)"),
    ([1], tensor([1]), "got a list of 1, expected a tensor of shape (1,)"),
    (None, tensor(1), "got None, expected a tensor of shape ()"),
    (1, True, "got the number 1, expected True"),
    (True, 1, "got True, expected the number 1"),
    ("1", 1, "got the text '1', expected the number 1"),
    # dtype before shape before device before values
    (tensor([1, 2], "int64"), tensor([[1.0]], "float32"), "dtype int64, expected float32"),
    (tensor([1, 2], device="meta"), tensor([[1]]), "shape (2,), expected (1, 1)"),
    (tensor([1], device="cuda:0"), tensor([2]), "on device cuda:0, expected cpu"),
    (tensor([[1], [2]]), tensor([1, 2]), "shape (2, 1), expected (2,)"),
    (tensor([[1, 1], [1, 1]]), tensor([1, 1]), "shape (2, 2), expected (2,)"),
    (tensor([[1, 1]]), tensor(1), "shape (1, 2), expected ()"),
    # values
    (tensor(14.0), tensor(7.0), "got 14, expected 7"),
    (tensor(1.0), tensor(1.0001), "got 1, expected 1.0001"),
    (tensor(1.0, "float64"), tensor(1.000001, "float64"), "got 1, expected 1.000001"),
    (tensor([NAN, 1]), tensor([0, 1]), "nan in 1 of 2 values, first at [0]"),
    (tensor([1, INF]), tensor([0, 1]), "inf in 1 of 2 values, first at [1]"),
    (tensor(NAN), tensor(3.0), "got nan, expected 3"),
    (tensor([1, 2, 3]), tensor([1, 2, INF]), "got 3 at [2], expected inf (1 of 3 values differ)"),
    (tensor([[1, 2], [3, 9]]), tensor([[1, 2], [3, 4]]), "got 9 at [1, 1], expected 4 (1 of 4 values differ)"),
    (tensor([5], "int64"), tensor([6], "int64"), "got 5 at [0], expected 6"),
    (tensor([True], "bool"), tensor([False], "bool"), "got True at [0], expected False"),
    (3, 4, "got 3, expected 4"),
    ("b", "a", "got 'b', expected 'a'"),
    ([1, 2], [1, 2, 3], "2 items, expected 3"),
    ([1, "b"], [1, "a"], "[1]: got 'b', expected 'a'"),
    (mapping(a=1), mapping(b=1), "no key 'b' and a key 'a' that is not expected"),
    (mapping(a=1), mapping(a=2), "['a']: got 1, expected 2"),
    (module("ReLU"), module("Linear"), "layers ReLU, expected Linear"),
]


@pytest.mark.parametrize(("got", "wanted"), EQUAL)
def test_equal_values_pass(got: Any, wanted: Any) -> None:
    found = compared(got, wanted)
    assert found.passed, found.finding


@pytest.mark.parametrize(("got", "wanted", "finding"), DIFFERENT)
def test_the_first_difference_is_the_finding(got: Any, wanted: Any, finding: str) -> None:
    found = compared(got, wanted)
    assert found.status is Status.FAILED
    assert found.finding == finding


@pytest.mark.parametrize(
    ("got", "wanted", "ignore"),
    [
        (tensor([1, 2], "int64"), tensor([1, 2]), "dtype"),
        (tensor([[1], [2]]), tensor([1, 2]), "shape-1"),
        (tensor([1], device="cuda:0"), tensor([1]), "device"),
    ],
)
def test_what_is_to_be_ignored_is_ignored_and_nothing_else(got: Any, wanted: Any, ignore: str) -> None:
    assert compared(got, wanted, ignore=(ignore,)).passed
    others = tuple({"dtype", "shape-1", "device"} - {ignore})
    assert compared(got, wanted, ignore=others).status is Status.FAILED


@pytest.mark.parametrize(
    ("expected", "got", "passes"),
    [
        (7, tensor(7.0), True),
        (7, tensor(7, "int64"), True),
        (7, tensor([7.0]), False),
        ([1, 2], tensor([1.0, 2.0]), True),
        ([[1, 2]], tensor([1.0, 2.0]), False),
        (0.1, tensor(0.1), True),
        (0.1, 0.1, True),
        (0.1, 0.2, False),
        ("a", "a", True),
        (None, None, True),
        (True, True, True),
        (1, True, False),
        ([], [], True),
        ({"a": 1}, mapping(a=1), True),
    ],
)
def test_an_expected_value_that_an_author_typed_has_no_dtype(expected: Any, got: Any, passes: bool) -> None:
    assert compared(got, None, expected=expected).passed is passes


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64", "complex64", "int64", "bool"])
def test_tolerances_are_those_of_torch(dtype: str) -> None:
    assert tolerance_for([dtype], Tolerance()) == torch.testing._comparison.default_tolerances(getattr(torch, dtype))


def test_the_authors_tolerance_wins() -> None:
    assert compared(tensor(1.0), tensor(1.05)).status is Status.FAILED
    assert compared(tensor(1.0), tensor(1.05), tolerance=Tolerance(rtol=0.1)).passed
    assert compared(tensor(10, "int64"), tensor(11, "int64"), tolerance=Tolerance(atol=1)).passed


@pytest.mark.parametrize("shape", [(3,), (-2,), (2**40,), (2, 2)])
def test_data_that_do_not_fit_their_shape_never_pass(shape: tuple[int, ...]) -> None:
    forged = TensorValue(dtype="float32", shape=shape, data=bytes(8))
    wanted = msgspec.structs.replace(tensor([0, 0]), shape=(2,))
    assert not compared(forged, wanted).passed
    assert not compared(forged, msgspec.structs.replace(forged)).passed


def test_a_tensor_too_large_to_be_exported_is_not_called_right() -> None:
    large = msgspec.structs.replace(tensor([1.0, 2.0]), data=None)
    assert compared(large, large).status is Status.COULD_NOT_JUDGE
    other = msgspec.structs.replace(tensor([1.0, 5.0]), data=None)
    assert compared(large, other).finding == "maximum 2, expected 5"


floats = st.floats(width=32, allow_nan=True, allow_infinity=True)


@given(st.lists(st.tuples(floats, floats), min_size=1, max_size=8))
@settings(max_examples=300, deadline=None)
def test_closeness_is_that_of_torch(pairs: list[tuple[float, float]]) -> None:
    a, b = (np.array(side, np.float32) for side in zip(*pairs, strict=True))
    theirs = torch.isclose(torch.from_numpy(a), torch.from_numpy(b), rtol=1.3e-6, atol=1e-5, equal_nan=True).numpy()
    with np.errstate(all="ignore"):
        wide = b.astype(float)
        edge = np.abs(np.abs(a - wide) - (1e-5 + 1.3e-6 * np.abs(wide))) < 1e-6 * np.abs(wide) + 1e-11
    assert np.all((close(a, b, 1.3e-6, 1e-5) == theirs) | (edge & np.isfinite(wide)))
