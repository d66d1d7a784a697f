"""From nodes to structs: convert fast where all is well, else say everything that is wrong, each at its place."""

from __future__ import annotations

import operator
import re
from collections.abc import Collection
from collections.abc import Mapping as AnyMapping
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from tutor.lessons.nodes import Mapping, Node, Scalar, Sequence
from tutor.lessons.problems import Notes, did_you_mean

T = TypeVar("T")

_FIELD = re.compile(r"`(\w+)[:`]")
_PATH = re.compile(r"\.([\w-]+)|\[(\d+)\]")


def read_struct(
    node: Mapping,
    wanted: type[T],
    data: dict[str, Any],
    notes: Notes,
    *,
    apart: Collection[str] = (),
    instead: AnyMapping[str, Any] | None = None,
) -> T | None:
    """A struct from `data`, which is the mapping's own values as the loader completed them; None, and why, if it can't.

    `apart` are keys that the loader reads itself, and `instead` types that an author may write for a field in place of
    its own.
    """
    try:
        return msgspec.convert(data, wanted)
    except msgspec.ValidationError as error:
        before = len(notes)
        _explain_fields(node, wanted, notes, given=data, apart=apart, instead=instead or {})
        if len(notes) == before:
            _repeat(node, str(error), notes)
    return None


def missing(node: Mapping, key: str, what: str, notes: Notes) -> None:
    """Note that a mapping lacks a key."""
    notes.at(node, f"`{key}` is missing", f"add `{key}:` with {what}")


def words(wanted: Any) -> str:
    """What an author calls a type."""
    names: list[str] = []
    for part in _parts(wanted):
        bare = _bare(part)
        if _allowed(bare):
            names += [f"`{value}`" for value in _allowed(bare)]
        elif get_origin(bare) is tuple and Ellipsis not in get_args(bare):
            names.append(f"a list of {len(get_args(bare))}")
        else:
            names.append(_WORDS.get(get_origin(bare) or bare, "a mapping"))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


_WORDS = {str: "text", int: "a whole number", float: "a number", bool: "`true` or `false`", tuple: "a list"}


def _explain_fields(
    node: Mapping,
    wanted: Any,
    notes: Notes,
    *,
    given: Collection[str] = (),
    apart: Collection[str] = (),
    instead: AnyMapping[str, Any] = {},
) -> None:
    """Note unknown keys, values of another type, and keys that are neither there nor `given`."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(wanted)}
    for key, item in node.items.items():
        if key in fields and key not in apart:
            _explain(item, instead.get(key, fields[key].type), f"`{key}`", notes)
        elif key not in apart and not key.startswith("x-") and not notes.full:
            known = [name for name in (*fields, *apart) if name not in node.items and not name.startswith("x-")]
            notes.at(node.keys[key], f"unknown key `{_short(key)}`", did_you_mean(key, known))
    for key, field in fields.items():
        if field.required and key not in {*given, *apart, *node.items}:
            missing(node, key, words(field.type), notes)


def _explain(node: Node, wanted: Any, name: str, notes: Notes) -> None:
    """Note all that keeps a node's value from being of a type."""
    if _fits(node.value, wanted):
        return
    for part in _parts(wanted):
        bare = _bare(part)
        if isinstance(node, Mapping) and isinstance(bare, type) and issubclass(bare, msgspec.Struct):
            _explain_fields(node, bare, notes)
            return
        if isinstance(node, Mapping) and get_origin(bare) is dict:
            for key, item in node.items.items():
                _explain(item, get_args(bare)[1], f"`{_short(key)}`", notes)
            return
        if isinstance(node, Sequence) and get_origin(bare) is tuple:
            _explain_items(node, get_args(bare), name, notes)
            return
        if _fits(node.value, bare):
            notes.at(node, f"{name} must be {_bound(node.value, part)}")
            return
    notes.at(node, f"{name} must be {words(wanted)}, not {_what(node)}", _help(node, _parts(wanted)))


def _explain_items(node: Sequence, kinds: tuple[Any, ...], name: str, notes: Notes) -> None:
    """Note what is wrong with the items of a list."""
    if Ellipsis in kinds:
        kinds = kinds[:1] * len(node.items)
    if len(kinds) != len(node.items):
        notes.at(node, f"{name} must be a list of {len(kinds)}, not of {len(node.items)}")
        return
    for number, (item, kind) in enumerate(zip(node.items, kinds, strict=True), 1):
        _explain(item, kind, f"item {number} of {name}", notes)


def _repeat(node: Node, said: str, notes: Notes) -> None:
    """Note what msgspec, or the struct itself, said; its path leads to the place."""
    text, _, path = said.partition(" - at `$")
    for key, number in _PATH.findall(path):
        if isinstance(node, Mapping) and key in node.items:
            node = node.items[key]
        elif isinstance(node, Sequence) and number and int(number) < len(node.items):
            node = node.items[int(number)]
    named = _FIELD.match(text)
    if named and isinstance(node, Mapping) and named[1] in node.items:  # what the struct says begins with its field
        node = node.items[named[1]]
    notes.at(node, text)


# ---- types --------------------------------------------------------------------------------------------------------


def _fits(value: object, wanted: Any) -> bool:
    try:
        msgspec.convert(value, wanted)
    except msgspec.ValidationError:
        return False
    return True


def _bare(wanted: Any) -> Any:
    """A type without its bounds."""
    return get_args(wanted)[0] if get_origin(wanted) is Annotated else wanted


def _parts(wanted: Any) -> list[Any]:
    """The types of a union but for None; any other type alone."""
    if get_origin(wanted) in (Union, UnionType):
        return [part for part in get_args(wanted) if part is not NoneType]
    return [wanted]


def _allowed(bare: Any) -> list[str]:
    """The words that may be written for a type that lists them."""
    if get_origin(bare) is Literal:
        return [str(value) for value in get_args(bare)]
    return [str(one.value) for one in bare] if isinstance(bare, type) and issubclass(bare, Enum) else []


def _bound(value: Any, wanted: Any) -> str:
    """The first bound of a type that a number does not keep."""
    (meta,) = (part for part in get_args(wanted)[1:] if isinstance(part, msgspec.Meta))
    bounds = (
        (meta.ge, "at least", operator.ge),
        (meta.gt, "more than", operator.gt),
        (meta.le, "at most", operator.le),
        (meta.lt, "less than", operator.lt),
    )
    broken = (f"{word} {bound:g}" for bound, word, holds in bounds if bound is not None and not holds(value, bound))
    return next(broken, "of another form")


# ---- words --------------------------------------------------------------------------------------------------------


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


_TRUTHS = {
    **dict.fromkeys(("yes", "on", "y", "true"), "true"),
    **dict.fromkeys(("no", "off", "n", "false"), "false"),
}


def _help(node: Node, parts: list[Any]) -> str:
    """How to write what was probably meant."""
    takes_list = any(get_origin(_bare(part)) is tuple for part in parts)
    if node.value is None:
        return "write a value after the colon, or leave the key out"
    if not isinstance(node, Scalar):
        return "put it in quotes: YAML reads [ ], { } and `key: value` as data" if str in parts else ""
    if str in parts and not node.style:
        return f'put it in quotes: "{node.text}"'
    if bool in parts and (meant := _TRUTHS.get(node.text.lower())):
        return f"write `{meant}`: in YAML 1.2, `{node.text}` is text"
    if takes_list and "\n" not in node.text:
        return f"write `[{_short(node.text)}]`, or one item a line after `- `"
    if takes_list:
        return "write one item a line after `- `"
    allowed = [word for part in parts for word in _allowed(_bare(part))]
    return did_you_mean(node.text, allowed) if allowed else ""


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
