"""Checks from a notebook's tests: what an `assert` looks at is compared with the solution's."""

from __future__ import annotations

import ast
import re
from typing import Any

_HIDDEN_BLOCK = re.compile(
    r"^\s*#+\s*BEGIN HIDDEN TESTS\b.*?\n(.*?)^\s*#+\s*END HIDDEN TESTS\b.*?$", re.MULTILINE | re.DOTALL | re.IGNORECASE
)
_HIDDEN_CELL = re.compile(r"^\s*#+\s*HIDDEN\b", re.MULTILINE | re.IGNORECASE)
_CONFIG = re.compile(r'^"""\s*#\s*BEGIN TEST CONFIG.*?"""\s*#\s*END TEST CONFIG\s*$', re.MULTILINE | re.DOTALL | re.I)
_CLOSE = (
    "isclose",
    "allclose",
    "assert_close",
    "assert_allclose",
    "assert_equal",
    "assert_array_equal",
    "array_equal",
    "equal",
)


class Asserted:
    """The checks that tests ask for, the code that prepares them, and the tests that must be looked at by hand."""

    def __init__(self) -> None:
        self.checks: list[dict[str, Any]] = []
        self.given: list[str] = []
        self.left: list[str] = []

    def add(self, code: str, points: int = 1) -> None:
        """Take the tests of a cell."""
        code = _CONFIG.sub("", code)
        hidden = "\n".join(_HIDDEN_BLOCK.findall(code))
        self._add(_HIDDEN_BLOCK.sub("", code), points, bool(_HIDDEN_CELL.search(code)))
        self._add(hidden, points, True)

    def _add(self, code: str, points: int, hidden: bool) -> None:
        try:
            body = ast.parse(code).body
        except SyntaxError:
            self.left.append(code.strip())
            return
        for statement in body:
            looked_at = _looked_at(statement)
            if looked_at is not None:
                self._check(looked_at, points, hidden)
            elif isinstance(statement, ast.Assign | ast.Import | ast.ImportFrom | ast.FunctionDef):
                self.given.append(ast.unparse(statement))
            elif not _is_text(statement):
                self.left.append(ast.unparse(statement))

    def _check(self, expr: str, points: int, hidden: bool) -> None:
        if any(check["expr"] == expr for check in self.checks):
            return
        made: dict[str, Any] = {"kind": "equal", "id": f"test-{len(self.checks) + 1}", "expr": expr}
        if points != 1:
            made["points"] = points
        if hidden:
            made["hidden"] = True
        self.checks.append(made)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _looked_at(statement: ast.stmt) -> str | None:
    """The expression that a test compares; None for a statement that compares nothing."""
    if isinstance(statement, ast.Assert):
        return ast.unparse(_compared(statement.test))
    if isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Constant):
        value = statement.value
        if isinstance(value, ast.Call) and _name(value.func) == "print":
            return None
        return ast.unparse(_compared(value))
    return None


def _compared(test: ast.expr) -> ast.expr:
    """`f(2)` of `f(2) == 4` and of `isclose(f(2), 4)`; any other test as it is."""
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
        left, right = test.left, test.comparators[0]
        return right if isinstance(left, ast.Constant) else left
    if isinstance(test, ast.Call) and _name(test.func) in _CLOSE and test.args:
        return test.args[0]
    return test


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))
