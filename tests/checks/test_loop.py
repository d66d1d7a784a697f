"""Faults of training loops are found in the trace of real programs, and none in right ones."""

from __future__ import annotations

import pytest

from tutor.checks.loop import faults
from tutor.runtime.protocol import Outcome, Report, TraceEvent, TraceTotals

LINES = {"zero_grad": 4, "backward": 6, "step": 7}


def report(*turn: str, turns: int = 5, losses: list[float] | None = None) -> Report:
    lines = {kind: number for number, kind in enumerate(turn, 4)}
    events = tuple(
        TraceEvent(kind, 0.0, lines[kind], value=(losses or [1.0] * turns)[k] if kind == "backward" else None)  # type: ignore[arg-type]
        for k in range(turns)
        for kind in turn
    )
    counts = dict.fromkeys(turn, turns)
    return Report(outcome=Outcome.FINISHED, trace=events, totals=TraceTotals(counts=counts))


FAULTY = {
    "no-zero-grad": ("backward", "step"),
    "zero-grad-after-backward": ("backward", "zero_grad", "step"),
    "step-before-backward": ("zero_grad", "step", "backward"),
    "no-step": ("zero_grad", "backward"),
    "no-backward": ("zero_grad", "step"),
}


@pytest.mark.parametrize("known", FAULTY)
def test_a_fault_is_found_with_its_line(known: str) -> None:
    found = faults(report(*FAULTY[known]), "")
    assert [fault.id for fault in found] == [known]
    assert found[0].line


@pytest.mark.parametrize("turn", [("zero_grad", "backward", "step"), ("backward", "step", "zero_grad"), ("backward",)])
def test_a_right_order_has_no_fault(turn: tuple[str, ...]) -> None:
    assert faults(report(*turn), "") == ()


def test_gradients_cleared_by_hand_are_no_fault() -> None:
    assert faults(report("backward", "step"), "for p in model.parameters():\n    p.grad = None\n") == ()


def test_a_loss_that_is_no_number_says_since_when() -> None:
    found = faults(report("zero_grad", "backward", "step", losses=[1.0, 9.0, float("inf"), float("nan"), 1.0]), "")
    assert [fault.id for fault in found] == ["loss-nan"]
    assert "turn 3" in found[0].finding
