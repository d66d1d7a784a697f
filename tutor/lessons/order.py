"""Steps whose lines are put in order: which lines there are, how they are shuffled, and the rules for authors."""

from __future__ import annotations

import ast
import random
from collections.abc import Sequence as Lines
from typing import Any

from tutor.lessons.model import OrderStep
from tutor.lessons.nodes import Mapping, Node
from tutor.lessons.problems import Notes

_TRIES = 100
"""How many shuffles are looked at, of which the first that plainly can't run is taken."""


def lines_of(program: str) -> list[str]:
    """The lines of a program that hold more than spaces, with their indentation."""
    return [line.rstrip() for line in program.splitlines() if line.strip()]


def pieces(step: OrderStep) -> list[str]:
    """Every line that the learner gets, in the order in which they are shown at first."""
    return lines_of(step.starter)


def shuffled(solution: str, distractors: Lines[str], seed: str) -> str:
    """All lines in an order that depends on the seed alone and is not the solution's.

    An order is preferred in which a line reads a name before it is made, or which is not Python at all: then the
    program that the step starts with can't pass by chance.
    """
    right = lines_of(solution)
    lines = [*right, *lines_of("\n".join(distractors))]
    source = random.Random(seed)
    first: list[str] | None = None
    for _ in range(_TRIES):
        mixed = lines.copy()
        source.shuffle(mixed)
        if [line for line in mixed if line in right] == right:
            continue
        first = first or mixed
        if _cannot_run("\n".join(mixed)):
            return "\n".join(mixed) + "\n"
    return "\n".join(first or lines) + "\n"


def _cannot_run(program: str) -> bool:
    """Whether a program is not Python, or reads a name in a line above the first that makes it."""
    try:
        tree = ast.parse(program)
    except (SyntaxError, ValueError):
        return True
    made: dict[str, int] = {}
    for node in ast.walk(tree):
        for name in _bound(node):
            line = getattr(node, "lineno", 0)
            made[name] = min(line, made.get(name, line))
    reads = (node for statement in tree.body for node in _now(statement) if isinstance(node, ast.Name))
    return any(isinstance(node.ctx, ast.Load) and made.get(node.id, 0) > node.lineno for node in reads)


def _bound(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return [node.id]
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name.split(".")[0] for alias in node.names]
    return []


def _now(statement: ast.stmt) -> list[ast.AST]:
    """The parts of a statement that run when it is reached; what is in functions runs later."""
    return [] if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) else list(ast.walk(statement))


# ---- rules for authors ------------------------------------------------------------------------------------------


def order_rules(node: Mapping, data: dict[str, Any], notes: Notes) -> None:
    """Note what keeps lines from being put in order; fill in the starter."""
    if "starter" in node.items:
        message = "an order step has no `starter`: it begins with its own lines, shuffled"
        notes.at(node.keys["starter"], message, "remove it; what runs before goes under `setup`")
    solution, distractors = node.at("solution"), node.listed("distractors")
    lines = lines_of(node.text("solution"))
    if isinstance(solution.value, str) and solution.value.strip() and len(set(lines)) < 2:
        notes.at(solution, "the solution has nothing to put in order", "it needs at least two different lines")
    seen: dict[str, Node] = {}
    for item in distractors:
        if isinstance(item.value, str):
            _distractor(item, item.value.rstrip(), lines, seen, notes)
    texts = [item.value for item in distractors if isinstance(item.value, str)]
    data["starter"] = shuffled(node.text("solution"), texts, f"{data.get('id')}\n{node.text('solution')}")


def _distractor(item: Node, text: str, lines: Lines[str], seen: dict[str, Node], notes: Notes) -> None:
    first = seen.setdefault(text, item)
    if not text.strip():
        notes.at(item, "this distractor is empty", "write a line of code that doesn't belong")
    elif "\n" in text:
        notes.at(item, "a distractor is one line", "write each line after a `- ` of its own")
    elif text in lines:
        notes.at(item, "the solution has this line", "a distractor is a line that doesn't belong")
    elif first is not item:
        notes.at(item, f"the same distractor is in line {first.line}")
