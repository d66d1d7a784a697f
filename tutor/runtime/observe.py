"""Any Python value as plain data, whatever the learner's program made of it.

Values come from hostile or broken programs: types lie about their class, `__repr__` raises or never ends, tensors
override every method. So the type is taken from `type()`, methods are called unbound, from references taken at import,
and what still fails becomes an `OtherValue` that says so.
"""

from __future__ import annotations

import itertools
import types
from collections.abc import Iterable
from typing import Any

import torch

from tutor.runtime import observe_module, observe_tensor
from tutor.runtime.caps import Caps, clean, text_of, type_name
from tutor.runtime.values import MappingValue, OtherValue, PlainValue, SequenceValue, Value

_Tensor = torch.Tensor
_Module = torch.nn.Module
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType)
_INT64 = range(-(2**63), 2**63)


def observe(value: object, caps: Caps, depth: int = 0) -> Value:
    """`value` as plain data; never raises for what the value does."""
    caps.values_left -= 1
    try:
        return _observe(value, caps, depth)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return OtherValue(type=type_name(value), text=f"<could not be read: {type_name(error)}>")


def _observe(value: Any, caps: Caps, depth: int) -> Value:
    kind = type(value)
    if kind is int:
        return PlainValue(type="int", value=value) if value in _INT64 else _big_integer(value, caps)
    if value is None or kind is bool or kind is float:
        return PlainValue(type=kind.__name__, value=value)
    if kind is str:
        return PlainValue(type="str", value=clean(value, caps.text))
    if issubclass(kind, _Tensor):
        return observe_tensor.tensor(value, caps)
    if observe_tensor.is_array(kind):
        return observe_tensor.array(value, caps)
    if issubclass(kind, _Module):
        return observe_module.structure(value)
    return _container(value, kind, caps, depth) or _other(value, kind, caps)


def _container(value: Any, kind: type, caps: Caps, depth: int) -> Value | None:
    base = next((base for base in (list, tuple, dict) if issubclass(kind, base)), None)
    if base is None or depth >= caps.depth or caps.values_left <= 0:
        return None
    length = base.__len__(value)
    room = max(0, min(caps.items, caps.values_left))
    if base is dict:
        pairs: Iterable[tuple[Any, Any]] = itertools.islice(dict.items(value), room)
        items = tuple((_key(key), observe(item, caps, depth + 1)) for key, item in list(pairs))
        return MappingValue(type=type_name(value), length=length, items=items)
    listed = list(itertools.islice(base.__iter__(value), room))
    values = tuple(observe(item, caps, depth + 1) for item in listed)
    return SequenceValue(type=type_name(value), length=length, items=values)


def _key(key: object) -> str:
    return clean(key, 200) if type(key) is str else text_of(key, 200)


def _big_integer(value: int, caps: Caps) -> OtherValue:
    # Python refuses to write integers of more than 4300 digits in decimal; hexadecimal is always allowed.
    text = str(value) if value.bit_length() < 8192 else f"{value:#x}"
    return OtherValue(type="int", text=clean(text, caps.text))


def _other(value: Any, kind: type, caps: Caps) -> OtherValue:
    if issubclass(kind, _FUNCTIONS):
        return OtherValue(type="function", text=clean(_signature(value), caps.text))
    if issubclass(kind, type):
        return OtherValue(type="class", text=clean(_class_line(value), caps.text))
    if issubclass(kind, (list, tuple, dict)):
        # Too deep or too many: repr would write the whole of it.
        return OtherValue(type=type_name(value), text="…")
    return OtherValue(type=type_name(value), text=text_of(value, caps.text))


def _signature(function: Any) -> str:
    code = getattr(function, "__code__", None)
    name = getattr(function, "__name__", "?")
    if not isinstance(code, types.CodeType):
        return f"{name}(…)"
    count = code.co_argcount + code.co_kwonlyargcount
    return f"{name}({', '.join(code.co_varnames[:count])})"


def _class_line(kind: type) -> str:
    bases = ", ".join(base.__name__ for base in type.__dict__["__bases__"].__get__(kind))
    return f"{type.__dict__['__name__'].__get__(kind)}({bases})"
