"""Faults of a training loop, from its trace: few, and only those that the trace proves."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Sequence

import msgspec

from tutor.runtime.protocol import Report, TraceEvent

ENOUGH = 3
"""Fewer turns than this are no loop."""

_BY_HAND = re.compile(r"\.grad\s*=|\.zero_\(|autograd\.grad\(")
"""How a program clears gradients without an optimizer, which the trace does not see."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """A fault that the trace proves."""

    id: str
    finding: str
    why: str = ""
    next: str = ""
    line: int | None = None


def count(report: Report, kind: str) -> int:
    """How often something happened, also beyond what the trace kept."""
    return max(report.totals.counts.get(kind, 0), sum(event.kind == kind for event in report.trace))


def last_loss(losses: Sequence[float]) -> float:
    """The loss at the end: the mean of the last ones where there are many, as batches differ."""
    return statistics.fmean(losses[-min(5, max(1, len(losses) // 20)) :])


def faults(report: Report, code: str) -> tuple[Fault, ...]:
    """All faults, the most fundamental first; `code` may be empty."""
    found = (_no_step(report), _no_backward(report), *_order(report, code), _not_finite(report))
    return tuple(fault for fault in found if fault is not None)


def _no_step(report: Report) -> Fault | None:
    cleared = next((e for e in report.trace if e.kind == "zero_grad"), None)
    if count(report, "backward") < ENOUGH or count(report, "step") or cleared is None:
        return None  # without an optimizer in use, a loop may move its parameters by hand
    return Fault(
        id="no-step",
        finding="the optimizer never steps",
        why="`backward()` only computes the slopes. Nothing has moved the parameters.",
        next="Call `optimizer.step()` after `backward()`.",
        line=cleared.line or None,
    )


def _no_backward(report: Report) -> Fault | None:
    step = next((e for e in report.trace if e.kind == "step"), None)
    if step is None or count(report, "step") < ENOUGH or count(report, "backward"):
        return None
    return Fault(
        id="no-backward",
        finding="`backward()` is never called",
        why="Without it every `.grad` is None, and the optimizer skips what has none.",
        next="Call `loss.backward()` before `optimizer.step()`.",
        line=step.line or None,
    )


def _order(report: Report, code: str) -> list[Fault | None]:
    loop = [event for event in report.trace if event.kind in ("zero_grad", "backward", "step")]
    backwards = [event for event in loop if event.kind == "backward"]
    steps = [event for event in loop if event.kind == "step"]
    if len(backwards) < ENOUGH or len(steps) < ENOUGH:
        return []
    return [_never_cleared(loop, backwards, code), _cleared_too_early(loop), _step_first(loop)]


def _never_cleared(loop: list[TraceEvent], backwards: list[TraceEvent], code: str) -> Fault | None:
    if any(event.kind == "zero_grad" for event in loop) or _BY_HAND.search(code):
        return None
    return Fault(
        id="no-zero-grad",
        finding="the gradients are never cleared",
        why=f"`backward()` adds to `.grad`. At the end it held the sum of all {len(backwards)} turns.",
        next="Call `optimizer.zero_grad()` at the start of every turn.",
        line=backwards[0].line or None,
    )


def _cleared_too_early(loop: list[TraceEvent]) -> Fault | None:
    """Whether at every step the last thing before it was a clearing, with a backward before that."""
    guilty = 0
    for index, event in enumerate(loop):
        if event.kind == "step" and index >= 2:
            guilty += loop[index - 1].kind == "zero_grad" and _stands_above(loop[index - 2], event)
    steps = sum(event.kind == "step" for event in loop)
    if guilty < steps - 1:
        return None
    line = next(event.line for event in loop if event.kind == "zero_grad")
    return Fault(
        id="zero-grad-after-backward",
        finding="the gradients are cleared before the step",
        why="`zero_grad()` runs between `backward()` and `step()`: the slopes are gone before they are used.",
        next="Move `zero_grad()` to the start of the turn.",
        line=line or None,
    )


def _step_first(loop: list[TraceEvent]) -> Fault | None:
    """Whether each turn clears, steps, and only then goes backward."""
    turns = [i for i, event in enumerate(loop) if event.kind == "step" and i and loop[i - 1].kind == "zero_grad"]
    guilty = [i for i in turns if i + 1 < len(loop) and _stands_below(loop[i + 1], loop[i])]
    steps = sum(event.kind == "step" for event in loop)
    if len(guilty) < steps - 1:
        return None
    line = loop[guilty[0]].line
    return Fault(
        id="step-before-backward",
        finding="the step comes before `backward()`",
        why="When `step()` runs, the slopes have been cleared and the new ones are not there yet.",
        next="The order is: zero_grad, loss, backward, step.",
        line=line or None,
    )


def _stands_above(event: TraceEvent, step: TraceEvent) -> bool:
    """Whether it is a backward of a line above the step's, so of the same turn."""
    return event.kind == "backward" and event.line < step.line


def _stands_below(event: TraceEvent, step: TraceEvent) -> bool:
    """Whether it is a backward of a line below the step's."""
    return event.kind == "backward" and event.line > step.line


def _not_finite(report: Report) -> Fault | None:
    losses = report.losses
    first = next((index for index, loss in enumerate(losses) if not math.isfinite(loss)), None)
    if first is None or len(losses) < ENOUGH:
        return None
    line = next(event.line for event in report.trace if event.kind == "backward" and event.value == event.value)
    return Fault(
        id="loss-nan",
        finding=f"the loss is {losses[first]} from turn {first + 1} on",
        why="A loss that grows without end becomes inf, then nan. Mostly the learning rate is too large.",
        next="Try a tenth of the learning rate, and look at the curve.",
        line=line or None,
    )
