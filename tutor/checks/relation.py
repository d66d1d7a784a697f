"""What a relation between a wrong value and the expected one is, and what the searches for it share."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tutor.checks.values import Array

ENOUGH = 3
"""Fewer different elements prove nothing about a rule that has a constant in it."""
_SAMPLE = 2048

Same = Callable[[Array, Array], bool]
"""Whether two arrays have one shape and are equal within the tolerance."""


class Relation(NamedTuple):
    """A relation that holds, in the learner's terms."""

    id: str
    why: str
    next: str = ""


class Program(NamedTuple):
    """The learner's variables that a wrong value may come from: names and values, small ones only."""

    variables: tuple[tuple[str, Array], ...] = ()


def varied(values: Array) -> int:
    """How many different numbers there are, counted as far as it matters."""
    return len(np.unique(values.ravel()[:1000]))


def becomes(function: Callable[[Array], Array], source: Array, target: Array, same: Same) -> bool:
    """Whether an elementwise function turns `source` into `target`; a sample is tried before the whole."""
    if source.shape != target.shape:
        return False
    with np.errstate(all="ignore"):
        if source.size > _SAMPLE:
            stride = source.size // _SAMPLE
            if not same(function(source.ravel()[::stride]), target.ravel()[::stride]):
                return False
        return same(function(source), target)


def glance(values: Array) -> Array:
    """A few thousand elements spread over a large array, as a view."""
    if values.size <= _SAMPLE:
        return values
    each = max(2, round(_SAMPLE ** (1 / values.ndim)))
    return values[tuple(slice(None, None, max(1, size // each)) for size in values.shape)]


def softmax(values: Array, axis: int) -> Array:
    """exp(x) / sum(exp(x)) along an axis, computed from x - max(x)."""
    with np.errstate(all="ignore"):
        powers = np.exp(values - values.max(axis=axis, keepdims=True))
        return np.asarray(powers / powers.sum(axis=axis, keepdims=True))
