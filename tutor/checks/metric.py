"""`metric`: a number lies within bounds."""

from __future__ import annotations

from typing import ClassVar

from tutor.checks.base import Check, Finding
from tutor.checks.observed import failed, got_of, passed
from tutor.runtime.protocol import Probe, Report, ValueProbe
from tutor.runtime.values import ModuleSeen


class Metric(Check, frozen=True, kw_only=True):
    """A number is at least `min` and at most `max`.

    What it does: evaluates the expression to one number and compares it with the bounds.
    Why it matters: accuracies and losses of a training differ a little from machine to machine.
    Example: `{kind: metric, expr: accuracy, min: 0.9}`.
    Use instead: `equal` where the number is the same everywhere.
    """

    kind: ClassVar[str] = "metric"

    expr: str
    """The expression, which gives one number."""
    min: float | None = None
    """The smallest number that passes."""
    max: float | None = None
    """The largest number that passes."""

    def __post_init__(self) -> None:
        if self.min is None and self.max is None:
            raise ValueError("a metric needs `min`, `max` or both")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("`min` must not be above `max`")

    @property
    def title(self) -> str:
        """The expression."""
        return self.expr

    def probes(self) -> tuple[Probe, ...]:
        """The expression."""
        return (ValueProbe(self.id, self.expr),)

    def judge(self, seen: Report, expected: Report, code: str) -> Finding:
        """Compare the number with the bounds."""
        from math import isfinite

        from tutor.checks.values import array_of, describe, number_text

        got = got_of(seen, self.id, self.expr, code)
        if isinstance(got, Finding):
            return got
        array = None if isinstance(got, ModuleSeen) else array_of(got)
        if array is None or array.size != 1 or array.dtype.kind not in "biuf":
            what = "a module" if isinstance(got, ModuleSeen) else describe(got)
            return failed(
                f"got {what}, expected one number", next="Take one number of it, with `.item()` or `.mean()`."
            )
        number = float(array.item())
        text = number_text(number)
        if not isfinite(number):
            return failed(f"got {text}, expected a finite number")
        if self.min is not None and number < self.min:
            return failed(f"got {text}, expected at least {self.min:g}")
        if self.max is not None and number > self.max:
            return failed(f"got {text}, expected at most {self.max:g}")
        bounds = [f"at least {self.min:g}"] if self.min is not None else []
        bounds += [f"at most {self.max:g}"] if self.max is not None else []
        return passed(f"{text}, {' and '.join(bounds)}")
