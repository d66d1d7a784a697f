"""Tensors that a check compared and found different, whole, for those who want to see both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from tutor.checks.base import Check, Status, Tolerance, Verdict
from tutor.checks.equal import Equal
from tutor.runtime.protocol import Report
from tutor.runtime.values import ArrayValue, Seen, TensorValue

if TYPE_CHECKING:
    from tutor.checks.values import Array


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What the learner's program has for an expression, and what the solution has."""

    expr: str
    got: TensorValue | ArrayValue
    expected: TensorValue | ArrayValue
    tolerance: Tolerance = Tolerance()

    def mask(self, got: Array, expected: Array) -> Array:
        """True where two arrays of one shape differ by more than the check allows."""
        from tutor.checks.compare import close, tolerance_for

        return ~close(got, expected, *tolerance_for({self.got.dtype, self.expected.dtype}, self.tolerance))


def differences(
    checks: Sequence[Check], verdicts: Sequence[Verdict], seen: Report, expected: Report
) -> tuple[Difference, ...]:
    """What the `equal` checks that failed have compared, where both are tensors; hidden checks tell nothing."""
    failed = {verdict.id for verdict in verdicts if verdict.status is Status.FAILED and not verdict.hidden}
    found = []
    for check in checks:
        if not isinstance(check, Equal) or check.id not in failed or check.expected is not msgspec.UNSET:
            continue
        got, wanted = _tensor(seen, check.id), _tensor(expected, check.id)
        if got is not None and wanted is not None:
            found.append(Difference(expr=check.expr, got=got, expected=wanted, tolerance=check.tolerance))
    return tuple(found)


def _tensor(report: Report, probe: str) -> TensorValue | ArrayValue | None:
    observation = report.observations.get(probe)
    seen: Seen | None = observation.seen if observation is not None else None
    return seen if isinstance(seen, TensorValue | ArrayValue) else None
