"""Comparing two exported values: kind, dtype, shape, device, finite, values; the first difference wins."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

import msgspec
import numpy as np

from tutor.checks.base import Tolerance
from tutor.checks.values import (
    Array,
    array_of,
    describe,
    dtype_of,
    kind_of,
    pair_text,
    plain_text,
    short_text,
)
from tutor.checks.words import index_text, shape_text
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

DEFAULTS: dict[str, tuple[float, float]] = {
    "float16": (1e-3, 1e-5),
    "bfloat16": (1.6e-2, 1e-5),
    "float32": (1.3e-6, 1e-5),
    "float64": (1e-7, 1e-7),
    "complex64": (1.3e-6, 1e-5),
    "complex128": (1e-7, 1e-7),
}
"""rtol and atol by dtype, as in torch.testing.assert_close; every other dtype is compared exactly."""

Level = Literal["kind", "dtype", "device", "shape", "finite", "values", "unknown"]

DEFAULT = Tolerance()
"""The tolerances of torch.testing.assert_close for the dtype."""


class Mismatch(msgspec.Struct, frozen=True, kw_only=True):
    """The first difference: at which level, in words, and the two (inner) values that differ."""

    level: Level
    finding: str
    got: Value
    expected: Value
    where: str = ""
    """Path from the compared value to the one that differs: "[1]", "['loss']"."""


def tolerance_for(dtypes: Collection[str], asked: Tolerance) -> tuple[float, float]:
    """The loosest default of the dtypes, overridden by what the author asked for: (rtol, atol)."""
    defaults = [DEFAULTS.get(dtype, (0.0, 0.0)) for dtype in dtypes]
    rtol = max((d[0] for d in defaults), default=0.0) if asked.rtol is None else asked.rtol
    atol = max((d[1] for d in defaults), default=0.0) if asked.atol is None else asked.atol
    return rtol, atol


def close(got: Array, expected: Array, rtol: float, atol: float) -> Array:
    """Elementwise |got - expected| <= atol + rtol * |expected|; nan equals nan, infinities of one sign are equal."""
    if got.dtype.kind in "biu" and expected.dtype.kind in "biu" and rtol == 0 == atol:
        return np.asarray(got == expected)
    wide = np.result_type(got.dtype, expected.dtype, np.float32 if got.dtype.itemsize < 8 else np.float64)
    if wide == np.float16:
        wide = np.dtype(np.float32)
    with np.errstate(all="ignore"):
        a, b = got.astype(wide, copy=False), expected.astype(wide, copy=False)
        near = np.asarray((np.abs(a - b) <= atol + rtol * np.abs(b)) & np.isfinite(b))
        if not near.all():
            near = near | (a == b) | (np.isnan(a) & np.isnan(b))
    return near


def compare(
    got: Value, expected: Value, tolerance: Tolerance = DEFAULT, ignore: Collection[str] = (), where: str = ""
) -> Mismatch | None:
    """The first difference between two values, or None where there is none.

    Lists, tuples and torch.Size are alike; an int and a float are alike; a NumPy scalar is a number.
    """
    kinds = kind_of(got), kind_of(expected)
    if isinstance(got, ArrayValue) and got.shape == () and kinds[1] == ("bool" if got.dtype == "bool" else "number"):
        kinds = kinds[1], kinds[1]
    if kinds[0] != kinds[1]:
        finding = f"got {describe(got)}, expected {describe(expected)}"
        return Mismatch(level="kind", finding=finding, got=got, expected=expected, where=where)
    if isinstance(expected, SequenceValue) and isinstance(got, SequenceValue):
        return _compare_sequences(got, expected, tolerance, ignore, where)
    if isinstance(expected, MappingValue) and isinstance(got, MappingValue):
        return _compare_mappings(got, expected, tolerance, ignore, where)
    if kinds[1] in ("tensor", "array", "number", "bool"):
        return _compare_numbers(got, expected, tolerance, ignore, where)
    finding = _other_difference(got, expected)
    if not finding:
        return None
    return Mismatch(level="values", finding=finding, got=got, expected=expected, where=where)


def compare_literal(got: Value, expected: Value, tolerance: Tolerance, ignore: Collection[str]) -> Mismatch | None:
    """As `compare`, for an expected value that an author typed: it has no dtype; a tensor of its shape will do."""
    wanted = array_of(expected)
    numbers = array_of(got)
    if wanted is None or numbers is None or kind_of(got) == "bool" or kind_of(expected) == "bool":
        return compare(got, expected, tolerance, ignore)
    as_float = wanted.astype(np.float64 if wanted.dtype.kind != "b" else np.bool_)
    return _compare_arrays(got, expected, numbers, as_float, (dtype_of(got), "int64"), tolerance, ignore, "")


def _compare_numbers(
    got: Value, expected: Value, tolerance: Tolerance, ignore: Collection[str], where: str
) -> Mismatch | None:
    def differs(level: Level, finding: str) -> Mismatch:
        return Mismatch(level=level, finding=finding, got=got, expected=expected, where=where)

    if isinstance(expected, TensorValue | ArrayValue) and isinstance(got, TensorValue | ArrayValue):
        if got.dtype != expected.dtype and "dtype" not in ignore:
            return differs("dtype", f"dtype {got.dtype}, expected {expected.dtype}")
        if _shape(got.shape, ignore) != _shape(expected.shape, ignore):
            return differs("shape", f"shape {shape_text(got.shape)}, expected {shape_text(expected.shape)}")
        devices = getattr(got, "device", "cpu"), getattr(expected, "device", "cpu")
        if devices[0] != devices[1] and "device" not in ignore:
            return differs("device", f"on device {devices[0]}, expected {devices[1]}")
        if got.data is None or expected.data is None:
            return _compare_without_data(got, expected, tolerance, where)
    got_array, expected_array = array_of(got), array_of(expected)
    if expected_array is None:
        return differs("unknown", f"values of dtype {dtype_of(expected)} can't be compared")
    if got_array is None:
        return differs("values", "the exported values do not fit their shape")
    dtypes = dtype_of(got), dtype_of(expected)
    return _compare_arrays(got, expected, got_array, expected_array, dtypes, tolerance, ignore, where)


def _shape(shape: tuple[int, ...], ignore: Collection[str]) -> tuple[int, ...]:
    return tuple(size for size in shape if size != 1) if "shape-1" in ignore else shape


def _compare_without_data(
    got: TensorValue | ArrayValue, expected: TensorValue | ArrayValue, tolerance: Tolerance, where: str
) -> Mismatch | None:
    if getattr(expected, "device", "") == "meta" and getattr(got, "device", "") == "meta":
        return None
    a, b = got.stats, expected.stats
    if a is not None and b is not None:
        rtol, atol = tolerance_for((got.dtype, expected.dtype), tolerance)
        name = _differing_statistic(a, b, 10 * rtol, 10 * atol)
        if name is not None:
            texts = pair_text(getattr(a, name), getattr(b, name)) if getattr(a, name) is not None else ("none", "one")
            finding = f"{name} {texts[0]}, expected {texts[1]}"
            return Mismatch(level="values", finding=finding, got=got, expected=expected, where=where)
    finding = "too large, or laid out in a way that can't be compared"
    return Mismatch(level="unknown", finding=finding, got=got, expected=expected, where=where)


def _differing_statistic(a: Stats, b: Stats, rtol: float, atol: float) -> str | None:
    for name in ("nans", "infinities", "minimum", "maximum", "mean", "std"):
        x, y = getattr(a, name), getattr(b, name)
        if (x is None) != (y is None) or (x is not None and not close(np.asarray(x), np.asarray(y), rtol, atol)):
            return name
    return None


def _compare_arrays(
    got: Value,
    expected: Value,
    a: Array,
    b: Array,
    dtypes: Collection[str],
    tolerance: Tolerance,
    ignore: Collection[str],
    where: str,
) -> Mismatch | None:
    def differs(level: Level, finding: str) -> Mismatch:
        return Mismatch(level=level, finding=finding, got=got, expected=expected, where=where)

    if _shape(a.shape, ignore) != _shape(b.shape, ignore):
        return differs("shape", f"shape {shape_text(a.shape)}, expected {shape_text(b.shape)}")
    a = a.reshape(b.shape)
    rtol, atol = tolerance_for(dtypes, tolerance)
    near = close(a, b, rtol, atol)
    if near.all():
        return None
    return differs(*_difference(a, b, near))


def _difference(a: Array, b: Array, near: Array) -> tuple[Level, str]:
    """The level and words of a difference in values: nan and inf first, then the first place that differs."""
    if a.dtype.kind in "fc":
        finite = np.isfinite(a) | ~np.isfinite(b)
        if not finite.all():
            bad = a[~finite]
            what = "nan" if np.isnan(bad).any() else "inf"
            if a.ndim == 0:
                return "finite", f"got {what}, expected {pair_text(0.0, b.item())[1] if b.item() else '0'}"
            return "finite", f"{what} in {bad.size} of {a.size} values, first at {_index(~finite)}"
    if a.ndim == 0:
        texts = pair_text(a.item(), b.item())
        return "values", f"got {texts[0]}, expected {texts[1]}"
    at = np.unravel_index(int(np.argmin(near)), near.shape)
    texts = pair_text(a[at].item(), b[at].item())
    count = int(near.size - np.count_nonzero(near))
    finding = f"got {texts[0]} at {_index(~near)}, expected {texts[1]}"
    return "values", finding + (f" ({count} of {a.size} values differ)" if a.size > 1 else "")


def _index(mask: Array) -> str:
    return index_text(tuple(int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape)))


def _compare_sequences(
    got: SequenceValue, expected: SequenceValue, tolerance: Tolerance, ignore: Collection[str], where: str
) -> Mismatch | None:
    if got.length != expected.length:
        finding = f"{got.length} items, expected {expected.length}"
        return Mismatch(level="shape", finding=finding, got=got, expected=expected, where=where)
    if len(got.items) != len(expected.items) or got.length != len(got.items):
        finding = f"only the first of {got.length} items could be compared"
        return Mismatch(level="unknown", finding=finding, got=got, expected=expected, where=where)
    a, b = array_of(got), array_of(expected)
    if a is not None and b is not None and (a.dtype.kind == "b") == (b.dtype.kind == "b"):
        return _compare_arrays(got, expected, a, b, (dtype_of(got), dtype_of(expected)), tolerance, ignore, where)
    for i, (x, y) in enumerate(zip(got.items, expected.items, strict=True)):
        mismatch = compare(x, y, tolerance, ignore, f"{where}[{i}]")
        if mismatch is not None:
            return mismatch
    return None


def _compare_mappings(
    got: MappingValue, expected: MappingValue, tolerance: Tolerance, ignore: Collection[str], where: str
) -> Mismatch | None:
    have, want = dict(got.items), dict(expected.items)
    missing = [key for key in want if key not in have]
    extra = [key for key in have if key not in want]
    if missing or extra or got.length != expected.length:
        words = [f"no key {missing[0]!r}"] if missing else []
        words += [f"a key {extra[0]!r} that is not expected"] if extra else []
        finding = " and ".join(words) or f"{got.length} keys, expected {expected.length}"
        return Mismatch(level="shape", finding=finding, got=got, expected=expected, where=where)
    for key, value in want.items():
        mismatch = compare(have[key], value, tolerance, ignore, f"{where}[{key!r}]")
        if mismatch is not None:
            return mismatch
    return None


def _other_difference(got: Value, expected: Value) -> str:
    if isinstance(got, PlainValue) and isinstance(expected, PlainValue):
        if got.value == expected.value:
            return ""
        return f"got {short_text(str(got.value))}, expected {short_text(str(expected.value))}"
    if isinstance(got, ModuleValue) and isinstance(expected, ModuleValue):
        return _module_difference(got, expected)
    if isinstance(got, OtherValue) and isinstance(expected, OtherValue):
        if got.type != expected.type:
            return f"got {describe(got)}, expected {describe(expected)}"
        texts = plain_text(got), plain_text(expected)
        return "" if texts[0] == texts[1] else f"got {short_text(texts[0])}, expected {short_text(texts[1])}"
    return ""


def _module_difference(got: ModuleValue, expected: ModuleValue) -> str:
    layers: tuple[list[Any], list[Any]] = [m.type for m in got.layers], [m.type for m in expected.layers]
    if layers[0] != layers[1]:
        return f"layers {', '.join(layers[0]) or 'none'}, expected {', '.join(layers[1]) or 'none'}"
    shapes = [p.shape for p in got.parameters], [p.shape for p in expected.parameters]
    if shapes[0] != shapes[1]:
        mine, wanted = (", ".join(map(shape_text, side)) or "none" for side in shapes)
        return f"parameters of shapes {mine}, expected {wanted}"
    return ""
