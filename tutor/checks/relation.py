"""What a relation between a wrong value and the expected one is, and what the searches for it share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from tutor.checks.compare import close
from tutor.checks.values import Array

ENOUGH = 3
"""Fewer different elements prove nothing about a rule that has a constant in it."""
_SAMPLE = 2048
_PIECE = 2**16
"""Elements that are compared at once, so that a difference ends a comparison early."""


class Same(NamedTuple):
    """When two numbers are equal enough; called with two arrays, whether they have one shape and all numbers are."""

    rtol: float
    atol: float

    def near(self, got: Array, expected: Array) -> Array:
        """Elementwise."""
        return close(got, expected, self.rtol, self.atol)

    def __call__(self, got: Array, expected: Array) -> bool:
        """A few thousand elements are looked at first, then all of them, piece by piece."""
        if got.shape != expected.shape or not self.near(glance(got), glance(expected)).all():
            return False
        return got.size <= _SAMPLE or all(self.near(a, b).all() for a, b in _pieces(got, expected))


class Relation(NamedTuple):
    """A relation that holds, in the learner's terms."""

    id: str
    why: str
    next: str = ""


class Program(NamedTuple):
    """The learner's variables that a wrong value may come from: names and values, small ones only."""

    variables: tuple[tuple[str, Array], ...] = ()


def varied(values: Array, same: Same) -> int:
    """How many numbers there are that the tolerance tells apart, counted as far as it matters."""
    seen = np.sort(glance(values), axis=None)
    if seen.dtype.kind == "c":
        return len(np.unique(seen))
    with np.errstate(all="ignore"):
        wide = seen.astype(np.float64)
        steps = np.diff(wide) > 2 * (same.atol + same.rtol * np.abs(wide[1:]))
    return int(np.count_nonzero(steps)) + 1 if seen.size else 0


def telling(values: Array, same: Same) -> bool:
    """Whether an order of these numbers says something: a few classes stand in the same order by chance."""
    kinds = varied(values, same)
    seen = min(values.size, _SAMPLE)
    distinct = kinds == seen or (2 * kinds > seen and not whole(values))
    return kinds >= ENOUGH and bool(distinct or values.size * np.log10(kinds) > 12)


def whole(*arrays: Array) -> bool:
    """Whether all numbers are small whole ones, of which many relations hold by chance."""
    return all(bool(np.all((np.abs(a) <= 100) & (a == np.round(a)))) for a in arrays)


def becomes(function: Callable[[Array], Array], source: Array, target: Array, same: Same) -> bool:
    """Whether an elementwise function turns `source` into `target`; a sample is tried before the whole."""
    if source.shape != target.shape:
        return False
    with np.errstate(all="ignore"):
        if not same.near(function(glance(source)), glance(target)).all():
            return False
        return source.size <= _SAMPLE or all(same.near(function(a), b).all() for a, b in _pieces(source, target))


def glance(values: Array) -> Array:
    """A few thousand elements spread over a large array, as a view."""
    if values.size <= _SAMPLE:
        return values
    each = max(2, round(_SAMPLE ** (1 / values.ndim)))
    return values[tuple(slice(None, None, max(1, size // each)) for size in values.shape)]


def _pieces(first: Array, second: Array) -> Iterator[tuple[Array, Array]]:
    """Two arrays of one shape, a run of their first dimensions at a time, as views."""
    if first.size <= _PIECE or first.ndim == 0:
        yield first, second
    elif first.shape[0] == 1:
        yield from _pieces(first[0], second[0])
    else:
        rows = max(1, _PIECE * first.shape[0] // first.size)
        for start in range(0, first.shape[0], rows):
            yield first[start : start + rows], second[start : start + rows]


def softmax(values: Array, axis: int) -> Array:
    """exp(x) / sum(exp(x)) along an axis, computed from x - max(x)."""
    with np.errstate(all="ignore"):
        powers = np.exp(values - values.max(axis=axis, keepdims=True))
        return np.asarray(powers / powers.sum(axis=axis, keepdims=True))
