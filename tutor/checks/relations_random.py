"""Random numbers of another draw: other numbers with the same distribution."""

from __future__ import annotations

import numpy as np

from tutor.checks.relation import Relation
from tutor.checks.syntax import names_used
from tutor.checks.values import Array

_DRAWS = ("rand", "randn", "randint", "randperm", "normal", "normal_", "uniform_", "bernoulli", "multinomial", "Linear")
_DRAWS_LIKE = (
    "rand_like",
    "randn_like",
    "randint_like",
    "random",
    "shuffle=",
    "Dropout",
    "dropout",
    "Conv2d",
    "Embedding",
)
_ENOUGH = 100
"""Fewer numbers do not show their distribution."""
_MOST = 20_000
_CRITICAL = 1.22
"""Kolmogorov and Smirnov's bound at the level of 0.1, where the two samples have infinitely many numbers."""


def other_seed(got: Array, expected: Array, code: str) -> Relation | None:
    """The numbers of a program that draws some, distributed as those that are wanted, and related in no other way."""
    if got.shape != expected.shape or got.size < _ENOUGH or got.dtype.kind == "c" or _draw(code) is None:
        return None
    a, b = (values.ravel()[:: -(-values.size // _MOST)] for values in (got, expected))
    if not _same_moments(a, b) or _correlated(a, b) or not _same_distribution(a, b):
        return None
    why = "These are other numbers with the same mean and spread as those that are wanted: another random draw."
    seeds = [name for name in names_used(code) if name.rpartition(".")[2] in ("manual_seed", "seed")]
    next_ = "Call `torch.manual_seed(…)` before the first random number is drawn."
    if seeds:
        next_ = "The same seed gives the same numbers only if all that is drawn before is the same, too."
    return Relation("other-seed", why, next_)


def _draw(code: str) -> int | None:
    """The first line in which a program draws random numbers."""
    ends = {name.rpartition(".")[2]: line for name, line in names_used(code).items()}
    return min((line for name, line in ends.items() if name in (*_DRAWS, *_DRAWS_LIKE)), default=None)


def _same_moments(a: Array, b: Array) -> bool:
    """Whether mean and spread differ by less than two standard errors."""
    spread = float(b.std())
    if not spread or abs(float(a.std()) - spread) > 2 * _spread_error(b) * spread:
        return False
    return bool(abs(a.mean() - b.mean()) < 2 * spread * (2 / b.size) ** 0.5)


def _spread_error(values: Array) -> float:
    """The relative standard error of the difference of two standard deviations of samples like this one."""
    centred = values - values.mean()
    kurtosis = float((centred**4).mean() / (centred**2).mean() ** 2)
    return float(np.sqrt(max(kurtosis - 1, 0.1) / 4 * 2 / values.size))


def _correlated(a: Array, b: Array) -> bool:
    """Whether the numbers of two independent draws would hardly ever be so alike."""
    return bool(abs(np.corrcoef(a, b)[0, 1]) > 4 / a.size**0.5)


def _same_distribution(a: Array, b: Array) -> bool:
    """The test of Kolmogorov and Smirnov for two samples of one size."""
    both = np.concatenate((a, b))
    steps = [np.searchsorted(np.sort(side), both, side="right") / side.size for side in (a, b)]
    return bool(np.abs(steps[0] - steps[1]).max() < _CRITICAL * (2 / a.size) ** 0.5)
