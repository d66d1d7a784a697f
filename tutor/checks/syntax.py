"""What a program's syntax tree uses: names, dotted names, loops. Comments and texts do not count."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@lru_cache(maxsize=16)
def parse(code: str) -> ast.Module | None:
    """The syntax tree; None where the program is not Python, or too deep."""
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def same_program(code: str, other: str) -> bool:
    """Whether two programs differ in nothing but spaces and comments."""
    if code.split() == other.split():
        return True
    trees = parse(code), parse(other)
    return None not in trees and ast.dump(trees[0]) == ast.dump(trees[1])  # type: ignore[arg-type]


@lru_cache(maxsize=16)
def names_used(code: str) -> dict[str, int]:
    """Every name and dotted name that the program uses or imports, with its first line; imported names in full too."""
    tree = parse(code)
    found: dict[str, int] = {}
    if tree is None:
        return found
    aliases = _aliases(tree)
    for node in ast.walk(tree):
        for name in _names(node):
            found.setdefault(name, getattr(node, "lineno", 0))
            first, dot, rest = name.partition(".")
            if first in aliases:
                found.setdefault(aliases[first] + dot + rest, getattr(node, "lineno", 0))
    return found


def line_of_use(code: str, wanted: str) -> int | None:
    """The first line that uses a name, a dotted name or the end of one; None where none does.

    `relu` is found in `torch.relu(x)` and `x.relu()`, and `torch.nn.Linear` in `nn.Linear` after
    `from torch import nn`.
    """
    end = f".{wanted}"
    lines = [line for name, line in names_used(code).items() if name == wanted or name.endswith(end)]
    return min(lines, default=None)


def first_loop(code: str) -> int | None:
    """The line of the first loop or comprehension; None where there is none."""
    tree = parse(code)
    lines = [node.lineno for node in ast.walk(tree) if isinstance(node, LOOPS)] if tree is not None else []
    return min(lines, default=None)


def _aliases(tree: ast.Module) -> dict[str, str]:
    """What imported names stand for: {"nn": "torch.nn", "F": "torch.nn.functional"}."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield dotted(node)
    elif isinstance(node, ast.keyword) and node.arg:
        yield f"{node.arg}="
    elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.MatMult):
        yield "@"


def dotted(node: ast.expr) -> str:
    """The dotted name of an attribute; what is no name in it is left out: `f(x).sum` is ".sum"."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


def layers_in_plain_containers(code: str) -> str | None:
    """`self.layers` where layers stand in a list, tuple or dict and nothing registers them; None where not so."""
    tree = parse(code)
    if tree is None or any(name.endswith(_REGISTERING) for name in names_used(code)):
        return None
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not _holds_layers(node.value):
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Attribute) and dotted(target).startswith("self."):
                return dotted(target)
    return None


_REGISTERING = ("ModuleList", "ModuleDict", "Sequential", "add_module", "register_module", "setattr")
"""Ends of names by which layers of a list may be registered after all."""


def _holds_layers(value: ast.expr | None) -> bool:
    """Whether an expression is a plain container in which something of nn is made."""
    if not isinstance(value, ast.List | ast.Tuple | ast.Dict | ast.ListComp | ast.DictComp):
        return False
    calls = [node for node in ast.walk(value) if isinstance(node, ast.Call)]
    return any(name.startswith(("nn.", "torch.nn.")) or name in LAYERS for name in (dotted(c.func) for c in calls))


LAYERS = frozenset(("Linear", "Conv1d", "Conv2d", "Embedding", "LSTM", "GRU", "RNN", "BatchNorm1d", "BatchNorm2d"))


def assignments(code: str, name: str) -> list[int]:
    """The lines that assign to a name or dotted name, in order."""
    tree = parse(code)
    lines = []
    for node in ast.walk(tree) if tree is not None else ():
        if not isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        flat = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
        if any(dotted(target) == name for target in flat if isinstance(target, ast.Name | ast.Attribute)):
            lines.append(node.lineno)
    return sorted(lines)


def only_placeholders(code: str, name: str) -> bool:
    """Whether a program assigns to a variable, and only `None` or `...`."""
    tree = parse(code)
    values = [
        node.value
        for node in (ast.walk(tree) if tree is not None else ())
        if isinstance(node, ast.Assign)
        if any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]
    return bool(values) and all(isinstance(value, ast.Constant) and value.value in (None, ...) for value in values)


def returns_nothing(code: str, expr: str) -> int | None:
    """The line of a function that `expr` calls, if none of its returns has a value; None in any other case."""
    for function in _called(code, expr):
        returns = [part for part in ast.walk(function) if isinstance(part, ast.Return) and part.value is not None]
        if not returns:
            return function.lineno
    return None


def empty_function(code: str, expr: str) -> int | None:
    """The line of a function that `expr` calls, if its body does nothing (`pass`, `...`); None in any other case."""
    return next((function.lineno for function in _called(code, expr) if all(map(_does_nothing, function.body))), None)


def _called(code: str, expr: str) -> list[ast.FunctionDef]:
    """The functions of the program that an expression calls by name."""
    tree, called = parse(code), parse(expr.strip())
    if tree is None or called is None:
        return []
    names = {c.func.id for c in ast.walk(called) if isinstance(c, ast.Call) and isinstance(c.func, ast.Name)}
    return [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in names]


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        return "NotImplementedError" in ast.dump(statement)
    if isinstance(statement, ast.Expr | ast.Return):
        return statement.value is None or isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass)


def named_but_not_called(code: str, method: str) -> int | None:
    """The line of a statement that is only `optimizer.zero_grad`, without brackets; None where there is none."""
    tree = parse(code)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute) and node.value.attr == method:
            return node.lineno
    return None
