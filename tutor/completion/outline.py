"""What a program defines: imports, functions, classes, what is assigned; also while a line is unfinished."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

Function = ast.FunctionDef | ast.AsyncFunctionDef
_BLOCK = re.compile(r"^(?=[^\s#)\]}])", re.MULTILINE)
_GOES_ON = re.compile(r"(?:else|elif|except|finally)\b")


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows of a function, and the class that it belongs to."""

    first: int
    last: int
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Assigned:
    """A name that is given a value in a row; `annotation` where only its type is told."""

    name: str
    row: int
    value: ast.expr | None
    annotation: ast.expr | None = None
    scope: Scope | None = None
    parameter_of: str = ""
    """The function whose parameter it is."""
    number: int = 0


@dataclass(slots=True)
class Outline:
    """A program's names."""

    imports: dict[str, str] = field(default_factory=dict)
    """What each imported name stands for: "F" for "torch.nn.functional"."""
    functions: dict[str, Function] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    assigned: list[Assigned] = field(default_factory=list)

    def add(self, part: Outline, row: int) -> None:
        """Take in what a block holds that begins in that row."""
        self.imports.update(part.imports)
        self.functions.update(part.functions)
        self.classes.update(part.classes)
        for one in part.assigned:
            scope = one.scope
            moved = Scope(scope.first + row, scope.last + row, scope.owner) if scope is not None else None
            self.assigned.append(
                Assigned(one.name, one.row + row, one.value, one.annotation, moved, one.parameter_of, one.number)
            )

    @property
    def names(self) -> list[str]:
        """All names, in the order of the program."""
        every = [*self.imports, *self.functions, *self.classes, *(one.name for one in self.assigned)]
        return list(dict.fromkeys(every))


def outline(text: str, row: int = -1) -> Outline:
    """The outline of a text whose line `row` may be unfinished."""
    found = Outline()
    for first, block in _blocks(text):
        last = first + block.count("\n")
        at = row - first if first <= row <= last else -1
        found.add(_of_block(block, at), first)
    return found


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """The text cut where a statement may begin, with the row of each part."""
    starts = [match.start() for match in _BLOCK.finditer(text) if not _GOES_ON.match(text, match.start())]
    if not starts:
        return
    row = text.count("\n", 0, starts[0])
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        block = text[start:end]
        yield row, block.rstrip("\n")
        row += block.count("\n")


@lru_cache(maxsize=400)
def _of_block(block: str, row: int) -> Outline:
    found = Outline()
    tree = _parsed(block, row)
    if tree is not None:
        _Reader(found).visit(tree)
    return found


def _parsed(block: str, row: int) -> ast.Module | None:
    """The tree of a block, without the line `row` if it does not go with it, or of what stands above that."""
    tries = [block]
    if row >= 0:
        lines = block.split("\n")
        indent = " " * (len(lines[row]) - len(lines[row].lstrip(" ")))
        rest = lines[row + 1 :]
        tries.append("\n".join([*lines[:row], f"{indent}pass", *rest]))
        tries.append("\n".join([*lines[:row], f"{indent}pass"]))
        tries.append("\n".join(lines[:row]))
    for each in tries:
        try:
            return ast.parse(each)
        except (SyntaxError, ValueError, RecursionError):
            continue
    return None


class _Reader(ast.NodeVisitor):
    """Notes what a tree defines; rows are counted from 0."""

    def __init__(self, found: Outline) -> None:
        self.found = found
        self.scope: Scope | None = None
        self.owner = ""

    def visit_Import(self, node: ast.Import) -> None:  # ast's name
        for alias in node.names:
            if alias.asname:
                self.found.imports[alias.asname] = alias.name
            else:
                top = alias.name.partition(".")[0]
                self.found.imports[top] = top

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:  # ast's name
        for alias in node.names:
            if node.module and alias.name != "*":
                self.found.imports[alias.asname or alias.name] = f"{node.module}.{alias.name}"

    def visit_FunctionDef(self, node: Function) -> None:  # ast's name
        if self.scope is None and not self.owner:
            self.found.functions[node.name] = node
        outer, self.scope = self.scope, Scope(node.lineno - 1, (node.end_lineno or node.lineno) - 1, self.owner)
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        for number, each in enumerate(arguments):
            self.found.assigned.append(
                Assigned(each.arg, node.lineno - 1, None, each.annotation, self.scope, node.name, number)
            )
        for statement in node.body:
            self.visit(statement)
        self.scope = outer

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815  # ast's name

    def visit_ClassDef(self, node: ast.ClassDef) -> None:  # ast's name
        if self.scope is None and not self.owner:
            self.found.classes[node.name] = node
        outer, self.owner = self.owner, node.name
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                self.visit(statement)
        self.owner = outer

    def visit_Assign(self, node: ast.Assign) -> None:  # ast's name
        for target in node.targets:
            self._assign(target, node.value, node.lineno - 1)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:  # ast's name
        if isinstance(node.target, ast.Name):
            row = node.lineno - 1
            self.found.assigned.append(Assigned(node.target.id, row, node.value, node.annotation, self.scope))

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:  # ast's name
        self._assign(node.target, node.value, node.lineno - 1)

    def visit_For(self, node: ast.For) -> None:  # ast's name
        self._assign(node.target, None, node.lineno - 1)
        self.generic_visit(node)

    def visit_With(self, node: ast.With) -> None:  # ast's name
        for item in node.items:
            if item.optional_vars is not None:
                self._assign(item.optional_vars, None, node.lineno - 1)
        self.generic_visit(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:  # ast's name
        """Its names hold nowhere else."""

    def _assign(self, target: ast.expr, value: ast.expr | None, row: int) -> None:
        if isinstance(target, ast.Name):
            self.found.assigned.append(Assigned(target.id, row, value, None, self.scope))
        elif isinstance(target, ast.Tuple | ast.List):
            same = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
            values = value.elts if same and isinstance(value, ast.Tuple | ast.List) else [None] * len(target.elts)
            for each, part in zip(target.elts, values, strict=True):
                self._assign(each, part, row)
        elif isinstance(target, ast.Starred):
            self._assign(target.value, None, row)
