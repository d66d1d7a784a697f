"""The conditions of misconceptions: relations, faults and errors that exist."""

from __future__ import annotations

import builtins
import difflib
import re
from collections.abc import Collection

from tutor.checks import KINDS
from tutor.checks.ids import FAULTS, RELATIONS
from tutor.lessons.nodes import Mapping, Node
from tutor.lessons.problems import Notes, did_you_mean

ERRORS = frozenset(
    name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
) | {"OutOfMemoryError", "LinAlgError", "UnpicklingError", "JSONDecodeError", "URLError", "gaierror"}
"""Types of errors that programs meet: Python's own, and some of torch and the standard library."""
_NAME = re.compile(r"[A-Za-z_]\w*")


def conditions(node: Mapping, notes: Notes) -> None:
    """Note relations, faults and errors in the `when` of a step's misconceptions that nothing ever has."""
    relations = {*RELATIONS, *FAULTS, *(known for kind in KINDS.values() for known in kind.relations)}
    for when in node.each("misconceptions", "when"):
        if isinstance(when, Mapping):
            _known(when.get("relation"), relations, "relation", notes)
            _known(when.get("trace"), FAULTS, "fault of a training", notes)
            known_error(when.get("error"), notes)


def _known(node: Node | None, known: Collection[str], what: str, notes: Notes) -> None:
    if node is not None and isinstance(node.value, str) and node.value not in known and not notes.full:
        near = difflib.get_close_matches(node.value[:60].lower(), known, n=1)
        help_ = did_you_mean(near[0], near) if near else "`check … --json` names that of a wrong answer"
        notes.at(node, f"there is no {what} `{node.value[:60]}`", help_)


def known_error(node: Node | None, notes: Notes) -> None:
    """Programs may define errors of their own: only what can be no name, or is nearly that of a known one, is wrong."""
    if node is None or not isinstance(node.value, str) or node.value in ERRORS:
        return
    near = difflib.get_close_matches(node.value[:60], ERRORS, n=1, cutoff=0.85)
    if near or not _NAME.fullmatch(node.value):
        help_ = did_you_mean(near[0], near) if near else "write the name of its type, such as `RuntimeError`"
        notes.at(node, f"there is no error `{node.value[:60]}`", help_)
