"""The kind `training`: a proper loop, parameters that move, a loss that falls."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.checks.build import (
    PASSED,
    check,
    judged,
    loop,
    optimizer,
    report,
)
from tutor.checks.base import Status
from tutor.checks.training import Steps
from tutor.runtime.protocol import Outcome
from tutor.runtime.values import ErrorReport

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
