"""Rules of courses and lessons that no type says: formats, versions, requirements, defaults."""

from __future__ import annotations

import re

import msgspec

from tutor.lessons.ids import circles, refer
from tutor.lessons.model import FORMAT, Defaults
from tutor.lessons.nodes import Mapping, Node
from tutor.lessons.problems import Notes

_SEMVER = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?", re.ASCII)
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_VERSIONS = r"(>=|<=|==|!=|~=|<|>)\s*\d+(\.\d+)*(\.\*)?"
_RANGE = re.compile(rf"\s*{_VERSIONS}\s*(,\s*{_VERSIONS}\s*)*", re.ASCII)
_FORMS = (
    ("version", _SEMVER, "a version has three numbers, such as `1.0.0`"),
    ("language", LANGUAGE, "write a code such as `en`, `fr` or `pt-BR`"),
    ("requires", _RANGE, 'write a range of versions of torch, such as `">=2.6,<3"`'),
)


def known_format(root: Mapping, notes: Notes) -> bool:
    """Whether the file's format can be read; a file without one is read as the newest, with a problem."""
    node = root.get("format")
    if node is None:
        notes.at(root, "`format` is missing", f"add `format: {FORMAT}` as the first line")
    elif type(node.value) is not int or node.value < 1:
        notes.at(node, "`format` must be a whole number", f"write `format: {FORMAT}`")
    elif node.value > FORMAT:
        message = f"the file has format {node.value}; this version of torch-tutor reads formats up to {FORMAT}"
        notes.at(node, message, "update torch-tutor")
        return False
    return True


def course_rules(root: Mapping, notes: Notes) -> None:
    """The texts of a course that have a form."""
    for key, form, help_ in _FORMS:
        node = root.at(key)
        if isinstance(node.value, str) and not form.fullmatch(node.value):
            notes.at(node, f"`{key}` can't be `{node.value[:40]}`", help_)
    if root.value.get("lessons") == []:
        notes.at(root.at("lessons"), "`lessons` is empty", "name at least one lesson file")


def requirements(lessons: list[tuple[Mapping, Notes]]) -> None:
    """Note required lessons that the course lacks, and lessons that require each other."""
    graph: dict[str, list[str]] = {}
    places: dict[str, tuple[Node, Notes]] = {}
    known = [str(root.value.get("id")) for root, _ in lessons]
    for (root, notes), own in zip(lessons, known, strict=True):
        requires = root.get("requires")
        if not isinstance(requires, Mapping):
            continue
        wanted = requires.listed("lessons")
        for item in wanted:
            refer(item, known, "lesson", notes)
        graph[own] = [item.value for item in wanted if isinstance(item.value, str)]
        places[own] = (requires.at("lessons"), notes)
    for own in circles(graph):
        node, notes = places[own]
        notes.at(node, f"lesson `{own}` requires itself, by way of what it requires", "break the circle")


def defaults_of(root: Mapping, usual: Defaults) -> Defaults:
    """A course's or lesson's defaults over the usual ones; what is wrong with them, their struct says."""
    try:
        own = msgspec.convert(root.value.get("defaults", {}), Defaults)
    except msgspec.ValidationError:
        return usual
    given = {key: value for key, value in msgspec.structs.asdict(own).items() if value is not None}
    return msgspec.structs.replace(usual, **given)
