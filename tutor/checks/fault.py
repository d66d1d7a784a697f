"""What a fault of a program is, and what the searches for faults share."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from tutor.runtime.protocol import Report, TraceEvent
from tutor.runtime.values import ModuleValue

ENOUGH = 3
"""Fewer turns than this are no loop."""

RANDOM_OR_RUNNING = ("Dropout", "AlphaDropout", "FeatureAlphaDropout", "BatchNorm", "SyncBatchNorm")
"""Layers, by the start of their type, that do one thing in training and another in evaluation."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """A fault that the run proves; `id` is what `when: {trace: …}` names."""

    id: str
    finding: str
    why: str = ""
    next: str = ""
    line: int | None = None
    at: tuple[int, ...] = ()
    """Where in the report's trace the events stand that show it; empty where it is of the program as a whole."""


def count(report: Report, kind: str) -> int:
    """How often something happened, also beyond what the trace kept."""
    return max(report.totals.counts.get(kind, 0), sum(event.kind == kind for event in report.trace))


def places(report: Report, events: Iterable[TraceEvent]) -> tuple[int, ...]:
    """Where in the report's trace these events stand."""
    numbers = {id(event): number for number, event in enumerate(report.trace)}
    return tuple(numbers[id(event)] for event in events)


def gapless(report: Report) -> tuple[TraceEvent, ...]:
    """The first events, between which none is left out, so that their order says something."""
    return report.trace[: report.totals.whole] if report.totals.dropped else report.trace


def modules(report: Report) -> dict[str, ModuleValue]:
    """The modules among the program's variables, by name."""
    return {v.name: v.value for v in report.variables if isinstance(v.value, ModuleValue)}


def switching_layer(report: Report, type_name: str) -> str | None:
    """The first layer of a module of this type that behaves otherwise in evaluation; None where none is known."""
    for module in modules(report).values():
        if module.type == type_name:
            return next((x.type for x in module.layers if x.type.startswith(RANDOM_OR_RUNNING)), None)
    return None
