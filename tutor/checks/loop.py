"""Faults of a training loop, from its trace: few, and only those that the run proves."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from tutor.checks.fault import Fault, count
from tutor.checks.loop_loss import loss_faults
from tutor.checks.loop_order import order_faults
from tutor.checks.loop_state import state_faults
from tutor.runtime.protocol import Report

__all__ = ["Fault", "count", "faults", "last_loss"]


def last_loss(losses: Sequence[float]) -> float:
    """The loss at the end: the mean of the last ones where there are many, as batches differ."""
    return statistics.fmean(losses[-min(5, max(1, len(losses) // 20)) :])


def faults(report: Report, code: str) -> tuple[Fault, ...]:
    """All faults, the most fundamental first; `code` may be empty.

    What only follows from another fault (a loss that stays where it is, because nothing steps) is left out.
    """
    order = order_faults(report, code)
    state = state_faults(report, code)
    return (*order, *state, *loss_faults(report, code, explained=bool(order or state)))
