"""What the inspector says of one variable, as rows of styled text for any width."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from tutor.runtime.values import (
    ArrayValue,
    LayerInfo,
    MappingValue,
    ModuleValue,
    OtherValue,
    ParameterInfo,
    SequenceValue,
    TensorValue,
    Value,
    Variable,
)
from tutor.widgets.formats import (
    MUTED,
    count,
    elements,
    gradient_norm,
    norm,
    number,
    odd_elements,
    plural,
    shape_text,
    short_dtype,
    shorten,
    tensor_text,
    type_text,
    value_text,
    visible,
)
from tutor.widgets.tensor_data import decode, matrix_of
from tutor.widgets.tensor_pictures import heat_rows, histogram_rows, value_rows

_CODE = "$secondary"
ITEMS = 200
"""Items of a list or a dict that are listed."""


def title(variable: Variable) -> Content:
    """The variable's name, its type and, for a tensor, its dtype and shape."""
    value = variable.value
    parts = [(shorten(visible(variable.name), 40), "bold"), ("  ", ""), (type_text(value), MUTED)]
    if isinstance(value, TensorValue | ArrayValue):
        parts += [(" ", ""), (tensor_text(value), _CODE)]
    return Content.assemble(*parts)


def slices(value: Value) -> int:
    """How many matrices a tensor consists of: 1 up to two dimensions, the product of the leading sizes beyond."""
    if isinstance(value, TensorValue | ArrayValue) and len(value.shape) > 2 and value.data is not None:
        return max(1, elements(value.shape[:-2]))
    return 1


def rows(value: Value, width: int, slice_number: int = 0) -> list[Content]:
    """Everything about a value in rows of at most `width` cells; `slice_number` picks the matrix of a deep tensor."""
    width = max(width, 20)
    if isinstance(value, TensorValue | ArrayValue):
        return _tensor(value, width, slice_number)
    if isinstance(value, ModuleValue):
        return _module(value, width)
    if isinstance(value, SequenceValue):
        return _items([(f"[{i}]", item) for i, item in enumerate(value.items[:ITEMS])], value.length, width)
    if isinstance(value, MappingValue):
        return _items([(visible(key), item) for key, item in value.items[:ITEMS]], value.length, width)
    text = value.text if isinstance(value, OtherValue) else value.value
    return _wrapped(Content(_lines(text) if isinstance(text, str) else value_text(value)), width)


def _lines(text: str) -> str:
    return "\n".join(visible(line) for line in text.expandtabs(4).split("\n"))


def _wrapped(content: Content, width: int) -> list[Content]:
    return [row.rstrip() for row in content.wrap(width)]


def heading(text: str, note: str = "") -> list[Content]:
    """A row above a part of the page, set apart from what stands before it."""
    return [Content(""), Content.assemble((text, "bold $primary"), (f"  {note}" if note else "", MUTED))]


# ---- tensors ----------------------------------------------------------------------------------------------------


def _tensor(value: TensorValue | ArrayValue, width: int, slice_number: int) -> list[Content]:
    out = [*_wrapped(_facts(value), width), *_statistics(value, width)]
    out += _elements(value, width, slice_number)
    if isinstance(value, TensorValue):
        out += _gradient(value, width, slice_number)
    return out


def _facts(value: TensorValue | ArrayValue) -> Content:
    facts = [plural(elements(value.shape), "element")]
    if isinstance(value, TensorValue):
        facts.append(visible(value.device))
        if value.layout != "strided":
            facts.append(f"layout {visible(value.layout)}")
        if value.grad_fn:
            facts.append(f"made by {visible(value.grad_fn)}")
        if value.requires_grad:
            facts.append("leaf" if value.is_leaf else "not a leaf")
    return Content.styled(" · ".join(facts), MUTED)


def _statistics(value: TensorValue | ArrayValue, width: int) -> list[Content]:
    stats = value.stats
    if stats is None or elements(value.shape) < 2:
        return []
    named = [("min", stats.minimum), ("mean", stats.mean), ("max", stats.maximum), ("std", stats.std)]
    parts: list[Content] = [
        Content.assemble((f"{name} ", MUTED), number(amount)) for name, amount in named if amount is not None
    ]
    size = norm(value)
    if size is not None and math.isfinite(size) and "float" in value.dtype:
        parts.append(Content.assemble(("norm ", MUTED), number(size)))
    if odd := odd_elements(stats):
        parts.append(Content.styled(f"⚠ {odd}", "bold $error"))
    return _flowing(parts, width)


def _flowing(parts: Sequence[Content], width: int) -> list[Content]:
    """Parts beside each other, and on the next row where they do not fit."""
    out: list[Content] = []
    for part in parts:
        if out and out[-1].cell_length + 3 + part.cell_length <= width:
            out[-1] = out[-1] + "   " + part
        else:
            out.append(part)
    return out


def _elements(value: TensorValue | ArrayValue, width: int, slice_number: int) -> list[Content]:
    """Values, heatmap and histogram; the first two of one matrix, the last of the whole tensor."""
    array = decode(value)
    if array is None:
        return [Content(""), *_wrapped(Content.styled(_why_no_values(value), MUTED), width)]
    matrix, note = matrix_of(array, slice_number)
    out = [*heading("Values", note), *value_rows(matrix, width)]
    if picture := heat_rows(matrix, width):
        out += [*heading("Heatmap", note), *picture]
    if bars := histogram_rows(array, width):
        out += [*heading("Histogram", "of all elements" if note else ""), *bars]
    return out


def _why_no_values(value: TensorValue | ArrayValue) -> str:
    if value.data is not None or isinstance(value, ArrayValue):
        return f"Values of dtype {visible(value.dtype)} are not shown here."
    if value.device == "meta":
        return "A tensor on the meta device has a shape and no values."
    if value.layout != "strided":
        return f"The layout {visible(value.layout)} has no table of values; .to_dense() gives one."
    return "There are too many elements to show here; the statistics cover all of them."


def _gradient(value: TensorValue, width: int, slice_number: int) -> list[Content]:
    grad = value.grad
    if grad is None:
        text = _why_no_gradient(value)
        return [*heading("Gradient"), *_wrapped(Content(text), width)] if text else []
    out = [*heading("Gradient", tensor_text(grad)), *_statistics(grad, width)]
    array = decode(grad)
    if array is None:
        return [*out, *_wrapped(Content.styled(_why_no_values(grad), MUTED), width)]
    matrix, note = matrix_of(array, slice_number)
    if note:
        out.append(Content.styled(note, MUTED))
    if len(out) > 2:
        out.append(Content(""))
    out += value_rows(matrix, width)
    picture = heat_rows(matrix, width)
    return [*out, Content(""), *picture] if picture else out


def _why_no_gradient(value: TensorValue) -> str:
    if not value.requires_grad:
        return ""
    if value.is_leaf:
        return "None: no backward() has reached this tensor since its gradient was last cleared."
    return "None is kept: this tensor is not a leaf. Call retain_grad() on it before backward() to keep one."


# ---- modules, lists, dicts --------------------------------------------------------------------------------------


def _module(value: ModuleValue, width: int) -> list[Content]:
    facts = [plural(value.parameter_count, "parameter")]
    if value.trainable_count != value.parameter_count:
        facts.append(f"{count(value.trainable_count)} trainable")
    facts.append("train mode" if value.training else "eval mode")
    size = gradient_norm(value)
    if size is not None:
        facts.append(f"gradient norm {number(size)}")
    out = _wrapped(Content.styled(" · ".join(facts), MUTED), width)
    if value.layers:
        out += [*heading("Layers"), *_columns([_layer(layer) for layer in value.layers], width, stretch=1)]
    if value.parameters:
        heads = ("name", "shape", "dtype", "‖grad‖")
        table = [heads, *(_parameter(parameter) for parameter in value.parameters)]
        out += [*heading("Parameters"), *_columns(table, width, headed=True)]
    if value.buffers:
        out += [*heading("Buffers"), *_wrapped(Content(", ".join(map(visible, value.buffers))), width)]
    return out


def _layer(layer: LayerInfo) -> tuple[str, ...]:
    text = visible(layer.type) + (f"({visible(layer.text)})" if layer.text else "")
    shapes = ""
    if layer.shape_in is not None and layer.shape_out is not None:
        shapes = f"{shape_text(layer.shape_in)} → {shape_text(layer.shape_out)}"
    return visible(layer.name) or "·", text, count(layer.parameters) if layer.parameters else "", shapes


def _parameter(parameter: ParameterInfo) -> tuple[str, ...]:
    size = "frozen" if not parameter.requires_grad else number(parameter.grad_norm) or "no grad"
    return visible(parameter.name), shape_text(parameter.shape), short_dtype(parameter.dtype), size


def _columns(table: Sequence[tuple[str, ...]], width: int, *, headed: bool = False, stretch: int = 0) -> list[Content]:
    """Texts in columns; the last and then `stretch` give way where they are too wide."""
    used = [place for place in range(len(table[0])) if any(row[place] for row in table)]
    sizes = {place: max(cell_len(row[place]) for row in table) for place in used}
    over = sum(sizes.values()) + 2 * (len(used) - 1) - width
    if over > 0 and len(used) > 3 and not headed:
        used = used[:-1]
        over -= sizes.pop(len(table[0]) - 1) + 2
    sizes[stretch] = max(8, sizes[stretch] - max(0, over))
    out = []
    for number_of_row, row in enumerate(table):
        cells = []
        for place in used:
            text = shorten(row[place], sizes[place])
            style = MUTED if headed and not number_of_row else "bold" if place == 0 else ""
            cells.append(Content.styled(text + " " * (sizes[place] - cell_len(text)), style))
        out.append(Content("  ").join(cells).truncate(width, ellipsis=True).rstrip())
    return out


def _items(pairs: list[tuple[str, Value]], length: int, width: int) -> list[Content]:
    out = [Content.styled(plural(length, "item"), MUTED), Content("")]
    label = min(24, max((cell_len(key) for key, _ in pairs), default=0))
    for key, item in pairs:
        text = value_text(item, max(8, width - label - 2))
        out.append(Content.assemble((f"{shorten(key, label):<{label}}", MUTED), "  ", text))
    if length > len(pairs):
        out.append(Content.styled(f"… and {plural(length - len(pairs), 'more item')}", MUTED))
    return out
