"""Relations between values of one shape: sign, factor, constant, functions, probabilities."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tutor.checks.relation import ENOUGH, Program, Relation, Same, becomes, glance, softmax, varied, whole
from tutor.checks.relations_order import flipped, layout, mixed, partly, rolled
from tutor.checks.values import Array, number_text

_MEAN = "A mean in place of a sum gives that."
_SUM = "A sum in place of a mean gives that."
_TIMES = {2.0: "twice", 0.5: "half", 3.0: "three times"}


def _negated(got: Array, expected: Array, same: Same, program: Program) -> Relation | None:
    if not np.any(expected) or not becomes(np.negative, got, expected, same):
        return None
    what = "The sign is wrong." if got.size == 1 else "Every number has the wrong sign."
    return Relation("negated", what, "Look for a minus, or for two things subtracted the wrong way round.")


def _scaled(got: Array, expected: Array, same: Same, program: Program) -> Relation | None:
    factor = _factor(got, expected, same)
    if factor is None:
        return None
    named = _named(factor, got, program)
    if len(named) == 1:
        return named[0]
    words = next((text for known, text in _TIMES.items() if np.isclose(factor, known, rtol=1e-6)), "")
    words = f"exactly {words}" if words else f"{_factor_text(factor)} times"
    return Relation("scaled", f"Every number is {words} what it should be.", "Look for a factor, or a division.")


def _factor(got: Array, expected: Array, same: Same) -> float | None:
    """By how much every number is too large; None where that differs from one to the other."""
    largest = np.unravel_index(np.argmax(np.abs(expected)), expected.shape)
    with np.errstate(all="ignore"):
        factor = float(got[largest] / expected[largest]) if got.dtype.kind != "c" else 0.0
    if not factor or not np.isfinite(factor) or not becomes(lambda a: a / factor, got, expected, same):
        return None
    return factor


def _factor_text(factor: float) -> str:
    """A factor with as many digits as tell it from 1."""
    return next(t for digits in (4, 6, 8, 12) if (t := number_text(factor, digits)) != "1" or digits == 12)


def _named(factor: float, got: Array, program: Program) -> list[Relation]:
    """What a factor may come from: a count, the root of one, or N / (N - 1)."""
    what = "It is" if got.size == 1 else "Every number is"
    found = []
    for count, where in _counts(got, program).items():
        bessel = count / (count - 1)
        if np.isclose(factor, count, rtol=1e-6):
            why = f"{what} {count} times what it should be; {count} is {where}. {_SUM}"
            found.append(Relation("sum-not-mean", why, "Divide by that number, or use a mean."))
        elif np.isclose(factor * count, 1, rtol=1e-6):
            why = f"{what} 1/{count} of what it should be; {count} is {where}. {_MEAN}"
            found.append(Relation("mean-not-sum", why, "Use a sum, or multiply by that number."))
        for value, words in (
            (count**0.5, f"the square root of {count}"),
            (count**-0.5, f"1 / the square root of {count}"),
            (bessel, f"{count}/{count - 1}"),
            (1 / bessel, f"{count - 1}/{count}"),
        ):
            if np.isclose(factor, value, rtol=1e-6):
                why = f"{what} {_factor_text(factor)} times what it should be. That is {words}; {count} is {where}."
                found.append(Relation("scaled", why, "Look for a factor, or a division."))
    return found


def _counts(got: Array, program: Program) -> dict[int, str]:
    """What there are so and so many of: numbers from 3 on, each with its first meaning."""
    counts = {got.size: "the number of elements"}
    counts |= {size: f"the size of dimension {axis}" for axis, size in enumerate(got.shape) if size != got.size}
    for name, values in program.variables:
        if values.shape:
            counts.setdefault(values.shape[0], f"`len({name})`")
            counts.setdefault(values.shape[-1], f"`{name}.shape[-1]`")
            counts.setdefault(values.size, f"`{name}.numel()`")
    return {count: what for count, what in counts.items() if count >= ENOUGH}


def _shifted(got: Array, expected: Array, same: Same, program: Program) -> Relation | None:
    if got.dtype.kind == "c":
        return None
    shift = float(got.flat[0] - expected.flat[0])
    if not np.isfinite(shift) or not becomes(lambda a: a - shift, got, expected, same):
        return None
    words = f"{number_text(abs(shift), 4)} too {'large' if shift > 0 else 'small'}"
    return Relation("shifted", f"Every number is {words}.", "Look for something that is added, or left out.")


def _function(got: Array, expected: Array, same: Same, program: Program) -> Relation | None:
    if got.dtype.kind == "c" or varied(got, same) < ENOUGH:
        return None
    for name, function, why, next_ in _FUNCTIONS:
        if becomes(function, expected, got, same):
            return Relation(name, why, next_)
    if becomes(lambda a: np.maximum(a, 0), got, expected, same):
        why = "What is wanted has 0 where you have negative numbers."
        return Relation("not-clipped", why, "That is what relu does.")
    return _low_precision(got, expected)


_FUNCTIONS: tuple[tuple[str, Callable[[Array], Array], str, str], ...] = (
    (
        "squared",
        np.square,
        "Every number is the square of what it should be.",
        "Look for `**2`, or a product with itself.",
    ),
    (
        "square-rooted",
        np.sqrt,
        "Every number is the square root of what it should be.",
        "Look for `sqrt`, `**0.5` or `norm`.",
    ),
    ("exponentiated", np.exp, "Every number is `exp` of what it should be.", "Look for `exp`."),
    ("logged", np.log, "Every number is the logarithm of what it should be.", "Look for `log`."),
    ("absolute", np.abs, "The numbers are right, but all signs are gone.", "Look for `abs`, or a root of a square."),
    (
        "clipped-at-zero",
        lambda a: np.maximum(a, 0),
        "The negative numbers have become 0, as relu does.",
        "Look for `relu` or `clamp`.",
    ),
    (
        "inverse",
        lambda a: 1 / a,
        "Every number is 1 divided by what it should be.",
        "Look for a division the wrong way round.",
    ),
    (
        "truncated-to-int",
        np.trunc,
        "Every number has lost what stands after the point.",
        "Look for `int`, `//` or `.long()`.",
    ),
    ("rounded", np.round, "Every number is rounded to a whole one.", "Look for `round`."),
    (
        "rounded",
        lambda a: np.round(a, 1),
        "Every number is rounded to one digit after the point.",
        "Look for `round`, or a text that numbers were made of.",
    ),
    (
        "rounded",
        lambda a: np.round(a, 2),
        "Every number is rounded to two digits after the point.",
        "Look for `round`, or a text that numbers were made of.",
    ),
    (
        "rounded",
        lambda a: np.round(a, 3),
        "Every number is rounded to three digits after the point.",
        "Look for `round`, or a text that numbers were made of.",
    ),
    (
        "complement",
        lambda a: 1 - a,
        "Every number is 1 minus what it should be.",
        "Is it the other class that is meant?",
    ),
)

_PRECISIONS = (("float32", 23, 1e-6), ("float16", 10, 4e-3), ("bfloat16", 7, 3e-2))
"""Bits after the first, and how far a few steps of arithmetic may be off."""


def _low_precision(got: Array, expected: Array) -> Relation | None:
    """Numbers near the wanted ones that need no more bits than a smaller dtype has, and mostly all of them."""
    for name, bits, rtol in _PRECISIONS:
        if not Same(rtol, 1e-6)(got, expected) or not _fits_into(got, bits):
            continue
        why = f"The numbers are near the wanted ones, and have no more digits than {name} holds."
        return Relation("low-precision", why, f"Look for a conversion to {name}.")
    return None


def _fits_into(values: Array, bits: int) -> bool:
    """Whether numbers need no more bits, and most of them no fewer: whole ones and the like fit into any dtype."""
    few = glance(values)
    if 2 * np.count_nonzero(_with_bits(few, bits - 3) != few) < few.size:
        return False
    return becomes(lambda a: _with_bits(a, bits), values, values, Same(0, 0))


def _with_bits(values: Array, bits: int) -> Array:
    """Rounded to so many bits after the first."""
    fraction, exponent = np.frexp(values)
    return np.asarray(np.ldexp(np.round(np.ldexp(fraction, bits + 1)), exponent - bits - 1))


def nearly(got: Array, expected: Array, same: Same) -> Relation | None:
    """Numbers that differ only in the digits where a relation could not be told from rounding."""
    if not same(got, expected):
        return None
    if got.dtype.kind == "f" and (found := _low_precision(got, expected)) is not None:
        return found
    why = "The numbers agree in about five digits, and differ after those."
    return Relation("nearly-equal", why, "Look for a constant that was rounded, or steps in another precision.")


def _probabilities(got: Array, expected: Array, same: Same, program: Program) -> Relation | None:
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
            return Relation("logits-not-probabilities", why, f"`torch.softmax(…, dim={axis})` gives it.")
        if same(got, softmax(expected, axis)):
            if same(expected.sum(axis=axis), np.ones(expected.sum(axis=axis).shape)):
                why = "Softmax was taken twice: yours is the softmax of what is wanted."
                return Relation("softmax-twice", why, "Take it once.")
            return Relation("probabilities-not-logits", "Yours is the softmax of what is wanted.", "Leave softmax out.")
    if becomes(_sigmoid, got, expected, same):
        why = "What is wanted is the sigmoid of what you have."
        return Relation("logits-not-probabilities", why, "`torch.sigmoid(…)` gives it.")
    if becomes(_sigmoid, expected, got, same):
        return Relation("probabilities-not-logits", "Yours is the sigmoid of what is wanted.", "Leave sigmoid out.")
    return None


def _sigmoid(values: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-values)))


def _twice_or_half(got: Array, expected: Array, same: Same, program: Program) -> Relation | None:
    what = "It is" if got.size == 1 else "Every number is"
    for factor, words in _TIMES.items():
        if np.any(expected) and becomes(lambda a: a / factor, got, expected, same):  # noqa: B023 - called at once
            return Relation("scaled", f"{what} exactly {words} what it should be.", "Look for a factor.")
    return None


def _by_a_count(got: Array, expected: Array, same: Same, program: Program) -> Relation | None:
    """A loss or mean that is a whole number of times too large, where the program has so many of something."""
    factor = _factor(got, expected, same) if np.any(expected) and not whole(got, expected) else None
    if factor is None or (1 / 3.5 < factor < 3.5):
        return None
    named = [r for r in _named(factor, got, program) if r.id != "scaled"]
    return named[0] if named else None


def _plain_functions(got: Array, expected: Array, same: Same, program: Program) -> Relation | None:
    """Functions that seldom turn one number into another by chance; 0 and 1 stay what they are."""
    if got.dtype.kind == "c" or np.all((expected == 0) | (expected == 1)):
        return None
    return next((Relation(n, why, x) for n, f, why, x in _FUNCTIONS[:4] if becomes(f, expected, got, same)), None)


def _two_valued(got: Array, expected: Array, same: Same, program: Program) -> Relation | None:
    """0 and 1 swapped."""
    if got.size < 4 or set(np.unique(glance(expected))) != {0, 1}:
        return None
    if not becomes(lambda a: 1 - a, got, expected, same):
        return None
    return Relation(
        "complement", "Every 0 should be a 1, and every 1 a 0.", "Look at which side of the comparison is 1."
    )


VALUE_SEARCHES = (
    layout,
    _negated,
    _scaled,
    _shifted,
    flipped,
    rolled,
    mixed,
    _function,
    _probabilities,
    partly,
)
"""From the simplest on."""

FEW = (_negated, _twice_or_half, _by_a_count, flipped, _plain_functions, _two_valued)
"""Those that have no free constant, so that they may be tried on one or two numbers."""
