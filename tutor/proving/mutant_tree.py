"""What kinds of changes share: which parts of a program may be changed at all."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def nodes(tree: ast.Module, *, prints_count: bool) -> Iterator[ast.AST]:
    """The parts of a program, but for imports, annotations, docstrings, and calls of print where it does not count."""
    left: list[ast.AST] = [tree]
    while left:
        node = left.pop()
        if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr) or is_text(node):
            continue
        if not prints_count and is_print(node):
            continue
        yield node
        annotations = {id(getattr(node, name, None)) for name in ("annotation", "returns")}
        left += [child for child in ast.iter_child_nodes(node) if id(child) not in annotations]


def is_text(node: ast.AST) -> bool:
    """Whether a statement is only a text, as docstrings are."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def is_print(node: ast.AST) -> bool:
    """Whether a node is a call of print, or the statement that is one."""
    call = node.value if isinstance(node, ast.Expr) else node
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"


def modules(tree: ast.Module) -> set[str]:
    """Names that stand for modules, functions or classes that were imported."""
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    return {(alias.asname or alias.name).split(".")[0] for node in imports for alias in node.names}


def bodies(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    """Every list of statements in a program."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list):
                yield body
