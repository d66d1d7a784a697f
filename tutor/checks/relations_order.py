"""Relations of places: dimensions swapped, an order reversed, turned, sorted or mixed, and where wrong ones are."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np

from tutor.checks.relation import ENOUGH, Program, Relation, Same, glance, telling, varied
from tutor.checks.values import Array
from tutor.checks.words import index_text

_DIMS = 5
_TURNS = 1000
"""Places that an order is tried to be shifted by."""
_SORTABLE = 50_000
"""More numbers than these take too long to be sorted."""


def layout(got: Array, expected: Array, same: Same, program: Program) -> Relation | None:
    """Rows and columns swapped, or filled in anew where they should have been swapped."""
    if got.ndim == 2 and got.shape[0] == got.shape[1] and same(got.T, expected):
        return Relation("transposed", "You have the transpose: rows and columns are swapped.", "Use `.T`, once.")
    if 3 <= got.ndim <= _DIMS and varied(got, same) >= ENOUGH:
        for order in list(permutations(range(got.ndim)))[1:]:
            if tuple(got.shape[i] for i in order) == expected.shape and same(got.transpose(order), expected):
                why = "The numbers are right, but two dimensions of the same size are swapped."
                return Relation("permuted-dims", why, "`.transpose(…)` or `.permute(…)` changes their order.")
    if got.ndim != 2 or min(got.shape) < 2 or varied(got, same) < ENOUGH:
        return None
    if not same(got.reshape(expected.T.shape), expected.T):
        return None
    why = "The shape is right, but a reshape only fills the numbers in anew, row by row; it swaps no rows and columns."
    return Relation("reshaped-not-transposed", why, "To swap rows and columns use `.T`.")


def flipped(got: Array, expected: Array, same: Same, program: Program) -> Relation | None:
    """An order that is reversed, along one dimension or all of them."""
    if not telling(expected, same) and varied(expected, same) < expected.size:
        return None
    for axis in range(got.ndim):
        if got.shape[axis] > 1 and same(np.flip(got, axis), expected):
            where = "" if got.ndim == 1 else f" along dimension {axis}"
            return Relation("flipped", f"The order{where} is reversed.", "`.flip(dim)` turns an order round.")
    if got.ndim == 2 and min(got.shape) > 1 and same(np.flip(got), expected):
        return Relation("flipped", "The order is reversed along both dimensions.", "`.flip(dim)` turns an order round.")
    return None


def rolled(got: Array, expected: Array, same: Same, program: Program) -> Relation | None:
    """Each number a few places further along; those at the end are lost, or stand at the start."""
    if not telling(expected, same):
        return None
    for axis in range(min(got.ndim, 2)):
        if got.shape[axis] >= 4:
            where = "" if got.ndim == 1 else f" along dimension {axis}"
            found = _along(np.moveaxis(got, axis, 0), np.moveaxis(expected, axis, 0), same, where)
            if found is not None:
                return found
    return None


def _along(got: Array, expected: Array, same: Same, where: str) -> Relation | None:
    for by in (1, -1):
        if _turned(got, expected, by, same, round_=False):
            if _turned(got, expected, by, same):
                why = f"The numbers are right, but each stands one place too {'late' if by == 1 else 'early'}{where}."
                return Relation("rolled", why, "Look for a `roll`, or an index that goes round.")
            side = "later" if by == 1 else "earlier"
            why = f"Each number stands one place {side}{where} than it should: an index is off by one."
            return Relation("off-by-one-index", why, "Look at where the index or the slice begins.")
    size = got.shape[0]
    for by in _first_rows(got, expected[0], same) if size <= _TURNS else ():
        if 2 <= by < size - 1 and _turned(got, expected, by, same):
            why = f"The numbers are right, but each stands {by} places too late{where}."
            return Relation("rolled", why, "Look for a `roll`, or an index that goes round.")
    return None


def _first_rows(got: Array, wanted: Array, same: Same) -> list[int]:
    """Where the first row, `wanted`, may stand now, judged by some of its numbers."""
    if got.ndim == 1:
        return [int(row) for row in np.flatnonzero(same.near(got, np.full_like(got, wanted)))]
    some: tuple[Any, ...] = np.unravel_index(np.linspace(0, wanted.size - 1, 32).astype(int), wanted.shape)
    here = got[:, *some]
    return [int(row) for row in np.flatnonzero(same.near(here, np.broadcast_to(wanted[some], here.shape)).all(axis=1))]


def _turned(got: Array, expected: Array, by: int, same: Same, round_: bool = True) -> bool:
    """Whether each number stands `by` places too far along; with `round_`, the last ones at the start."""
    if by < 0:
        return _turned(expected, got, -by, same, round_)
    return same(got[by:], expected[:-by]) and (not round_ or same(got[:by], expected[-by:]))


def mixed(got: Array, expected: Array, same: Same, program: Program) -> Relation | None:
    """The same numbers, or the same rows, in another order."""
    if got.ndim == 0 or got.dtype.kind == "c" or not telling(expected, same):
        return None
    if got.ndim > 1:
        return _mixed_rows(got, expected, same)
    if got.size <= _SORTABLE:
        in_order = np.sort(expected)
        if 2 * varied(expected, same) < glance(expected).size or same(in_order, np.arange(float(got.size))):
            return None  # of places or of a few classes, the numbers alone tell nothing
        if not same(np.sort(got), in_order):
            return None
        rising, falling = same(got, in_order), same(got, in_order[::-1])
    else:
        if not _same_print(got[:, None], expected[:, None], same):
            return None
        rising, falling = (bool(np.all(a[1:] >= a[:-1])) for a in (got, got[::-1]))
    if rising or falling:
        why = f"The numbers are the right ones, but sorted{', from the largest on' if falling else ''}."
        return Relation("sorted", why, "Keep the order that they had.")
    why = "The numbers are the right ones, in another order."
    return Relation("permuted-rows", why, "Look for a shuffle, a sort or an index.")


def _same_print(got: Array, expected: Array, same: Same) -> bool:
    """Whether the rows are the same to the last bit, in whatever order."""
    return _print(got) == _print(expected)


def _print(rows: Array) -> int:
    """One number of all rows, the same in whatever order they stand, and else another (but for 1 in 2**64)."""
    bits = (rows.astype(np.float64) + 0.0).view(np.uint64)
    odd = np.arange(1, 2 * bits.shape[1], 2, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    marks = ((bits ^ (bits >> np.uint64(29))) * odd[None]).sum(axis=1)
    marks = (marks ^ (marks >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    return int((marks ^ (marks >> np.uint64(32))).sum())


def _mixed_rows(got: Array, expected: Array, same: Same) -> Relation | None:
    rows = [a.reshape(a.shape[0], -1) for a in (got, expected)]
    if len(rows[0]) < 2:
        return None
    alike = _same_print if len(rows[0]) > _SORTABLE else _same_rows
    if not alike(rows[0], rows[1], same):
        return None
    return Relation("permuted-rows", "The rows are the right ones, in another order.", "Look for a shuffle or a sort.")


def _same_rows(got: Array, expected: Array, same: Same) -> bool:
    """Rows are sorted by one number of each, and then compared whole."""
    weights = np.cos(np.arange(got.shape[1]) + 0.5)
    marks = got @ weights, expected @ weights
    orders = [np.argsort(mark, kind="stable") for mark in marks]
    return same(marks[0][orders[0]], marks[1][orders[1]]) and same(got[orders[0]], expected[orders[1]])


def partly(got: Array, expected: Array, same: Same, program: Program) -> Relation | None:
    """Where the wrong numbers are, if that is one number, one row or column, or one end."""
    if got.size < 4 or np.mean(same.near(glance(got), glance(expected))) < 0.4:
        return None
    wrong = ~same.near(got, expected)
    count = int(np.count_nonzero(wrong))
    if not count or 2 * count > got.size:
        return None
    if count == 1:
        at = index_text(tuple(int(i) for i in np.unravel_index(int(np.argmax(wrong)), wrong.shape)))
        return Relation(
            "partly-equal", f"All numbers are right but the one at {at}.", "Look at what is different there."
        )
    for axis in range(got.ndim):
        places = np.flatnonzero(wrong.any(axis=tuple(n for n in range(got.ndim) if n != axis)))
        why = _region(int(places[0]), int(places[-1]), len(places), got.shape[axis], axis if got.ndim > 1 else None)
        if why:
            return Relation("partly-equal", f"{why} The rest is right.", "Look at what is different there.")
    return None


def _region(first: int, last: int, places: int, size: int, axis: int | None) -> str:
    """Where all wrong numbers are along one dimension; empty where they are spread over more than half of it."""
    if axis is not None and places == 1:
        return f"All the wrong numbers are at index {first} of dimension {axis}."
    if places != last - first + 1 or 2 * places > size or places < 2:
        return ""
    where = "" if axis is None else f" of dimension {axis}"
    if last == size - 1:
        return f"All the wrong numbers are from index {first}{where} on."
    if first == 0:
        return f"All the wrong numbers are before index {last + 1}{where}."
    return f"All the wrong numbers are between index {first} and {last}{where}."
