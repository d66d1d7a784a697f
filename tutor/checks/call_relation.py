"""The relation between two functions' results that holds on every input on which they differ; none where none does."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from tutor.checks.base import Tolerance
from tutor.checks.call_case import Failure, weight
from tutor.checks.compare import Mismatch, close, compare, tolerance_for
from tutor.checks.explain import explain
from tutor.checks.explanation import Explanation
from tutor.checks.values import Array, array_of
from tutor.runtime.protocol import Outcome, Report
from tutor.runtime.values import TensorValue, Value, Variable

_EXPLAINED = 12
"""Failing cases that are explained."""
_NUMBERS = 3
"""Fewer different numbers show no relation."""
_MORE_NUMBERS = 5
"""Where there are so many, one relation is told from another; of fewer, several may hold."""
_OF_EACH = {
    "scaled",
    "negated",
    "shifted",
    "squared",
    "square-rooted",
    "logged",
    "exponentiated",
    "rounded",
    "truncated-to-int",
    "clipped-at-zero",
    "off-by-one-index",
    "low-precision",
}
"""Relations of number to number, which hold for the results of all calls together."""
_REORDERED = {"transposed", "permuted-dims", "reshaped-not-transposed", "flipped", "rolled", "permuted-rows", "sorted"}
"""Relations by which the results have the same numbers at other places."""


def common_relation(
    wrong: Sequence[Failure], names: Sequence[str], expr: str, code: str, tolerance: Tolerance
) -> tuple[Explanation | None, Failure]:
    """The relation that holds in every failing case, as far as it can show it, and the smallest case that does."""
    search = _Search(names, expr, code, tolerance)
    ordered = sorted(wrong, key=weight)
    found = _sum_or_mean(ordered, tolerance) or _unchanged(ordered, names, tolerance) or search.of_numbers(ordered)
    if found is not None:
        return found, ordered[0]
    told = [(search.of_case(f), f) for f in ordered if _can_show(f, _NUMBERS)][-_EXPLAINED:]
    sure = [pair for pair in told if _can_show(pair[1], _MORE_NUMBERS)]
    heard = sure or [pair for pair in told if pair[0] is not None]
    ids = {explanation.id if explanation is not None else "" for explanation, _ in heard}
    same = [pair for pair in told if pair[0] is not None and pair[0].id in ids]
    if len(ids) != 1 or len(same) < min(2, len(ordered)):
        return None, ordered[0]
    if ids <= _REORDERED and not all(_same_numbers(failure, tolerance) for failure in ordered):
        return None, ordered[0]
    return same[0]


class _Search:
    def __init__(self, names: Sequence[str], expr: str, code: str, tolerance: Tolerance) -> None:
        self._names, self._expr, self._code, self._tolerance = names, expr, code, tolerance

    def of_case(self, failure: Failure) -> Explanation | None:
        """The relation in one case, also by way of its arguments."""
        if failure.mismatch is None:
            return None
        inputs = failure.case.inputs
        names = [*self._names, *(f"argument {place + 1}" for place in range(len(self._names), len(inputs)))]
        found = self._explained(failure.mismatch, tuple(zip(names, inputs, strict=False)))
        if found is not None and found.id in ("other-variable", "unchanged-input"):
            return self._explained(failure.mismatch, ())  # it would have to hold for the smallest input, too
        return found

    def of_numbers(self, wrong: Sequence[Failure]) -> Explanation | None:
        """What holds between number and number, for the results of all cases together, as if they were one tensor."""
        if any(failure.mismatch is None or failure.mismatch.level != "values" for failure in wrong):
            return None
        pairs = np.concatenate([_numbers(failure) for failure in wrong], axis=1)
        got, wanted = (TensorValue(dtype="float32", shape=side.shape, data=side.tobytes()) for side in pairs)
        mismatch = compare(got, wanted, self._tolerance)
        if mismatch is None or len(np.unique(pairs[1])) < _NUMBERS:
            return None
        found = self._explained(mismatch, ())
        return found if found is not None and found.id in _OF_EACH else None

    def _explained(self, mismatch: Mismatch, inputs: Sequence[tuple[str, Value]]) -> Explanation | None:
        variables = tuple(Variable(name=name, value=value) for name, value in inputs if isinstance(value, TensorValue))
        known = Report(outcome=Outcome.FINISHED, variables=variables)
        return explain(mismatch, "", f"{self._expr}()", known, self._code, self._tolerance)


def _numbers(failure: Failure) -> Array:
    """Both results as two rows of numbers; without columns where they are not numbers of one shape."""
    outputs = failure.case.got.output, failure.case.wanted.output
    mine, theirs = (array_of(output) if output is not None else None for output in outputs)
    if (
        mine is None
        or theirs is None
        or mine.shape != theirs.shape
        or {mine.dtype.kind, theirs.dtype.kind} & set("cOb")
    ):
        return np.empty((2, 0), "<f4")
    return np.stack([mine.ravel(), theirs.ravel()]).astype("<f4")


def _same_numbers(failure: Failure, tolerance: Tolerance) -> bool:
    """Whether both results have the same numbers, at whatever places."""
    outputs = failure.case.got.output, failure.case.wanted.output
    mine, theirs = (array_of(output) if output is not None else None for output in outputs)
    if mine is None or theirs is None or mine.size != theirs.size:
        return False
    rtol, atol = tolerance_for(["float32"], tolerance)
    return bool(close(np.sort(mine, axis=None), np.sort(theirs, axis=None), rtol, atol).all())


def _unchanged(wrong: Sequence[Failure], names: Sequence[str], tolerance: Tolerance) -> Explanation | None:
    """Whether what was got is in every case one of the arguments, always the same."""
    if any(failure.mismatch is None or failure.case.got.output is None for failure in wrong) or len(wrong) < 2:
        return None
    for place in range(min(len(failure.case.inputs) for failure in wrong)):
        pairs = [(failure.case.got.output, failure.case.inputs[place]) for failure in wrong]
        if all(got is not None and compare(got, given, tolerance) is None for got, given in pairs):
            name = f"`{names[place]}`" if place < len(names) else f"argument {place + 1}"
            why = f"It gives back {name} as it was."
            next_ = "An operation gives a new tensor: keep what it returns."
            return Explanation(id="unchanged-input", why=why, next=next_)
    return None


def _sum_or_mean(wrong: Sequence[Failure], tolerance: Tolerance) -> Explanation | None:
    """Whether one result is always as many times the other as the first argument has elements, or rows."""
    pairs = np.concatenate([_numbers(failure) for failure in wrong], axis=1)
    if pairs.shape[1] != len(wrong) or any(_numbers(failure).shape[1] != 1 for failure in wrong):
        return None
    shapes = [value.shape for f in wrong for value in f.case.inputs[:1] if isinstance(value, TensorValue)]
    if len(shapes) != len(wrong) or len({prod(shape) for shape in shapes}) < _NUMBERS - 1 or not pairs.any():
        return None
    rtol, atol = tolerance_for(["float32"], tolerance)
    elements = np.asarray([prod(shape) for shape in shapes], dtype=float)
    rows = np.asarray([shape[0] if shape else 1 for shape in shapes], dtype=float)
    got, wanted = pairs
    for counts, what in ((elements, "elements"), (rows, "rows")):
        if close(got, wanted * counts, 10 * rtol, atol).all():
            why = f"It is always as many times too large as there are {what}: a sum, and the mean is wanted."
            return Explanation(id="sum-not-mean", why=why, next=f"Divide by the number of {what}, or use `mean`.")
        if close(got * counts, wanted, 10 * rtol, atol).all():
            why = f"It is always as many times too small as there are {what}: a mean, and the sum is wanted."
            return Explanation(id="mean-not-sum", why=why, next="Use `sum`.")
    return None


def _can_show(failure: Failure, least: int) -> bool:
    """Whether both results have enough different numbers to show a relation; a wrong kind or dtype always shows one."""
    if failure.mismatch is not None and failure.mismatch.level in ("kind", "dtype", "finite"):
        return True
    outputs = failure.case.got.output, failure.case.wanted.output
    arrays = [array_of(output) for output in outputs if output is not None]
    return len(arrays) == 2 and all(array is not None and len(np.unique(array)) >= least for array in arrays)
