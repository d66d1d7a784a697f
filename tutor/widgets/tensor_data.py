"""The bytes of a tensor as Python numbers, with the standard library only."""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Sequence

from tutor.runtime.protocol import ArrayValue, TensorValue
from tutor.widgets.formats import elements

Number = float | int | bool | complex

_CODES = {
    "float64": "d",
    "float32": "f",
    "int64": "q",
    "int32": "i",
    "int16": "h",
    "int8": "b",
    "uint64": "Q",
    "uint32": "I",
    "uint16": "H",
    "uint8": "B",
}


def decode(value: TensorValue | ArrayValue) -> Sequence[Number] | None:
    """All elements in row-major order; None where there are no bytes, an unknown dtype, or a length that is wrong."""
    data, dtype, length = value.data, value.dtype, elements(value.shape)
    if data is None:
        return None
    try:
        numbers = _decode(data, dtype)
    except (ValueError, struct.error):
        return None
    return numbers if numbers is not None and len(numbers) == length else None


def _decode(data: bytes, dtype: str) -> Sequence[Number] | None:
    if dtype in _CODES:
        return _array(_CODES[dtype], data)
    if dtype == "bool":
        return [byte != 0 for byte in data]
    if dtype == "float16":
        return struct.unpack(f"<{len(data) // 2}e", data)
    if dtype == "bfloat16":
        # A bfloat16 is the upper half of a float32.
        widened = array("I", (half << 16 for half in _array("H", data)))
        return array("f", widened.tobytes())
    if dtype in {"complex64", "complex128"}:
        parts = _array("f" if dtype == "complex64" else "d", data)
        return [complex(re, im) for re, im in zip(parts[::2], parts[1::2], strict=True)]
    return None


def _array(code: str, data: bytes) -> array[float]:
    """The bytes, which are little-endian, as an array of the machine's own order."""
    numbers: array[float] = array(code)
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
