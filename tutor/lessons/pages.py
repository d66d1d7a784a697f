"""Which section of the authors' page tells about a place in a course file."""

from __future__ import annotations

from tutor.checks import KINDS
from tutor.lessons.model import STEP_KINDS
from tutor.lessons.nodes import Mapping, Node, Sequence

PAGE = "docs/authoring.md"
MISTAKES = "when-something-is-wrong"
_OWN_SECTION = ("call", "evaluation", "python")
"""Kinds of check that have a section of their own."""
_IN_A_STEP = {
    "misconceptions": "words-for-wrong-answers",
    "wrong": "words-for-wrong-answers",
    "also_correct": "words-for-wrong-answers",
    "mutants": "proof",
}


def page_of(root: Node | None, line: int, column: int) -> str:
    """The section that tells about what stands at a place, as a link: "docs/authoring.md#checks"."""
    return f"{PAGE}#{_section(root, (line, column))}"


def sections() -> set[str]:
    """Every section that `page_of` may name."""
    fixed = {MISTAKES, "fields-of-a-course", "fields-of-a-lesson", "fields-of-defaults", "translations", "checks"}
    return {*fixed, "operations-that-ran", *_OWN_SECTION, *_IN_A_STEP.values(), *STEP_KINDS}


def _section(root: Node | None, place: tuple[int, int]) -> str:
    """Walk down to the place, and keep the section of the innermost value that has one."""
    if not isinstance(root, Mapping):
        return MISTAKES
    section = _of_file(root)
    path: tuple[str | int, ...] = ()
    node: Node = root
    while True:
        key, child = _child(node, place)
        if child is None:
            return section
        path = (*path, key)
        section = _of_value(path, child) or section
        node = child


def _of_file(root: Mapping) -> str:
    own = any(isinstance(root.get(key), Sequence) for key in ("steps", "lessons"))
    if "language" in root.items and not own:
        return "translations"
    if "lessons" in root.items:
        return "fields-of-a-course"
    return "fields-of-a-lesson" if "steps" in root.items else MISTAKES


def _of_value(path: tuple[str | int, ...], child: Node) -> str | None:
    """The section of a value at the end of a path, where it begins one."""
    key, *above = path[-1], *path[:-1][::-1]
    if key == "defaults":
        return "fields-of-defaults"
    if isinstance(key, str) and above and isinstance(above[0], int):
        if key in _IN_A_STEP:
            return _IN_A_STEP[key]
        if key in ("checks", "operations"):
            return "checks" if key == "checks" else "operations-that-ran"
    if isinstance(key, int) and above and isinstance(child, Mapping):
        kind = child.text("kind")
        if above[0] == "lessons":
            return "fields-of-a-lesson"
        if above[0] == "steps" and kind in STEP_KINDS:
            return kind
        if above[0] == "checks" and kind in KINDS and kind in _OWN_SECTION:
            return kind
    return None


def _child(node: Node, place: tuple[int, int]) -> tuple[str | int, Node | None]:
    """The last part of a value that begins at a place or before it."""
    found: tuple[str | int, Node | None] = ("", None)
    if isinstance(node, Mapping):
        for name, key in node.keys.items():
            if (key.line, key.column) <= place:
                found = (name, node.items[name])
    elif isinstance(node, Sequence):
        for number, item in enumerate(node.items):
            if (item.line, item.column) <= place:
                found = (number, item)
    return found
