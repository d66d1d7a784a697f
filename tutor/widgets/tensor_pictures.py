"""The elements of a tensor as rows of text: a table of values, a heatmap in glyphs, and a histogram."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from textual.content import Content

from tutor.widgets.formats import MUTED, count, number, told_apart

if TYPE_CHECKING:
    import numpy

    from tutor.widgets.tensor_data import Array

Number: TypeAlias = float | int | bool | complex

SHADES = "·░▒▓█"
"""From the lowest value to the highest; the colours only repeat what the glyphs say."""
_SHADE_STYLES = ("$secondary", "$secondary", "$accent", "$primary", "$primary")
NAN_GLYPH, INFINITE_GLYPH = "✗", "∞"
GAP = 2
VALUE_ROWS, HEAT_ROWS = 16, 16
BINS = 8
_EIGHTHS = " ▏▎▍▌▋▊▉"
_LONGEST_BAR = 40
_ODD = "bold $error"


def edges(length: int, room: int) -> list[int | None]:
    """Indices from 0 that fit in `room` places: all, or the first and the last with None where the rest is left out."""
    if length <= room:
        return list(range(length))
    tail = max(0, room - 1) // 2
    head = max(1, room - 1 - tail)
    return [*range(head), None, *range(length - tail, length)]


# ---- values -----------------------------------------------------------------------------------------------------


def value_rows(array: Array, width: int, height: int = VALUE_ROWS) -> list[Content]:
    """The elements of an array of at most two dimensions in a table of `width` cells; what is too much is left out."""
    if array.ndim == 0:
        return [_number(array.item())]
    if array.size == 0:
        return [Content.styled("No elements.", MUTED)]
    return _vector(array, width, height) if array.ndim == 1 else _matrix(array, width, height)


def _vector(array: Array, width: int, height: int) -> list[Content]:
    """Elements one after the other, each row led by the index of its first."""
    length = array.shape[0]
    label = len(str(length - 1)) + GAP
    say = formatter([array[i].item() for i in edges(length, 400) if i is not None])
    cell = max(len(say(array[i].item())) for i in edges(length, 400) if i is not None) + GAP
    fits = max(1, (width - label) // cell)
    across = next((nice for nice in (20, 10, 5) if nice <= fits), fits)
    if length <= fits:
        return _table([None], [[_number(x, say) for x in array.tolist()]], 0)
    starts = list(range(0, length, across))
    lines: list[list[Content] | None] = []
    labels: list[str | None] = []
    for place in edges(len(starts), height):
        labels.append("…" if place is None else str(starts[place]))
        lines.append(None if place is None else [_number(x, say) for x in array[starts[place] :][:across].tolist()])
    return _table(labels, lines, cell - GAP)


def _matrix(array: Array, width: int, height: int) -> list[Content]:
    """Rows and columns with their indices."""
    rows, columns = edges(array.shape[0], height), array.shape[1]
    label = len(str(array.shape[0] - 1)) + GAP
    shown = edges(columns, max(3, width // (GAP + 1)))
    sample = [array[r, c].item() for r in rows for c in shown if r is not None and c is not None]
    say = formatter(sample)
    cell = max(len(str(columns - 1)), *(len(say(x)) for x in sample))
    shown = edges(columns, max(2, (width - label) // (cell + GAP)))
    heading = [Content.styled("…" if c is None else str(c), MUTED) for c in shown]
    lines: list[list[Content] | None] = [heading]
    labels: list[str | None] = [""]
    for r in rows:
        labels.append("…" if r is None else str(r))
        dots = Content.styled("…", MUTED)
        lines.append(None if r is None else [dots if c is None else _number(array[r, c].item(), say) for c in shown])
    return _table(labels, lines, cell)


def _table(labels: Sequence[str | None], lines: Sequence[list[Content] | None], cell: int) -> list[Content]:
    """Lines of right-aligned cells behind their labels; None for a line that was left out."""
    label_width = max(len(label or "") for label in labels)
    out: list[Content] = []
    for label, line in zip(labels, lines, strict=True):
        row = Content("") if label is None else Content.styled(f"{label:>{label_width}}", MUTED)
        for place, content in enumerate(line or ()):
            gap = " " * GAP if place or label is not None else ""
            row = row + gap + " " * max(0, cell - content.cell_length) + content
        out.append(row)
    return out


def formatter(values: Sequence[Number]) -> Callable[[Number], str]:
    """How to write numbers that stand in one table: with as many decimals each as give the largest four digits.

    Numbers of very different or extreme size are written each by itself.
    """
    sizes = [abs(x) for x in values if isinstance(x, float) and math.isfinite(x)]
    largest = max(sizes, default=0.0)
    if not 1e-3 <= largest < 1e5 or all(size == int(size) for size in sizes):
        return number
    decimals = max(0, 3 - math.floor(math.log10(largest)))

    def text(value: Number) -> str:
        if not isinstance(value, float) or not math.isfinite(value):
            return number(value)
        fixed = f"{value:.{decimals}f}"
        # A small number is not shown as zero.
        return number(value, 2) if value and not float(fixed) else fixed

    return text


def _number(value: Number, say: Callable[[Number], str] = number) -> Content:
    """A number; what is not finite stands out."""
    finite = not isinstance(value, float) or math.isfinite(value)
    return Content.styled(say(value), "" if finite else _ODD)


# ---- heatmap ----------------------------------------------------------------------------------------------------


def heat_rows(array: Array, width: int, height: int = HEAT_ROWS) -> list[Content]:
    """A glyph an element, or a block of elements by its mean, with a legend below; nothing for fewer than four.

    `array` has one or two dimensions and real elements. The lowest finite value is `·`, the highest `█`; NaN is `✗`,
    an infinity `∞`.
    """
    import numpy

    if array.size < 4 or array.dtype.kind == "c":
        return []
    grid = array.reshape(1, -1) if array.ndim == 1 else array
    tall, broad = -(-grid.shape[0] // height), -(-grid.shape[1] // width)
    means = _blocks(grid.astype(numpy.float64), tall, broad)
    finite = means[numpy.isfinite(means)]
    if finite.size == 0:
        return []
    low, high = float(finite.min()), float(finite.max())
    each = 2 if means.shape[1] * 2 <= width else 1
    rows = [_heat_row(row, low, high, each) for row in means.tolist()]
    return [*rows, *_legend(low, high, tall, broad, width)]


def reduced(grid: Array, tall: int, broad: int, how: numpy.ufunc) -> Array:
    """Every block of so many rows and columns as one element: their sum, whether one of them is true, and so on."""
    import numpy

    starts, lefts = numpy.arange(0, grid.shape[0], tall), numpy.arange(0, grid.shape[1], broad)
    blocks: Array = how.reduceat(how.reduceat(grid, starts, axis=0), lefts, axis=1)
    return blocks


def _blocks(grid: Array, tall: int, broad: int) -> Array:
    """The mean of every block of so many rows and columns; not finite where an element is not."""
    import numpy

    if tall == broad == 1:
        return grid
    with numpy.errstate(invalid="ignore", over="ignore"):
        sums = reduced(grid, tall, broad, numpy.add)
    means: Array = sums / reduced(numpy.ones(grid.shape), tall, broad, numpy.add)
    return means


def _heat_row(values: Sequence[float], low: float, high: float, each: int) -> Content:
    return Content.assemble(*((glyph * each, style) for glyph, style in (_shade(x, low, high) for x in values)))


def _shade(value: float, low: float, high: float) -> tuple[str, str]:
    """The glyph of a value and its style."""
    if not math.isfinite(value):
        return (NAN_GLYPH if math.isnan(value) else INFINITE_GLYPH), _ODD
    place = (value - low) / (high - low) if high > low else 0.5
    level = min(len(SHADES) - 1, int(place * len(SHADES)))
    return SHADES[level], _SHADE_STYLES[level]


def _legend(low: float, high: float, tall: int, broad: int, width: int) -> list[Content]:
    if low == high:
        scale = Content.assemble(("all ", MUTED), number(low, 3))
    else:
        step = (high - low) / len(SHADES)
        signs = [_shade(low + step * (place + 0.5), low, high) for place in range(len(SHADES))]
        scale = Content.assemble(number(low, 3), " ", *signs, " ", number(high, 3))
    if tall == broad == 1:
        return [scale]
    note = Content.styled(f"one sign: the mean of {tall}×{broad} elements", MUTED)
    beside = scale + "   " + note
    return [beside] if beside.cell_length <= width else [scale, *note.wrap(width)]


# ---- histogram --------------------------------------------------------------------------------------------------


def histogram_rows(array: Array, width: int, bins: int = BINS) -> list[Content]:
    """A bar for each of `bins` equal ranges of the finite values, with its count; nothing for fewer than four.

    Whole numbers that span few values, and booleans, get a bar a value.
    """
    import numpy

    kind = array.dtype.kind
    values = array.reshape(-1) if kind != "f" else array[numpy.isfinite(array)]
    if array.size < 4 or values.size == 0 or kind == "c":
        return []
    low, high = values.min(), values.max()
    if kind == "b" or (kind in "iu" and int(high) - int(low) < 2 * bins):
        found, amounts = numpy.unique(values, return_counts=True)
        return _bars([str(x) for x in found.tolist()], amounts.tolist(), width)
    if low == high:
        return _bars([number(low.item(), 3)], [int(values.size)], width)
    sizes, borders = _counted(values.astype(numpy.float64), float(low), float(high), bins)
    texts = told_apart(borders)
    left, right = max(map(len, texts[:-1])), max(map(len, texts[1:]))
    labels = [f"{a:>{left}} to {b:>{right}}" for a, b in pairwise(texts)]
    return _bars(labels, sizes, width)


def _counted(values: Array, low: float, high: float, bins: int) -> tuple[list[int], list[float]]:
    """How many values each range holds, and the borders; scaled first, as high - low may overflow."""
    import numpy

    scale = max(abs(low), abs(high))
    amounts, borders = numpy.histogram(values / scale, bins=bins)
    return amounts.tolist(), (borders * scale).tolist()


def _bars(labels: Sequence[str], amounts: Sequence[int], width: int) -> list[Content]:
    label_width, counts = max(map(len, labels)), [count(amount) for amount in amounts]
    room = min(_LONGEST_BAR, max(4, width - label_width - 2 * GAP - max(map(len, counts))))
    unit = room / max(amounts)
    return [
        Content.assemble((f"{label:>{label_width}}", MUTED), "  ", (bar(unit * amount), "$primary"), f" {text}")
        for label, amount, text in zip(labels, amounts, counts, strict=True)
    ]


def bar(length: float) -> str:
    """A bar of so many cells in eighths; the least that can be seen where there is anything."""
    eighths = max(1, round(length * 8)) if length > 0 else 0
    full, rest = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")
