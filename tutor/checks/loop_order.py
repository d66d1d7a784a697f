"""The order of a training loop: clear, forward, backward, step. Each optimizer is looked at for itself."""

from __future__ import annotations

import re

from tutor.checks.fault import ENOUGH, Fault, count, gapless, places
from tutor.checks.syntax import named_but_not_called, names_used
from tutor.runtime.protocol import Report, TraceEvent

_BY_HAND = re.compile(r"\.grad\s*=(?!=)|\.grad\b[^\n]*\.(zero_|fill_|copy_)\(|autograd\.grad\(|func\.grad\(")
"""How a program sets gradients without `zero_grad`, which the trace does not see."""


def order_faults(report: Report, code: str) -> list[Fault]:
    """Faults of the order, the most fundamental first."""
    found = [_no_step(report, code), _no_backward(report, code), *_loops(report, code)]
    return [fault for fault in found if fault is not None]


def _brackets(code: str, method: str, otherwise: str) -> str:
    """The next action: brackets, where the program names the method and does not call it."""
    line = named_but_not_called(code, method)
    return otherwise if line is None else f"Line {line} names `{method}` without calling it: add the brackets."


def _no_step(report: Report, code: str) -> Fault | None:
    if count(report, "backward") < ENOUGH or count(report, "step"):
        return None
    cleared = next((e for e in report.trace if e.kind == "zero_grad"), None)
    made = next((line for name, line in names_used(code).items() if name.startswith("torch.optim.")), None)
    if cleared is None and made is None:
        return None  # without an optimizer, a loop may move its parameters by hand
    return Fault(
        id="no-step",
        finding="the optimizer never steps",
        why="`backward()` only computes the slopes. Nothing has moved the parameters.",
        next=_brackets(code, "step", "Call `optimizer.step()` after `backward()`."),
        line=(cleared.line if cleared is not None else made) or None,
        at=places(report, (event for event in report.trace if event.kind == "backward")),
    )


def _no_backward(report: Report, code: str) -> Fault | None:
    step = next((e for e in report.trace if e.kind == "step"), None)
    if step is None or count(report, "step") < ENOUGH or count(report, "backward") or _BY_HAND.search(code):
        return None
    if any(optimizer.moved for optimizer in report.optimizers):
        return None
    return Fault(
        id="no-backward",
        finding="`backward()` is never called",
        why="Without it every `.grad` is None, and the optimizer skips what has none.",
        next=_brackets(code, "backward", "Call `loss.backward()` before `optimizer.step()`."),
        line=step.line or None,
        at=places(report, (event for event in report.trace if event.kind == "step")),
    )


def _loops(report: Report, code: str) -> list[Fault | None]:
    events = [event for event in gapless(report) if event.kind in ("zero_grad", "backward", "step")]
    optimizers = dict.fromkeys(event.target for event in events if event.kind == "step")
    found: list[Fault | None] = []
    for target in optimizers:
        others = optimizers.keys() - {target}
        loop = [event for event in events if event.kind == "backward" or event.target not in others]
        steps = [event for event in loop if event.kind == "step"]
        if len(steps) >= ENOUGH and sum(event.kind == "backward" for event in loop) >= ENOUGH:
            found += [
                _never_cleared(report, events, steps, code),
                _cleared_too_early(report, loop, steps),
                _step_first(report, loop, steps),
            ]
    ids: dict[str, Fault] = {}
    for fault in found:
        if fault is not None:
            ids.setdefault(fault.id, fault)
    return list(ids.values())


def _never_cleared(report: Report, events: list[TraceEvent], steps: list[TraceEvent], code: str) -> Fault | None:
    """Whether most steps came after backward calls whose gradients were added to older ones."""
    if _BY_HAND.search(code):
        return None
    gaps = _between(events, steps)
    added = [gap for gap in gaps if _has(gap, "backward") and not _has(gap, "zero_grad")]
    if not added or 2 * len(added) < len(gaps):
        return None
    cleared = sum(event.kind == "zero_grad" for event in events)
    guilty = [event for gap in added for event in gap if event.kind == "backward"]
    next_ = _brackets(code, "zero_grad", "Call `optimizer.zero_grad()` at the start of every turn.")
    if cleared > 1:
        finding = f"the gradients are cleared {cleared} times in {len(steps)} steps"
        why = "`backward()` adds to `.grad`. Between most steps nothing clears it, so old gradients are used again."
    else:
        finding = "the gradients are never cleared"
        why = f"`backward()` adds to `.grad`. At the end it held the sum of all {len(steps)} turns."
    line = guilty[0].line or None
    return Fault(id="no-zero-grad", finding=finding, why=why, next=next_, line=line, at=places(report, guilty))


def _between(events: list[TraceEvent], steps: list[TraceEvent]) -> list[list[TraceEvent]]:
    """The events between two steps of one optimizer, for each two."""
    own = {id(step) for step in steps}
    gaps: list[list[TraceEvent]] = [[]]
    for event in events:
        if id(event) in own:
            gaps.append([])
        else:
            gaps[-1].append(event)
    return gaps[1:-1]


def _has(gap: list[TraceEvent], kind: str) -> bool:
    return any(event.kind == kind for event in gap)


def _cleared_too_early(report: Report, loop: list[TraceEvent], steps: list[TraceEvent]) -> Fault | None:
    """Whether at every step the last thing before it was a clearing, with a backward before that."""
    guilty = [
        loop[index - 1]
        for index, event in enumerate(loop)
        if event.kind == "step"
        and index >= 2
        and loop[index - 1].kind == "zero_grad"
        and _stands_above(loop[index - 2], event)
    ]
    if len(guilty) < len(steps) - 1:
        return None
    line = next(event.line for event in loop if event.kind == "zero_grad")
    return Fault(
        id="zero-grad-after-backward",
        finding="the gradients are cleared before the step",
        why="`zero_grad()` runs between `backward()` and `step()`: the slopes are gone before they are used.",
        next="Move `zero_grad()` to the start of the turn.",
        line=line or None,
        at=places(report, guilty),
    )


def _step_first(report: Report, loop: list[TraceEvent], steps: list[TraceEvent]) -> Fault | None:
    """Whether the first turn steps before any backward, and every turn goes backward only below its step."""
    first = next(index for index, event in enumerate(loop) if event.kind in ("step", "backward"))
    if loop[first].kind != "step":
        return None
    guilty = [
        index for index, event in enumerate(loop) if event.kind == "step" and _comes_next(loop[index + 1 :], event)
    ]
    if len(guilty) < len(steps) - 1:
        return None
    cleared = first and loop[first - 1].kind == "zero_grad" and loop[first - 1].line < loop[first].line
    why = "When `step()` runs, the slopes of this turn are not there yet: it uses those of the turn before."
    if cleared:
        why = "When `step()` runs, the old slopes have been cleared and the new ones are not there yet."
    return Fault(
        id="step-before-backward",
        finding="the step comes before `backward()`",
        why=why,
        next="The order is: zero_grad, loss, backward, step.",
        line=loop[first].line or None,
        at=places(report, (loop[index] for index in guilty)),
    )


def _stands_above(event: TraceEvent, step: TraceEvent) -> bool:
    """Whether it is a backward of a line above the step's, so of the same turn."""
    return event.kind == "backward" and event.line < step.line


def _comes_next(rest: list[TraceEvent], step: TraceEvent) -> bool:
    """Whether the next backward stands on a line below the step's, before another step."""
    event = next((event for event in rest if event.kind in ("backward", "step")), None)
    return event is not None and event.kind == "backward" and event.line > step.line
