"""Each kind of check: what passes, what fails and with which words, and what an author may not write."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.checks.build import check, judged, loop, module, optimizer, report, seen_module, tensor, value
from tutor.checks import KINDS
from tutor.checks.base import Status
from tutor.checks.training import Steps
from tutor.runtime.protocol import ModuleProbe, Outcome
from tutor.runtime.values import ErrorReport, ModuleSeen, OtherValue

PASSED = "passed"


def outcome(one: Any, got: Any, wanted: Any = None, code: str = "x = 1", **fields: Any) -> str:
    """The finding of a check on one observed value; "passed" where it passed."""
    expected = report({one.id: got if wanted is None else wanted})
    found = judged(one, report({one.id: got}, **fields), expected, code)
    return PASSED if found.passed else found.finding


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


# ---- tensor -----------------------------------------------------------------------------------------------------


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


# ---- grad -------------------------------------------------------------------------------------------------------


def test_grad_compares_the_gradient_of_the_expression() -> None:
    one = check("grad", expr="w", id="slope")
    assert [probe.expr for probe in one.probes()] == ["w.grad", "w"]  # type: ignore[union-attr]
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


# ---- metric -----------------------------------------------------------------------------------------------------


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


# ---- stdout, source, raises -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        ({"contains": "loss 0.5"}, PASSED),
        ({"contains": "accuracy"}, "the text lacks 'accuracy'"),
        ({"equals": "epoch 1\nloss 0.5"}, PASSED),
        ({"equals": "epoch 1\nloss 0.4"}, "line 2: got 'loss 0.5', expected 'loss 0.4'"),
        ({"equals": "epoch 1"}, "2 lines, expected 1"),
        ({"matches": r"^loss \d\.\d$"}, PASSED),
        ({"matches": r"^\d"}, "the text does not have the form that was asked for"),
        ({}, "line 1: got 'epoch 1', expected 'epoch 2'"),
    ],
)
def test_stdout(fields: dict[str, Any], finding: str) -> None:
    seen = report(stdout="epoch 1  \nloss 0.5\n\n")
    found = judged(check("stdout", **fields), seen, report(stdout="epoch 2\n"))
    assert (PASSED if found.passed else found.finding) == finding


def test_nothing_printed_is_said_so() -> None:
    assert judged(check("stdout", contains="a"), report()).finding == "nothing was printed"


SOURCE = """\
import torch
import torch.nn as nn
from torch.nn import functional as F
# for torch.sin(x)
text = "while torch.cos"
y = F.relu(x).sum(dim=1) @ w
layer = nn.Linear(2, 1)
"""


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        ({"uses": ("relu",)}, PASSED),
        ({"uses": ("torch.nn.functional.relu", "torch.nn.Linear", "@", "dim=", "sum")}, PASSED),
        ({"uses": ("torch.sin",)}, "your code does not use `torch.sin`"),
        ({"uses": ("torch.cos",)}, "your code does not use `torch.cos`"),
        ({"uses": ("elu",)}, "your code does not use `elu`"),
        ({"avoids": ("sin", "cos", "item"), "no_loops": True}, PASSED),
        ({"avoids": ("relu",)}, "line 6 uses `relu`"),
        ({"avoids": ("nn.Linear",)}, "line 7 uses `nn.Linear`"),
    ],
)
def test_source(fields: dict[str, Any], finding: str) -> None:
    found = judged(check("source", **fields), report(), code=SOURCE)
    assert (PASSED if found.passed else found.finding) == finding


@pytest.mark.parametrize("code", ["for i in x: pass", "while a: pass", "y = [i for i in x]", "y = sum(i for i in x)"])
def test_source_finds_every_kind_of_loop(code: str) -> None:
    found = judged(check("source", no_loops=True), report(), code=f"a = 1\n{code}")
    assert found.finding == "line 2 has a loop, and the task asks for none"


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        ({"error": "ValueError"}, PASSED),
        ({"error": "ValueError", "matches": "too .any"}, PASSED),
        ({"error": "ValueError", "matches": "few"}, "ValueError, but for another reason than the one asked for"),
        ({"error": "TypeError"}, "got ValueError: too many, expected TypeError"),
    ],
)
def test_raises(fields: dict[str, Any], finding: str) -> None:
    seen = report(error=ErrorReport(type="ValueError", message="too many", line=2))
    found = judged(check("raises", **fields), seen)
    assert (PASSED if found.passed else found.finding) == finding


def test_a_program_that_does_not_raise_is_said_so() -> None:
    assert (
        judged(check("raises", error="ValueError"), report()).finding
        == "the program ran to its end, expected ValueError"
    )


# ---- module -----------------------------------------------------------------------------------------------------

NET = module("Linear", "ReLU", "Linear", shapes=((4, 2), (1, 4)))
OUTPUT = tensor([[1.0], [2.0]])
GOOD = seen_module(NET, OUTPUT, refilled_output=OUTPUT)


def module_finding(got: Any, code: str = "x = 1", **fields: Any) -> str:
    return outcome(check("module", expr="net", **fields), got, GOOD, code)


@pytest.mark.parametrize(
    "fields",
    [
        {"layers": ("Linear", "ReLU", "Linear")},
        {"parameters": 12, "trainable": 12},
        {"input": "x", "output_shape": ("n", 1)},
        {"input": "x", "same_as_solution": True},
        {},
    ],
)
def test_a_module_like_the_solutions_passes(fields: dict[str, Any]) -> None:
    assert module_finding(GOOD, **fields) == PASSED


def changed(**fields: Any) -> ModuleSeen:
    return msgspec.structs.replace(GOOD, **fields)


FROZEN = module("Linear", "ReLU", "Linear", shapes=((4, 2), (1, 4)), trainable_count=4)


@pytest.mark.parametrize(
    ("got", "fields", "finding"),
    [
        (3.0, {}, "got the number 3, expected a module"),
        (OtherValue(type="class", text="Net(Module)"), {}, "got the class itself, expected a module"),
        (changed(module=module("Linear")), {"layers": ("Linear", "ReLU")}, "layers Linear; expected Linear, ReLU"),
        (changed(module=module("Linear", shapes=((4, 2),))), {"parameters": 12}, "8 parameters, expected 12"),
        (changed(module=FROZEN), {"trainable": 12}, "4 numbers can be trained, expected 12"),
        (changed(output=None), {"input": "x"}, "calling it gives nothing, expected a tensor"),
        (changed(output=value(None)), {"input": "x"}, "calling it gives None"),
        (GOOD, {"input": "x", "output_shape": (2, 3)}, "output of shape (2, 1), expected (2, 3)"),
        (changed(without_grad=("0.bias", "1.bias")), {"input": "x"}, "no gradient reaches `0.bias` and 1 more"),
        (
            changed(module=module("Linear", shapes=((2, 4), (1, 4)))),
            {"input": "x", "same_as_solution": True},
            "`0.weight` has shape (2, 4), expected (4, 2)",
        ),
        (
            changed(refilled_output=tensor([[1.0], [3.0]])),
            {"input": "x", "same_as_solution": True},
            "output: got 3 at [1, 0], expected 2 (1 of 2 values differ)",
        ),
        (
            changed(error=ErrorReport(type="TypeError", message="no"), output=None),
            {"input": "x"},
            "`net(x)` raised TypeError: no",
        ),
    ],
)
def test_a_module_that_differs_fails(got: Any, fields: dict[str, Any], finding: str) -> None:
    assert module_finding(got, **fields) == finding


def test_layers_in_a_plain_list_are_the_reason_that_parameters_are_missing() -> None:
    code = "class Net(nn.Module):\n    def __init__(self):\n        self.layers = [nn.Linear(2, 4), nn.Linear(4, 1)]\n"
    one = check("module", expr="net", parameters=12)
    found = judged(one, report({"net": seen_module(module())}), report({"net": GOOD}), code)
    assert found.relation == "not-registered"
    assert "`self.layers`" in found.why
    wrapped = code + "        self.all = nn.ModuleList(self.layers)\n"
    assert judged(one, report({"net": seen_module(module())}), report({"net": GOOD}), wrapped).relation is None


def test_both_sides_get_the_same_weights_for_the_same_output() -> None:
    probes = [check("module", expr=name, input="x", same_as_solution=True).probes()[0] for name in "ab"]
    assert all(isinstance(probe, ModuleProbe) for probe in probes)
    assert probes[0].refill == probes[1].refill is not None  # type: ignore[union-attr]


def test_a_solution_that_is_no_module_is_the_courses_fault() -> None:
    found = judged(check("module", expr="net"), report({"net": GOOD}), report({"net": 3}))
    assert found.status is Status.COULD_NOT_JUDGE


# ---- training ---------------------------------------------------------------------------------------------------

TURN = ("zero_grad", "forward", "backward", "step")


def training(seen: Any, expected: Any = None, **fields: Any) -> str:
    found = judged(check("training", **fields), seen, expected if expected is not None else loop(*TURN))
    return PASSED if found.passed else f"{found.relation or ''}: {found.finding}".removeprefix(": ")


FALLING = [8.0, 4.0, 2.0, 1.0, 0.5]


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        ({}, PASSED),
        ({"steps": {"min": 5, "max": 5}}, PASSED),
        ({"steps": {"min": 6}}, "5 steps, expected at least 6"),
        ({"steps": {"max": 4}}, "5 steps, expected at most 4"),
        ({"loss_falls": "10x"}, PASSED),
        ({"loss_falls": 16}, PASSED),
        ({"loss_falls": "20x"}, "loss from 8 to 0.5, expected to fall 20 times"),
        ({"last_below": 0.6}, PASSED),
        ({"last_below": 0.5}, "loss from 8 to 0.5, expected below 0.5"),
    ],
)
def test_training(fields: dict[str, Any], finding: str) -> None:
    fields = {**fields, "steps": Steps(**fields.get("steps", {}))}
    assert training(loop(*TURN, losses=FALLING), **fields) == finding


def test_a_program_without_training_was_not_attempted() -> None:
    assert judged(check("training"), report(), loop(*TURN)).status is Status.NOT_ATTEMPTED


def test_a_solution_without_training_is_the_courses_fault() -> None:
    assert judged(check("training"), loop(*TURN), report()).status is Status.COULD_NOT_JUDGE


def test_a_fault_of_the_loop_fails_training_unless_the_solution_has_it_too() -> None:
    faulty = loop("forward", "backward", "step")
    assert training(faulty) == "no-zero-grad: the gradients are never cleared"
    assert training(faulty, faulty) == PASSED


def test_without_an_optimizer_backward_calls_are_counted() -> None:
    by_hand = loop("forward", "backward")
    assert training(by_hand, by_hand, steps=Steps(min=6)) == "5 backward calls, expected at least 6"


def test_every_parameter_must_move_and_be_held() -> None:
    whole = loop(*TURN, optimizers=(optimizer(4, 4),))
    asked = {"every_parameter_moves": True}
    assert training(whole, whole, **asked) == PASSED
    assert training(loop(*TURN, optimizers=(optimizer(4, 3),)), whole, **asked) == "3 of 4 parameters moved"
    held = training(loop(*TURN, optimizers=(optimizer(2, 2),)), whole, **asked)
    assert held == "other-parameters: the optimizer holds 2 parameters, expected 4"


def test_a_loss_that_was_never_a_number_is_said_so() -> None:
    none = loop(*TURN)
    none = msgspec.structs.replace(none, trace=tuple(msgspec.structs.replace(e, value=None) for e in none.trace))
    assert training(none, last_below=1.0) == "no loss was seen: `backward` needs a single number"


def test_a_training_that_an_error_ended_explains_the_error() -> None:
    error = ErrorReport(type="ZeroDivisionError", message="division by zero", line=9)
    seen = loop(*TURN, error=error)
    found = judged(check("training", steps=Steps(min=10)), seen, loop(*TURN))
    assert seen.outcome is Outcome.RAISED
    assert found.finding == "5 steps, expected at least 10"
    assert "divided by 0" in found.why
