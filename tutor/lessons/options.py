"""Rules of questions with options, and of texts that must not be empty or stand there twice."""

from __future__ import annotations

from collections.abc import Iterable

from tutor.lessons.nodes import Mapping, Node, Sequence
from tutor.lessons.problems import Notes


def option_rules(node: Mapping, what: str, notes: Notes) -> None:
    """Two options or more, one of them correct, none twice; `what` is the choice or question that has them."""
    not_blank(node, ("ask",), notes)
    options = node.get("options")
    if not isinstance(options, Sequence):
        return
    if len(options.items) < 2:
        notes.at(options, f"a {what} needs at least two options")
    elif not any(correct.value is True for correct in node.each("options", "correct")):
        notes.at(options, "no option is correct", "add `correct: true` to one")
    distinct(node.each("options", "text"), "option", notes)


def distinct(texts: Iterable[Node], what: str, notes: Notes) -> None:
    """Note a text that stands there a second time."""
    seen: dict[str, Node] = {}
    for node in texts:
        if isinstance(node.value, str):
            first = seen.setdefault(node.value.strip(), node)
            if first is not node:
                notes.at(node, f"the same {what} is in line {first.line}")


def not_blank(node: Mapping, keys: Iterable[str], notes: Notes) -> None:
    """Note texts that must not be empty and are."""
    for key in keys:
        item = node.at(key)
        if isinstance(item.value, str) and not item.value.strip():
            notes.at(item, f"`{key}` is empty")
