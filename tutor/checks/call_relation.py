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
from tutor.checks.values import array_of
from tutor.runtime.protocol import Outcome, Report
from tutor.runtime.values import TensorValue, Value, Variable

_EXPLAINED = 12
"""Failing cases that are explained."""
_NUMBERS = 3
"""Fewer different numbers show no relation."""
_MORE_NUMBERS = 5
"""Where there are so many, one relation is told from another; of fewer, several may hold."""
_OF_INPUTS = {"unchanged-input", "other-variable"}
"""Relations that can be told of the smallest input, too."""
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
    *_OF_INPUTS,
}
"""Relations of number to number; others would take single results of several calls for one tensor."""


def common_relation(
    wrong: Sequence[Failure], names: Sequence[str], expr: str, code: str, tolerance: Tolerance
) -> tuple[Explanation | None, Failure]:
    """The relation that holds in every failing case that can show one, and the smallest case that shows it."""
    search = _Search(names, expr, code, tolerance)
    ordered = sorted(wrong, key=weight)
    if all(_single(failure) is not None for failure in ordered):
        return _sum_or_mean(ordered, tolerance) or search.of_numbers(ordered), ordered[0]
    told = [(search.of_case(f), f) for f in ordered if _can_show(f, _NUMBERS)][-_EXPLAINED:]
    sure = [pair for pair in told if _can_show(pair[1], _MORE_NUMBERS)]
    heard = sure or [pair for pair in told if pair[0] is not None]
    ids = {explanation.id if explanation is not None else "" for explanation, _ in heard}
    same = [pair for pair in told if pair[0] is not None and pair[0].id in ids]
    if len(ids) != 1 or len(same) < min(2, len(ordered)):
        return None, ordered[0]
    if ids <= _OF_INPUTS and not _are_inputs(ordered, tolerance):
        return None, ordered[0]
    return same[0]


class _Search:
    def __init__(self, names: Sequence[str], expr: str, code: str, tolerance: Tolerance) -> None:
        self._names, self._expr, self._code, self._tolerance = names, expr, code, tolerance

    def of_case(self, failure: Failure) -> Explanation | None:
        """The relation in one case, also by way of its arguments."""
        return self._explained(failure.mismatch, failure.case.inputs) if failure.mismatch is not None else None

    def of_numbers(self, wrong: Sequence[Failure]) -> Explanation | None:
        """The relation between single numbers: what holds for all of them together, as if they were one tensor."""
        pairs = [single for failure in wrong if (single := _single(failure)) is not None]
        got, wanted = (_stacked([pair[side] for pair in pairs]) for side in (0, 1))
        mismatch = compare(got, wanted, self._tolerance)
        if mismatch is None or len(pairs) < _NUMBERS:
            return None
        numbers = [[_number(value) for value in failure.case.inputs] for failure in wrong]
        inputs = []
        for place in range(min(map(len, numbers))):
            column = [one[place] for one in numbers]
            inputs.append(_stacked([number for number in column if number is not None]))
        found = self._explained(mismatch, inputs)
        return found if found is not None and found.id in _OF_EACH else None

    def _explained(self, mismatch: Mismatch, inputs: Sequence[Value]) -> Explanation | None:
        names = [*self._names, *(f"argument {place + 1}" for place in range(len(self._names), len(inputs)))]
        variables = tuple(
            Variable(name=name, value=value)
            for name, value in zip(names, inputs, strict=False)
            if isinstance(value, TensorValue)
        )
        known = Report(outcome=Outcome.FINISHED, variables=variables)
        return explain(mismatch, "", f"{self._expr}()", known, self._code, self._tolerance)


def _sum_or_mean(wrong: Sequence[Failure], tolerance: Tolerance) -> Explanation | None:
    """Whether one result is always as many times the other as the first argument has elements, or rows."""
    pairs = np.asarray([_single(failure) for failure in wrong], dtype=float)
    shapes = [value.shape for f in wrong for value in f.case.inputs[:1] if isinstance(value, TensorValue)]
    if len(shapes) != len(wrong) or len({prod(shape) for shape in shapes}) < _NUMBERS - 1 or not pairs.any():
        return None
    rtol, atol = tolerance_for(["float32"], tolerance)
    elements = np.asarray([prod(shape) for shape in shapes], dtype=float)
    rows = np.asarray([shape[0] if shape else 1 for shape in shapes], dtype=float)
    got, wanted = pairs[:, 0], pairs[:, 1]
    for counts, what in ((elements, "elements"), (rows, "rows")):
        if close(got, wanted * counts, 10 * rtol, atol).all():
            why = f"It is always as many times too large as there are {what}: a sum, and the mean is wanted."
            return Explanation(id="sum-not-mean", why=why, next=f"Divide by the number of {what}, or use `mean`.")
        if close(got * counts, wanted, 10 * rtol, atol).all():
            why = f"It is always as many times too small as there are {what}: a mean, and the sum is wanted."
            return Explanation(id="mean-not-sum", why=why, next="Use `sum`.")
    return None


def _are_inputs(wrong: Sequence[Failure], tolerance: Tolerance) -> bool:
    """Whether one argument, always the same, is in every case what one of the two functions gave."""
    sides = [[f.case.got.output for f in wrong], [f.case.wanted.output for f in wrong]]
    for place in range(min(len(failure.case.inputs) for failure in wrong)):
        inputs = [failure.case.inputs[place] for failure in wrong]
        for side in sides:
            pairs = zip(side, inputs, strict=True)
            if all(value is not None and compare(value, given, tolerance) is None for value, given in pairs):
                return True
    return False


def _single(failure: Failure) -> tuple[float, float] | None:
    """Both results, where each is a single number of the same kind."""
    got, wanted = failure.case.got.output, failure.case.wanted.output
    if failure.mismatch is None or failure.mismatch.level != "values" or got is None or wanted is None:
        return None
    mine, theirs = _number(got), _number(wanted)
    return (mine, theirs) if mine is not None and theirs is not None else None


def _number(value: Value) -> float | None:
    array = array_of(value)
    return float(array.item()) if array is not None and array.ndim == 0 and array.dtype.kind in "biuf" else None


def _stacked(numbers: Sequence[float]) -> TensorValue:
    return TensorValue(dtype="float32", shape=(len(numbers),), data=np.asarray(numbers, "<f4").tobytes())


def _can_show(failure: Failure, least: int) -> bool:
    """Whether both results have enough different numbers to show a relation; a wrong kind or dtype always shows one."""
    if failure.mismatch is not None and failure.mismatch.level in ("kind", "dtype", "finite"):
        return True
    outputs = failure.case.got.output, failure.case.wanted.output
    arrays = [array_of(output) for output in outputs if output is not None]
    return len(arrays) == 2 and all(array is not None and len(np.unique(array)) >= least for array in arrays)
