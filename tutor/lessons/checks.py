"""The checks of a step, from YAML: the string shorthand, ids, tolerances, and what they need."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from tutor.checks import KINDS
from tutor.checks.base import Check
from tutor.checks.plugins import PluginFault, kind_named, names
from tutor.checks.python import Python
from tutor.lessons.ids import check_id, circles, refer
from tutor.lessons.model import Defaults
from tutor.lessons.nodes import Mapping, Node, Scalar, Sequence
from tutor.lessons.problems import Notes, did_you_mean
from tutor.lessons.programs import with_program
from tutor.lessons.shape import missing, read_struct

SHORT = "equal"
"""The kind that a check written as an expression alone has."""


class Read(msgspec.Struct):
    """The checks that could be read, and the ids of all that were written."""

    checks: list[Check] = []
    ids: list[str] = []
    complete: bool = True
    """Whether every check has an id that is known, so that a reference to another one is wrong."""


def read_checks(node: Node, defaults: Defaults, notes: Notes, folder: Path) -> Read:
    """The checks of a step; what is wrong with them is noted. Their own files are below `folder`."""
    if not isinstance(node, Sequence):
        help_ = "write `checks: [y, x.grad]`, or one check a line after `- `"
        notes.at(node, "`checks` must be a list", help_)
        return Read(complete=False)
    if not node.items:
        notes.at(node, "`checks` is empty", "name at least one expression that the solution makes")
    read = Read()
    given: dict[str, Scalar] = {}
    for item in node.items:
        if isinstance(item, Mapping):
            check_id(item.get("id"), "check", given, notes)
    free = _Names(given)
    for item in node.items:
        _read_one(item, defaults, free, read, notes, folder)
    if read.complete:
        _needs(node, read, notes)
    return read


class _Names:
    """Ids for checks that have none: none that an author gave, and none twice."""

    def __init__(self, given: dict[str, Scalar]) -> None:
        self._taken = set(given)
        self._again: Counter[str] = Counter()

    def name(self, wanted: str) -> str:
        """The wanted id, with a number where another check has it."""
        name = wanted = " ".join(wanted.split())
        while name in self._taken:
            self._again[wanted] += 1
            name = f"{wanted}-{self._again[wanted] + 1}"
        self._taken.add(name)
        return name


def _read_one(item: Node, defaults: Defaults, free: _Names, read: Read, notes: Notes, folder: Path) -> None:
    """Read one check into `read`."""
    if isinstance(item, Scalar) and isinstance(item.value, str):
        item = _long_form(item, notes)
    kind = _kind(item, notes)
    if kind is None or not isinstance(item, Mapping):
        read.complete = False
        return
    data: dict[str, Any] = {key: value for key, value in item.value.items() if key != "kind"}
    _tolerate(data, defaults)
    if not isinstance(data.get("id"), str):
        data["id"] = free.name(str(data.get("expr") or kind.kind))
    read.ids.append(data["id"])
    faults = kind.faults(data)
    for fault in faults:
        notes.at(_place(item, fault.path), fault.message, fault.help)
    check = read_struct(item, kind, data, notes, apart=("kind",)) if not faults else None
    if isinstance(check, Python):
        check = with_program(check, item.at("use"), folder, notes)
    if check is not None:
        read.checks.append(check)


def _place(item: Node, path: tuple[str | int, ...]) -> Node:
    """The node that keys and places in lists lead to, as far as they do."""
    for part in path:
        if isinstance(item, Mapping) and part in item.items:
            item = item.items[str(part)]
        elif isinstance(item, Sequence) and isinstance(part, int) and part < len(item.items):
            item = item.items[part]
    return item


def _long_form(item: Scalar, notes: Notes) -> Mapping:
    """The mapping that a bare expression stands for."""
    expr = item.text.strip()
    if not expr:
        notes.at(item, "this check is empty", "write the expression to check, such as `y`")
    kind = Scalar(item.line, item.column, SHORT, SHORT)
    return Mapping(item.line, item.column, {"kind": SHORT, "expr": expr}, {}, {"kind": kind, "expr": item})


def _kind(item: Node, notes: Notes) -> type[Check] | None:
    """The kind of a check, None where it has none that is known."""
    if not isinstance(item, Mapping):
        help_ = f'as text: "{item.text}"' if isinstance(item, Scalar) else "put an expression in quotes"
        notes.at(item, "a check must be an expression or a mapping with `kind`", help_)
        return None
    node = item.get("kind")
    if node is None:
        missing(item, "kind", f"one of {', '.join(KINDS)}", notes)
        return None
    try:
        kind = kind_named(node.value) if isinstance(node.value, str) else None
    except PluginFault as fault:
        notes.at(node, str(fault), "install a version of it that works, or remove this check")
        return None
    if kind is None:
        text = node.text[:40] if isinstance(node, Scalar) else "this"
        notes.at(node, f"`{text}` is no kind of check", did_you_mean(text, names()))
    return kind


def _tolerate(data: dict[str, Any], defaults: Defaults) -> None:
    """Fill in the tolerances of the lesson or course where the check has none of its own."""
    usual = {key: value for key in ("rtol", "atol") if (value := getattr(defaults, key)) is not None}
    own = data.get("tolerance", {})
    if usual and isinstance(own, dict):
        data["tolerance"] = {**usual, **own}


def _needs(node: Sequence, read: Read, notes: Notes) -> None:
    """Note needs of checks that are not there, and checks that need each other."""
    places: dict[str, Node] = {}
    known = set(read.ids)
    for item, own in zip(node.items, read.ids, strict=True):
        if isinstance(item, Mapping):
            places[own] = item.at("needs")
            for need in item.listed("needs"):
                refer(need, known, "check", notes)
    for own in circles({check.id: check.needs for check in read.checks}):
        notes.at(places[own], f"check `{own}` needs itself, by way of what it needs", "break the circle")
