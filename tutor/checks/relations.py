"""Which relation really holds between a wrong tensor and the expected one; only what was verified is ever named.

Relations are tried from the simplest on; the first that holds for every element, within the tolerance, is the answer.
Where data are so few that much would hold by chance, nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tutor.checks.values import Array, number_text

ENOUGH = 3
"""Fewer different elements prove nothing about a rule that has a constant in it."""
Same = Callable[[Array, Array], bool]


class Relation(NamedTuple):
    """A relation that holds, in the learner's terms."""

    id: str
    why: str
    next: str = ""


def of_shapes(got: Array, expected: Array, same: Same) -> Relation | None:
    """The relation between values of different shapes."""
    if got.ndim == 2 and got.shape == expected.shape[::-1] and same(got.T, expected):
        return Relation("transposed", "You have the transpose: rows and columns are swapped.", "Use `.T`, once.")
    if got.size != expected.size or not same(got.ravel(), expected.ravel()):
        return None
    without_ones = tuple(n for n in got.shape if n != 1), tuple(n for n in expected.shape if n != 1)
    if without_ones[0] == without_ones[1] and got.ndim > expected.ndim:
        return Relation("extra-dim", "The numbers are right. There is a dimension of size 1 too many.")
    if without_ones[0] == without_ones[1] and got.ndim < expected.ndim:
        return Relation("missing-dim", "The numbers are right. A dimension of size 1 is missing.")
    if expected.ndim > 1 and got.ndim == 1:
        return Relation("flattened", "The numbers are right and in order, but all in one dimension.")
    return None


def of_values(got: Array, expected: Array, same: Same) -> Relation | None:
    """The relation between values of one shape."""
    for relation in (_layout, _sign_and_scale, _order, _function):
        found = relation(got, expected, same)
        if found is not None:
            return found
    return None


def _layout(got: Array, expected: Array, same: Same) -> Relation | None:
    if got.ndim != 2 or _varied(got) < ENOUGH or not same(got.ravel(), expected.T.ravel()):
        return None
    if got.shape[0] == got.shape[1]:
        return Relation("transposed", "You have the transpose: rows and columns are swapped.", "Use `.T`, once.")
    why = "The shape is right, but a reshape only fills the numbers in anew, row by row; it swaps no rows and columns."
    return Relation("reshaped-not-transposed", why, "To swap rows and columns use `.T`.")


def _sign_and_scale(got: Array, expected: Array, same: Same) -> Relation | None:
    if np.any(expected) and same(-got, expected):
        return Relation(
            "negated", "Every number has the wrong sign.", "Look for two things subtracted the wrong way round."
        )
    if _varied(expected) < ENOUGH:
        return None
    largest = np.unravel_index(np.argmax(np.abs(expected)), expected.shape)
    factor = float(got[largest] / expected[largest])
    if factor and np.isfinite(factor) and same(got / factor, expected):
        return Relation(
            "scaled", f"Every number is {number_text(factor, 4)} times what it should be.{_named(factor, got)}"
        )
    shift = float(got[largest] - expected[largest])
    if same(got - shift, expected):
        return Relation("shifted", f"Every number is off by the same amount: {number_text(shift, 4)}.")
    return None


def _named(factor: float, got: Array) -> str:
    for count, what in ((got.size, "the number of elements"), *((n, "the size of a dimension") for n in got.shape)):
        if count > 2 and np.isclose(factor, count):
            return f" That is {what}: a sum stands where a mean is wanted."
        if count > 2 and np.isclose(factor * count, 1):
            return f" That is 1 over {what}: a mean stands where a sum is wanted."
    return ""


def _order(got: Array, expected: Array, same: Same) -> Relation | None:
    if got.ndim == 0 or _varied(expected) < ENOUGH:
        return None
    for axis in range(got.ndim):
        if same(np.flip(got, axis), expected):
            return Relation("flipped", f"The order along dimension {axis} is reversed.")
    if got.ndim == 1 and same(np.sort(got), np.sort(expected)):
        known = "sorted" if same(got, np.sort(expected)) else "permuted-rows"
        return Relation(known, "The numbers are the right ones, in another order.")
    return None


def _function(got: Array, expected: Array, same: Same) -> Relation | None:
    if _varied(expected) < ENOUGH or got.dtype.kind == "c":
        return None
    wide = expected.astype(np.float64)
    known: tuple[tuple[str, Callable[[Array], Array], str], ...] = (
        ("squared", np.square, "Every number is the square of what it should be."),
        ("square-rooted", np.sqrt, "Every number is the square root of what it should be."),
        ("exponentiated", np.exp, "Every number is `exp` of what it should be."),
        ("logged", np.log, "Every number is the logarithm of what it should be."),
        ("truncated-to-int", np.trunc, "Every number has lost what stands after the point."),
    )
    with np.errstate(all="ignore"):
        for name, function, why in known:
            if same(got, function(wide)):
                return Relation(name, why)
    return None


def _varied(values: Array) -> int:
    """How many different numbers there are, counted as far as it matters."""
    return len(np.unique(values.ravel()[:1000]))
