"""Ids of lessons, steps and checks: what they look like, that they are unique, and references to them."""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Mapping as AnyMapping
from graphlib import CycleError, TopologicalSorter

from tutor.lessons.nodes import Node, Scalar
from tutor.lessons.problems import MOST, Notes, did_you_mean

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CHECK_ID = re.compile(r"[A-Za-z0-9_.-]+")
_LONGEST = 64


def check_id(node: Node | None, what: str, taken: dict[str, Scalar], notes: Notes) -> None:
    """Note an id that is malformed or taken in its parent; add it to `taken`."""
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return
    form = _CHECK_ID if what == "check" else _ID  # without an id, a check is named by its expression
    if not form.fullmatch(node.text) or len(node.text) > _LONGEST:
        help_ = "write letters, digits, - _ and ." if what == "check" else _suggest(node.text)
        notes.at(node, f"`{node.text[:40]}` can't be the id of a {what}", help_)
    elif node.text in taken:
        notes.at(node, f"another {what} has the id `{node.text}`, in line {taken[node.text].line}")
    taken.setdefault(node.text, node)


def refer(node: Node | None, known: Collection[str], what: str, notes: Notes) -> None:
    """Note a reference to something that does not exist."""
    if node is not None and isinstance(node.value, str) and node.value not in known and not notes.full:
        notes.at(node, f"there is no {what} `{node.value[:60]}`", did_you_mean(node.value, known))


def circles(graph: AnyMapping[str, Collection[str]]) -> list[str]:
    """Nodes of a graph from which a path leads back to them; at least one of every circle, of up to `MOST` circles."""
    left = dict(graph)
    found: list[str] = []
    while len(found) < MOST:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            circle = set(error.args[1])
            found += [node for node in left if node in circle]
            left = {node: others for node, others in left.items() if node not in circle}
        else:
            break
    return found


def _suggest(text: str) -> str:
    """An id near the text, or what an id is made of."""
    near = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:_LONGEST]
    rule = "ids are made of lowercase letters, digits and single hyphens"
    return f"{rule}: `{near}`" if near else rule
