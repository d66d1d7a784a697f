"""Exported values as NumPy arrays and as short words; imported only where values are compared."""

from __future__ import annotations

import re
from math import floor, log10, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from tutor.checks.words import shape_text
from tutor.runtime.values import (
    ArrayValue,
    MappingValue,
    ModuleValue,
    OtherValue,
    PlainValue,
    SequenceValue,
    TensorValue,
    Value,
)

Array = npt.NDArray[Any]

LAYOUT = {
    "float16": "<f2",
    "float32": "<f4",
    "float64": "<f8",
    "complex64": "<c8",
    "complex128": "<c16",
    "int8": "i1",
    "int16": "<i2",
    "int32": "<i4",
    "int64": "<i8",
    "uint8": "u1",
    "uint16": "<u2",
    "uint32": "<u4",
    "uint64": "<u8",
}
"""How the bytes of each dtype read; bool and bfloat16 need more than that."""


def decode(dtype: str, shape: tuple[int, ...], data: bytes) -> Array | None:
    """The bytes as a read-only array; bfloat16 as float32. None where size or dtype do not fit (they are untrusted)."""
    if dtype == "bool":
        flat: Array = np.frombuffer(data, "u1") != 0
    elif dtype == "bfloat16":
        if len(data) % 2:
            return None
        flat = (np.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4")
    elif dtype in LAYOUT:
        if len(data) % np.dtype(LAYOUT[dtype]).itemsize:
            return None
        flat = np.frombuffer(data, LAYOUT[dtype])
    else:
        return None
    if any(size < 0 for size in shape) or flat.size != prod(shape):
        return None
    return flat.reshape(shape)


def is_number(value: Value) -> bool:
    """Whether it is a Python number (bool not among them)."""
    return isinstance(value, PlainValue) and isinstance(value.value, int | float) and not isinstance(value.value, bool)


def array_of(value: Value) -> Array | None:
    """The value as an array: tensors, arrays, numbers, and rectangular sequences of numbers. None for all else."""
    if isinstance(value, TensorValue | ArrayValue):
        return None if value.data is None else decode(value.dtype, value.shape, value.data)
    if isinstance(value, PlainValue):
        return np.asarray(value.value) if is_number(value) or isinstance(value.value, bool) else None
    if isinstance(value, SequenceValue):
        return _array_of_sequence(value)
    return None


def _array_of_sequence(value: SequenceValue) -> Array | None:
    if value.length != len(value.items) or not all(isinstance(i, PlainValue | SequenceValue) for i in value.items):
        return None
    parts = [array_of(item) for item in value.items]
    if not parts or any(part is None or part.shape != parts[0].shape for part in parts if parts[0] is not None):
        return None
    if any(part is None for part in parts):
        return None
    return np.stack([part for part in parts if part is not None])


def dtype_of(value: Value) -> str:
    """The torch name of the dtype; for Python floats "float32", because most of them come from `.item()`."""
    if isinstance(value, TensorValue | ArrayValue):
        return value.dtype
    if isinstance(value, SequenceValue):
        return next((dtype_of(item) for item in value.items if dtype_of(item) == "float32"), "int64")
    if isinstance(value, PlainValue) and isinstance(value.value, float):
        return "float32"
    return "bool" if isinstance(value, PlainValue) and isinstance(value.value, bool) else "int64"


# ---- words ------------------------------------------------------------------------------------------------------


def number_text(number: Any, digits: int = 5) -> str:
    """A number in few characters: "14", "0.33333", "2050", "1.2e-07"; whole digits are never cut off."""
    if isinstance(number, bool | np.bool_):
        return str(bool(number))
    if isinstance(number, complex | np.complexfloating):
        return f"{complex(number):.{digits}g}"
    if isinstance(number, int | np.integer):
        return str(int(number))
    value = float(number)
    if not 1e-4 <= abs(value) < 1e7:
        return f"{value:.{digits}g}"
    text = f"{value:.{max(0, digits - 1 - floor(log10(abs(value))))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def pair_text(got: Any, expected: Any) -> tuple[str, str]:
    """Both numbers with as few digits as still tell them apart."""
    for digits in (5, 8, 12, 17):
        texts = number_text(got, digits), number_text(expected, digits)
        if texts[0] != texts[1]:
            break
    return texts


def article(noun: str) -> str:
    """The noun with "a" or "an" before it."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def kind_of(value: Value) -> str:
    """The kind that values are compared by: tensor, array, number, bool, text, none, a sequence or others."""
    if isinstance(value, PlainValue):
        if value.value is None:
            return "none"
        if isinstance(value.value, bool):
            return "bool"
        return "text" if isinstance(value.value, str) else "number"
    return value.__struct_config__.tag if isinstance(value.__struct_config__.tag, str) else "other"


def describe(value: Value) -> str:
    """What the value is, in a few words: "a tensor of shape (2, 3)", "the number 3", "a list of 4"."""
    if isinstance(value, TensorValue):
        return f"a tensor of shape {shape_text(value.shape)}"
    if isinstance(value, ArrayValue):
        return f"a NumPy array of shape {shape_text(value.shape)}"
    if isinstance(value, PlainValue):
        if value.value is None:
            return "None"
        if isinstance(value.value, str):
            return f"the text {short_text(value.value)}"
        return f"the number {number_text(value.value)}" if is_number(value) else str(value.value)
    if isinstance(value, SequenceValue | MappingValue):
        return f"{article(value.type)} of {value.length}"
    if isinstance(value, ModuleValue):
        return f"a module ({value.type})"
    return article(value.type)


def short_text(text: str, limit: int = 60) -> str:
    """The text in quotes, on one line, cut in the middle where it is long."""
    shown = repr(text)
    half = (limit - 1) // 2
    return shown if len(shown) <= limit else f"{shown[:half]}…{shown[-half:]}"


def plain_text(value: OtherValue) -> str:
    """Its text without memory addresses, which differ from run to run."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", value.text)


def literal(value: Any) -> Value:
    """What an author wrote in YAML, as a value: numbers, texts, lists and mappings of them."""
    if isinstance(value, list | tuple):
        return SequenceValue(type="list", length=len(value), items=tuple(literal(item) for item in value))
    if isinstance(value, dict):
        items = tuple((str(key), literal(item)) for key, item in value.items())
        return MappingValue(type="dict", length=len(items), items=items)
    return PlainValue(type=type(value).__name__, value=value)


def summary(value: Value) -> str:
    """A right value in a few words: "14", "shape (2, 3), float32", "3 items"."""
    if isinstance(value, TensorValue | ArrayValue):
        array = array_of(value)
        if array is not None and array.size == 1 and array.ndim == 0:
            return f"{number_text(array.item())}, {value.dtype}"
        return f"shape {shape_text(value.shape)}, {value.dtype}"
    if isinstance(value, PlainValue):
        if isinstance(value.value, str):
            return short_text(value.value, 40)
        return number_text(value.value) if is_number(value) else str(value.value)
    if isinstance(value, SequenceValue | MappingValue):
        return f"{article(value.type)} of {value.length}"
    return describe(value)
