"""Tensors for the tests of the result widgets."""

from __future__ import annotations

from typing import Any

import numpy

from tutor.runtime.values import Stats, TensorValue


def stats_of(array: Any) -> Stats:
    """The statistics that the runtime would send."""
    numbers = numpy.asarray(array, dtype="f8")
    finite = numbers[numpy.isfinite(numbers)]
    odd = {"nans": int(numpy.isnan(numbers).sum()), "infinities": int(numpy.isinf(numbers).sum())}
    if not finite.size:
        return Stats(**odd)
    return Stats(
        minimum=float(finite.min()),
        maximum=float(finite.max()),
        mean=float(finite.mean()),
        std=float(finite.std()),
        **odd,
    )


def tensor(values: Any, dtype: str = "float32", **fields: Any) -> TensorValue:
    """A tensor of these values with its data and statistics."""
    array = numpy.asarray(values, dtype=dtype)
    return TensorValue(
        **{
            "dtype": dtype,
            "shape": array.shape,
            "data": array.tobytes(),
            "stats": None if array.dtype.kind == "c" else stats_of(array),
            **fields,
        }
    )
