"""Relations through the learner's own variables: another dimension, another operation, a variable taken for another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from typing import NamedTuple

import numpy as np

from tutor.checks.relation import ENOUGH, Program, Relation, Same, softmax, varied, whole
from tutor.checks.values import Array

_DIMS = 4


class _Form(NamedTuple):
    """One operation on one variable."""

    variable: str
    operation: str
    axis: int | None

    def text(self) -> str:
        """As it may stand in the program."""
        name = self.operation.removesuffix("-biased")
        along = f"dim={self.axis}" if self.axis is not None else ""
        return f"{self.variable}.{name}({along})"


def _variance(spread: Callable[..., Array], ddof: int) -> Callable[..., Array]:
    def measured(values: Array, axis: int | None) -> Array:
        count = values.size if axis is None else values.shape[axis]
        return np.asarray(spread(values, axis=axis, ddof=ddof)) if count > 1 else np.asarray(np.nan)

    return measured


_OPERATIONS: dict[str, Callable[..., Array]] = {
    "sum": np.sum,
    "mean": np.mean,
    "max": np.max,
    "min": np.min,
    "argmax": np.argmax,
    "argmin": np.argmin,
    "std": _variance(np.std, 1),
    "std-biased": _variance(np.std, 0),
    "var": _variance(np.var, 1),
    "var-biased": _variance(np.var, 0),
    "prod": np.prod,
    "norm": lambda values, axis: np.sqrt(np.sum(np.square(values), axis=axis)),
}
_ALONG: dict[str, Callable[..., Array]] = {
    "softmax": softmax,
    "log_softmax": lambda values, axis: np.log(softmax(values, axis)),
    "cumsum": np.cumsum,
    "sort": np.sort,
}
"""Those that keep the shape."""
_SURE_OF_WHOLE = ({"sum-not-mean"}, {"mean-not-sum"})
"""What two whole numbers prove: any may be the maximum of something."""


VAGUE = "other-operation"
"""What is said only if nothing more exact holds."""


def of_operations(got: Array, expected: Array, same: Same, program: Program) -> Relation | None:
    """The one relation that holds by way of operations on variables; None where none does, or several do."""
    for search in (_operations, _products):
        found: dict[str, Relation] = {}
        for relation in search(got, expected, same, program):
            found.setdefault(relation.id, relation)
        if found:
            return next(iter(found.values())) if len(found) == 1 else None
    return None


def _operations(got: Array, expected: Array, same: Same, program: Program) -> Iterator[Relation]:
    """What got and expected are of one variable."""
    for name, values in program.variables:
        if values.size >= max(got.size, expected.size):  # an operation makes no more numbers than there are
            yield from _of_variable(name, values, got, expected, same)


def _of_variable(name: str, values: Array, got: Array, expected: Array, same: Same) -> Iterator[Relation]:
    """What got and expected are of one variable, if both are something of it."""
    if values.size <= 2 or not 1 <= values.ndim <= _DIMS or varied(values, same) < ENOUGH:
        return
    forms = list(_forms(name, values))
    mine = [form for form, value in forms if _fits(value, got, same)]
    if not mine:
        return
    wanted = [form for form, value in forms if _fits(value, expected, same)]
    found = [relation for a in mine[:4] for b in wanted[:4] for relation in _between(a, b)]
    if (
        max(got.size, expected.size) > 1
        or not whole(got, expected)
        or {relation.id for relation in found} in _SURE_OF_WHOLE
    ):
        yield from found


def _fits(value: Array, target: Array, same: Same) -> bool:
    """Equal but for dimensions of size 1."""
    return (
        value.size == target.size
        and value.squeeze().shape == target.squeeze().shape
        and same(value.squeeze(), target.squeeze())
    )


def _forms(name: str, values: Array) -> Iterator[tuple[_Form, Array]]:
    axes = range(values.ndim)
    with np.errstate(all="ignore"):
        for operation, function in _OPERATIONS.items():
            for axis in (None, *axes) if values.ndim > 1 else (None,):
                yield _Form(name, operation, axis), np.asarray(function(values, axis=axis))
        for operation, function in _ALONG.items():
            for axis in axes:
                yield _Form(name, operation, axis), np.asarray(function(values, axis=axis))


def _between(mine: _Form, wanted: _Form) -> Iterator[Relation]:
    if mine == wanted:
        return
    if mine.operation == wanted.operation:
        where = "for all of it at once" if wanted.axis is None else "along another dimension"
        where = "along one dimension" if mine.axis is None else where
        next_ = "`dim` names the dimension that disappears."
        if mine.operation in _ALONG:
            next_ = "`dim` names the dimension along which it works."
        yield Relation("wrong-dim", f"Yours is `{mine.text()}`. It is wanted {where}.", next_)
    elif mine.axis == wanted.axis:
        yield _other_operation(mine, (mine.operation, wanted.operation))


_SPREADS = {"var": "variance", "std": "standard deviation"}
_PAIRS = {
    ("sum", "mean"): ("sum-not-mean", "the mean is wanted", "Divide by the number of elements, or use `mean`."),
    ("mean", "sum"): ("mean-not-sum", "the sum is wanted", "Use `sum`."),
    ("max", "argmax"): ("values-not-indices", "the place of the largest is wanted", "`argmax` gives the place."),
    ("min", "argmin"): ("values-not-indices", "the place of the smallest is wanted", "`argmin` gives the place."),
    ("argmax", "max"): ("indices-not-values", "the largest itself is wanted", "`max` gives it."),
    ("argmin", "min"): ("indices-not-values", "the smallest itself is wanted", "`min` gives it."),
}


def _other_operation(mine: _Form, pair: tuple[str, str]) -> Relation:
    plain = tuple(name.removesuffix("-biased") for name in pair)
    if plain[0] == plain[1]:
        divisors = ("N", "N - 1") if pair[0].endswith("-biased") else ("N - 1", "N")
        why = f"Yours is the {_SPREADS[plain[0]]} of `{mine.variable}` divided by {divisors[0]}, not by {divisors[1]}."
        return Relation("biased-variance", why, "torch divides by N - 1, NumPy by N; `correction=` says which.")
    known, wanted, next_ = _PAIRS.get(pair, (VAGUE, "another operation on it is wanted", "Read the task again."))
    return Relation(known, f"Yours is `{mine.text()}`, and {wanted}.", next_)


def _products(got: Array, expected: Array, same: Same, program: Program) -> Iterator[Relation]:
    """`*` and `@` taken for each other."""
    pairs = [(a, b) for a in program.variables[:10] for b in program.variables[:10]]
    for (name, left), (other, right) in pairs:
        if left.ndim == 0 or right.ndim == 0 or left.size < 2:
            continue
        if not _both(left, right, got, expected):
            continue
        product, each = left @ right, left * right
        if _fits(each, got, same) and _fits(product, expected, same):
            why = f"Yours is `{name} * {other}`, element by element. Wanted is the matrix product."
            yield Relation("elementwise-not-matmul", why, "The matrix product is written `@`.")
        elif _fits(product, got, same) and _fits(each, expected, same):
            why = f"Yours is `{name} @ {other}`, the matrix product. Wanted is element by element."
            yield Relation("matmul-not-elementwise", why, "Element by element is written `*`.")


def _both(left: Array, right: Array, got: Array, expected: Array) -> bool:
    """Whether there is `left @ right` and `left * right`, the latter of as many numbers as one side has."""
    try:
        shape = np.broadcast_shapes(left.shape, right.shape)
    except ValueError:
        return False
    inner = right.shape[-2] if right.ndim > 1 else right.shape[0]
    fits = prod(shape) in (got.size, expected.size) and left.shape[-1] == inner
    return fits and max(left.ndim, right.ndim) <= 2


def of_whole(got: Array, expected: Array, same: Same, program: Program) -> Relation | None:
    """A variable that is what is wanted, or what was got."""
    if varied(expected, same) < ENOUGH:
        return None
    for name, values in program.variables:
        if same(values, expected):
            return Relation("other-variable", f"The numbers that are wanted are in `{name}`.", f"Look at `{name}`.")
    for name, values in program.variables:
        if varied(got, same) >= ENOUGH and same(values, got):
            why = f"These are the numbers of `{name}`, unchanged."
            return Relation("unchanged-input", why, "An operation gives a new tensor: keep what it returns.")
    return None
