"""A loss curve as rows of text."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tutor.widgets.formats import number, told_apart
from tutor.widgets.overlay import SIGNS
from tutor.widgets.stretch import WHOLE, Stretch

Role = str
"""What a piece belongs to: "frame", "current", or the curve with that sign of `SIGNS`."""
Point = tuple[int, float]
"""A step, counted from 1, and the loss there."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one row that has one role."""

    text: str
    role: Role


Row = tuple[Piece, ...]

_ROLES: dict[str, Role] = {"1": "current", **{str(number): sign for number, sign in enumerate(SIGNS, 2)}}
_HUGE = 1e300
_FACTORS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
"""Times powers of ten: what may lie between two marks."""
_SPAN = re.compile(r"\x1b\[([0-9;]*)m([^\x1b]*)")


def downsample(values: Sequence[float], columns: int) -> list[Point]:
    """At most `columns` points, finite ones only: of each stretch its lowest and its highest, so that spikes stay."""
    length = len(values)
    if length <= columns:
        return [(step, value) for step, value in enumerate(values, 1) if math.isfinite(value)]
    out: list[Point] = []
    stretches = max(1, columns // 2)
    for stretch in range(stretches):
        start, end = stretch * length // stretches, (stretch + 1) * length // stretches
        finite = [step for step in range(start, end) if math.isfinite(values[step])]
        if finite:
            extremes = {min(finite, key=values.__getitem__), max(finite, key=values.__getitem__)}
            out.extend((step + 1, values[step]) for step in sorted(extremes))
    return out


def smooth(values: Sequence[float], window: int) -> list[float]:
    """Mean of the last `window` values at each step, of fewer at the start; leaves out values that are not finite."""
    out: list[float] = []
    total, amount = 0.0, 0
    for step, value in enumerate(values):
        if math.isfinite(value):
            total, amount = total + value, amount + 1
        if step >= window and math.isfinite(old := values[step - window]):
            total, amount = total - old, amount - 1
        out.append(total / amount if amount else math.nan)
    return out


def smoothing_window(length: int) -> int:
    """A twentieth of the run, at least 3 steps."""
    return max(3, length // 20)


def ticks(lowest: float, highest: float, amount: int, log: bool = False) -> list[float]:
    """At most `amount` round values between the two, both included if they are round; powers of ten on a log scale."""
    if log:
        first, last = math.ceil(math.log10(lowest) - 1e-9), math.floor(math.log10(highest) + 1e-9)
        powers = [10.0**power for power in range(first, last + 1)]
        if len(powers) >= 2:
            return powers[:: -(-len(powers) // max(amount, 1))]
    span = highest - lowest
    if span <= 0 or not math.isfinite(span):
        return [lowest]
    unit = 10.0 ** math.floor(math.log10(span / max(amount, 1)))
    for step in (unit, 2 * unit, 2.5 * unit, 5 * unit, 10 * unit, 20 * unit):
        first, last = math.ceil(lowest / step - 1e-9), math.floor(highest / step + 1e-9)
        if last - first + 1 <= amount:
            return [place * step for place in range(first, last + 1)] or [lowest]
    return [lowest]


def even_ticks(lowest: float, highest: float, rows: int) -> tuple[list[float], float]:
    """Round values an equal number of rows apart, the first at or below `lowest`, and the value of the top row.

    The top row is at or above `highest`.
    """
    span = highest - lowest
    if rows < 3 or not math.isfinite(span) or span <= abs(lowest) * 1e-9:
        return [lowest], highest
    unit = 10.0 ** math.floor(math.log10(span / rows))
    found: list[tuple[float, list[float]]] = []
    for step in (factor * size for size in (unit, 10 * unit, 100 * unit) for factor in _FACTORS):
        first = math.floor(lowest / step + 1e-9)
        apart = (rows - 1) // max(1, math.ceil(highest / step - 1e-9) - first)
        if apart >= 2:
            amount = (rows - 1) // apart
            marks = [(first + place) * step for place in range(amount + 1)]
            found.append((marks[0] + (rows - 1) / apart * step, marks))
    # The one that leaves the least room empty; with few marks only where there is no other.
    top, marks = min(found, key=lambda f: (len(f[1]) < 3, f[0] - f[1][0]), default=(highest, [lowest]))
    return marks, top


def draw(
    current: Sequence[float],
    earlier: Sequence[tuple[int, Sequence[float]]] = (),
    *,
    width: int,
    height: int,
    log: bool = False,
    stretch: Stretch = WHOLE,
) -> list[Row]:
    """The curves in at most `height` rows of at most `width` cells; no rows where there is nothing to draw.

    All are drawn in fine dots, the run itself over earlier ones. Each of these comes with the place of its sign in
    `SIGNS`, which stands here and there on the curve. A log scale leaves out values that are not positive.
    """
    columns = max(1, width - 8)
    ends = stretch.ends(max(len(values) for values in (current, *(values for _, values in earlier))))
    curves = [(_points_of_earlier(tuple(values), ends, columns, log), sign + 2) for sign, values in earlier]
    curves.append((_points(current, ends, columns, log), 1))
    drawn = [curve for curve in curves if curve[0]]
    if not drawn or width < 16 or height < 3:
        return []
    return _parse(_plotext(drawn, ends, width, height, log))


def _points(values: Sequence[float], ends: tuple[int, int], columns: int, log: bool) -> list[Point]:
    """What is drawn of a curve between these steps."""
    first, last = ends
    shown = downsample(values[first - 1 : last], columns)
    # Beyond this, the distance between two values overflows.
    points = [(step + first - 1, max(-_HUGE, min(_HUGE, value))) for step, value in shown]
    return [(step, value) for step, value in points if value > 0] if log else points


_points_of_earlier = lru_cache(maxsize=16)(_points)
"""The same for curves that stay as they are from frame to frame."""


def _marked(points: list[Point], sign: int, amount: int) -> list[Point]:
    """The points of a curve on which its sign stands: other ones for each sign, so that few fall together."""
    share = (sign + 1) / (len(SIGNS) + 1)
    return [points[round((number + share) / amount * (len(points) - 1))] for number in range(amount)]


def _plotext(
    curves: Sequence[tuple[list[Point], int]], ends: tuple[int, int], width: int, height: int, log: bool
) -> str:
    """The plot as plotext writes it; each curve comes with the colour that stands for its role."""
    import plotext  # Loading it takes longer than drawing a frame of the app.

    values = [value for points, _ in curves for _, value in points]
    bottom, top, places, labels = _loss_axis(min(values), max(values), height - 2, log)
    figure = plotext.figure
    figure.clear()
    figure.plot_size(width, height)
    figure.theme("colorless")
    figure.axes(False, side=1)
    amount = max(2, width // 16)
    layers = [(points, "braille", colour) for points, colour in curves]
    layers += [(_marked(points, c - 2, amount), SIGNS[c - 2], c) for points, c in curves if c > 1]
    for points, sign, colour in layers:
        marker = plotext.marker(sign, plotext.pixel(colour))
        steps, losses = [step for step, _ in points], [math.log10(v) if log else v for _, v in points]
        figure.draw(figure.signal(steps, losses, marker=marker).lines(sign == "braille"))
    across, up = figure.ruler(0, 0), figure.ruler(1, 0)
    first, last = ends
    marks = _step_ticks(first, last, max(2, width // 12))
    across.lim(first, max(first + 1, last))
    across.ticks(marks, [f"{mark:,}" for mark in marks])
    up.lim(bottom, top)
    up.ticks(places, labels)
    return str(figure.build().string())


def _loss_axis(lowest: float, highest: float, rows: int, log: bool) -> tuple[float, float, list[float], list[str]]:
    """Bottom, top, and the places and labels of the ticks; on a log scale all but the labels are exponents of ten."""
    if log:
        marks = ticks(lowest, highest, max(2, rows // 2), log)
        places = [math.log10(mark) for mark in marks]
        margin = 0.0 if highest > lowest else 1.0
        return math.log10(lowest) - margin, math.log10(highest) + margin, places, told_apart(marks)
    if lowest == highest:
        margin = abs(lowest) / 2 or 1.0
        return lowest - margin, lowest + margin, [lowest], [number(lowest, 3)]
    places, top = even_ticks(lowest, highest, rows)
    return places[0], top, places, told_apart(places)


def _step_ticks(first: int, last: int, amount: int) -> list[int]:
    """The first step, round steps, and the last one."""
    between = [int(mark) for mark in ticks(first, last, amount) if mark == int(mark)]
    gap = (last - first + 1) / (amount + 1) / 2
    return sorted({first, last, *(mark for mark in between if first + gap < mark < last - gap)})


def _parse(text: str) -> list[Row]:
    """Rows of pieces from plotext's text: only the colours of the curves mean anything."""
    rows: list[Row] = []
    for line in text.rstrip("\n").split("\n"):
        pieces: list[Piece] = []
        for codes, content in _SPAN.findall(line):
            role = _ROLES.get(codes.rpartition(";")[2], "frame") if codes.startswith("38;5;") else "frame"
            if content:
                pieces.append(Piece(content, role))
        rows.append(tuple(pieces))
    return rows
