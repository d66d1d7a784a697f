"""Wrong kinds, dtypes and gradients are explained by what was observed, the trace and the program's text."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import numpy as np
import pytest

from tests.checks.build import check, compared, judged, report, tensor
from tutor.checks.base import Verdict
from tutor.runtime.protocol import TraceEvent
from tutor.runtime.values import ArrayValue, OtherValue, TensorValue

ONE = np.ones(1, np.float32)

KINDS_AND_DTYPES: list[tuple[str | None, Any, Any]] = [
    ("number-not-tensor", 7.0, tensor(7.0)),
    ("list-not-tensor", [1, 2], tensor([1, 2])),
    ("numpy-not-tensor", ArrayValue(dtype="float32", shape=(1,), data=ONE.tobytes()), tensor([1])),
    ("tensor-not-number", tensor(7.0), 7.0),
    ("tensor-not-list", tensor([1, 2]), [1, 2]),
    ("tensor-not-numpy", tensor([1]), ArrayValue(dtype="float32", shape=(1,), data=ONE.tobytes())),
    ("array-not-number", ArrayValue(dtype="float32", shape=(1,), data=ONE.tobytes()), 1.0),
    ("text-not-number", "7", 7),
    ("not-called", OtherValue(type="function", text="mean(x)"), tensor(1.0)),
    (None, None, tensor(7.0)),
    (None, 7, "seven"),
    ("int-not-float", tensor([1, 2], "int64"), tensor([1.0, 2.0])),
    ("truncated-to-int", tensor([1, 2], "int64"), tensor([1.5, 2.25])),
    ("float-not-int", tensor([1.0]), tensor([1], "int64")),
    ("float64-not-float32", tensor([1.0], "float64"), tensor([1.0])),
    ("float32-not-float64", tensor([1.0]), tensor([1.0], "float64")),
    ("bool-not-float", tensor([True], "bool"), tensor([1.0])),
    ("number-not-bool", tensor([1, 0], "int64"), tensor([True, False], "bool")),
    (None, tensor([1], "int32"), tensor([1], "int64")),
    ("nan", tensor([1, float("nan")]), tensor([1, 2])),
    ("inf", tensor([1, float("inf")]), tensor([1, 2])),
    ("extra-dim", tensor([[1], [2]]), tensor([1, 2])),
    ("wrong-device", tensor([1.0], device="cuda:0"), tensor([1.0])),
    ("wrong-device", tensor([1.0]), tensor([1.0], device="cuda:0")),
    ("scaled", tensor(14.0), tensor(7.0)),
]


@pytest.mark.parametrize(("known", "got", "wanted"), KINDS_AND_DTYPES)
def test_a_difference_is_explained(known: str | None, got: Any, wanted: Any) -> None:
    found = compared(got, wanted)
    assert found.relation == known
    assert bool(found.why) is (known is not None)


def test_a_function_without_return_is_named_with_its_line() -> None:
    code = "import torch\ndef f(x):\n    y = x + 1\n"
    found = compared(None, tensor(2.0), code, "f(x)")
    assert found.relation == "no-return"
    assert "line 2" in found.why
    assert compared(None, tensor(2.0), code + "    return y\n", "f(x)").relation is None


def test_a_difference_deep_in_a_list_is_found_there() -> None:
    found = compared([1, tensor([-1.0, 2.0, -3.0])], [1, tensor([1.0, -2.0, 3.0])])
    assert found.finding.startswith("[1]: got -1 at [0], expected 1")
    assert found.relation == "negated"


def test_the_programs_variables_take_part() -> None:
    x = tensor([[1.0, 2.0, 4.0], [3.0, 8.0, 7.5]])
    found = compared(tensor([4.0, 10.0, 11.5]), tensor([7.0, 18.5]), variables={"x": x})
    assert found.relation == "wrong-dim"
    assert "`x.sum(dim=0)`" in found.why
    assert compared(x, tensor([[1.0, 2, 4], [3, 8, 9]]), variables={"y": x}).relation == "partly-equal"


# ---- gradients --------------------------------------------------------------------------------------------------


def leaf(**fields: Any) -> TensorValue:
    return tensor([1.0, 2.0, 3.0], **{"requires_grad": True, **fields})


def events(*kinds: str) -> tuple[TraceEvent, ...]:
    return tuple(TraceEvent(kind, 0.0, line) for line, kind in enumerate(kinds, 1))  # type: ignore[arg-type]


def gradient(
    got: Any, of: Any = None, *kinds: str, code: str = "x = torch.ones(3)", wanted: Any = None, **fields: Any
) -> Verdict:
    seen = report({"x.grad": got, "x.grad#of": of if of is not None else leaf()}, trace=events(*kinds), **fields)
    expected = report({"x.grad": wanted if wanted is not None else tensor([1.5, 2.0, 4.0])})
    return judged(check("equal", expr="x.grad"), seen, expected, code)


RESULT = leaf(is_leaf=False, grad_fn="MulBackward0")


@pytest.mark.parametrize(
    ("known", "of", "kinds", "words"),
    [
        ("grad-none-not-leaf", RESULT, ("backward",), "MulBackward0"),
        ("grad-none-no-requires-grad", leaf(requires_grad=False), ("backward",), "does not ask for gradients"),
        ("grad-none-no-backward", None, (), "never called"),
        ("grad-none-no-backward", None, ("forward", "zero_grad"), "never called"),
        ("grad-zeroed", None, ("backward", "zero_grad"), "`zero_grad()` in line 2 ran after the last"),
        ("grad-none-not-reached", None, ("backward",), "did not reach `x`"),
        ("grad-none-detached", None, ("detach", "backward"), "did not reach `x`"),
        ("grad-none-not-reached", None, ("backward", "item"), "did not reach `x`"),
    ],
)
def test_a_gradient_that_is_not_there(known: str, of: Any, kinds: tuple[str, ...], words: str) -> None:
    found = gradient(None, of, *kinds)
    assert found.relation == known
    assert words in found.why


def test_a_leaf_that_was_made_anew_is_named_with_its_line() -> None:
    code = "x = torch.ones(3, requires_grad=True)\nfor i in range(3):\n    x = x - 0.1\n"
    assert "Line 3 makes `x` anew" in gradient(None, RESULT, "backward", code=code).why


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("with torch.no_grad():\n    y = x * 2\ny = y + w\n", "Line 2 stands under `torch.no_grad()`"),
        ("with torch.inference_mode():\n    y = x * 2\n", "Line 2 stands under `torch.inference_mode()`"),
        ("y = x * 2\nz = torch.tensor(y)\n", "Line 2 makes a new tensor of the numbers, with `torch.tensor(…)`"),
        ("a = [x[0], x[1]]\nz = torch.tensor([a[0]]) * w\n", "Line 2 makes a new tensor of the numbers"),
        ("for i in range(2):\n    with torch.no_grad():\n        z = x + 1\n", "Line 3 stands under"),
    ],
)
def test_a_cut_that_only_the_text_shows_is_named(code: str, words: str) -> None:
    found = gradient(None, None, "backward", code=f"{code}w.sum().backward()\n")
    assert found.relation == "grad-none-detached"
    assert found.next.startswith(words)


@pytest.mark.parametrize(
    "code",
    [
        "with torch.no_grad():\n    w = v * 2\n",
        "with torch.no_grad():\n    print(x)\n",
        "with torch.no_grad():\n    x -= 0.1\n",
        "y = torch.tensor([1.0, 2.0]) * w\n",
        "x = torch.tensor(3.0)\n",
        "y = (\n",
    ],
)
def test_a_cut_of_something_else_is_not_named(code: str) -> None:
    found = gradient(None, None, "backward", code=code)
    assert found.relation == "grad-none-not-reached"
    assert "Line" not in found.next


def test_the_line_that_cuts_the_recording_is_named() -> None:
    assert (
        "Line 1 takes numbers out of the recording with `.detach()`" in gradient(None, None, "detach", "backward").next
    )


@pytest.mark.parametrize(
    ("known", "got", "kinds", "fields"),
    [
        ("grad-accumulated", [3.0, 4.0, 8.0], ("backward", "backward"), {}),
        ("grad-accumulated", [4.5, 6.0, 12.0], ("backward",) * 3, {}),
        ("grad-accumulated", [3.0, 4.0, 8.0], ("backward",) * 3, {}),
        ("scaled", [3.0, 4.0, 8.0], ("backward",), {}),
        ("scaled", [3.0, 4.0, 8.0], ("backward", "zero_grad", "backward"), {}),
        ("grad-sign", [-1.5, -2.0, -4.0], ("backward",), {}),
        ("grad-of-mean", [0.5, 2 / 3, 4 / 3], ("backward",), {}),
        ("grad-of-sum", [4.5, 6.0, 12.0], ("backward",), {}),
        ("grad-of-sum", [10.5, 14.0, 28.0], ("backward",), {"variables": {"data": tensor(range(7))}}),
        ("grad-zeroed", [0.0, 0.0, 0.0], ("backward", "zero_grad"), {}),
        (None, [1.0, 7.0, 2.0], ("backward", "backward"), {}),
        (None, [0.0, 0.0, 0.0], ("zero_grad", "backward"), {}),
    ],
)
def test_a_gradient_that_is_wrong(known: str | None, got: list[float], kinds: tuple[str, ...], fields: Any) -> None:
    assert gradient(tensor(got), None, *kinds, **fields).relation == known


def test_a_summed_gradient_says_how_often() -> None:
    found = gradient(tensor([4.5, 6.0, 12.0]), None, "backward", "backward", "backward")
    assert found.why == "Exactly 3 times the expected gradient. `backward()` ran 3 times, and each adds to `.grad`."


def test_the_scalar_gradient_of_the_first_lesson() -> None:
    found = gradient(tensor(14.0), None, "backward", "backward", wanted=tensor(7.0))
    assert found.finding == "got 14, expected 7"
    assert found.relation == "grad-accumulated"


@pytest.mark.parametrize("shape", [(1000, 1000), (1_000_000,), (100, 100, 100)])
def test_a_million_numbers_are_explained_in_little_time(shape: tuple[int, ...]) -> None:
    """The limit is loose, because other programs run beside the tests."""
    rng = np.random.default_rng(0)
    got, wanted = (tensor(rng.normal(size=shape)) for _ in range(2))
    began = time.process_time()
    found = compared(got, wanted)
    assert time.process_time() - began < 1.0
    assert found.relation is None
    assert compared(msgspec.structs.replace(got), got).passed
