"""Python inside YAML: compiled without running it, with errors mapped to the place in the file."""

from __future__ import annotations

import ast
import builtins
from typing import Literal

from tutor.lessons.files import Document
from tutor.lessons.nodes import Node, Scalar

Mode = Literal["exec", "eval"]

LONGEST_PAGE = 40
"""Lines of a page that fit its pane."""
_LARGEST = 200_000
"""Characters of one program; a longer one is not a lesson's."""
_GIVEN = frozenset(dir(builtins)) | {"__name__", "__file__"}


def compiled(
    node: Node | None, name: str, document: Document, mode: Mode = "exec", *, code: str = ""
) -> ast.AST | None:
    """The syntax tree of a node's text; None, and the problem noted, where it is not Python.

    `code` is the part of the text that is Python where it is not all of it (`value(x)` holds `x`).
    """
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return None
    text = code or node.value
    if mode == "eval" and not text.strip():
        return None  # that it is empty is said elsewhere
    if len(text) <= _LARGEST and not document.notes.may_compile(node, len(text)):
        return None
    try:
        return parsed(text, mode)
    except SyntaxError as error:
        row, column = error.lineno or 1, max(error.offset or 1, 1)
        said = str(error.msg)
    except (ValueError, OverflowError, RecursionError, MemoryError) as error:
        row, column, said = 1, 1, str(error) or "it is nested too deeply"
    within = node.value.find(text) if code else 0
    line, at = place(node, document, row, column + (within if row == 1 else 0))
    help_ = "the line is Python inside YAML; the caret is where Python stopped reading" if mode == "exec" else ""
    document.notes.add(line, at, f"{name} is not valid Python: {said}", help_)
    return None


def parsed(text: str, mode: Mode = "exec") -> ast.AST:
    """The syntax tree of a text; SyntaxError and, for monstrous texts, ValueError, RecursionError or MemoryError."""
    if len(text) > _LARGEST:
        raise ValueError(f"it has more than {_LARGEST} characters")
    source = text.strip() if mode == "eval" else text
    return compile(source, "<lesson>", mode, ast.PyCF_ONLY_AST, dont_inherit=True)


def place(node: Scalar, document: Document, row: int, column: int) -> tuple[int, int]:
    """Line and column in the file of a row and column of a node's text (all counted from 1)."""
    lines = document.lines
    rows = node.value.splitlines()
    if node.style == "|":
        row = max(1, min(row, len(rows)))
        line = node.line + row
        source = lines[line - 1] if line <= len(lines) else ""
        text = rows[row - 1] if rows else ""
        indent = len(source) - len(text) if source.endswith(text) else 0
        return line, indent + column
    if node.style != ">" and row == 1 and node.line <= len(lines):
        inside = node.column - 1 + bool(node.style)
        if lines[node.line - 1].startswith(node.value, inside):
            return node.line, inside + column
    return node.line, node.column


_OPAQUE = frozenset(("exec", "globals", "vars", "locals", "setattr"))
"""Functions by which a program may make any name."""
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LEAVES = (ast.Constant, ast.expr_context, ast.operator, ast.cmpop, ast.unaryop, ast.boolop)


def made(trees: list[ast.AST]) -> set[str] | None:
    """The names that programs bind for all of them; None where it can't be told (`from x import *`, exec)."""
    names: set[str] = set()
    left = [(tree, True) for tree in trees]
    while left:
        part, outside = left.pop()
        if isinstance(part, ast.Name):
            if part.id in _OPAQUE:
                return None
            if outside and isinstance(part.ctx, ast.Store):
                names.add(part.id)
            continue
        if isinstance(part, ast.Import | ast.ImportFrom):
            if any(alias.name == "*" for alias in part.names):
                return None
            if outside:
                names |= {alias.asname or alias.name.split(".")[0] for alias in part.names}
            continue
        if isinstance(part, ast.Global):
            names.update(part.names)
        elif outside:
            names |= _bound(part)
        if isinstance(part, _COMPREHENSIONS) and outside:  # `:=` in it binds outside of it; its own names end with it
            inside = [node for node in ast.walk(part) if isinstance(node, ast.NamedExpr)]
            names |= {node.target.id for node in inside}
        outside = outside and not isinstance(part, _SCOPES + _COMPREHENSIONS)
        left += [(child, outside) for child in ast.iter_child_nodes(part) if not isinstance(child, _LEAVES)]
    return names


def unknown(tree: ast.AST, names: set[str]) -> list[str]:
    """The names that an expression reads and that neither Python nor `names` has."""
    own = {name for part in ast.walk(tree) for name in _bound(part)}
    read = [part.id for part in ast.walk(tree) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)]
    return [name for name in dict.fromkeys(read) if name not in names | own | _GIVEN]


def _bound(part: ast.AST) -> set[str]:
    """The names that one node of a syntax tree binds."""
    if isinstance(part, ast.Name):
        return {part.id} if isinstance(part.ctx, ast.Store) else set()
    if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {part.name}
    if isinstance(part, ast.arg):
        return {part.arg}
    if isinstance(part, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
        return {part.name} if part.name else set()
    return set()
