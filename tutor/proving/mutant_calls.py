"""Changes of calls: another dimension, a call left out, arguments the other way round, a similar function."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tutor.checks.edits import ALONG_DIM, KEEPS_DIM, Source, called
from tutor.proving.mutant_tree import modules, nodes

Change = tuple[int, int, str]

_OTHER_DIM = {0: "1", 1: "0", 2: "1", -1: "0", -2: "-1"}
_VIEWS = ("T", "mT", "H")
_SIMILAR = {
    "sum": "mean",
    "mean": "sum",
    "max": "min",
    "min": "max",
    "amax": "amin",
    "amin": "amax",
    "argmax": "argmin",
    "argmin": "argmax",
    "zeros": "ones",
    "ones": "zeros",
    "zeros_like": "ones_like",
    "ones_like": "zeros_like",
    "rand": "randn",
    "randn": "rand",
    "train": "eval",
    "eval": "train",
    "exp": "log",
    "log": "exp",
    "sin": "cos",
    "cos": "sin",
    "cat": "stack",
    "stack": "cat",
    "float": "double",
    "long": "float",
    "float32": "float64",
    "int64": "float32",
    "softmax": "log_softmax",
    "ReLU": "Sigmoid",
    "Sigmoid": "Tanh",
    "Tanh": "ReLU",
}


def dims(source: Source, tree: ast.Module, prints_count: bool) -> Iterator[Change]:
    """Another dimension, and the dimension kept that was not."""
    for node in nodes(tree, prints_count=prints_count):
        if not isinstance(node, ast.Call):
            continue
        named = [keyword.value for keyword in node.keywords if keyword.arg in ("dim", "axis")]
        for place in named + (node.args[-1:] if called(node) in ALONG_DIM else []):
            value = _whole(place)
            if value in _OTHER_DIM:
                yield source.start(place), source.end(place), _OTHER_DIM[value]
        keywords = {keyword.arg for keyword in node.keywords}
        if called(node) in KEEPS_DIM and "keepdim" not in keywords and (named or node.args):
            end = source.end(node) - 1
            yield end, end, ", keepdim=True"


def _whole(node: ast.expr) -> int | None:
    """A whole number as it is written, with its sign."""
    negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    number = node.operand if isinstance(node, ast.UnaryOp) else node
    if not isinstance(number, ast.Constant) or type(number.value) is not int:
        return None
    return -number.value if negative else number.value


def removed(source: Source, tree: ast.Module, prints_count: bool) -> Iterator[Change]:
    """`x` for `x.sum()` and `x.T`, `x` for `f(x)`, a keyword argument left out, code in no `with`."""
    imported = modules(tree)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in nodes(tree, prints_count=prints_count):
        if isinstance(node, ast.With) and isinstance(node.items[0].context_expr, ast.Call):
            start, first = source.start(node), node.items[0].context_expr
            if len(node.items) == 1 and node.items[0].optional_vars is None:
                yield start, source.end(first), "if True"
        elif isinstance(node, ast.Attribute) and node.attr in _VIEWS and isinstance(node.ctx, ast.Load):
            yield source.start(node), source.end(node), _closed(source, node.value)
        elif isinstance(node, ast.Call) and id(node) not in alone:
            if isinstance(node.func, ast.Attribute) and not _is_name(node.func.value, imported):
                yield source.start(node), source.end(node), _closed(source, node.func.value)
            elif len(node.args) == 1 and not node.keywords and not isinstance(node.args[0], ast.Starred):
                yield source.start(node), source.end(node), _closed(source, node.args[0])
        if isinstance(node, ast.Call):
            yield from _keywords(source, node)


def _closed(source: Source, node: ast.expr) -> str:
    """An expression as it is written, in brackets where it could fall apart without them."""
    whole = isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant)
    return source.text(node) if whole else f"({source.text(node)})"


def _keywords(source: Source, call: ast.Call) -> Iterator[Change]:
    """A call without one of its keyword arguments, which then has its default."""
    parts: list[ast.expr] = [*call.args, *(keyword.value for keyword in call.keywords)]
    for number, keyword in enumerate(call.keywords, len(call.args)):
        if keyword.arg is None or keyword.arg == "dim":
            continue
        start = source.end(parts[number - 1]) if number else source.end(call.func) + 1
        yield start, source.end(keyword.value), ""


def _is_name(node: ast.expr, names: set[str]) -> bool:
    """Whether an expression is one of the names, or an attribute of one: `torch`, `torch.nn`."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and (node.id in names or node.id == "super")


def swapped(source: Source, tree: ast.Module, prints_count: bool) -> Iterator[Change]:
    """Two arguments the other way round, and the two sides of an operator whose order counts."""
    for node in nodes(tree, prints_count=prints_count):
        pairs: list[tuple[ast.expr, ast.expr]] = []
        if isinstance(node, ast.Call):
            pairs = [*zip(node.args, node.args[1:], strict=False)]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
            pairs = [(node.left, node.right)]
        for first, second in pairs:
            between = source.bytes[source.end(first) : source.start(second)].decode()
            if "(" not in between and ")" not in between:
                text = source.text(second) + between + source.text(first)
                yield source.start(first), source.end(second), text


def renamed(source: Source, tree: ast.Module, prints_count: bool) -> Iterator[Change]:
    """A function, layer or dtype that is easily taken for another."""
    for node in nodes(tree, prints_count=prints_count):
        if isinstance(node, ast.Attribute) and node.attr in _SIMILAR and isinstance(node.ctx, ast.Load):
            end = source.end(node)
            yield end - len(node.attr.encode()), end, _SIMILAR[node.attr]
