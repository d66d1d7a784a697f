"""Relations between values of different shapes: dimensions too many, swapped, not reduced, cut off, broadcast."""

from __future__ import annotations

from itertools import permutations

import numpy as np

from tutor.checks.relation import ENOUGH, Relation, Same, varied, whole
from tutor.checks.values import Array
from tutor.checks.words import shape_text

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
    if got.size != expected.size or varied(expected, same) < ENOUGH or not same(got.ravel(), expected.ravel()):
        return None
    if got.ndim == 1:
        why = "The numbers are right and in order, but all in one dimension."
        return Relation("flattened", why, "`.reshape(…)` groups them anew.")
    why = "The numbers are right and in order, but grouped in another way."
    return Relation("reshaped-not-transposed", why, "To swap dimensions use `.T` or `.permute(…)`, not a reshape.")


def _squared(got: Array, expected: Array, same: Same) -> Relation | None:
    """(N,) and (N, 1) broadcast to (N, N): what is wanted stands on the diagonal."""
    if got.ndim != 2 or got.shape[0] != got.shape[1] or got.shape[0] != expected.size or expected.size < ENOUGH:
        return None
    if not same(np.diagonal(got), expected.ravel()) or not _paired(got):
        return None
    count = expected.size
    why = f"A shape ({count},) met a shape ({count}, 1): broadcasting paired every element with every other."
    next_ = "Give both one shape first, with `.squeeze(1)` or `.unsqueeze(1)`."
    return Relation("broadcast-square", why, next_)


def _paired(table: Array) -> bool:
    """Whether a table is made of one number a row and one a column, by + - * / or the square of a difference.

    Then what is left without the first row and column is a product of the same kind.
    """
    if np.all((table == 0) | (table == 1)):
        return _of_classes(table)
    left = table - table[:1] - table[:, :1] + table[0, 0]
    row, column = np.unravel_index(np.argmax(np.abs(left)), left.shape)
    most, size = left[row, column], np.abs(table).max()
    if np.abs(most) <= 1e-4 * size:
        return bool(np.ptp(table) > 1e-4 * size)
    product = left[:, column, None] * left[None, row] / most
    return bool(np.abs(left - product).max() <= 1e-3 * size)


def _of_classes(table: Array) -> bool:
    """Whether a table of 0 and 1 tells which rows and columns are of one class: two rows are the same, or disjoint."""
    some = table[table.any(axis=1)]
    _, heads, kinds = np.unique(some.argmax(axis=1), return_index=True, return_inverse=True)
    one_of_each = some[heads]
    return bool(
        one_of_each.sum(axis=0).max() == 1 < one_of_each.sum(axis=1).max() and np.all(some == one_of_each[kinds])
    )


def not_reduced(got: Array, expected: Array, same: Same) -> Relation | None:
    """A mean, sum, maximum or argmax of yours is what is wanted, if it is only one of them."""
    if not expected.ndim <= got.ndim <= _DIMS or varied(got, same) < ENOUGH or got.dtype.kind == "c":
        return None
    for axis in (None, *range(got.ndim)):
        if expected.shape not in _reduced_shapes(got.shape, axis):
            continue
        found = [name for name in _names(expected) if _reduces(name, got, expected, axis, same)]
        if len(found) == 1:
            where = "" if axis is None else f" along dimension {axis}"
            known = "scores-not-classes" if found[0] == "argmax" else "not-reduced"
            next_ = f"`.{found[0]}({'' if axis is None else f'dim={axis}'})` gives it."
            return Relation(known, f"What is wanted is the {found[0]}{where} of what you have.", next_)
    return None


def _reduced_shapes(shape: tuple[int, ...], axis: int | None) -> tuple[tuple[int, ...], ...]:
    """The shape without a dimension, or without all of them, and the one that keeps it with size 1."""
    if axis is None:
        return (), (1,) * len(shape)
    return shape[:axis] + shape[axis + 1 :], (*shape[:axis], 1, *shape[axis + 1 :])


def _names(expected: Array) -> tuple[str, ...]:
    """What may have been meant; of a few whole numbers, a maximum or its place tells nothing."""
    return ("mean", "sum") if expected.size < ENOUGH and whole(expected) else ("mean", "sum", "max", "argmax")


def _reduces(name: str, got: Array, expected: Array, axis: int | None, same: Same) -> bool:
    reduced = np.asarray(getattr(np, name)(got, axis=axis))
    return same(reduced, expected.reshape(reduced.shape))


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
    at = [slice(None)] * got.ndim
    ends = []
    for place, start in (("last", 0), ("first", count)):
        at[axis] = slice(start, start + short.shape[axis])
        if same(long[tuple(at)], short):
            ends.append(place)
    if not ends:
        return None
    words = f" {ends[0]}" if len(ends) == 1 else ""  # of equal ones, any may be the one too many
    what = (f"The{words} one" if words else "One") if count == 1 else (f"The{words} {count}" if words else f"{count}")
    where = "" if got.ndim == 1 else f" along dimension {axis}"
    if short is got:
        verb = "is" if count == 1 else "are"
        why = f"{what}{where} {verb} missing; the others are right."
        return Relation("missing-slice", why, "Look at where the slice or the loop ends.")
    why = f"{what}{where} should not be there; the others are right."
    return Relation("extra-slice", why, "Look at where the slice or the loop ends.")


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
    why = f"What is wanted, of shape {shape_text(expected.shape)}, is there several times."
    return Relation("repeated", why, "Look for `expand`, `repeat`, or a dimension that was broadcast.")


SHAPE_SEARCHES = (_transposed, _ones, _permuted_dims, _squared, _regrouped, _cut, _repeated)
"""From the simplest on."""
