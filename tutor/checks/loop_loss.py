"""Faults that the losses show: not a number, growing, not moving, negative where that can't be."""

from __future__ import annotations

import math

from tutor.checks.fault import ENOUGH, Fault, count, places
from tutor.checks.loop_mean import stuck_at_mean
from tutor.runtime.protocol import Report, TraceEvent
from tutor.runtime.values import TensorValue

_MANY = 10
_GROWN = 10.0


def loss_faults(report: Report, code: str, *, explained: bool) -> list[Fault]:
    """Faults of the losses; with `explained`, those are left out that follow from a fault found before."""
    backwards = [event for event in report.trace if event.kind == "backward" and event.value is not None]
    if len(backwards) < ENOUGH:
        return []
    broken = _not_finite(backwards, report)
    if broken is not None:
        return [broken]
    if explained:
        return []
    found = [_diverged(backwards, report), _flat(backwards, report) or stuck_at_mean(backwards, report, code)]
    return [fault for fault in found if fault is not None]


def _not_finite(backwards: list[TraceEvent], report: Report) -> Fault | None:
    index = next((i for i, event in enumerate(backwards) if not math.isfinite(event.value or 0.0)), None)
    if index is None:
        return None
    event = backwards[index]
    turn = _turn(backwards, index, report)
    bad = next((name for name, nans in _with_nans(report) if nans), None)
    if index == 0:
        why = "The very first loss is no number, so it is not the training that broke it."
        if bad is not None:
            why += f" `{bad}` holds nan."
        next_ = "Look at the data: `torch.isnan(x).any()`. Look for a logarithm or a division by 0."
    else:
        why = "A loss that grows without end becomes inf, then nan. Mostly the learning rate is too large."
        next_ = "Try a tenth of the learning rate, and look at the curve."
    finding = f"the loss is {event.value} from turn {turn} on"
    line = event.line or None
    return Fault(id="loss-nan", finding=finding, why=why, next=next_, line=line, at=places(report, [event]))


def _turn(backwards: list[TraceEvent], index: int, report: Report) -> int:
    """The number of a backward, counted from 1; the trace keeps it where it has left some out."""
    return backwards[index].target if report.totals.dropped and backwards[index].target else index + 1


def _with_nans(report: Report) -> list[tuple[str, int]]:
    values = [(v.name, v.value) for v in report.variables if isinstance(v.value, TensorValue)]
    return [(name, value.stats.nans) for name, value in values if value.stats is not None and value.is_leaf]


def _diverged(backwards: list[TraceEvent], report: Report) -> Fault | None:
    if len(report.optimizers) > 1 or len({event.line for event in backwards}) > 1 or len(backwards) < _MANY:
        return None  # losses of several kinds can't be compared
    losses = [event.value or 0.0 for event in backwards]
    first, last = losses[0], min(losses[-3:])
    if first <= 0 or last < _GROWN * first:
        return None
    turn = next(i for i, loss in enumerate(losses) if loss > first)
    return Fault(
        id="loss-diverged",
        finding=f"the loss grows: from {first:.3g} to {losses[-1]:.3g}",
        why=f"It is above its start from turn {_turn(backwards, turn, report)} on: each step goes too far.",
        next="Try a tenth of the learning rate. If it still grows, look at the sign of the update.",
        line=backwards[0].line or None,
        at=places(report, [backwards[turn]]),
    )


def _flat(backwards: list[TraceEvent], report: Report) -> Fault | None:
    losses = [event.value for event in backwards]
    if len(losses) < _MANY or count(report, "step") < ENOUGH or any(loss != losses[0] for loss in losses):
        return None
    return Fault(
        id="loss-flat",
        finding=f"the loss is {losses[0]:.5g} in all {count(report, 'backward')} turns",
        why="Not one digit of it changes, so no step changes what it depends on.",
        next="Look at what the optimizer was given, and at the learning rate.",
        line=backwards[0].line or None,
    )
