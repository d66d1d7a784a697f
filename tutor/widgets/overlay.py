"""Which curves of earlier runs stay behind the present one, and by which sign each is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

SIGNS = "+×o*·"
"""What stands on earlier curves, so that they can be told apart without colour."""
WIDE_RANGE = 1000
"""Runs that are compared stand on a log scale where their highest value is so many times their lowest."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Numbers to draw, the run that they belong to, and what they are where a run has several."""

    run: str
    values: tuple[float, ...]
    name: str = ""

    @property
    def label(self) -> str:
        """Such as "lr=0.1 accuracy"."""
        return f"{self.run} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Signed:
    """A curve, and the place of its sign in `SIGNS`."""

    curve: Curve
    sign: int


class Overlay:
    """The curves of the runs before, oldest first; a curve keeps its sign as long as it stays."""

    def __init__(self) -> None:
        self._kept: list[Signed] = []

    @property
    def curves(self) -> tuple[Signed, ...]:
        """All that are drawn behind the present run."""
        return tuple(self._kept)

    def clear(self) -> None:
        """Forget all."""
        self._kept = []

    def drop(self, run: str) -> None:
        """Forget the curves of a run, as it runs again."""
        self._kept = [signed for signed in self._kept if signed.curve.run != run]

    def keep(self, curves: Sequence[Curve], most: int) -> None:
        """Keep a run's curves, in place of the oldest where there are more than `most` runs, or no sign is free."""
        drawn = [curve for curve in curves if len(curve.values) > 1][: len(SIGNS)]
        if not drawn:
            return
        self.drop(drawn[0].run)
        runs = list(dict.fromkeys(signed.curve.run for signed in self._kept))
        while runs and (len(runs) >= most or len(self._kept) + len(drawn) > len(SIGNS)):
            self.drop(runs.pop(0))
        taken = {signed.sign for signed in self._kept}
        free = [sign for sign in range(len(SIGNS)) if sign not in taken]
        self._kept += [Signed(curve, sign) for curve, sign in zip(drawn, free, strict=False)]


def what_differs(runs: Sequence[str]) -> list[str]:
    """The names of runs ("lr=0.1, n=3") without what all of them share; in full where nothing would be left."""
    parts = [run.split(", ") for run in runs]
    common = set.intersection(*(set(each) for each in parts)) if len(runs) > 1 else set()
    short = [", ".join(part for part in each if part not in common) for each in parts]
    return short if all(short) else list(runs)


def stretched(values: Sequence[float], length: int) -> tuple[float, ...]:
    """As many numbers as wanted, each as often as it takes to fill the whole width."""
    if len(values) >= length:
        return tuple(values)
    return tuple(values[place * len(values) // length] for place in range(length))


def range_is_wide(curves: Sequence[Sequence[float]]) -> bool:
    """Whether a linear scale would flatten all but the largest of the values."""
    values = [value for curve in curves for value in curve if math.isfinite(value)]
    return bool(values) and min(values) > 0 and max(values) > WIDE_RANGE * min(values)
