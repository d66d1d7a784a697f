"""`grad`: a gradient is right."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from tutor.checks.base import Check, Finding, Tolerance
from tutor.checks.equal import about_gradient, judge_equal
from tutor.checks.observed import Pair, both, failed, passed
from tutor.runtime.protocol import Probe, Report, ValueProbe
from tutor.runtime.values import ModuleSeen

_ANALYTIC = """(lambda torch: torch.autograd.grad({loss}, {of}, retain_graph=True, allow_unused=True)[0])(
__import__("torch"))"""

_NUMERIC = """(lambda torch, start: (lambda f: (
lambda t: [torch.autograd.grad(f(t), t)[0], torch.stack([
(f((t + s).detach()).detach() - f((t - s).detach()).detach()) / 2e-6
for s in (1e-6 * torch.eye(t.numel(), dtype=torch.float64)).reshape(-1, *t.shape)
]).reshape(t.shape)]
)(start.requires_grad_()))(lambda {of}: {loss}))(__import__("torch"), {of}.detach().double().clone())"""
"""The gradient of autograd and that of central differences, both in float64, with `of` bound to a copy of it."""

_NUMERIC_TOLERANCE = Tolerance(rtol=1e-4, atol=1e-6)


class Grad(Check, frozen=True, kw_only=True):
    """`.grad` of a tensor is the solution's, or a typed one; or the gradient of `loss` for `of` is usable and right.

    What it does: compares `EXPR.grad` as `equal` does; with `loss` and `of`, asks autograd, and wants a gradient that
    is finite and not all zero; with `numeric`, it must also agree with finite differences in float64.
    Why it matters: training follows the gradient; a wrong one shows up late, as a loss that does not fall.
    Example: `{kind: grad, expr: x}`, or `{kind: grad, loss: "f(x)", of: x, numeric: true}`.
    Use instead: `equal` on `x.grad` says the same as `expr: x`.
    """

    kind: ClassVar[str] = "grad"

    expr: str | None = None
    """The tensor whose `.grad` is compared."""
    expected: Any = msgspec.UNSET
    """What the gradient must be, instead of the solution's."""
    loss: str | None = None
    """An expression whose gradient is asked of autograd."""
    of: str | None = None
    """The tensor for which the gradient of `loss` is asked."""
    numeric: bool = False
    """Compare with finite differences; `of` must be a name, and `loss` an expression that reads it."""

    def __post_init__(self) -> None:
        if (self.expr is None) == (self.loss is None):
            raise ValueError("a grad check has either `expr`, or `loss` and `of`")
        if (self.loss is None) != (self.of is None):
            raise ValueError("`loss` and `of` go together: the gradient of `loss` for `of`")
        if self.expected is not msgspec.UNSET and self.expr is None:
            raise ValueError("`expected` goes with `expr`")
        if self.numeric and not (self.of or "").strip().isidentifier():
            raise ValueError("`numeric: true` needs `loss`, and an `of` that is a name, such as `x`")

    @property
    def title(self) -> str:
        """The gradient."""
        return self._grad if self.expr is not None else f"gradient for {self.of}"

    @property
    def _grad(self) -> str:
        expr = (self.expr or "").strip()
        if expr.endswith(".grad"):
            return expr
        return f"{expr}.grad" if expr.replace(".", "_").isidentifier() else f"({expr}).grad"

    def probes(self) -> tuple[Probe, ...]:
        """The gradient, and the tensor that it belongs to; or what autograd and finite differences give."""
        if self.loss is not None and self.of is not None:
            form = _NUMERIC if self.numeric else _ANALYTIC
            return (ValueProbe(self.id, form.format(loss=f"({self.loss.strip()})", of=self.of.strip())),)
        grad = self._grad
        return ValueProbe(self.id, grad), *about_gradient(self.id, (self.expr or "").strip().removesuffix(".grad"))

    def judge(self, seen: Report, expected: Report, code: str) -> Finding:
        """Compare with the solution's, or look at what autograd gives."""
        if self.loss is None:
            return judge_equal(self, self._grad, seen, expected, code, self.expected)
        pair = both(seen, expected, self.id, self.loss, code)
        return pair if isinstance(pair, Finding) else self._usable(pair)

    def _usable(self, pair: Pair) -> Finding:
        from tutor.checks.values import number_text, summary
        from tutor.runtime.values import PlainValue, SequenceValue, TensorValue

        got, numeric = pair.got, None
        if isinstance(got, SequenceValue) and len(got.items) == 2:
            got, numeric = got.items
        if isinstance(got, PlainValue) and got.value is None:
            why = f"`{self.loss}` does not depend on `{self.of}` through operations that autograd records."
            return failed(f"there is no gradient for `{self.of}`", why, relation="no-grad")
        if isinstance(got, ModuleSeen) or not isinstance(got, TensorValue) or got.stats is None:
            return failed(f"there is no gradient for `{self.of}`")
        bad = got.stats.nans + got.stats.infinities
        if bad:
            return failed(
                f"{bad} nan or inf in the gradient for `{self.of}`", relation="nan" if got.stats.nans else "inf"
            )
        if not got.stats.maximum and not got.stats.minimum:
            return failed(f"the gradient for `{self.of}` is 0 everywhere")
        if isinstance(numeric, TensorValue):
            from tutor.checks.compare import compare

            mismatch = compare(got, numeric, _NUMERIC_TOLERANCE)
            if mismatch is not None:
                why = "Expected is what finite differences of your own loss give."
                return failed(mismatch.finding, why, "Look for a step that autograd can't follow, such as `detach`.")
        largest = max(abs(got.stats.minimum or 0.0), abs(got.stats.maximum or 0.0))
        return passed(f"{summary(got)}, largest {number_text(largest)}")
