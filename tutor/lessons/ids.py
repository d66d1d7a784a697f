"""Ids of lessons, steps and checks: what they look like, that they are unique, and references to them."""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Mapping as AnyMapping

from tutor.lessons.problems import Notes, did_you_mean
from tutor.lessons.yaml import REFUSED, Node, Scalar

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CHECK_ID = re.compile(r"[A-Za-z0-9_.-]+")
_LONGEST = 64


def check_id(node: Node, what: str, taken: dict[str, Scalar], notes: Notes) -> None:
    """Note an id that is malformed or taken in its parent; add it to `taken`."""
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return
    form = _CHECK_ID if what == "check" else _ID  # without an id, a check is named by its expression
    if not form.fullmatch(node.text) or len(node.text) > _LONGEST:
        help_ = "write letters, digits, - _ and ." if what == "check" else _suggest(node.text)
        notes.add(node.line, node.column, f"`{node.text[:40]}` can't be the id of a {what}", help_)
    elif node.text in taken:
        first = taken[node.text].line
        notes.add(node.line, node.column, f"another {what} has the id `{node.text}`, in line {first}")
    taken.setdefault(node.text, node)


def refer(node: Node | None, known: Collection[str], what: str, notes: Notes) -> None:
    """Note a reference to something that does not exist."""
    if node is None or node.value is REFUSED or not isinstance(node.value, str):
        return
    if node.value not in known:
        notes.add(node.line, node.column, f"there is no {what} `{node.value[:60]}`", did_you_mean(node.value, known))


def circles(graph: AnyMapping[str, Collection[str]]) -> list[str]:
    """The nodes of a graph from which a path leads back to them."""
    left = {node: {other for other in graph[node] if other in graph} for node in graph}
    while ends := [node for node, others in left.items() if not others & left.keys()]:
        for node in ends:
            del left[node]
    return [node for node in left if node in _reached(node, left)]


def _reached(start: str, graph: AnyMapping[str, Collection[str]]) -> set[str]:
    """All nodes to which a path leads."""
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        one = waiting.pop()
        if one in graph and one not in seen:
            seen.add(one)
            waiting += graph[one]
    return seen


def _suggest(text: str) -> str:
    """An id near the text, or what an id is made of."""
    near = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:_LONGEST]
    rule = "ids are made of lowercase letters, digits and single hyphens"
    return f"{rule}: `{near}`" if near else rule
