"""Faults of a training loop, from its trace."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import msgspec

from tutor.runtime.protocol import Report


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
    return ()
