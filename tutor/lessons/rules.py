"""Rules of courses and lessons that no type says: formats, versions, requirements, defaults."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from tutor.lessons.ids import circles, refer
from tutor.lessons.model import FORMAT, Defaults
from tutor.lessons.problems import Notes
from tutor.lessons.shape import read
from tutor.lessons.yaml import REFUSED, Mapping, Node, Scalar, Sequence

_SEMVER = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_RANGE = re.compile(r"(>=|<=|==|!=|~=|<|>)\s*\d+(\.\d+)*(\.\*)?", re.ASCII)


def known_format(root: Mapping, notes: Notes) -> bool:
    """Whether the file's format can be read; a file without one is read as the newest, with a problem."""
    node = root.get("format")
    if node is None:
        notes.add(root.line, root.column, "`format` is missing", f"add `format: {FORMAT}` as the first line")
        return True
    if type(node.value) is int and 1 <= node.value <= FORMAT:
        return True
    if type(node.value) is int and node.value > FORMAT:
        message = f"the file has format {node.value}; this version of torch-tutor reads formats up to {FORMAT}"
        notes.add(node.line, node.column, message, "update torch-tutor")
        return False
    if node.value is not REFUSED:
        notes.add(node.line, node.column, "`format` must be a whole number", f"write `format: {FORMAT}`")
    return True


def course_rules(root: Mapping, notes: Notes) -> None:
    """The texts of a course that have a form."""
    forms = (
        ("version", lambda text: _SEMVER.fullmatch(text), "a version has three numbers, such as `1.0.0`"),
        ("language", lambda text: _LANGUAGE.fullmatch(text), "write a code such as `en`, `fr` or `pt-BR`"),
        ("requires", _is_range, 'write a range of versions of torch, such as `">=2.6,<3"`'),
    )
    for key, holds, help_ in forms:
        node = root.get(key)
        if isinstance(node, Scalar) and isinstance(node.value, str) and not holds(node.value):
            notes.add(node.line, node.column, f"`{key}` can't be `{node.value[:40]}`", help_)
    node = root.get("lessons")
    if isinstance(node, Sequence) and not node.items:
        notes.add(node.line, node.column, "`lessons` is empty", "name at least one lesson file")


def _is_range(text: str) -> bool:
    return all(_RANGE.fullmatch(part.strip()) for part in text.split(","))


def requirements(lessons: list[tuple[Mapping, Notes]]) -> None:
    """Note required lessons that the course lacks, and lessons that require each other."""
    graph: dict[str, list[str]] = {}
    places: dict[str, tuple[Node, Notes]] = {}
    known = [str(root.value.get("id")) for root, _ in lessons]
    for (root, notes), own in zip(lessons, known, strict=True):
        requires = root.get("requires")
        wanted = requires.get("lessons") if isinstance(requires, Mapping) else None
        if isinstance(wanted, Sequence):
            for item in wanted.items:
                refer(item, known, "lesson", notes)
            graph[own] = [item.value for item in wanted.items if isinstance(item.value, str)]
            places[own] = (wanted, notes)
    for own in circles(graph):
        node, notes = places[own]
        notes.add(
            node.line, node.column, f"lesson `{own}` requires itself, by way of what it requires", "break the circle"
        )


def defaults_of(root: Mapping, notes: Notes) -> Defaults:
    """The defaults of a course or lesson; none where they are wrong (its struct says so)."""
    node = root.get("defaults")
    found = read(node, Defaults, "`defaults`", notes) if isinstance(node, Mapping) else None
    return found or Defaults()


def merged(own: Defaults, usual: Defaults) -> Defaults:
    """The lesson's defaults over the course's."""
    if usual == Defaults():
        return own
    both = {**_given(usual), **_given(own)}
    return Defaults(**both)


def _given(defaults: Defaults) -> dict[str, Any]:
    return {key: value for key, value in msgspec.structs.asdict(defaults).items() if value is not None}
