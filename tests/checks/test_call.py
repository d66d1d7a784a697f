"""`call`: which inputs are made, which cases count, what is said of those that differ; functions run here as in a run."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from tests.checks.build import check, judged, report
from tutor.checks.base import Status, Verdict
from tutor.checks.call_cases import cases
from tutor.checks.call_types import Argument, argument, arguments
from tutor.checks.call_words import KINDS, PLAIN, call_text, kind_of_inputs, value_text
from tutor.checks.ids import RELATIONS
from tutor.checks.values import array_of
from tutor.runtime.caps import Caps
from tutor.runtime.observe import observe
from tutor.runtime.observe_call import calls
from tutor.runtime.protocol import CallCase
from tutor.runtime.values import CallsSeen, PlainValue, TensorValue, Value

# ---- the notation -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("float[n, m]", Argument(type="float", dims=("n", "m"))),
        (" float [ n , 3 ] ", Argument(type="float", dims=("n", 3))),
        ("float[]", Argument(type="float", dims=())),
        ("float[..., n]", Argument(type="float", dims=("...", "n"))),
        ("long[n] < 10", Argument(type="long", dims=("n",), high=10.0, below=True)),
        ("0 <= long[n] < c", Argument(type="long", dims=("n",), low=0.0, high="c", below=True)),
        ("0 < float[n] <= 1.5", Argument(type="float", dims=("n",), low=0.0, high=1.5, above=True)),
        ("int > -3", Argument(type="int", low=-3.0, above=True)),
        ("bool", Argument(type="bool")),
    ],
)
def test_kinds_of_arguments(text: str, wanted: Argument) -> None:
    assert argument(text) == wanted


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no kind of argument"),
        ("float[n", "is no kind of argument"),
        ("float[n] < 1 < 2", "is no kind of argument"),
        ("matrix[n]", "`matrix` is no type here"),
        ("double", "`double` is no type here; known are float, int, bool"),
        ("float[n, ...]", "comes first"),
        ("float[n m]", "is no dimension"),
        ("float[,]", "is no dimension"),
        ("bool[n] < 1", "has no bounds"),
        ("1 < float[n] < 1", "no number between"),
        ("0 < float[n] > 1", "two lower bounds"),
    ],
)
def test_what_is_no_kind_of_argument(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        argument(text)


def test_a_bound_that_is_a_name_is_a_dimension_of_any_argument() -> None:
    assert len(arguments(("long[n] < m", "float[m]"))) == 2
    with pytest.raises(ValueError, match="`m` is no dimension of any argument"):
        arguments(("long[n] < m",))


# ---- the inputs -------------------------------------------------------------------------------------------------


def arrays(generate: dict[str, str], draws: int = 12) -> list[list[Any]]:
    return [[array_of(value) for value in case.args] for case in cases(generate, draws)]


def test_the_same_inputs_are_made_each_time_the_smallest_first_and_none_twice() -> None:
    from tutor.checks.call_cases import _cases

    first = cases({"x": "float[n, m]"}, 12)
    _cases.cache_clear()
    assert cases({"x": "float[n, m]"}, 12) == first
    sizes = [a.size for (a,) in arrays({"x": "float[n, m]"})]
    assert sizes == sorted(sizes)
    assert len(set(map(repr, first))) == len(first) > 20


def test_edges_are_among_them() -> None:
    made = [a for (a,) in arrays({"x": "float[n, m]"})]
    assert {(0, 2), (2, 0), (1, 1), (3, 3)} <= {a.shape for a in made}
    assert any(a.size > 1 and (a < 0).all() for a in made)
    assert any(a.size and not a.any() for a in made)
    assert any((np.abs(a) >= 1000).any() for a in made)
    assert any(a.size > len(np.unique(a)) for a in made)
    assert any(a.shape[0] == 1 < a.shape[1] for a in made)


def test_names_mean_one_size_and_bounds_hold() -> None:
    for x, y, k in arrays({"x": "float[n, c]", "y": "0 <= long[n] < c", "k": "0 < int <= c"}):
        assert x.shape[0] == y.shape[0]
        assert 0 < k <= x.shape[1]
        assert not y.size or (y.min() >= 0 and y.max() < x.shape[1])
    for (p,) in arrays({"p": "0 < float[n] <= 1"}):
        assert (p > 0).all()
        assert (p <= 1).all()


def test_sums_of_the_numbers_are_exact_in_any_order() -> None:
    for (x,) in arrays({"x": "float[n, m]"}):
        flat = x.ravel()
        assert flat.sum(dtype="f4") == np.float32(flat[::-1].astype("f8").sum())
        assert (flat**2).sum(dtype="f4") == np.float32((flat.astype("f8") ** 2).sum())


def test_dots_stand_for_any_dimensions() -> None:
    assert {a.ndim for (a,) in arrays({"x": "float[...]"})} == {0, 1, 2, 3}
    assert {a.ndim for (a,) in arrays({"x": "float[..., n]"})} == {1, 2, 3, 4}


# ---- the words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (torch.tensor([[1.0, -0.5]]), "tensor([[1., -0.5]])"),
        (torch.tensor(2), "tensor(2)"),
        (torch.tensor([1.0], dtype=torch.float64), "tensor([1.], dtype=torch.float64)"),
        (torch.tensor([True]), "tensor([True])"),
        (torch.tensor([]), "tensor([])"),
        (torch.empty(0, 3), "torch.empty(0, 3)"),
        (torch.tensor([float("nan"), float("inf")]), "tensor([nan, inf])"),
        (torch.zeros(4, 4), "a tensor of shape (4, 4)"),
        (np.array([1, 2]), "array([1, 2])"),
        (3, "3"),
        (-0.0, "0."),
        (1e-7, "1e-07"),
        (True, "True"),
        (None, "None"),
        ("a", "'a'"),
        ((1, 2.0), "(1, 2.)"),
        ([torch.tensor(1)], "[tensor(1)]"),
    ],
)
def test_values_are_written_as_in_python(value: Any, text: str) -> None:
    shown = value_text(observe(value, Caps()))
    assert shown.replace("[4, 4]", "(4, 4)") == text


def test_calls_are_written_as_in_python() -> None:
    assert call_text("f", [PlainValue(type="int", value=1)]) == "f(1)"
    assert call_text("m.f", [], " x, dim=1 ") == "m.f(x, dim=1)"
    assert call_text("lambda x: x", [PlainValue(type="int", value=1)]) == "(lambda x: x)(1)"


def inputs(*data: Any) -> list[list[Value]]:
    return [[observe(torch.tensor(one), Caps())] for one in data]


@pytest.mark.parametrize(
    ("failing", "passing", "kind"),
    [
        (inputs([-1.0], [2.0, -3.0]), inputs([1.0], [2.0], [3.0, 4.0]), "only-negative"),
        (inputs([1.0]), inputs([1.0, 2.0], [2.0, 3.0]), "only-one-element"),
        (inputs([0.0, 0.0]), inputs([1.0, 2.0], [0.0, 2.0]), "only-zeros"),
        (inputs([5000.0]), inputs([1.0], [2.0]), "only-large"),
        (inputs([[1.0, 2.0]]), inputs([[1.0, 2.0], [3.0, 4.0]], [[1.0], [2.0]]), "only-batch-of-one"),
        (inputs([1.0, 1.0]), inputs([1.0, 2.0], [2.0, 3.0]), "only-all-equal"),
        (inputs([1.0], [2.0]), inputs([1.5], [2.5]), None),
        (inputs([-1.0]), inputs([1.0]), None),
        (inputs([-1.0]), [], None),
    ],
)
def test_the_kind_of_input_is_named_only_if_it_is_true_of_the_cases(
    failing: Any, passing: Any, kind: str | None
) -> None:
    found = kind_of_inputs(failing, passing, ["x"])
    assert (found[0] if found is not None else None) == kind


def test_every_kind_of_input_has_its_public_id() -> None:
    listed = {known for known in RELATIONS if known.startswith("only-")}
    assert {kind.id for kind in KINDS} == listed
    assert set(PLAIN) <= listed


# ---- the judgement ----------------------------------------------------------------------------------------------

Function = Callable[..., Any]


def seen(function: Any, wanted: tuple[CallCase, ...], code: str = "", names: dict[str, Any] | None = None) -> CallsSeen:
    """What a run would report of a function."""
    streams = sys.stdout
    try:
        return calls(function, wanted, names or {}, Caps(), {}, lambda: None)
    finally:
        sys.stdout = streams


def compared(mine: Function, theirs: Function, code: str = "x = 1", **fields: Any) -> Verdict:
    given = fields or {"generate": {"x": "float[n, m]"}}
    one = check("call", expr="f", id="f", **given)
    return judged(one, report({"f": seen(mine, one.cases)}), report({"f": seen(theirs, one.cases)}), code)


COMMON: list[tuple[str | None, Function, Function, dict[str, Any]]] = [
    ("transposed", lambda x: x.T, lambda x: x, {}),
    ("scaled", lambda x: 3 * x, lambda x: x, {}),
    ("negated", lambda x: -x, lambda x: x, {}),
    ("float64-not-float32", lambda x: x.double(), lambda x: x, {}),
    ("number-not-tensor", lambda x: x.sum().item(), lambda x: x.sum(), {}),
    ("sum-not-mean", lambda x: x.sum(), lambda x: x.sum() / max(x.numel(), 1), {}),
    ("mean-not-sum", lambda x: x.sum() / max(len(x), 1), lambda x: x.sum(), {}),
    ("scaled", lambda x: 2.0 * x, lambda x: 1.0 * x, {"generate": {"x": "float"}}),
    ("negated", lambda x: -x, lambda x: x, {"generate": {"x": "int"}}),
    ("unchanged-input", lambda x: x.clone(), lambda x: x.cumsum(0) + 3, {}),
    ("changes-input", lambda x: x.add_(1), lambda x: x + 1, {}),
    ("wrong-signature", lambda: 1, lambda x: x, {}),
    ("only-negative", lambda x: x.clamp_min(0) if x.numel() % 2 else x, lambda x: x, {"generate": {"x": "float[1]"}}),
    (
        "only-large",
        lambda x: x.exp() / x.exp().sum(-1, keepdim=True),
        lambda x: x.softmax(-1),
        {"seeds": 3, "generate": {"x": "float[n]"}},
    ),
]
"""Relation, the learner's function and the solution's."""


@pytest.mark.parametrize(("relation", "mine", "theirs", "fields"), COMMON)
def test_what_holds_on_every_failing_input_is_said(
    relation: str | None, mine: Function, theirs: Function, fields: dict[str, Any]
) -> None:
    found = compared(mine, theirs, **fields)
    assert found.status is Status.FAILED
    named = {found.relation, *(["only-negative"] if "negative number" in found.why else [])}
    named |= {"only-large"} if "only with large numbers" in found.why else set()
    assert relation in named, found


@pytest.mark.parametrize(
    ("mine", "theirs", "fields"),
    [
        (lambda x: x.T if x.shape[0] > 2 else 2 * x, lambda x: x, {}),
        (lambda x: torch.zeros_like(x) if x.numel() == 3 else x.flip(0), lambda x: x, {}),
        (lambda x: x.sum(), lambda x: (x**3).sum(), {}),
        (
            lambda x: x[:1] * 1 if len(x) else x,
            lambda x: x.sort(descending=True).values[:1],
            {"generate": {"x": "float[n]"}},
        ),
        (lambda x: x**2, lambda x: 2 * x + 1, {"generate": {"x": "float"}}),
    ],
)
def test_no_relation_is_claimed_that_holds_only_on_some(
    mine: Function, theirs: Function, fields: dict[str, Any]
) -> None:
    found = compared(mine, theirs, **fields)
    assert found.status is Status.FAILED
    assert found.relation is None or found.relation.startswith("only-"), found


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (lambda x: x - x.sum(0) / len(x), lambda x: x - x.mean(0)),
        (lambda x: (x * x).sum().sqrt(), lambda x: x.norm()),
        (lambda x: x.T @ x, lambda x: torch.einsum("ij,ik->jk", x, x)),
        (lambda x: torch.stack([r.softmax(0) for r in x]) if len(x) else x, lambda x: x.softmax(1)),
        (lambda x: x.var(0, correction=0), lambda x: (x**2).mean(0) - x.mean(0) ** 2),
        (lambda x: sum(x.flatten().tolist()) * torch.tensor(1.0), lambda x: x.sum()),
    ],
)
def test_right_functions_pass_however_they_compute(mine: Function, theirs: Function) -> None:
    found = compared(mine, theirs)
    assert found.passed, found


def test_the_smallest_input_with_something_in_it_is_shown() -> None:
    found = compared(lambda x: x + 1, lambda x: x, generate={"x": "float[n]"})
    assert found.finding == "`f(tensor([1.]))` gave tensor([2.]), expected tensor([1.])"
    assert (found.relation, found.why) == ("shifted", found.why)
    only_empty = compared(lambda x: x if x.numel() else 1 / 0, lambda x: x, generate={"x": "float[n]"})
    assert only_empty.finding == "`f(tensor([]))` raised ZeroDivisionError: division by zero, expected tensor([])"
    assert only_empty.relation == "only-empty"


def test_generated_inputs_on_which_the_solution_fails_do_not_count_and_named_ones_want_the_same_error() -> None:
    def solution(x: Any) -> Any:
        if (x < 0).any():
            raise ValueError("negative")
        return x.sqrt()

    assert compared(lambda x: x.sqrt(), solution, generate={"x": "float[n]"}).passed
    named = {"generate": {"x": "float[n]"}, "args": ("torch.tensor([-1.0])",)}
    assert compared(lambda x: x.sqrt(), solution, **named).finding == (
        "`f(torch.tensor([-1.0]))` gave tensor([nan]), expected ValueError"
    )
    assert compared(solution, solution, **named).passed


def test_edges_for_which_the_solution_has_no_finite_result_do_not_count_but_others_do() -> None:
    one_number = {"generate": {"x": "float"}}
    assert compared(lambda x: torch.tensor(math.exp(x)), lambda x: torch.tensor(x).exp(), **one_number).passed
    found = compared(lambda x: torch.tensor(0.0), lambda x: torch.tensor(x).log(), **one_number)
    assert not found.passed
    masked = compared(lambda x: x, lambda x: x.masked_fill(x < 0, -math.inf), generate={"x": "float[n]"})
    assert not masked.passed


def test_a_function_without_a_result_is_told_apart_from_one_that_prints() -> None:
    code = "def f(x):\n    y = x\n"
    assert compared(lambda x: None, lambda x: x, code).relation == "no-return"
    assert compared(lambda x: print(x), lambda x: x, code).relation == "prints-not-returns"
    some = compared(lambda x: x if x.numel() != 1 else None, lambda x: x, "def f(x):\n    return x\n")
    assert some.relation == "only-one-element"


def test_functions_that_work_in_place_are_compared_by_what_they_leave() -> None:
    in_place = {"generate": {"x": "float[n]"}}
    assert compared(lambda x: x.add_(1) and None, lambda x: x.add_(1) and None, generate={"x": "float[1]"}).passed
    nothing = compared(lambda x: None, lambda x: [x.add_(1), None][1], **in_place)
    assert nothing.finding == "`f(tensor([1.]))` leaves its input as it was, expected tensor([2.])"
    other = compared(lambda x: [x.add_(2), None][1], lambda x: [x.add_(1), None][1], **in_place)
    assert other.finding == "`f(tensor([1.]))` makes tensor([3.]) of `x`, expected tensor([2.])"


def test_what_is_no_function_and_what_is_still_empty() -> None:
    one = check("call", expr="f", id="f", args=("1",))
    wanted = report({"f": seen(lambda x: x, one.cases)})
    assert judged(one, report({"f": 3}), wanted).finding == "got the number 3, expected a function"
    empty = judged(one, report({"f": seen(lambda x: None, one.cases)}), wanted, "def f(x):\n    ...\n")
    assert empty.status is Status.NOT_ATTEMPTED
    assert judged(one, wanted, report({"f": 3})).status is Status.COULD_NOT_JUDGE
    failing = report({"f": seen(lambda x: 1 / 0, check("call", expr="f", id="f", generate={"x": "int"}).cases)})
    every = check("call", expr="f", id="f", generate={"x": "int"})
    assert judged(every, failing, failing).status is Status.COULD_NOT_JUDGE


def test_named_inputs_that_read_a_changed_variable_are_said_so() -> None:
    one = check("call", expr="f", id="f", args=("x, 2",))
    mine = report({"f": seen(lambda x, k: x, one.cases, names={"x": torch.ones(2)})})
    theirs = report({"f": seen(lambda x, k: x, one.cases, names={"x": torch.zeros(2)})})
    assert judged(one, mine, theirs).finding == "`f(x, 2)` is called with other values than expected"


# ---- the calls themselves ---------------------------------------------------------------------------------------


def test_every_call_gets_fresh_copies() -> None:
    held = torch.zeros(2)
    twice = (CallCase(given="x, [x]"), CallCase(given="x, [x]"))
    found = seen(lambda x, listed: x.add_(1) + listed[0].add_(1), twice, names={"x": held})
    assert torch.equal(held, torch.zeros(2))
    assert found.cases[0] == found.cases[1]
    assert [place for place, _ in found.cases[0].changed] == [0, 1]


def test_an_interrupt_ends_the_calls() -> None:
    count = []

    def function(x: Any) -> None:
        count.append(x)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seen(function, (CallCase(given="1"), CallCase(given="2")))
    assert count == [1]


def test_what_a_function_prints_is_noted_and_what_it_raises_is_kept() -> None:
    found = seen(lambda x: print("hi") or 1 / x, (CallCase(given="1"), CallCase(given="0")))
    assert [case.printed for case in found.cases] == [True, True]
    error = found.cases[1].error
    assert error is not None
    assert (error.type, found.cases[1].output) == ("ZeroDivisionError", None)
    assert isinstance(found.cases[0].output, PlainValue)
    assert isinstance(found.cases[0].inputs[0], PlainValue)
    assert not isinstance(found.cases[0].output, TensorValue)
