"""From nodes to structs: convert fast where all is well, else say everything that is wrong, each at its place."""

from __future__ import annotations

import operator
import re
from collections.abc import Collection
from collections.abc import Mapping as AnyMapping
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from tutor.lessons.problems import Notes, did_you_mean
from tutor.lessons.yaml import REFUSED, Mapping, Node, Scalar, Sequence

T = TypeVar("T")

_NUMBERS = (inspect.IntType, inspect.FloatType)
_PATH = re.compile(r"\.([\w-]+)|\[(\d+)\]")


def read(node: Node, wanted: type[T], name: str, notes: Notes) -> T | None:
    """The node's value as `wanted`; None, and the problems noted, where it isn't one."""
    try:
        return msgspec.convert(node.value, wanted)
    except msgspec.ValidationError as error:
        if not explain(node, inspect.type_info(wanted), name, notes):
            _fallback(node, name, str(error), notes)
    return None


def read_struct(
    node: Mapping,
    wanted: type[T],
    data: dict[str, Any],
    notes: Notes,
    *,
    apart: Collection[str] = (),
    internal: Collection[str] = (),
    instead: AnyMapping[str, Any] | None = None,
) -> T | None:
    """A struct from `data`, which is the mapping's own values as the loader completed them.

    `apart` are keys that the loader reads itself, `internal` fields that no author may write, and `instead` types that
    an author may write for a field in place of its own.
    """
    try:
        if not any(key in node.items for key in internal):
            return msgspec.convert(data, wanted)
        message = ""
    except msgspec.ValidationError as error:
        message = str(error)
    info = inspect.type_info(wanted)
    assert isinstance(info, inspect.StructType)
    fields = {field.encode_name: field for field in info.fields if field.encode_name not in internal}
    found = _explain_fields(node, fields, notes, apart=apart, instead=instead or {}, given=data)
    if not found and message:
        _fallback(node, "", message, notes)
    return None


def explain(node: Node, info: inspect.Type, name: str, notes: Notes) -> bool:
    """Note all that keeps the node from being of a type; False if nothing was found."""
    if node.value is REFUSED:
        return True
    if isinstance(info, inspect.UnionType):
        return _explain_union(node, info, name, notes)
    if isinstance(info, inspect.AnyType):
        return False
    if isinstance(info, inspect.StructType) and isinstance(node, Mapping):
        fields = {field.encode_name: field for field in info.fields}
        return _explain_fields(node, fields, notes, instead={}, given=node.items)
    if isinstance(info, inspect.VarTupleType | inspect.ListType) and isinstance(node, Sequence):
        found = [explain(item, info.item_type, f"item {n} of {name}", notes) for n, item in enumerate(node.items, 1)]
        return any(found) or _length(node, info, name, notes)
    if isinstance(info, inspect.TupleType) and isinstance(node, Sequence):
        return _explain_tuple(node, info, name, notes)
    if isinstance(info, inspect.DictType) and isinstance(node, Mapping):
        found = [explain(item, info.value_type, f"`{key}`", notes) for key, item in node.items.items()]
        return any(found)
    if _is(node.value, info):
        return _bounds(node, info, name, notes)
    notes.add(node.line, node.column, f"{name} must be {words(info)}, not {_what(node)}", _quoting(node, info))
    return True


def words(info: inspect.Type) -> str:
    """What an author calls a type."""
    if isinstance(info, inspect.UnionType):
        return _either([words(part) for part in info.types if not isinstance(part, inspect.NoneType)])
    if isinstance(info, inspect.LiteralType):
        return _either([f"`{value}`" for value in info.values])
    if isinstance(info, inspect.EnumType):
        return _either([f"`{member.value}`" for member in info.cls])
    if isinstance(info, inspect.TupleType):
        return f"a list of {len(info.item_types)}"
    for kind, text in _WORDS.items():
        if isinstance(info, kind):
            return text
    return "a value of another type"


_WORDS: dict[type[inspect.Type], str] = {
    inspect.StrType: "text",
    inspect.IntType: "a whole number",
    inspect.FloatType: "a number",
    inspect.BoolType: "`true` or `false`",
    inspect.VarTupleType: "a list",
    inspect.ListType: "a list",
    inspect.StructType: "a mapping",
    inspect.DictType: "a mapping",
    inspect.NoneType: "nothing",
}


def _explain_fields(
    node: Mapping,
    fields: AnyMapping[str, inspect.Field],
    notes: Notes,
    *,
    apart: Collection[str] = (),
    instead: AnyMapping[str, Any],
    given: AnyMapping[str, Any],
) -> bool:
    found = False
    for key, item in node.items.items():
        if key.startswith("x-") or key in apart:
            continue
        if key not in fields:
            place = node.keys[key]
            help_ = (
                "" if notes.full else did_you_mean(key, [name for name in (*fields, *apart) if name not in node.items])
            )
            notes.add(place.line, place.column, f"unknown key `{_short(key)}`", help_)
            found = True
            continue
        kind = inspect.type_info(instead[key]) if key in instead else fields[key].type
        found |= explain(item, kind, f"`{key}`", notes)
    for key, field in fields.items():
        if field.required and key not in given and key not in node.items and key not in apart:
            missing(node, key, words(field.type), notes)
            found = True
    return found


def missing(node: Mapping, key: str, what: str, notes: Notes) -> None:
    """Note that a mapping lacks a key."""
    notes.add(node.line, node.column, f"`{key}` is missing", f"add `{key}:` with {what}")


def _explain_union(node: Node, info: inspect.UnionType, name: str, notes: Notes) -> bool:
    """One of several types: where only one can be meant by the node's form, that one is explained."""
    structs = [part for part in info.types if isinstance(part, inspect.StructType)]
    lists = [part for part in info.types if isinstance(part, inspect.VarTupleType | inspect.TupleType)]
    likely = structs if isinstance(node, Mapping) else lists if isinstance(node, Sequence) else []
    if len(likely) == 1:
        return explain(node, likely[0], name, notes)
    for part in info.types:
        if not isinstance(part, inspect.StructType) and _is(node.value, part):
            return _bounds(node, part, name, notes)
    notes.add(node.line, node.column, f"{name} must be {words(info)}, not {_what(node)}", _quoting(node, info))
    return True


def _explain_tuple(node: Sequence, info: inspect.TupleType, name: str, notes: Notes) -> bool:
    if len(node.items) != len(info.item_types):
        message = f"{name} must be a list of {len(info.item_types)}, not of {len(node.items)}"
        notes.add(node.line, node.column, message)
        return True
    pairs = enumerate(zip(node.items, info.item_types, strict=True), 1)
    found = [explain(item, part, f"item {n} of {name}", notes) for n, (item, part) in pairs]
    return any(found)


def _is(value: object, info: inspect.Type) -> bool:
    """Whether a plain value is of a type, without its bounds."""
    if isinstance(info, inspect.LiteralType):
        return value in info.values
    if isinstance(info, inspect.EnumType):
        return value in [member.value for member in info.cls]
    if isinstance(info, inspect.UnionType):
        return any(_is(value, part) for part in info.types)
    kinds: dict[type[inspect.Type], type | tuple[type, ...]] = {
        inspect.StrType: str,
        inspect.BoolType: bool,
        inspect.NoneType: type(None),
        inspect.DictType: dict,
        inspect.VarTupleType: list,
    }
    if isinstance(info, _NUMBERS):
        return not isinstance(value, bool) and isinstance(
            value, int if isinstance(info, inspect.IntType) else int | float
        )
    return isinstance(info, inspect.AnyType) or isinstance(value, kinds.get(type(info), ()))


def _bounds(node: Node, info: inspect.Type, name: str, notes: Notes) -> bool:
    """Note a number outside the bounds of its type."""
    if not isinstance(info, inspect.IntType | inspect.FloatType):
        return False
    value = node.value
    bounds = (
        (info.ge, "at least", operator.ge),
        (info.gt, "more than", operator.gt),
        (info.le, "at most", operator.le),
        (info.lt, "less than", operator.lt),
    )
    for bound, word, holds in bounds:
        if bound is not None and not holds(value, bound):
            notes.add(node.line, node.column, f"{name} must be {word} {bound:g}")
            return True
    return False


def _length(node: Sequence, info: inspect.VarTupleType | inspect.ListType, name: str, notes: Notes) -> bool:
    if info.min_length is not None and len(node.items) < info.min_length:
        notes.add(node.line, node.column, f"{name} must have at least {info.min_length} items")
        return True
    return False


def _fallback(node: Node, name: str, message: str, notes: Notes) -> None:
    """Note what msgspec, or the struct itself, says; its path leads to the place."""
    text, _, path = message.partition(" - at `$")
    for key, number in _PATH.findall(path):
        if isinstance(node, Mapping) and key in node.items:
            node = node.items[key]
        elif isinstance(node, Sequence) and number and int(number) < len(node.items):
            node = node.items[int(number)]
    notes.add(node.line, node.column, f"{name}: {text}" if name else text)


def _what(node: Node) -> str:
    """What an author would say that a node is."""
    value = node.value
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int | float):
        return f"the number {node.text}" if isinstance(node, Scalar) and len(node.text) < 30 else "a number"
    if isinstance(value, str):
        return f"`{value}`" if len(value) <= 30 and "\n" not in value else "text"
    return "a list" if isinstance(value, list) else "a mapping"


def _quoting(node: Node, info: inspect.Type) -> str:
    """How to write what was probably meant."""
    parts = info.types if isinstance(info, inspect.UnionType) else (info,)
    takes_text = any(isinstance(part, inspect.StrType) for part in parts)
    takes_list = any(isinstance(part, inspect.VarTupleType) for part in parts)
    if node.value is None:
        return "write a value after the colon, or leave the key out"
    if takes_text and isinstance(node, Scalar) and not node.style:
        return f'put it in quotes: "{node.text}"'
    if takes_text and isinstance(node, Mapping | Sequence):
        return "put it in quotes: YAML reads [ ], { } and `key: value` as data"
    if takes_list and isinstance(node, Scalar) and "\n" not in node.text:
        return f"write `[{_short(node.text)}]`, or one item a line after `- `"
    if takes_list:
        return "write one item a line after `- `"
    for part in parts:
        if isinstance(part, inspect.LiteralType | inspect.EnumType) and isinstance(node, Scalar):
            values = part.values if isinstance(part, inspect.LiteralType) else [member.value for member in part.cls]
            return did_you_mean(node.text, [str(value) for value in values])
    return ""


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _either(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"
