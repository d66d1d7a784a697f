"""What a program asks to have drawn, as plain data."""

from __future__ import annotations

from math import isfinite
from typing import Literal

import msgspec

MOST_PLOTS = 8
MOST_POINTS = 2000
MOST_NUMBERS = 10_000
MOST_CLASSES = 10
GRID = (64, 32)
"""Columns and rows in which the regions of a model are looked up."""


class Plot(msgspec.Struct, frozen=True, kw_only=True):
    """A curve of numbers, points of classes, the regions of a model behind such points, or counts of a confusion.

    Classes are counted from 0. Which fields are filled follows from the kind; the constants here cap the sizes.
    """

    kind: Literal["curve", "scatter", "regions", "confusion"]
    name: str = ""
    x: tuple[float, ...] = ()
    y: tuple[float, ...] = ()
    classes: tuple[int, ...] = ()
    """The class of each point; empty where the points have none."""
    predicted: tuple[int, ...] = ()
    """The class that the model gives to each point, in regions."""
    bounds: tuple[float, float, float, float] = (0.0, 1.0, 0.0, 1.0)
    """Left, right, bottom and top of the regions."""
    grid: bytes = b""
    """The class of each cell of the regions, a byte each, from the top row on."""
    counts: tuple[tuple[int, ...], ...] = ()
    """A row for each true class, with how often each class was predicted."""
    problem: str = ""
    """Why there is nothing to draw."""
    left_out: int = 0
    """Points or numbers beyond what is drawn."""


def sound(plot: Plot) -> Plot:
    """The plot, if it is what the functions make; a program can send anything."""
    columns, rows = GRID
    fits = (
        len(plot.x) in (0, len(plot.y))
        and len(plot.y) <= (MOST_NUMBERS if plot.kind == "curve" else MOST_POINTS)
        and len(plot.classes) in (0, len(plot.x))
        and len(plot.predicted) in (0, len(plot.x))
        and all(0 <= each < MOST_CLASSES for each in (*plot.classes, *plot.predicted, *plot.grid))
        and len(plot.grid) in (0, columns * rows)
        and all(map(isfinite, (*plot.x, *plot.bounds)))
        and (plot.kind == "curve" or all(map(isfinite, plot.y)))
        and plot.bounds[0] < plot.bounds[1]
        and plot.bounds[2] < plot.bounds[3]
        and len(plot.counts) <= MOST_CLASSES
        and all(len(row) == len(plot.counts) and min(row, default=-1) >= 0 for row in plot.counts)
    )
    return plot if fits else Plot(kind=plot.kind, problem="It could not be read.")
