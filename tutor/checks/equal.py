"""`equal`: a value is what the solution has."""

from __future__ import annotations

import ast
from typing import Any, ClassVar, Literal

import msgspec

from tutor.checks.base import Check, Finding
from tutor.checks.observed import could_not_judge, expected_of, failed, got_of, passed
from tutor.runtime.protocol import GradientsProbe, Probe, Report, ValueProbe
from tutor.runtime.values import ModuleSeen, Value


class Equal(Check, frozen=True, kw_only=True):
    """The value of an expression equals the solution's, or one that the author typed.

    What it does: compares kind, dtype, shape (never broadcast), device, finite and values, in this order.
    Why it matters: a value of the wrong shape or dtype often prints just like the right one.
    Example: `{kind: equal, expr: y, ignore: [dtype]}`, or only `y`.
    Use instead: `tensor` where only properties matter, `metric` where a number varies from machine to machine.
    """

    kind: ClassVar[str] = "equal"

    expr: str
    """The expression that is compared."""
    expected: Any = msgspec.UNSET
    """What it must be, instead of the solution's value: a number, text, list or mapping. It has no dtype."""
    ignore: tuple[Literal["dtype", "device", "shape-1"], ...] = ()
    """What need not agree; "shape-1" are dimensions of size 1."""

    @property
    def title(self) -> str:
        """The expression."""
        return self.expr

    def probes(self) -> tuple[Probe, ...]:
        """The expression, and for `x.grad` also `x`, which explains why there is no gradient."""
        own = ValueProbe(self.id, self.expr)
        base = owner_of_grad(self.expr)
        return (own,) if base is None else (own, *about_gradient(self.id, base))

    def judge(self, seen: Report, expected: Report, code: str) -> Finding:
        """Compare; explain a difference."""
        return judge_equal(self, self.expr, seen, expected, code, self.expected, self.ignore)


def about_gradient(check: str, of: str) -> tuple[Probe, Probe]:
    """What explains the gradient of a tensor: the tensor itself, and its gradient around each backward."""
    return ValueProbe(f"{check}#of", of), GradientsProbe(f"{check}#around", of)


def owner_of_grad(expr: str) -> str | None:
    """`x` of `x.grad`; None for any other expression, and for those that call something."""
    try:
        tree = ast.parse(expr.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if not isinstance(tree, ast.Attribute) or tree.attr != "grad":
        return None
    return None if any(isinstance(node, ast.Call) for node in ast.walk(tree)) else ast.unparse(tree.value)


def judge_equal(
    check: Check, expr: str, seen: Report, expected: Report, code: str, typed: Any, ignore: tuple[str, ...] = ()
) -> Finding:
    """Judge the value of `expr`, observed under the check's id, against the solution's or a typed one."""
    from tutor.checks.compare import compare, compare_literal
    from tutor.checks.explain import explain
    from tutor.checks.values import literal, summary

    is_typed = typed is not msgspec.UNSET
    wanted = literal(typed) if is_typed else expected_of(expected, check.id, expr)
    if isinstance(wanted, Finding):
        return wanted
    got = got_of(seen, check.id, expr, code)
    if isinstance(got, Finding):
        return got
    if isinstance(got, ModuleSeen) or isinstance(wanted, ModuleSeen):
        return could_not_judge(f"`{expr}` was observed in another way than as a value")
    value: Value = got
    compared = compare_literal if is_typed else compare
    mismatch = compared(value, wanted, check.tolerance, ignore)
    if mismatch is None:
        return passed(f"{summary(value)}, as expected")
    if mismatch.level == "unknown":
        return could_not_judge(mismatch.finding)
    explanation = explain(mismatch, check.id, expr, seen, code, check.tolerance)
    finding = f"{mismatch.where}: {mismatch.finding}" if mismatch.where else mismatch.finding
    if explanation is None:
        return failed(finding)
    return failed(finding, explanation.why, explanation.next, explanation.id, explanation.line)
