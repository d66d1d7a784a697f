"""The explanation of a difference: what really holds between the two values, gradients by what the trace shows."""

from __future__ import annotations

import msgspec

from tutor.checks.base import Tolerance
from tutor.checks.compare import Mismatch
from tutor.runtime.protocol import Report


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A verified reason for a difference."""

    id: str
    why: str
    next: str = ""
    line: int | None = None


def explain(
    mismatch: Mismatch, check: str, expr: str, seen: Report, code: str, tolerance: Tolerance
) -> Explanation | None:
    """What is known for sure about a difference; None where nothing is."""
    return None
