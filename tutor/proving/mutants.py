"""Small changes of a right program, each of which should make it wrong: what a check that is not blind notices.

The text is kept but for the part that is changed, so that a change can be shown as a line of a diff.
"""

from __future__ import annotations

import ast
import itertools
import random
from collections.abc import Callable, Collection, Iterator

import msgspec

from tutor.checks.edits import Source
from tutor.checks.syntax import parse
from tutor.proving import mutant_calls, mutant_statements, mutant_values

MOST = 20
"""How many changes of one program are tried."""

Change = tuple[int, int, str]
"""The part of the program's bytes from one place to another, and what is to stand there."""
Kind = Callable[[Source, ast.Module, bool], Iterator[Change]]

KINDS: dict[str, Kind] = {
    "operator": mutant_values.operators,
    "constant": mutant_values.constants,
    "dim": mutant_calls.dims,
    "flag": mutant_values.flags,
    "removed statement": mutant_statements.removed,
    "swapped statements": mutant_statements.swapped,
    "removed call": mutant_calls.removed,
    "swapped arguments": mutant_calls.swapped,
    "other function": mutant_calls.renamed,
}
"""Every kind of change: given a program, its tree, and whether what is printed counts."""


OF_LINES = ("removed statement", "swapped statements")
"""The kinds that a learner can make who only arranges lines."""


class Mutant(msgspec.Struct, frozen=True, kw_only=True):
    """One changed program."""

    kind: str
    line: int
    """The first line that differs."""
    old: tuple[str, ...]
    new: tuple[str, ...]
    """The lines that differ, before and after."""
    code: str
    because: str = ""
    """The author's reason why no check needs to notice it."""


def mutants(code: str, *, kinds: Collection[str] = KINDS, prints_count: bool = False, most: int = MOST) -> list[Mutant]:
    """At most so many changes of a program, the same each time and evenly over those kinds.

    Where nothing checks what is printed (`prints_count` is false), what only changes it is left out.
    """
    tree = parse(code)
    if tree is None:
        return []
    source, chance, seen = Source(code), random.Random(code), {ast.dump(tree)}
    by_kind = []
    for name in kinds:
        made = []
        for change in dict.fromkeys(KINDS[name](source, tree, prints_count)):
            changed = source.with_text(*change)
            other = parse(changed)
            if other is not None and (dump := ast.dump(other)) not in seen:
                seen.add(dump)
                made.append(mutant(code, changed, name))
        chance.shuffle(made)
        by_kind.append(made)
    in_turn = (one for row in itertools.zip_longest(*by_kind) for one in row if one is not None)
    return sorted(itertools.islice(in_turn, most), key=lambda one: one.line)


def mutant(code: str, changed: str, kind: str, because: str = "") -> Mutant:
    """The change from one program to another, by the lines that differ."""
    before, after = code.splitlines(), changed.splitlines()
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    return Mutant(
        kind=kind,
        line=start + 1,
        old=tuple(before[start : len(before) - end]),
        new=tuple(after[start : len(after) - end]),
        code=changed,
        because=because,
    )


def _common(one: list[str], other: list[str]) -> int:
    """How many lines are the same at the beginning."""
    pairs = zip(one, other, strict=False)
    return next((number for number, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
