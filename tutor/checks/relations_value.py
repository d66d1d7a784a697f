"""Relations between values of one shape: layout, sign, scale, order, functions, probabilities, places."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tutor.checks.relation import ENOUGH, Relation, Same, becomes, softmax, varied
from tutor.checks.values import Array, number_text, shape_text

_SORTABLE = 200_000
_ONE_BY_ONE = 2048
_MEAN = "A mean in place of a sum gives that."
_SUM = "A sum in place of a mean gives that."
_TIMES = {2.0: "twice", 0.5: "half", 3.0: "three times"}


def _layout(got: Array, expected: Array, same: Same) -> Relation | None:
    if got.ndim == 2 and got.shape[0] == got.shape[1] and same(got.T, expected):
        return Relation("transposed", "You have the transpose: rows and columns are swapped.", "Use `.T`, once.")
    if got.ndim != 2 or min(got.shape) < 2 or varied(got) < ENOUGH or not same(got.ravel(), expected.T.ravel()):
        return None
    why = "The shape is right, but a reshape only fills the numbers in anew, row by row; it swaps no rows and columns."
    return Relation("reshaped-not-transposed", why, "To swap rows and columns use `.T`.")


def _negated(got: Array, expected: Array, same: Same) -> Relation | None:
    if not np.any(expected) or not becomes(np.negative, got, expected, same):
        return None
    what = "The sign is wrong." if got.size == 1 else "Every number has the wrong sign."
    return Relation("negated", what, "Look for a minus, or for two things subtracted the wrong way round.")


def _scaled(got: Array, expected: Array, same: Same) -> Relation | None:
    largest = np.unravel_index(np.argmax(np.abs(expected)), expected.shape)
    with np.errstate(all="ignore"):
        factor = float(got[largest] / expected[largest]) if got.dtype.kind != "c" else 0.0
    if not factor or not np.isfinite(factor) or not becomes(lambda a: a / factor, got, expected, same):
        return None
    for count, what in ((got.size, "the number of elements"), *((n, "the size of a dimension") for n in got.shape)):
        if count > 2 and np.isclose(factor, count):
            why = f"Every number is {count} times what it should be; {count} is {what}. {_SUM}"
            return Relation("sum-not-mean", why)
        if count > 2 and np.isclose(factor * count, 1):
            why = f"Every number is 1/{count} of what it should be; {count} is {what}. {_MEAN}"
            return Relation("mean-not-sum", why)
    words = next((text for known, text in _TIMES.items() if np.isclose(factor, known, rtol=1e-6)), "")
    if words:
        return Relation("scaled", f"Every number is exactly {words} what it should be.")
    return Relation("scaled", f"Every number is {number_text(factor, 4)} times what it should be.")


def _shifted(got: Array, expected: Array, same: Same) -> Relation | None:
    if got.dtype.kind == "c":
        return None
    shift = float(got.flat[0] - expected.flat[0])
    if not np.isfinite(shift) or not becomes(lambda a: a - shift, got, expected, same):
        return None
    return Relation("shifted", f"Every number is off by the same amount: {number_text(shift, 4)}.")


def _flipped(got: Array, expected: Array, same: Same) -> Relation | None:
    for axis in range(got.ndim):
        if got.shape[axis] > 1 and same(np.flip(got, axis), expected):
            where = "" if got.ndim == 1 else f" along dimension {axis}"
            return Relation("flipped", f"The order{where} is reversed.")
    return None


def _rolled(got: Array, expected: Array, same: Same) -> Relation | None:
    if got.ndim == 0 or not 4 <= got.shape[0] <= 1000 or varied(expected) < 4:
        return None
    for by in (1, -1):
        kept = slice(1, None) if by == 1 else slice(None, -1)
        other = slice(None, -1) if by == 1 else slice(1, None)
        if same(got[kept], expected[other]):
            if same(np.roll(got, -by, 0), expected):
                return Relation("rolled", "The numbers are right, but each stands one place too far along.")
            side = "later" if by == 1 else "earlier"
            why = f"Each number stands one place {side} than it should: an index is off by one."
            return Relation("off-by-one-index", why)
    starts = (by for by in range(2, got.shape[0] - 1) if same(got[by], expected[0]))
    first = next((by for by in starts if same(np.roll(got, -by, 0), expected)), None)
    if first is None:
        return None
    return Relation("rolled", f"The numbers are right, but each stands {first} places too far along.")


def _order(got: Array, expected: Array, same: Same) -> Relation | None:
    if got.ndim == 0 or got.size > _SORTABLE or got.dtype.kind == "c":
        return None
    if got.ndim == 1:
        if not same(np.sort(got), np.sort(expected)):
            return None
        known = "sorted" if same(got, np.sort(expected)) else "permuted-rows"
        return Relation(known, "The numbers are the right ones, in another order.")
    rows = [a.reshape(a.shape[0], -1) for a in (got, expected)]
    a, b = (row[np.lexsort(np.round(row, 4).T[::-1])] for row in rows)
    if rows[0].shape[0] < 2 or not same(a, b):
        return None
    return Relation("permuted-rows", "The rows are the right ones, in another order.", "Look for a shuffle or a sort.")


def _function(got: Array, expected: Array, same: Same) -> Relation | None:
    if got.dtype.kind == "c":
        return None
    wide = expected.astype(np.float64)
    for name, function, why in _FUNCTIONS:
        if becomes(function, wide, got, same):
            return Relation(name, why)
    if becomes(lambda a: np.maximum(a, 0), got, expected, same):
        return Relation(
            "not-clipped", "What is wanted has 0 where you have negative numbers.", "That is what relu does."
        )
    return None


_FUNCTIONS: tuple[tuple[str, Callable[[Array], Array], str], ...] = (
    ("squared", np.square, "Every number is the square of what it should be."),
    ("square-rooted", np.sqrt, "Every number is the square root of what it should be."),
    ("exponentiated", np.exp, "Every number is `exp` of what it should be."),
    ("logged", np.log, "Every number is the logarithm of what it should be."),
    ("absolute", np.abs, "The numbers are right, but all signs are gone."),
    ("clipped-at-zero", lambda a: np.maximum(a, 0), "The negative numbers have become 0, as relu does."),
    ("inverse", lambda a: 1 / a, "Every number is 1 divided by what it should be."),
    ("truncated-to-int", np.trunc, "Every number has lost what stands after the point."),
    ("rounded", np.round, "Every number is rounded to a whole one."),
    ("rounded", lambda a: np.round(a, 1), "Every number is rounded to one digit after the point."),
    ("rounded", lambda a: np.round(a, 2), "Every number is rounded to two digits after the point."),
    (
        "low-precision",
        lambda a: a.astype(np.float16).astype(np.float64),
        "The numbers are right to the precision of float16.",
    ),
    ("low-precision", lambda a: _as_bfloat16(a), "The numbers are right to the precision of bfloat16."),
    ("complement", lambda a: 1 - a, "Every number is 1 minus what it should be."),
)


def _as_bfloat16(values: Array) -> Array:
    """Rounded to 8 significant bits (ties away from zero)."""
    bits = np.ascontiguousarray(values.astype("<f4")).view("<u4")
    return np.asarray(((bits + 0x8000) & 0xFFFF0000).astype("<u4").view("<f4").astype(np.float64))


def _probabilities(got: Array, expected: Array, same: Same) -> Relation | None:
    if got.dtype.kind == "c":
        return None
    for axis in range(got.ndim - 1, -1, -1):
        if got.shape[axis] < 2:
            continue
        corner = tuple(slice(None) if n == axis else slice(8) for n in range(got.ndim))
        small, wanted = got[corner], expected[corner]
        if not (same(softmax(small, axis), wanted) or same(small, softmax(wanted, axis))):
            continue
        if same(softmax(got, axis), expected):
            why = f"What is wanted is softmax along dimension {axis} of what you have."
            return Relation("logits-not-probabilities", why)
        if same(got, softmax(expected, axis)):
            if same(expected.sum(axis=axis), np.ones(expected.sum(axis=axis).shape)):
                why = "Softmax was taken twice: yours is the softmax of what is wanted."
                return Relation("softmax-twice", why, "Take it once.")
            return Relation("probabilities-not-logits", "Yours is the softmax of what is wanted.", "Leave softmax out.")
    if becomes(_sigmoid, got, expected, same):
        return Relation("logits-not-probabilities", "What is wanted is the sigmoid of what you have.")
    if becomes(_sigmoid, expected, got, same):
        return Relation("probabilities-not-logits", "Yours is the sigmoid of what is wanted.", "Leave sigmoid out.")
    return None


def _sigmoid(values: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-values)))


def _partly(got: Array, expected: Array, same: Same) -> Relation | None:
    """Where the wrong numbers are, if that is one row, one column or one end."""
    if not 4 <= got.size <= _ONE_BY_ONE:
        return None
    right = np.array([same(a, b) for a, b in zip(got.ravel(), expected.ravel(), strict=True)])
    if right.mean() < 0.5:
        return None
    wrong = np.argwhere(~right.reshape(got.shape))
    if len(wrong) == 1:
        return Relation(
            "partly-equal", f"All numbers are right but the one at {shape_text(tuple(map(int, wrong[0])))}."
        )
    for axis in range(got.ndim):
        places = np.unique(wrong[:, axis])
        if len(places) == 1 and got.ndim > 1:
            why = f"All wrong numbers are at index {int(places[0])} of dimension {axis}; the rest is right."
            return Relation("partly-equal", why)
        if got.ndim == 1 and len(places) == places[-1] - places[0] + 1 and places[-1] == got.shape[0] - 1:
            return Relation(
                "partly-equal", f"The numbers are right up to index {int(places[0]) - 1}, and wrong after it."
            )
    return None


def _twice_or_half(got: Array, expected: Array, same: Same) -> Relation | None:
    what = "It is" if got.size == 1 else "Every number is"
    for factor, words in _TIMES.items():
        if np.any(expected) and becomes(lambda a: a / factor, got, expected, same):  # noqa: B023 - called at once
            return Relation("scaled", f"{what} exactly {words} what it should be.")
    return None


def _plain_functions(got: Array, expected: Array, same: Same) -> Relation | None:
    """Functions that seldom turn one number into another by chance; 0 and 1 stay what they are."""
    if got.dtype.kind == "c" or np.all((expected == 0) | (expected == 1)):
        return None
    return next((Relation(n, why) for n, f, why in _FUNCTIONS[:4] if becomes(f, expected, got, same)), None)


def _two_valued(got: Array, expected: Array, same: Same) -> Relation | None:
    """0 and 1 swapped."""
    if got.size < 4 or set(np.unique(expected)) != {0, 1} or not becomes(lambda a: 1 - a, got, expected, same):
        return None
    return Relation(
        "complement", "Every 0 should be a 1, and every 1 a 0.", "Look at which side of the comparison is 1."
    )


VALUE_SEARCHES = (
    _layout,
    _negated,
    _scaled,
    _shifted,
    _flipped,
    _rolled,
    _order,
    _function,
    _probabilities,
    _partly,
)
"""From the simplest on."""

FEW = (_negated, _twice_or_half, _flipped, _plain_functions, _two_valued)
"""Those that have no free constant, so that they may be tried on one or two numbers."""
