"""`evaluation`: what is said of how, and on which data, a model was evaluated."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks.build import check, judged, report
from tutor.checks.base import Status
from tutor.runtime.values import EvaluationCall, EvaluationSeen


def call(line: int = 9, **fields: Any) -> EvaluationCall:
    usual = {"training": False, "grad": False, "late": True, "calls": 1, "rows": 20, "of_data": 20, "of_training": 0}
    return EvaluationCall(line=line, **{**usual, **fields})


def seen(*calls: EvaluationCall, **fields: Any) -> EvaluationSeen:
    return EvaluationSeen(**{"trained": 40, "rows": 20, "calls": calls, **fields})


RIGHT = seen(call())
CHECK = check("evaluation", id="e", model="model", data="x_test")


def verdict(got: Any, wanted: Any = RIGHT, one: Any = CHECK) -> Any:
    return judged(one, report({"e": got}), report({"e": wanted}))


@pytest.mark.parametrize(
    ("got", "relation", "finding"),
    [
        (seen(call(training=True)), "train-mode-in-eval", "line 9 evaluates in training mode"),
        (seen(call(grad=True)), "grad-in-eval", "line 9 records gradients while it evaluates"),
        (seen(call(), call(7, training=True)), "train-mode-in-eval", "line 7 evaluates in training mode"),
        (
            seen(call(), rows_trained=20),
            "evaluated-on-training-data",
            "all of the 20 rows of `x_test` were used in training",
        ),
        (
            seen(call(), rows_trained=3),
            "evaluated-on-training-data",
            "3 of the 20 rows of `x_test` were used in training",
        ),
        (
            seen(call(of_data=0, rows=40, of_training=40)),
            "evaluated-on-training-data",
            "line 9 evaluates on 40 rows that the model was trained on",
        ),
        (seen(), None, "`model` was not called on `x_test`"),
        (seen(trained=0), None, "`model` was never called"),
        (3, None, "got the number 3, expected a module"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(got: Any, relation: str | None, finding: str) -> None:
    found = verdict(got)
    assert not found.passed
    assert (found.relation, found.finding) == (relation, finding)


@pytest.mark.parametrize(
    "got",
    [
        RIGHT,
        seen(call(calls=3), call(12)),
        seen(call(), call(4, of_data=0, training=True, grad=True, late=False, of_training=8, rows=8)),
        seen(call(of_data=0)),  # the data were scaled on the way, and are as many
    ],
)
def test_a_proper_evaluation_passes(got: EvaluationSeen) -> None:
    assert verdict(got).passed


def test_what_the_solution_does_too_is_no_fault() -> None:
    own = seen(call(training=True, grad=True), rows_trained=4)
    assert verdict(own, own).passed
    assert verdict(seen(call(), rows_trained=5), own).relation == "evaluated-on-training-data"


def test_without_data_all_calls_outside_of_training_are_looked_at() -> None:
    one = check("evaluation", id="e", model="model")
    right = seen(call(of_data=0), rows=None)
    assert verdict(right, right, one).passed
    assert (
        verdict(seen(call(of_data=0, of_training=20), rows=None), right, one).relation == "evaluated-on-training-data"
    )
    assert verdict(seen(rows=None), right, one).finding == "`model` was not called outside of training"


@pytest.mark.parametrize("wanted", [3, seen(), seen(call(), rows=0)])
def test_a_solution_that_does_not_evaluate_is_the_courses_fault(wanted: Any) -> None:
    assert verdict(RIGHT, wanted).status is Status.COULD_NOT_JUDGE
