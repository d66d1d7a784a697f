"""Small changes of a program: what a learner may have left out, swapped or mistaken, each as a program of its own.

Nothing is known of the task here. Whoever tries them finds out whether one makes the checks pass.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

KEEPS_DIM = {"sum", "mean", "std", "var", "amax", "amin", "norm", "logsumexp", "prod"}
ALONG_DIM = KEEPS_DIM | {
    "softmax",
    "log_softmax",
    "argmax",
    "argmin",
    "max",
    "min",
    "cat",
    "stack",
    "cumsum",
    "median",
}
_MAKES = {"tensor", "ones", "zeros", "rand", "randn", "full", "arange", "linspace", "eye"}
_CUTS = {"detach": "the recording ends there", "item": "a number has no recording", "numpy": "NumPy keeps no recording"}
_OTHER_NAME = {"sum": "mean", "mean": "sum", "max": "argmax", "argmax": "max"}
_OTHER_DIM = {0: "1", 1: "0"}


class Edit(NamedTuple):
    """One change: the line it is in, what it is in words, and the program with it."""

    line: int
    change: str
    code: str


class Source:
    """A program with the positions of its tree as places in its bytes: ast counts columns in bytes."""

    def __init__(self, code: str) -> None:
        self.bytes = code.encode()
        self._starts = [0]
        for line in self.bytes.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def start(self, node: ast.expr | ast.stmt) -> int:
        """Where a node begins."""
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt) -> int:
        """Where a node ends."""
        assert node.end_lineno is not None, "a parsed node has an end"
        assert node.end_col_offset is not None, "a parsed node has an end"
        return self._starts[node.end_lineno - 1] + node.end_col_offset

    def text(self, node: ast.expr | ast.stmt) -> str:
        """A node as it is written."""
        return self.bytes[self.start(node) : self.end(node)].decode()

    def with_text(self, start: int, end: int, text: str) -> str:
        """The program with another text from one place to another."""
        return (self.bytes[:start] + text.encode() + self.bytes[end:]).decode()


def edits(code: str) -> Iterator[Edit]:
    """Every small change of a program that can be parsed, the likeliest kinds first; none where it can't."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError):
        return
    source = Source(code)
    nodes = sorted(
        (node for node in ast.walk(tree) if isinstance(node, ast.expr | ast.stmt)),
        key=lambda n: (n.lineno, n.col_offset),
    )
    seen = {code}
    for kind in (_loops, _arguments, _dims, _requires_grad, _floats, _cut, _names, _operators):
        for edit in kind(source, tree, nodes):
            if edit.code not in seen and _parses(edit.code):
                seen.add(edit.code)
                yield edit


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError):
        return False
    return True


_Nodes = list[ast.expr | ast.stmt]


def called(node: ast.AST) -> str:
    """The last name of what is called: "sum" of `x.sum(dim=0)`."""
    if not isinstance(node, ast.Call):
        return ""
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _loops(source: Source, _tree: ast.Module, nodes: _Nodes) -> Iterator[Edit]:
    optimizer = next((ast.unparse(n.func.value) for n in nodes if _is_step(n)), "")  # type: ignore[union-attr]
    clears = any(called(node) == "zero_grad" for node in nodes)
    for loop in nodes:
        if not isinstance(loop, ast.For | ast.While):
            continue
        for statement in loop.body:
            call = statement.value if isinstance(statement, ast.Expr) else None
            if optimizer and not clears and call is not None and called(call) == "backward":
                start = source.start(statement)
                text = f"{optimizer}.zero_grad()\n{' ' * statement.col_offset}"
                words = f"`{optimizer}.zero_grad()` before it"
                yield Edit(statement.lineno, words, source.with_text(start, start, text))
        for first, second in zip(loop.body, loop.body[1:], strict=False):
            between = source.bytes[source.end(first) : source.start(second)].decode()
            swapped = source.text(second) + between + source.text(first)
            words = f"this line and line {second.lineno} the other way round"
            yield Edit(first.lineno, words, source.with_text(source.start(first), source.end(second), swapped))


def _is_step(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "step"


def _with_argument(source: Source, call: ast.Call, argument: str) -> Edit:
    end = source.end(call) - 1
    has_any = bool(call.args or call.keywords)
    trailing = source.bytes[:end].rstrip().endswith(b",")
    text = f" {argument}" if trailing else f", {argument}" if has_any else argument
    return Edit(call.lineno, f"`{argument}` in `{called(call)}(…)`", source.with_text(end, end, text))


def _arguments(source: Source, _tree: ast.Module, nodes: _Nodes) -> Iterator[Edit]:
    for node in nodes:
        if not isinstance(node, ast.Call) or called(node) not in KEEPS_DIM:
            continue
        named = {keyword.arg for keyword in node.keywords}
        if "keepdim" not in named and (node.args or "dim" in named):
            yield _with_argument(source, node, "keepdim=True")


def _dims(source: Source, _tree: ast.Module, nodes: _Nodes) -> Iterator[Edit]:
    for node in nodes:
        if not isinstance(node, ast.Call) or called(node) not in ALONG_DIM:
            continue
        places = [keyword.value for keyword in node.keywords if keyword.arg == "dim"] + node.args
        for place in places:
            negative = isinstance(place, ast.UnaryOp) and isinstance(place.op, ast.USub)
            number = place.operand if isinstance(place, ast.UnaryOp) else place
            if isinstance(number, ast.Constant) and type(number.value) is int and number.value in _OTHER_DIM:
                other = "0" if negative else _OTHER_DIM[number.value]
                words = f"`dim={other}` in `{called(node)}(…)`"
                yield Edit(node.lineno, words, source.with_text(source.start(place), source.end(place), other))


def _requires_grad(source: Source, _tree: ast.Module, nodes: _Nodes) -> Iterator[Edit]:
    for node in nodes:
        if not isinstance(node, ast.Call) or called(node) not in _MAKES:
            continue
        if all(keyword.arg != "requires_grad" for keyword in node.keywords):
            yield _with_argument(source, node, "requires_grad=True")


def _floats(source: Source, _tree: ast.Module, nodes: _Nodes) -> Iterator[Edit]:
    for node in nodes:
        if isinstance(node, ast.Call) and called(node) in _MAKES:
            end = source.end(node)
            yield Edit(node.lineno, f"`.float()` after `{called(node)}(…)`", source.with_text(end, end, ".float()"))


def _cut(source: Source, _tree: ast.Module, nodes: _Nodes) -> Iterator[Edit]:
    for node in nodes:
        if isinstance(node, ast.Call) and called(node) in _CUTS and isinstance(node.func, ast.Attribute):
            words = f"no `.{node.func.attr}()`: {_CUTS[node.func.attr]}"
            name = source.end(node.func) - len(node.func.attr)
            dot = source.bytes.rfind(b".", 0, name)
            yield Edit(node.lineno, words, source.with_text(dot, source.end(node), ""))


def _names(source: Source, _tree: ast.Module, nodes: _Nodes) -> Iterator[Edit]:
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _OTHER_NAME:
            other = _OTHER_NAME[node.func.attr]
            end = source.end(node.func)
            start = end - len(node.func.attr.encode())
            yield Edit(node.lineno, f"`{other}` in place of `{node.func.attr}`", source.with_text(start, end, other))


def _operators(source: Source, _tree: ast.Module, nodes: _Nodes) -> Iterator[Edit]:
    signs = {ast.Mult: ("*", "@"), ast.MatMult: ("@", "*"), ast.Add: ("+", "-"), ast.Sub: ("-", "+")}
    for node in nodes:
        if not isinstance(node, ast.BinOp) or type(node.op) not in signs:
            continue
        sign, other = signs[type(node.op)]
        start, end = source.end(node.left), source.start(node.right)
        between = source.bytes[start:end].decode()
        if between.count(sign) == 1:
            words = f"`{other}` in place of `{sign}`"
            yield Edit(node.lineno, words, source.with_text(start, end, between.replace(sign, other)))
