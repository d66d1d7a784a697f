"""The kind `module`: structure, the call, the same weights."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.checks.build import (
    PASSED,
    check,
    judged,
    module,
    outcome,
    report,
    seen_module,
    tensor,
    value,
)
from tutor.checks.base import Status
from tutor.runtime.protocol import ModuleProbe
from tutor.runtime.values import ErrorReport, ModuleSeen, OtherValue

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
