"""The table of variables as rows of styled text: columns give way, the least needed first, where it is narrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from tutor.runtime.values import ArrayValue, Stats, TensorValue, Variable
from tutor.widgets.formats import (
    MUTED,
    gradient_norm,
    number,
    shape_text,
    short_dtype,
    shorten,
    type_text,
    value_text,
    visible,
)

GAP = "  "
NAME_CAP = 20
DIGITS = 3


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, whether numbers align right in it, and how early it gives way (0 never)."""

    key: str
    heading: str
    right: bool = False
    yields: int = 0


COLUMNS = (
    Column("name", "name"),
    Column("type", "type", yields=5),
    Column("shape", "shape"),
    Column("dtype", "dtype"),
    Column("device", "device", yields=4),
    Column("grad", "grad"),
    Column("odd", ""),
    Column("min", "min", right=True, yields=2),
    Column("mean", "mean", right=True, yields=3),
    Column("max", "max", right=True, yields=2),
    Column("norm", "‖grad‖", right=True, yields=1),
)


@dataclass(frozen=True, slots=True)
class Table:
    """A heading row and one row a variable, all of the same columns."""

    heading: Content
    rows: tuple[Content, ...]
    columns: tuple[str, ...]


def cells(variable: Variable) -> dict[str, str] | None:
    """The texts of a tensor's or an array's row by column; None for any other value."""
    value = variable.value
    if not isinstance(value, TensorValue | ArrayValue):
        return None
    stats = value.stats
    tensor = value if isinstance(value, TensorValue) else None
    return {
        "name": shorten(visible(variable.name), NAME_CAP),
        "type": shorten(type_text(value), 12),
        "shape": shorten(shape_text(value.shape), 20),
        "dtype": short_dtype(value.dtype),
        "device": visible(tensor.device) if tensor else "",
        "grad": "yes" if tensor and tensor.requires_grad else "",
        "min": number(stats.minimum, DIGITS) if stats else "",
        "mean": number(stats.mean, DIGITS) if stats else "",
        "max": number(stats.maximum, DIGITS) if stats else "",
        "norm": number(gradient_norm(value), DIGITS),
        "odd": _odd(stats),
    }


def table(variables: Sequence[Variable], width: int) -> Table:
    """The table at most `width` cells wide: tensors in columns, other values as name, type and a short text."""
    found = [(variable, cells(variable)) for variable in variables]
    tensors = [row for _, row in found if row is not None]
    used = [c for c in COLUMNS if (c.heading and not c.yields) or any(row[c.key] for row in tensors)]
    names = [shorten(visible(variable.name), NAME_CAP) for variable in variables]
    columns, widths = _fit(used, tensors, names, width)
    heading = _line([(c.heading, widths[c.key], c.right, MUTED) for c in columns], width)
    rows = tuple(
        _other(variable, widths["name"], width) if row is None else _tensor(row, columns, widths, width)
        for variable, row in found
    )
    return Table(heading, rows, tuple(c.key for c in columns))


def _fit(
    columns: list[Column], rows: list[dict[str, str]], names: list[str], width: int
) -> tuple[list[Column], dict[str, int]]:
    """Columns that fit, and the cells that each takes; columns that yield at the same time leave together."""
    widths = {c.key: max(cell_len(text) for text in (c.heading, *(row[c.key] for row in rows))) for c in columns}
    widths["name"] = max(map(cell_len, ("name", *names)))
    while sum(widths[c.key] for c in columns) + len(GAP) * (len(columns) - 1) > width:
        soonest = max(c.yields for c in columns)
        if soonest == 0:
            break
        columns = [c for c in columns if c.yields < soonest]
    return columns, widths


def _tensor(row: dict[str, str], columns: list[Column], widths: dict[str, int], width: int) -> Content:
    parts = [(row[c.key], widths[c.key], c.right, _style(c.key)) for c in columns]
    return _line(parts, width)


def _odd(stats: Stats | None) -> str:
    """A mark where not all elements are finite; the inspector counts them."""
    if stats is None or not (stats.nans or stats.infinities):
        return ""
    return "⚠ nan" if stats.nans else "⚠ inf"


def _style(key: str) -> str:
    return {"name": "bold", "shape": "$secondary", "dtype": "$secondary", "grad": "$accent", "odd": "bold $error"}.get(
        key, ""
    )


def _other(variable: Variable, name_width: int, width: int) -> Content:
    kind = shorten(type_text(variable.value), 16)
    room = width - name_width - cell_len(kind) - 2 * len(GAP)
    name = shorten(visible(variable.name), NAME_CAP)
    return _line(
        [
            (name, name_width, False, "bold"),
            (kind, cell_len(kind), False, MUTED),
            (value_text(variable.value, max(1, room)), max(1, room), False, ""),
        ],
        width,
    )


def _line(parts: list[tuple[str, int, bool, str]], width: int) -> Content:
    """Texts set into their columns, cut at `width`."""
    content = Content("")
    for index, (text, size, right, style) in enumerate(parts):
        cell = " " * max(0, size - cell_len(text)) + text if right else set_cell_size(text, max(size, cell_len(text)))
        content = content + (GAP if index else "") + Content.styled(cell, style)
    return content.truncate(width, ellipsis=True).rstrip() if content.cell_length > width else content.rstrip()
