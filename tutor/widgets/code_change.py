"""What the programs of several runs are known by: what changed from one to the next, such as "lr=0.01"."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from tutor.widgets.formats import shorten

Change = tuple[ast.AST | None, ast.AST | None]
"""What stood there before, and what stands there now; None for nothing."""

SAME, OTHER = "same code", "other code"
LONGEST = 32
"""Cells of one change."""
MOST = 2
"""Changes that are told one by one."""
LARGEST = 20_000
"""Characters of a program; to compare larger ones would keep the screen waiting."""

_TELLING = (ast.stmt, ast.keyword, ast.Call, ast.Attribute, ast.BinOp, ast.Compare, ast.Subscript, ast.withitem)
"""What can be read without what stands around it; not a bare number or a single name."""


def what_changed(programs: Sequence[str]) -> list[str]:
    """A name for each, in the order in which they ran: what it changed.

    The first is known by what it had where the second one changed, or by SAME where nothing did.
    """
    pairs = list(pairwise(programs))
    return [told(before, now, new=False) for before, now in pairs[:1]] + [told(before, now) for before, now in pairs]


@lru_cache(maxsize=32)
def told(before: str, now: str, *, new: bool = True) -> str:
    """The changes from a program to the next, as they are now, or, with `new` false, as they were."""
    if max(len(before), len(now)) > LARGEST:
        return SAME if before == now else OTHER
    try:
        said = [_said(change if new else change[::-1]) for change in _between(before, now)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # what ast raises for code that it can't read
        return SAME if before == now else OTHER
    more = [f"{len(said) - MOST} more"] if len(said) > MOST else []
    return ", ".join([*said[:MOST], *more]) or SAME


def _statements(program: str) -> list[tuple[str, ast.stmt]]:
    """The statements of a program, each led by its lines."""
    lines = program.split("\n")
    found = []
    for node in ast.parse(program).body:
        first = min([node, *getattr(node, "decorator_list", ())], key=lambda each: each.lineno).lineno
        found.append(("\n".join(lines[first - 1 : node.end_lineno]), node))
    return found


def _between(before: str, now: str) -> list[Change]:
    """The changes; only statements whose lines differ are compared as trees, which takes time."""
    there, here = _statements(before), _statements(now)
    matcher = SequenceMatcher(None, [text for text, _ in there], [text for text, _ in here])
    found: list[Change] = []
    for tag, start, end, start_now, end_now in matcher.get_opcodes():
        if tag != "equal":
            found += _listed([node for _, node in there[start:end]], [node for _, node in here[start_now:end_now]])
    return found


def _said(change: Change) -> str:
    there, here = change
    if here is None:
        return f"without {_text(there)}"
    return _text(here) if there is not None else f"with {_text(here)}"


def _text(node: ast.AST | None) -> str:
    """Its first line: of a loop or a function what stands above its body."""
    return shorten(ast.unparse(node).split("\n")[0].removesuffix(":"), LONGEST) if node is not None else ""


def _changes(before: ast.AST, now: ast.AST) -> list[Change]:
    """The smallest parts that differ and can be read alone; comments and layout are no parts."""
    if type(before) is not type(now):
        return [(before, now)]
    found: list[Change] = []
    for name in before._fields:
        there, here = getattr(before, name, None), getattr(now, name, None)
        if isinstance(there, list) and isinstance(here, list):
            found += _listed(there, here)
        elif isinstance(there, ast.AST) and isinstance(here, ast.AST):
            found += _changes(there, here)
        elif there != here:
            found.append((before, now))
    alone = all(isinstance(node, _TELLING) for change in found for node in change if node is not None)
    return found if alone else [(before, now)]


def _listed(before: Sequence[object], now: Sequence[object]) -> list[Change]:
    """The same for statements, arguments and the like, some of which may have come or gone."""
    found: list[Change] = []
    there, here = _parts(before), _parts(now)
    matcher = SequenceMatcher(None, [ast.dump(n) for n in there], [ast.dump(n) for n in here])
    for tag, start, end, start_now, end_now in matcher.get_opcodes():
        if tag == "equal":
            continue
        if end - start == end_now - start_now:
            for old, new in zip(there[start:end], here[start_now:end_now], strict=True):
                found += _changes(old, new)
        else:
            found += [(old, None) for old in there[start:end]] + [(None, new) for new in here[start_now:end_now]]
    return found


def _parts(listed: Sequence[object]) -> list[ast.AST]:
    """Names of globals and gaps in a dictionary become nodes, as all else is."""
    return [part if isinstance(part, ast.AST) else ast.Constant(part) for part in listed]  # type: ignore[arg-type]
