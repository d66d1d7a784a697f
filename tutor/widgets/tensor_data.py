"""The bytes of a tensor as a NumPy array; NumPy is loaded when the first tensor is opened, not before."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeAlias

from tutor.runtime.values import ArrayValue, TensorValue
from tutor.widgets.formats import count

if TYPE_CHECKING:
    import numpy

    Array: TypeAlias = numpy.ndarray[Any, Any]

_PLAIN = {
    "float64": "<f8",
    "float32": "<f4",
    "float16": "<f2",
    "int64": "<i8",
    "int32": "<i4",
    "int16": "<i2",
    "int8": "i1",
    "uint64": "<u8",
    "uint32": "<u4",
    "uint16": "<u2",
    "uint8": "u1",
    "complex128": "<c16",
    "complex64": "<c8",
}


def decode(value: TensorValue | ArrayValue) -> Array | None:
    """All elements in the tensor's shape; bfloat16 as float32, bool as bool.

    None where there are no bytes, where their number does not fit the shape, or for a dtype without a plain layout.
    """
    import numpy

    data = value.data
    # A size of -1 would mean to NumPy: whatever fits.
    if data is None or any(size < 0 for size in value.shape):
        return None
    flat: Array
    try:
        if value.dtype == "bool":
            flat = numpy.frombuffer(data, dtype="u1") != 0
        elif value.dtype == "bfloat16":
            # A bfloat16 is the upper half of a float32.
            flat = (numpy.frombuffer(data, dtype="<u2").astype("<u4") << 16).view("<f4")
        elif value.dtype in _PLAIN:
            flat = numpy.frombuffer(data, dtype=_PLAIN[value.dtype])
        else:
            return None
        return flat.reshape(value.shape)
    except ValueError:
        return None


def matrix_of(array: Array, slice_number: int) -> tuple[Array, str]:
    """One matrix of a deep tensor and its place, as in `[1, 0, :, :], 3 of 8`."""
    if array.ndim <= 2:
        return array, ""
    lead, total = array.shape[:-2], math.prod(array.shape[:-2])
    if total == 0:
        return array, ""
    import numpy

    slice_number %= total
    place = tuple(int(i) for i in numpy.unravel_index(slice_number, lead))
    return array[place], f"[{', '.join(map(str, place))}, :, :]  {count(slice_number + 1)} of {count(total)}"
