"""Errors of Python and torch, explained with the learner's own names and shapes."""

from __future__ import annotations

import difflib
import re

import msgspec

from tutor.checks.error_table import TABLE
from tutor.runtime.protocol import ArrayValue, ErrorReport, TensorValue


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """What an error means and what to try."""

    id: str
    why: str
    next: str = ""


def explain_error(error: ErrorReport) -> Explained | None:
    """The explanation of an error that we know; None for any other."""
    for row in TABLE:
        match = re.search(row.pattern, error.message, re.DOTALL) if error.type in row.types else None
        if match is not None:
            parts = {f"g{number}": text or "" for number, text in enumerate(match.groups(), 1)}
            why = " ".join(part for part in (row.why.format(**parts), _shapes(error) if row.shapes else "") if part)
            return Explained(id=row.id, why=why, next=row.next.format(**parts) + _nearest(error, row.id))
    return None


def _shapes(error: ErrorReport) -> str:
    """The shapes of the tensors in the failing line, by name."""
    found = [
        f"`{variable.name}` has the shape {list(variable.value.shape)}"
        for variable in error.involved
        if isinstance(variable.value, TensorValue | ArrayValue)
    ]
    return f"Here {', '.join(found[:4])}." if found else ""


def _nearest(error: ErrorReport, known: str) -> str:
    """The name in the failing line's surroundings that is spelled almost like the missing one."""
    if known != "name":
        return ""
    missing = re.search(r"name '(\w+)'", error.message)
    names = [variable.name for variable in error.involved]
    near = difflib.get_close_matches(missing[1], names, 1) if missing else []
    return f" Did you mean `{near[0]}`?" if near else ""
