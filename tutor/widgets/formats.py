"""Values of the learner's program as short texts: shapes, dtypes, numbers, and anything else in one line.

All of these values come from an untrusted process, so every name and text passes through `visible`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from tutor.runtime.values import (
    ArrayValue,
    MappingValue,
    ModuleValue,
    OtherValue,
    PlainValue,
    SequenceValue,
    Stats,
    TensorValue,
    Value,
)

MUTED = "$quiet"
"""Style of what steps back; `$text-muted` has a meaning in CSS only."""

SHORT_DTYPES = {
    "float64": "f64",
    "float32": "f32",
    "float16": "f16",
    "bfloat16": "bf16",
    "int64": "i64",
    "int32": "i32",
    "int16": "i16",
    "int8": "i8",
    "uint64": "u64",
    "uint32": "u32",
    "uint16": "u16",
    "uint8": "u8",
    "complex64": "c64",
    "complex128": "c128",
}

_BIDI = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_VISIBLE: dict[int, str] = {
    **{code: chr(0x2400 + code) for code in range(0x20)},
    0x7F: "␡",
    **dict.fromkeys(range(0x80, 0xA0), "�"),
    **dict.fromkeys((0x2028, 0x2029), "␤"),
    **dict.fromkeys(_BIDI, "�"),
    **dict.fromkeys(range(0xD800, 0xE000), "�"),
}


def visible(text: str) -> str:
    """The text with every control character, direction mark and lone surrogate replaced by a visible sign."""
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_VISIBLE)


def shorten(text: str, width: int) -> str:
    """At most `width` characters of a one-line text; a cut is marked by an ellipsis."""
    if len(text) <= width:
        return text
    return text[: max(0, width - 1)] + "…" if width > 0 else ""


def short_dtype(dtype: str) -> str:
    """The usual short name of a dtype: "float32" becomes "f32"; others stay as they are."""
    return SHORT_DTYPES.get(dtype, visible(dtype))


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as `tuple(x.shape)` prints it: "(32, 64)", "(3,)", and "()" for a scalar."""
    return f"({shape[0]},)" if len(shape) == 1 else "(" + ", ".join(map(str, shape)) + ")"


def tensor_text(value: TensorValue | ArrayValue) -> str:
    """A tensor in one line, as in `f32 (32, 64) grad`; the device is named only where it is not the CPU."""
    text = f"{short_dtype(value.dtype)} {shape_text(value.shape)}"
    if isinstance(value, ArrayValue):
        return text
    if value.requires_grad:
        text += " grad"
    if value.device != "cpu":
        text += f" {visible(value.device)}"
    return text


def number(value: float | int | complex | None, digits: int = 4) -> str:
    """A number in at most `digits` significant digits, the shortest way that says the same; "" for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, complex):
        return f"{number(value.real, digits)}{'-' if value.imag < 0 else '+'}{number(abs(value.imag), digits)}j"
    if isinstance(value, int):
        if abs(value) < 10**9:
            return str(value)
        return f"{float(value):.{digits - 1}e}" if abs(value) < 10**300 else "huge"
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    text = f"{value:.{digits}g}"
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return "0" if text == "-0" else text
    return f"{mantissa}e{int(exponent)}"


def told_apart(values: Sequence[float]) -> list[str]:
    """Numbers in as few digits, three or more, as tell each from the next."""
    for digits in range(3, 9):
        texts = [number(value, digits) for value in values]
        if all(a != b for a, b in pairwise(texts)):
            break
    return texts


def count(amount: int) -> str:
    """A count with thousands apart: "12,345"."""
    return f"{amount:,}"


def plural(amount: int, noun: str) -> str:
    """An amount with its noun: "1 step", "1,000 steps"."""
    return f"{count(amount)} {noun}" if amount == 1 else f"{count(amount)} {noun}s"


def size_text(size: int) -> str:
    """A number of bytes for people: "512 B", "3.4 MB" (1 kB is 1,000 bytes)."""
    amount = float(size)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.3g} {unit}"
        amount /= 1000
    return f"{amount:,.3g} GB"


def elements(shape: tuple[int, ...]) -> int:
    """How many elements a tensor of this shape holds; 0 for a shape that cannot be."""
    return math.prod(shape) if all(size >= 0 for size in shape) else 0


def norm(value: TensorValue | ArrayValue) -> float | None:
    """Euclidean norm from the statistics: sqrt(n * (mean² + std²)), std being the population's; None if unknown.

    With a NaN or an infinity among the elements the norm is that.
    """
    stats = value.stats
    if stats is None:
        return None
    if stats.nans:
        return math.nan
    if stats.infinities:
        return math.inf
    if stats.mean is None or stats.std is None:
        return None
    return math.sqrt(elements(value.shape)) * math.hypot(stats.mean, stats.std)


def gradient_norm(value: Value) -> float | None:
    """Norm of a tensor's gradient, or of all gradients of a module; None where there is none."""
    if isinstance(value, TensorValue):
        return None if value.grad is None else norm(value.grad)
    if isinstance(value, ModuleValue):
        norms = [p.grad_norm for p in value.parameters if p.grad_norm is not None]
        return math.hypot(*norms) if norms else None
    return None


def odd_elements(stats: Stats | None) -> str:
    """What is not finite: "2 nan, 1 inf", or ""."""
    if stats is None:
        return ""
    found = [(stats.nans, "nan"), (stats.infinities, "inf")]
    return ", ".join(f"{count(amount)} {name}" for amount, name in found if amount)


def type_text(value: Value) -> str:
    """The name of the value's Python type."""
    if isinstance(value, TensorValue):
        return visible(value.subclass or "Tensor")
    return "ndarray" if isinstance(value, ArrayValue) else visible(value.type)


def value_text(value: Value, width: int = 80) -> str:
    """Any value in one line of at most `width` characters."""
    return shorten(_value_text(value, width, 0), width)


def _value_text(value: Value, width: int, depth: int) -> str:
    if isinstance(value, TensorValue | ArrayValue):
        return tensor_text(value)
    if isinstance(value, PlainValue):
        plain = value.value
        # A long string is cut before it is quoted, so that the work stays bounded.
        return visible(repr(plain[: width + 1]) if isinstance(plain, str) else repr(plain))
    if isinstance(value, SequenceValue):
        return _sequence_text(value, width, depth)
    if isinstance(value, MappingValue):
        return _mapping_text(value, width, depth)
    if isinstance(value, ModuleValue):
        return _module_text(value)
    assert isinstance(value, OtherValue)
    # What has lines of its own is shown in one; twice the width leaves room for the spaces that go.
    return visible(" ".join(value.text[: 2 * width + 1].split()))


def _sequence_text(value: SequenceValue, width: int, depth: int) -> str:
    opening, closing = ("(", ")") if value.type == "tuple" else ("[", "]")
    if depth >= 2:
        return f"{opening}{count(value.length)} items{closing}"
    parts: list[str] = []
    for item in value.items:
        if sum(map(len, parts)) > width:
            break
        parts.append(_value_text(item, width, depth + 1))
    if len(parts) < value.length:
        parts.append(f"… {count(value.length)} items")
    elif value.type == "tuple" and len(parts) == 1:
        parts[0] += ","
    text = opening + ", ".join(parts) + closing
    return text if value.type in {"list", "tuple"} else f"{visible(value.type)}({text})"


def _mapping_text(value: MappingValue, width: int, depth: int) -> str:
    if depth >= 2:
        return f"{{{count(value.length)} items}}"
    parts: list[str] = []
    for key, item in value.items:
        if sum(map(len, parts)) > width:
            break
        parts.append(f"{visible(key[:width])}: {_value_text(item, width, depth + 1)}")
    if len(parts) < value.length:
        parts.append(f"… {count(value.length)} items")
    return "{" + ", ".join(parts) + "}"


def _module_text(value: ModuleValue) -> str:
    parts = [plural(value.parameter_count, "parameter")]
    if value.trainable_count != value.parameter_count:
        parts.append(f"{count(value.trainable_count)} trainable")
    if len(value.layers) > 1:
        parts.append(plural(len(value.layers), "layer"))
    parts.append("train mode" if value.training else "eval mode")
    return ", ".join(parts)
