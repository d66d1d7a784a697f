"""Changes of values: other operators, other constants, flags the other way round."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tutor.checks.edits import Source
from tutor.proving.mutant_tree import nodes

Change = tuple[int, int, str]

_BINARY: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.MatMult: ("@", "*"),
    ast.Pow: ("**", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "//"),
}
_COMPARED: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def operators(source: Source, tree: ast.Module, prints_count: bool) -> Iterator[Change]:
    """Another arithmetic operator, comparison, sign or word between conditions."""
    for node in nodes(tree, prints_count=prints_count):
        if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
            sign, other = _BINARY[type(node.op)]
            yield from _between(source, node.left, node.right, sign, other)
        elif isinstance(node, ast.AugAssign) and type(node.op) in _BINARY:
            sign, other = _BINARY[type(node.op)]
            yield from _between(source, node.target, node.value, f"{sign}=", f"{other}=")
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARED:
            sign, other = _COMPARED[type(node.ops[0])]
            for replaced in {other: 0, _TURNED.get(sign, other): 0}:
                yield from _between(source, node.left, node.comparators[0], sign, replaced)
        elif isinstance(node, ast.BoolOp):
            sign, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            yield from _between(source, node.values[0], node.values[1], sign, other)
        elif isinstance(node, ast.UnaryOp) and not isinstance(node.operand, ast.Constant):  # -1 is a constant
            yield source.start(node), source.start(node.operand), ""


def _between(source: Source, left: ast.expr, right: ast.expr, sign: str, other: str) -> Iterator[Change]:
    """The sign between two parts replaced, where it is the only one there: brackets and comments may stand there."""
    start, end = source.end(left), source.start(right)
    between = source.bytes[start:end].decode()
    if between.count(sign) == 1:
        yield start, end, between.replace(sign, other)


def constants(source: Source, tree: ast.Module, prints_count: bool) -> Iterator[Change]:
    """A number that is one more, 0, or has the other sign; of a table of numbers, one in its middle."""
    keywords = [node for node in ast.walk(tree) if isinstance(node, ast.keyword)]
    left_out = {id(keyword.value) for keyword in keywords if keyword.arg == "dim"}
    for numbers in _tables(tree):
        middle = len(numbers) // 2
        left_out |= {id(number) for number in numbers[:middle] + numbers[middle + 1 :]}
    for node in nodes(tree, prints_count=prints_count):
        number = _number(node)
        if number is None or not isinstance(node, ast.expr) or {id(node), id(number)} & left_out:
            continue
        left_out.add(id(number))  # of -1, not 1 too
        start, end = source.start(node), source.end(node)
        if node is not number:
            yield start, end, source.text(number)
        elif value := number.value:
            assert isinstance(value, int | float)
            yield start, end, repr(value + 1)
            yield start, end, "0" if isinstance(value, int) else "0.0"
            yield start, end, f"(-{source.text(number)})"
        else:
            yield start, end, "1" if isinstance(number.value, int) else "1.0"


def _number(node: ast.AST) -> ast.Constant | None:
    """The number, without its sign, that an expression is."""
    number = node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else node
    return number if isinstance(number, ast.Constant) and type(number.value) in (int, float) else None


def _tables(node: ast.AST) -> Iterator[list[ast.Constant]]:
    """The numbers of each list, or list of lists, that holds three or more and nothing else."""
    numbers = _numbers(node)
    if len(numbers) > 2:
        yield numbers
        return
    for child in ast.iter_child_nodes(node):
        yield from _tables(child)


def _numbers(node: ast.AST) -> list[ast.Constant]:
    """The numbers of a list, or list of lists, that holds nothing else."""
    if not isinstance(node, ast.List | ast.Tuple):
        return []
    found: list[ast.Constant] = []
    for item in node.elts:
        number = _number(item)
        inside = _numbers(item) if number is None else [number]
        if not inside:
            return []
        found += inside
    return found


def flags(source: Source, tree: ast.Module, prints_count: bool) -> Iterator[Change]:
    """True for False, False for True."""
    for node in nodes(tree, prints_count=prints_count):
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            yield source.start(node), source.end(node), repr(not node.value)
