"""Calls and their results as short text, and the kind of input on which a function fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np

from tutor.checks.values import Array, array_of, describe, number_text, short_text
from tutor.runtime.values import ArrayValue, PlainValue, SequenceValue, TensorValue, Value

_FEW = 9
"""A tensor with more numbers is described, not written out."""


def value_text(value: Value | None) -> str:
    """A value as it is written in Python, where that is short: "tensor([[1., 2.]])"; else what it is."""
    if isinstance(value, TensorValue | ArrayValue) and value.data is not None and prod(value.shape) <= _FEW:
        return _tensor_text(value)
    if isinstance(value, PlainValue):
        return short_text(value.value, 40) if isinstance(value.value, str) else _number(value.value)
    if isinstance(value, SequenceValue) and value.length == len(value.items) <= 4:
        inside = ", ".join(value_text(item) for item in value.items)
        return f"[{inside}]" if value.type == "list" else f"({inside}{',' if value.length == 1 else ''})"
    return "None" if value is None else describe(value)


def _tensor_text(value: TensorValue | ArrayValue) -> str:
    array = array_of(value)
    if array is None:
        return describe(value)
    name = "tensor" if isinstance(value, TensorValue) else "array"
    if not array.size:
        return f"{name}([])" if value.shape == (0,) else f"torch.empty({', '.join(map(str, value.shape))})"
    usual = value.dtype in ("float32", "int64", "bool") or isinstance(value, ArrayValue)
    dtype = "" if usual else f", dtype=torch.{value.dtype}"
    return f"{name}({_nested(array.tolist())}{dtype})"


def _nested(data: Any) -> str:
    return f"[{', '.join(map(_nested, data))}]" if isinstance(data, list) else _number(data)


def _number(number: Any) -> str:
    if isinstance(number, float):
        text = number_text(number + 0.0, 4)  # -0. is 0.
        return text if set(text) & set(".en") else f"{text}."
    return number_text(number) if isinstance(number, int) and not isinstance(number, bool) else str(number)


def call_text(expr: str, inputs: Sequence[Value], given: str = "") -> str:
    """A call as a learner may try it: "f(tensor([1., 2.]), 3)"."""
    function = expr if expr.replace(".", "_").isidentifier() else f"({expr})"
    return f"{function}({given.strip() or ', '.join(map(value_text, inputs))})"


# ---- the kind of input ------------------------------------------------------------------------------------------


class Kind(NamedTuple):
    """A kind of input that can be told from the numbers; `test` is asked of every argument as an array."""

    id: str
    words: str
    test: Callable[[Array], bool]


def _square(a: Array) -> bool:
    return a.ndim >= 2 and a.shape[-1] == a.shape[-2]


KINDS = (
    Kind("only-empty", "no element", lambda a: a.size == 0),
    Kind("only-one-element", "a single element", lambda a: a.size == 1 and a.ndim > 0),
    Kind("only-no-dimension", "no dimension", lambda a: a.ndim == 0),
    Kind("only-batch-of-one", "size 1 in the first dimension", lambda a: a.ndim > 1 and a.size > 0 and a.shape[0] == 1),
    Kind("only-last-dim-one", "size 1 in the last dimension", lambda a: a.ndim > 1 and a.size > 0 and a.shape[-1] == 1),
    Kind("only-zeros", "nothing but zeros", lambda a: a.size > 0 and not a.any()),
    Kind("only-large", "large numbers", lambda a: bool((np.abs(a) >= 1000).any())),
    Kind("only-all-negative", "numbers that are all negative", lambda a: a.size > 1 and bool((a < 0).all())),
    Kind("only-negative", "a negative number", lambda a: bool((a < 0).any())),
    Kind("only-positive", "a positive number", lambda a: bool((a > 0).any())),
    Kind("only-zero", "a zero", lambda a: bool((a == 0).any())),
    Kind("only-all-equal", "numbers that are all equal", lambda a: a.size > 1 and bool((a == a.flat[0]).all())),
    Kind("only-ties", "numbers that occur twice", lambda a: len(np.unique(a)) < a.size),
    Kind("only-not-square", "two dimensions that differ", lambda a: a.ndim >= 2 and not _square(a)),
    Kind("only-square", "two equal dimensions", _square),
    Kind("only-several-rows", "more than one row", lambda a: a.ndim >= 2 and a.size > 0 and a.shape[0] > 1),
    Kind("only-several-columns", "more than one column", lambda a: a.ndim >= 2 and a.size > 0 and a.shape[-1] > 1),
    Kind("only-several", "more than one element", lambda a: a.size > 1),
    Kind("only-several-dims", "more than one dimension", lambda a: a.ndim > 1),
    Kind("only-many-dims", "more than two dimensions", lambda a: a.ndim > 2),
    Kind("only-false", "a False", lambda a: a.dtype.kind == "b" and not a.all()),
    Kind("only-true", "a True", lambda a: a.dtype.kind == "b" and bool(a.any())),
)
"""The simplest and most telling first."""
PLAIN = ("only-several", "only-several-rows", "only-several-columns", "only-several-dims")
"""Kinds of which most inputs are: they say little where more is known."""
_OTHERS = 2
"""Fewer inputs of another kind, on which the function is right, prove nothing."""


def kind_of_inputs(
    failing: Sequence[Sequence[Value]], passing: Sequence[Sequence[Value]], names: Sequence[str]
) -> tuple[str, str] | None:
    """Id and sentence of the kind that all failing inputs are of, and few others; None where none is, or all fail."""
    wrong, right = [list(map(_array, one)) for one in failing], [list(map(_array, one)) for one in passing]
    if (
        not wrong
        or len({len(one) for one in (*wrong, *right)}) != 1
        or any(a is None for one in (*wrong, *right) for a in one)
    ):
        return None
    count = len(wrong[0])
    best: tuple[int, str, str] | None = None
    for kind in KINDS:
        for place in range(count):
            if not all(kind.test(one[place]) for one in wrong):
                continue
            also = sum(kind.test(one[place]) for one in right)
            if len(right) - also < _OTHERS or len(wrong) < also or (best is not None and best[0] <= also):
                continue
            words = kind.words if count == 1 else f"{kind.words} in `{_name(names, place)}`"
            such = f"all {len(wrong)}" if not also else f"{len(wrong)} of the {len(wrong) + also}"
            on = "the one such input" if len(wrong) == 1 and not also else f"{such} such inputs"
            best = (
                also,
                kind.id,
                f"It fails only with {words}: on {on}, on none of the {len(right) - also} others.",
            )
    return best[1:] if best is not None else None


def _name(names: Sequence[str], place: int) -> str:
    return names[place] if place < len(names) else f"argument {place + 1}"


def _array(value: Value) -> Any:
    array = array_of(value)
    if array is None or array.dtype.kind not in "biuf":
        return None
    return array if array.dtype.kind == "b" else array.astype(np.float64)
