"""What all kinds of check have in common, and the kinds that look at values: tensor, grad, metric."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.checks.build import (
    PASSED,
    check,
    judged,
    outcome,
    report,
    tensor,
)
from tutor.checks import KINDS


def test_there_are_twelve_kinds_by_name() -> None:
    first = ["equal", "tensor", "grad", "call", "module", "training", "evaluation"]
    assert list(KINDS) == [*first, "metric", "stdout", "source", "raises", "python"]
    assert all(kind.kind == name for name, kind in KINDS.items())


@pytest.mark.parametrize("kind", KINDS.values())
def test_every_kind_says_what_it_does_why_how_and_what_else(kind: type) -> None:
    text = kind.__doc__ or ""
    assert all(part in text for part in ("What it does:", "Why it matters:", "Example:", "Use instead:"))


@pytest.mark.parametrize("kind", KINDS)
def test_probes_begin_with_the_checks_id_and_differ(kind: str) -> None:
    fields: dict[str, dict[str, Any]] = {
        "equal": {"expr": "x.grad"},
        "tensor": {"expr": "x", "dtype": "float32"},
        "grad": {"expr": "x"},
        "module": {"expr": "m"},
        "metric": {"expr": "x", "min": 0},
        "source": {"uses": ("a",)},
        "raises": {"error": "ValueError"},
        "call": {"expr": "f", "args": ("1",)},
        "evaluation": {"model": "m"},
        "python": {"use": "a.py:f", "observe": ("x", "y")},
    }
    ids = [probe.id for probe in check(kind, **{**fields.get(kind, {}), "id": "mine"}).probes()]
    assert all(one.startswith("mine") for one in ids)
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"kind": "metric", "expr": "x"}, "needs `min`, `max` or both"),
        ({"kind": "metric", "expr": "x", "min": 2, "max": 1}, "must not be above"),
        ({"kind": "tensor", "expr": "x"}, "at least one property"),
        ({"kind": "grad"}, "either `expr`, or `loss` and `of`"),
        ({"kind": "grad", "expr": "x", "loss": "y"}, "either `expr`, or `loss` and `of`"),
        ({"kind": "grad", "loss": "y"}, "go together"),
        ({"kind": "grad", "loss": "y", "of": "x", "expected": 1}, "goes with `expr`"),
        ({"kind": "grad", "expr": "x", "numeric": True}, "needs `loss`"),
        ({"kind": "grad", "loss": "f(x.y)", "of": "x.y", "numeric": True}, "that is a name"),
        ({"kind": "module", "expr": "m", "same_as_solution": True}, "need an `input`"),
        ({"kind": "module", "expr": "m", "output_shape": [1]}, "need an `input`"),
        ({"kind": "training", "loss_falls": "a lot"}, "is a factor"),
        ({"kind": "training", "steps": {"min": 0}}, ">= 1"),
        ({"kind": "stdout", "matches": "("}, "no regular expression"),
        ({"kind": "raises", "error": " "}, "must name the type"),
        ({"kind": "raises", "error": "E", "matches": "["}, "no regular expression"),
        ({"kind": "source"}, "needs `uses`"),
        ({"kind": "source", "operations": ["relu"]}, "Expected `object"),
        ({"kind": "source", "operations": {}}, "`operations` needs `uses`, `avoids` or `at_most`"),
        ({"kind": "source", "operations": {"at_most": "few"}}, "`at_most` is a number, or `2x`"),
        ({"kind": "call", "expr": "f"}, "a call check needs `args`, or `generate`"),
        ({"kind": "call", "expr": "f", "generate": {"x": "tensor[n]"}}, "`tensor` is no type here"),
        ({"kind": "call", "expr": "f", "generate": {"x": "float[n] <"}}, "is no kind of argument"),
        ({"kind": "call", "expr": "f", "args": ["1"], "seeds": 201}, "<= 200"),
        ({"kind": "evaluation"}, "missing required field `model`"),
        ({"kind": "equal", "expr": "x", "ignore": ["values"]}, "Invalid enum value"),
    ],
)
def test_what_makes_no_sense_is_refused_when_it_is_read(data: dict[str, Any], message: str) -> None:
    kind = KINDS[data.pop("kind")]
    with pytest.raises(msgspec.ValidationError, match=message.replace("(", r"\(")):
        msgspec.convert({"id": "a", **data}, kind)


# ---- tensor ----


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        ({"shape": (2, 3)}, PASSED),
        ({"shape": (2, "n")}, PASSED),
        ({"shape": ("n", "n")}, "shape (2, 3), expected (n, n)"),
        ({"shape": (3, 2)}, "shape (2, 3), expected (3, 2)"),
        ({"shape": (2, 3, 1)}, "shape (2, 3), expected (2, 3, 1)"),
        ({"dtype": "float32"}, PASSED),
        ({"dtype": "torch.float32"}, PASSED),
        ({"dtype": "int64", "shape": (1,)}, "dtype float32, expected int64"),
        ({"device": "cpu"}, PASSED),
        ({"device": "cuda"}, "on device cpu, expected cuda"),
        ({"requires_grad": False}, PASSED),
        ({"requires_grad": True}, "it does not require a gradient"),
        ({"finite": True}, PASSED),
        ({"finite": False}, "all its values are finite"),
        ({"min": 0, "max": 5}, PASSED),
        ({"min": 1}, "smallest value 0, expected at least 1"),
        ({"max": 4.5}, "largest value 5, expected at most 4.5"),
    ],
)
def test_tensor(fields: dict[str, Any], finding: str) -> None:
    assert outcome(check("tensor", expr="x", **fields), tensor([[0, 1, 2], [3, 4, 5]])) == finding


@pytest.mark.parametrize(("has", "wanted", "known"), [(True, False, "has-grad"), (False, True, "no-grad")])
def test_tensor_names_what_is_wrong_about_its_gradient(has: bool, wanted: bool, known: str) -> None:
    one = check("tensor", expr="x", requires_grad=wanted)
    assert judged(one, report({"x": tensor([1.0], requires_grad=has)})).relation == known


def test_tensor_names_what_is_not_finite_and_what_is_no_tensor() -> None:
    one = check("tensor", expr="x", finite=True)
    assert outcome(one, tensor([1, float("nan"), float("inf"), float("inf")])) == "1 nan and 2 inf among its values"
    assert outcome(one, 3.0) == "got the number 3, expected a tensor"


# ---- grad ----


def test_grad_compares_the_gradient_of_the_expression() -> None:
    one = check("grad", expr="w", id="slope")
    assert [probe.expr for probe in one.probes()] == ["w.grad", "w", "w"]  # type: ignore[union-attr]
    assert outcome(one, tensor([2.0, 4.0])) == PASSED
    assert outcome(one, tensor([2.0, 5.0]), tensor([2.0, 4.0])).startswith("got 5 at [1], expected 4")
    assert outcome(check("grad", expr="w", expected=7), tensor(7.0)) == PASSED
    assert outcome(check("grad", expr="w", expected=7), tensor(14.0)) == "got 14, expected 7"


@pytest.mark.parametrize(
    ("expr", "asked"), [("x.grad", "x.grad"), ("m[0].weight", "(m[0].weight).grad"), ("a.b", "a.b.grad")]
)
def test_grad_asks_for_the_right_expression(expr: str, asked: str) -> None:
    assert check("grad", expr=expr).probes()[0].expr == asked


@pytest.mark.parametrize(
    ("got", "finding"),
    [
        (tensor([1.0, -2.0]), PASSED),
        (None, "there is no gradient for `w`"),
        (tensor([0.0, 0.0]), "the gradient for `w` is 0 everywhere"),
        (tensor([1.0, float("nan")]), "1 nan or inf in the gradient for `w`"),
        ([tensor([1.0, 2.0]), tensor([1.0, 2.0])], PASSED),
        ([tensor([1.0, 2.0]), tensor([1.0, 3.0])], "got 2 at [1], expected 3 (1 of 2 values differ)"),
    ],
)
def test_grad_of_a_loss_is_there_finite_not_zero_and_right(got: Any, finding: str) -> None:
    one = check("grad", id="g", loss="f(w)", of="w", numeric=True)
    assert outcome(one, got, tensor([1.0])) == finding


# ---- metric ----


@pytest.mark.parametrize(
    ("got", "finding"),
    [
        (0.95, PASSED),
        (0.9, PASSED),
        (tensor(0.95), PASSED),
        (tensor([0.95]), PASSED),
        (0.5, "got 0.5, expected at least 0.9"),
        (1.5, "got 1.5, expected at most 1"),
        (float("nan"), "got nan, expected a finite number"),
        (tensor([1, 1]), "got a tensor of shape (2,), expected one number"),
        ("0.95", "got the text '0.95', expected one number"),
    ],
)
def test_metric(got: Any, finding: str) -> None:
    assert outcome(check("metric", expr="a", min=0.9, max=1), got) == finding
