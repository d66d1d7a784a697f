"""Changes of statements: one left out, two neighbours the other way round."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from tutor.checks.edits import Source
from tutor.proving.mutant_tree import bodies, is_print, is_text

Change = tuple[int, int, str]

_SIMPLE = (
    ast.Assign,
    ast.AugAssign,
    ast.AnnAssign,
    ast.Expr,
    ast.Return,
    ast.Delete,
    ast.Raise,
    ast.Break,
    ast.Continue,
)


def removed(source: Source, tree: ast.Module, prints_count: bool) -> Iterator[Change]:
    """A program without one of its simple statements."""
    for body in bodies(tree):
        for statement in body:
            if _counts(statement, prints_count=prints_count):
                yield source.start(statement), source.end(statement), "pass"


def swapped(source: Source, tree: ast.Module, prints_count: bool) -> Iterator[Change]:
    """Two neighbouring simple statements the other way round."""
    for body in bodies(tree):
        for first, second in itertools.pairwise(body):
            if first.lineno == second.lineno or not _counts(first, prints_count=prints_count):
                continue
            if not _counts(second, prints_count=prints_count):
                continue
            between = source.bytes[source.end(first) : source.start(second)].decode()
            text = source.text(second) + between + source.text(first)
            yield source.start(first), source.end(second), text


def _counts(statement: ast.stmt, *, prints_count: bool) -> bool:
    if not isinstance(statement, _SIMPLE) or is_text(statement):
        return False
    return prints_count or not is_print(statement)
