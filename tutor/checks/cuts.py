"""Where a program's text takes a tensor out of the recording: by a block without gradients, or by its numbers alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tutor.checks.syntax import dotted, parse

_UNRECORDED = ("no_grad", "inference_mode", "set_grad_enabled")
_REWRAPPING = ("torch.tensor", "torch.Tensor", "torch.FloatTensor", "torch.from_numpy")


def cut_in_text(code: str, name: str) -> tuple[int, str] | None:
    """The first line that uses `name`, or what is made of it, so that nothing is recorded, and what it does."""
    tree = parse(code)
    if tree is None:
        return None
    derived = {name}
    for statement, block in _in_order(tree.body, ""):
        if not reads(statement, derived):
            continue
        if block and targets(statement) - {name}:
            return statement.lineno, f"stands under `{block}`"
        wrapped = rewraps(statement, derived)
        if wrapped:
            return statement.lineno, f"makes a new tensor of the numbers, with `{wrapped}(…)`"
        derived |= targets(statement)
    return None


def simple_statements(code: str) -> list[tuple[ast.stmt, str]]:
    """The simple statements of a program in their order, each with the call that switches off the recording around it.

    Those inside of functions and classes are among them; empty where the program can't be read.
    """
    tree = parse(code)
    return [] if tree is None else list(_in_order(tree.body, ""))


def _in_order(body: list[ast.stmt], block: str) -> Iterator[tuple[ast.stmt, str]]:
    """The simple statements as they stand, each with the call that switches off the recording around it."""
    for statement in body:
        inner = [getattr(statement, field, []) for field in ("body", "orelse", "finalbody")]
        if not any(inner):
            yield statement, block
            continue
        around = block
        if isinstance(statement, ast.With):
            calls = [i.context_expr for i in statement.items if isinstance(i.context_expr, ast.Call)]
            switches = [dotted(call.func) for call in calls if dotted(call.func).rpartition(".")[2] in _UNRECORDED]
            around = f"{switches[0]}()" if switches else block
        for part in inner:
            yield from _in_order(part, around)


def reads(node: ast.AST, names: set[str]) -> bool:
    """Whether one of the names is read in it."""
    return any(isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n.id in names for n in ast.walk(node))


def targets(statement: ast.stmt) -> set[str]:
    """The names that a statement assigns to."""
    return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def rewraps(statement: ast.stmt, names: set[str]) -> str:
    """The call by which a statement makes a new tensor of one of the names; empty where it does not."""
    calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call)]
    found = [c for c in calls if dotted(c.func) in _REWRAPPING and any(reads(arg, names) for arg in c.args)]
    return dotted(found[0].func) if found else ""
