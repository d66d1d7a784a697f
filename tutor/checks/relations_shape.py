"""Relations between values of different shapes: dimensions too many, swapped, not reduced, cut off, broadcast."""

from __future__ import annotations

from itertools import permutations

import numpy as np

from tutor.checks.relation import ENOUGH, Relation, Same, varied
from tutor.checks.values import Array, shape_text

_DIMS = 5


def _transposed(got: Array, expected: Array, same: Same) -> Relation | None:
    if got.ndim == 2 and got.shape == expected.shape[::-1] and min(got.shape) > 1 and same(got.T, expected):
        return Relation("transposed", "You have the transpose: rows and columns are swapped.", "Use `.T`, once.")
    return None


def _permuted_dims(got: Array, expected: Array, same: Same) -> Relation | None:
    if not 3 <= got.ndim == expected.ndim <= _DIMS or sorted(got.shape) != sorted(expected.shape):
        return None
    for order in permutations(range(got.ndim)):
        if tuple(got.shape[i] for i in order) == expected.shape and same(got.transpose(order), expected):
            why = "The numbers are right, but the dimensions stand in another order."
            return Relation("permuted-dims", why, "`.permute(…)` changes the order of dimensions.")
    return None


def _ones(got: Array, expected: Array, same: Same) -> Relation | None:
    """Dimensions of size 1 that are there or not."""
    bare = [tuple(n for n in shape if n != 1) for shape in (got.shape, expected.shape)]
    if bare[0] != bare[1] or not same(got.reshape(expected.shape), expected):
        return None
    if got.ndim > expected.ndim:
        why = "The numbers are right. There is a dimension of size 1 too many."
        return Relation("extra-dim", why, "`.squeeze(dim)` removes one; `keepdim=True` keeps one.")
    if got.ndim < expected.ndim:
        why = "The numbers are right. A dimension of size 1 is missing."
        return Relation("missing-dim", why, "`.unsqueeze(dim)` or `keepdim=True` gives it.")
    why = "The numbers are right. The dimension of size 1 stands in another place: a row is not a column."
    return Relation("transposed", why, "Use `.T`, or `.unsqueeze` at the other place.")


def _regrouped(got: Array, expected: Array, same: Same) -> Relation | None:
    if got.size != expected.size or varied(expected) < ENOUGH or not same(got.ravel(), expected.ravel()):
        return None
    if got.ndim == 1:
        return Relation("flattened", "The numbers are right and in order, but all in one dimension.")
    return Relation("reshaped-not-transposed", "The numbers are right and in order, but grouped in another way.")


def _squared(got: Array, expected: Array, same: Same) -> Relation | None:
    """(N,) and (N, 1) broadcast to (N, N): what is wanted stands on the diagonal."""
    if got.ndim != 2 or got.shape[0] != got.shape[1] or got.shape[0] != expected.size or expected.size < ENOUGH:
        return None
    if not same(np.diagonal(got), expected.ravel()):
        return None
    count = expected.size
    why = f"A shape [{count}] met a shape [{count}, 1]: broadcasting paired every element with every other."
    next_ = "Give both one shape first, with `.squeeze(1)` or `.unsqueeze(1)`."
    return Relation("broadcast-square", why, next_)


def not_reduced(got: Array, expected: Array, same: Same) -> Relation | None:
    """A mean, sum, maximum or argmax of yours is what is wanted."""
    if not expected.ndim <= got.ndim <= _DIMS or varied(got) < ENOUGH or got.dtype.kind == "c":
        return None
    for axis in (None, *range(got.ndim)):
        for keep in (False, True):
            for name in ("mean", "sum", "max", "argmax"):
                reduced = np.asarray(getattr(np, name)(got, axis=axis, keepdims=keep))
                if reduced.shape == expected.shape and same(reduced, expected):
                    where = "" if axis is None else f" along dimension {axis}"
                    known = "scores-not-classes" if name == "argmax" and axis is not None else "not-reduced"
                    why = f"What is wanted is the {name}{where} of what you have."
                    return Relation(known, why)
    return None


def _cut(got: Array, expected: Array, same: Same) -> Relation | None:
    """Rows or columns too few or too many at one end."""
    if got.ndim != expected.ndim or got.ndim == 0:
        return None
    axes = [axis for axis in range(got.ndim) if got.shape[axis] != expected.shape[axis]]
    if len(axes) != 1:
        return None
    axis = axes[0]
    short, long = (got, expected) if got.shape[axis] < expected.shape[axis] else (expected, got)
    count = long.shape[axis] - short.shape[axis]
    if short.shape[axis] < 2:
        return None
    for place, start in (("last", 0), ("first", count)):
        if not same(np.take(long, range(start, start + short.shape[axis]), axis=axis), short):
            continue
        what = f"The {place} one" if count == 1 else f"The {place} {count}"
        where = "" if got.ndim == 1 else f" along dimension {axis}"
        verb = "is" if count == 1 else "are"
        if short is got:
            return Relation("missing-slice", f"{what}{where} {verb} missing; the others are right.")
        return Relation("extra-slice", f"{what}{where} should not be there; the others are right.")
    return None


def _repeated(got: Array, expected: Array, same: Same) -> Relation | None:
    """Broadcasting alone turned what is wanted into what is there."""
    if got.ndim < expected.ndim or got.size <= expected.size or expected.size < ENOUGH:
        return None
    try:
        spread = np.broadcast_to(expected, got.shape)
    except ValueError:
        return None
    if not same(got, np.asarray(spread)):
        return None
    return Relation("repeated", f"What is wanted, of shape {shape_text(expected.shape)}, is there several times.")


SHAPE_SEARCHES = (_transposed, _ones, _permuted_dims, _squared, _regrouped, _cut, _repeated)
"""From the simplest on."""
