"""Points, regions and confusions as rows of text, and the sentence that says the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tutor.runtime.plot import GRID, Plot
from tutor.widgets.formats import number, plural
from tutor.widgets.loss_plot import Piece, Row

MARKS = "ox+*#@%&$="
"""The mark of each class; the land of a class in the regions of a model has its colour and a dot."""
LAND = "·"
_LEAST_WIDTH, _LEAST_HEIGHT = 20, 5


def draw(plot: Plot, width: int, height: int) -> list[Row]:
    """The plot in at most `height` rows of at most `width` cells; none where there is nothing to draw, or no room."""
    if plot.problem or width < _LEAST_WIDTH or height < _LEAST_HEIGHT:
        return []
    if plot.kind == "confusion":
        return _table(plot.counts, width)[:height]
    return _field(plot, width, height) if plot.x else []


# ---- points and regions -----------------------------------------------------------------------------------------


def _field(plot: Plot, width: int, height: int) -> list[Row]:
    """Points on a field with its bounds beside and below; a wrong side of a border is seen by mark and land."""
    left, right, bottom, top = plot.bounds if plot.kind == "regions" else _around(plot)
    labels = (number(top, 3), number(bottom, 3))
    margin = max(map(len, labels)) + 1
    columns, rows = width - margin - 1, height - 2
    cells = [[_land(plot, column, row, columns, rows) for column in range(columns)] for row in range(rows)]
    for index, (x, y) in enumerate(zip(plot.x, plot.y, strict=True)):
        column = round((x - left) / (right - left) * (columns - 1))
        row = round((top - y) / (top - bottom) * (rows - 1))
        if 0 <= column < columns and 0 <= row < rows:
            of = plot.classes[index] if plot.classes else 0
            cells[row][column] = (MARKS[of], f"class{of}")
    out = []
    for row, line in enumerate(cells):
        label = labels[0] if row == 0 else labels[1] if row == rows - 1 else ""
        out.append((Piece(f"{label:>{margin - 1}} │", "frame"), *_joined(line)))
    out.append((Piece(" " * margin + "└" + "─" * columns, "frame"),))
    ends = f"{number(left, 3)}{number(right, 3):>{max(1, columns - len(number(left, 3)))}}"
    out.append((Piece(" " * (margin + 1) + ends[:columns], "frame"),))
    return out


def _around(plot: Plot) -> tuple[float, float, float, float]:
    def room(values: Sequence[float]) -> tuple[float, float]:
        low, high = min(values), max(values)
        more = (high - low) * 0.05 or abs(low) * 0.1 or 1.0
        return low - more, high + more

    return *room(plot.x), *room(plot.y)


def _land(plot: Plot, column: int, row: int, columns: int, rows: int) -> tuple[str, str]:
    if not plot.grid:
        return " ", "frame"
    across, down = GRID
    of = plot.grid[min(down - 1, row * down // rows) * across + min(across - 1, column * across // columns)]
    return LAND, f"land{of}"


def _joined(cells: Sequence[tuple[str, str]]) -> list[Piece]:
    """Neighbours of the same role as one piece."""
    pieces: list[Piece] = []
    for text, role in cells:
        if pieces and pieces[-1].role == role:
            pieces[-1] = Piece(pieces[-1].text + text, role)
        else:
            pieces.append(Piece(text, role))
    return pieces


# ---- confusions -------------------------------------------------------------------------------------------------


def _table(counts: Sequence[Sequence[int]], width: int) -> list[Row]:
    """A row for each true class; what is right stands on the diagonal, in brackets."""
    if not counts:
        return []
    wide = max(len(str(count)) for row in counts for count in row) + 2
    head = "".join(f"{of:>{wide}}" for of in range(len(counts)))
    rows: list[Row] = [(Piece(f"true │ predicted{'':<{max(0, len(head) - 9)}}"[:width], "frame"),)]
    rows.append((Piece(f"     │{head}"[:width], "frame"),))
    for of, row in enumerate(counts):
        pieces = [Piece(f"{of:>4} │", "frame")]
        for taken, count in enumerate(row):
            text = f"[{count}]" if taken == of else f"{count or '·'} "
            role = "right" if taken == of else "wrong" if count else "frame"
            pieces.append(Piece(f"{text:>{wide + 1}}" if taken == 0 else f"{text:>{wide}}", role))
        rows.append(tuple(pieces))
    return rows


# ---- sentences --------------------------------------------------------------------------------------------------


def sentence(plot: Plot) -> str:
    """What the plot shows."""
    if plot.problem:
        return f"It can't be drawn: {plot.problem}"
    match plot.kind:
        case "curve":
            if not plot.y:
                return "There are no numbers in it."
            numbers = plural(len(plot.y), "number")
            return f"{numbers} from {number(plot.y[0], 3)} to {number(plot.y[-1], 3)}."
        case "confusion":
            return _of_confusion(plot.counts)
        case "scatter":
            said = _of_points(plot)
        case "regions":
            said = f"{_of_points(plot)} {_of_regions(plot)}".rstrip()
    return said + (f" {plural(plot.left_out, 'more point')} can't be shown." if plot.left_out else "")


def _of_points(plot: Plot) -> str:
    points = plural(len(plot.x), "point")
    if not plot.classes:
        return f"{points}."
    amounts = sorted(Counter(plot.classes).items())
    of = ", ".join(f"{MARKS[each]} {count} of class {each}" for each, count in amounts)
    return f"{points}: {of}."


def _of_regions(plot: Plot) -> str:
    if not (plot.classes and plot.predicted):
        return ""
    right = sum(of == given for of, given in zip(plot.classes, plot.predicted, strict=True))
    return f"{right} of them lie on the side of their class ({100 * right // len(plot.classes)} %)."


def _of_confusion(counts: Sequence[Sequence[int]]) -> str:
    total = sum(map(sum, counts))
    if not total:
        return "There is nothing to count."
    right = sum(row[of] for of, row in enumerate(counts))
    said = f"{right} of {total} are right ({100 * right // total} %)."
    wrong = [(count, of, taken) for of, row in enumerate(counts) for taken, count in enumerate(row) if taken != of]
    most, of, taken = max(wrong, default=(0, 0, 0), key=lambda each: (each[0], -each[1], -each[2]))
    times = "once" if most == 1 else f"{most} times"
    return f"{said} Most often {of} was taken for {taken}, {times}." if most else said
