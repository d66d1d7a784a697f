"""The checks of a step, from YAML: the string shorthand, ids, tolerances, and what they need."""

from __future__ import annotations

from typing import Any

import msgspec

from tutor.checks import KINDS
from tutor.checks.base import Check
from tutor.lessons.ids import check_id, circles, refer
from tutor.lessons.model import Defaults
from tutor.lessons.problems import Notes, did_you_mean
from tutor.lessons.shape import missing, read_struct
from tutor.lessons.yaml import REFUSED, Mapping, Node, Scalar, Sequence

SHORT = "equal"
"""The kind that a check written as an expression alone has."""


class Read(msgspec.Struct):
    """The checks that could be read, and the ids of all that were written."""

    checks: list[Check] = []
    ids: list[str] = []
    complete: bool = True
    """Whether every check has an id that is known, so that a reference to another one is wrong."""


def read_checks(node: Node, defaults: Defaults, notes: Notes) -> Read:
    """The checks of a step; what is wrong with them is noted."""
    read = Read([], [])
    if not isinstance(node, Sequence):
        if node.value is not REFUSED:
            help_ = "write `checks: [y, x.grad]`, or one check a line after `- `"
            notes.add(node.line, node.column, "`checks` must be a list", help_)
        read.complete = False
        return read
    if not node.items:
        notes.add(node.line, node.column, "`checks` is empty", "name at least one expression that the solution makes")
    taken = _explicit_ids(node, notes)
    counts: dict[str, int] = {}
    for item in node.items:
        _read_one(item, defaults, taken, counts, read, notes)
    if read.complete:
        _needs(node, read, notes)
    return read


def _explicit_ids(node: Sequence, notes: Notes) -> set[str]:
    """The ids that the author gave, which no check may get by itself."""
    taken: dict[str, Scalar] = {}
    for item in node.items:
        own = item.get("id") if isinstance(item, Mapping) else None
        if own is not None:
            check_id(own, "check", taken, notes)
    return set(taken)


def _read_one(
    item: Node, defaults: Defaults, taken: set[str], counts: dict[str, int], read: Read, notes: Notes
) -> None:
    """Read one check into `read`."""
    if isinstance(item, Scalar) and isinstance(item.value, str):
        item = _long_form(item, notes)
    elif not isinstance(item, Mapping):
        read.complete = False
        if item.value is not REFUSED:
            text = item.text if isinstance(item, Scalar) else "…"
            notes.add(
                item.line, item.column, "a check must be an expression or a mapping with `kind`", f'as text: "{text}"'
            )
        return
    kind = _kind(item, notes)
    if kind is None:
        read.complete = False
        return
    data: dict[str, Any] = {key: value for key, value in item.value.items() if key != "kind"}
    _tolerate(data, defaults)
    counts[kind] = counts.get(kind, 0) + 1
    if not isinstance(data.get("id"), str):
        data["id"] = _free_id(data.get("expr") or f"{kind}-{counts[kind]}", taken)
    taken.add(data["id"])
    read.ids.append(data["id"])
    check = read_struct(item, KINDS[kind], data, notes, apart=("kind",))
    if check is not None and check.points < 0:
        line, column = item.place("points")
        notes.add(line, column, "`points` must be at least 0")
    if check is not None:
        read.checks.append(check)


def _long_form(item: Scalar, notes: Notes) -> Mapping:
    """The mapping that a bare expression stands for."""
    if not item.text.strip():
        notes.add(item.line, item.column, "this check is empty", "write the expression to check, such as `y`")
    expr = item.text.strip()
    kind = Scalar(item.line, item.column, SHORT, SHORT)
    return Mapping(item.line, item.column, {"kind": SHORT, "expr": expr}, {}, {"kind": kind, "expr": item})


def _kind(item: Mapping, notes: Notes) -> str | None:
    """The kind of a check, None where it has none that is known."""
    node = item.get("kind")
    if node is None:
        missing(item, "kind", f"one of {', '.join(KINDS)}", notes)
        return None
    if isinstance(node.value, str) and node.value in KINDS:
        return node.value
    if node.value is not REFUSED:
        text = node.text if isinstance(node, Scalar) else "this"
        notes.add(node.line, node.column, f"`{text[:40]}` is no kind of check", did_you_mean(text, KINDS))
    return None


def _tolerate(data: dict[str, Any], defaults: Defaults) -> None:
    """Fill in the tolerances of the lesson or course where the check has none of its own."""
    usual = {key: value for key in ("rtol", "atol") if (value := getattr(defaults, key)) is not None}
    own = data.get("tolerance", {})
    if usual and isinstance(own, dict):
        data["tolerance"] = {**usual, **own}


def _free_id(wanted: object, taken: set[str]) -> str:
    """The wanted id, with a number where another check has it."""
    text = " ".join(str(wanted).split())
    number, free = 2, text
    while free in taken:
        free = f"{text}-{number}"
        number += 1
    return free


def _needs(node: Sequence, read: Read, notes: Notes) -> None:
    """Note needs of checks that are not there, and checks that need each other."""
    places: dict[str, Node] = {}
    for item, own in zip(node.items, read.ids, strict=True):
        needs = item.get("needs") if isinstance(item, Mapping) else None
        if isinstance(needs, Sequence):
            places[own] = needs
            for need in needs.items:
                refer(need, read.ids, "check", notes)
    for own in circles({check.id: check.needs for check in read.checks}):
        place = places[own]
        notes.add(place.line, place.column, f"check `{own}` needs itself, by way of what it needs", "break the circle")
