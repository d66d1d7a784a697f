"""`tensor`: a tensor has the properties that the author names."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tutor.checks.base import Check, Finding
from tutor.checks.observed import failed, got_of, passed
from tutor.checks.words import shape_text
from tutor.runtime.protocol import Probe, Report, ValueProbe
from tutor.runtime.values import ModuleSeen, TensorValue

if TYPE_CHECKING:
    from collections.abc import Sequence


class Tensor(Check, frozen=True, kw_only=True):
    """A tensor has a shape, dtype, device, requires_grad, finite values, bounds.

    What it does: looks at each property that is named, in the order kind, dtype, shape, device, requires_grad, values.
    Why it matters: random or freely chosen values can't be compared, their properties can.
    Example: `{kind: tensor, expr: w, shape: [3, n], dtype: float32, requires_grad: true}`.
    Use instead: `equal` where the values are known.
    """

    kind: ClassVar[str] = "tensor"

    expr: str
    """The expression that is looked at."""
    shape: tuple[int | str, ...] | None = None
    """Sizes; a letter stands for any size, the same letter for the same size."""
    dtype: str | None = None
    """Its dtype: float32."""
    device: str | None = None
    """Where it is: cpu, cuda, mps."""
    requires_grad: bool | None = None
    """Whether it asks for a gradient."""
    finite: bool | None = None
    """Whether all its values are finite."""
    min: float | None = None
    """No value is smaller."""
    max: float | None = None
    """No value is larger."""

    def __post_init__(self) -> None:
        given = (self.shape, self.dtype, self.device, self.requires_grad, self.finite, self.min, self.max)
        if all(value is None for value in given):
            raise ValueError("a tensor check needs at least one property, such as `shape` or `dtype`")

    @property
    def title(self) -> str:
        """The expression."""
        return self.expr

    def probes(self) -> tuple[Probe, ...]:
        """The expression."""
        return (ValueProbe(self.id, self.expr),)

    def judge(self, seen: Report, expected: Report, code: str) -> Finding:
        """The first property that does not hold."""
        from tutor.checks.values import describe, summary

        got = got_of(seen, self.id, self.expr, code)
        if isinstance(got, Finding):
            return got
        if not isinstance(got, TensorValue):
            what = "a module" if isinstance(got, ModuleSeen) else describe(got)
            return failed(f"got {what}, expected a tensor")
        return self._properties(got) or self._values(got) or passed(summary(got))

    def _properties(self, got: TensorValue) -> Finding | None:
        dtype = self.dtype.removeprefix("torch.") if self.dtype is not None else None
        if dtype is not None and got.dtype != dtype:
            return failed(f"dtype {got.dtype}, expected {dtype}")
        if self.shape is not None and not fits(got.shape, self.shape):
            return failed(f"shape {shape_text(got.shape)}, expected {shape_text(self.shape)}")
        if self.device is not None and got.device.split(":")[0] != self.device.split(":")[0]:
            return failed(f"on device {got.device}, expected {self.device}")
        if self.requires_grad is not None and got.requires_grad != self.requires_grad:
            return self._requires_grad(got)
        return None

    def _requires_grad(self, got: TensorValue) -> Finding:
        if got.requires_grad:
            next_ = "Take it out of the graph with `.detach()`, or make it under `torch.no_grad()`."
            return failed("it requires a gradient, and should not", next=next_, relation="has-grad")
        next_ = "Make it with `requires_grad=True`."
        return failed("it does not require a gradient", next=next_, relation="no-grad")

    def _values(self, got: TensorValue) -> Finding | None:
        from tutor.checks.values import number_text

        stats = got.stats
        if stats is None:
            return None
        if self.finite is not None and self.finite == bool(stats.nans or stats.infinities):
            words = [f"{count} {name}" for count, name in ((stats.nans, "nan"), (stats.infinities, "inf")) if count]
            return failed(f"{' and '.join(words)} among its values" if words else "all its values are finite")
        if self.min is not None and stats.minimum is not None and stats.minimum < self.min:
            return failed(f"smallest value {number_text(stats.minimum)}, expected at least {self.min:g}")
        if self.max is not None and stats.maximum is not None and stats.maximum > self.max:
            return failed(f"largest value {number_text(stats.maximum)}, expected at most {self.max:g}")
        return None


def fits(shape: tuple[int, ...], wanted: Sequence[int | str]) -> bool:
    """Whether a shape has these sizes; a letter is any size, the same letter the same size."""
    if len(shape) != len(wanted):
        return False
    letters: dict[str, int] = {}
    for size, want in zip(shape, wanted, strict=True):
        if isinstance(want, int):
            if size != want:
                return False
        elif letters.setdefault(want, size) != size:
            return False
    return True
