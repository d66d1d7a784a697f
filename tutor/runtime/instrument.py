"""Puts the hidden statements of `lines` into a program's tree.

Every statement of the program keeps its position, and a hidden one has that of the statement it belongs to. A hidden
statement names what it calls by a text that no program holds; once compiled, that constant is replaced by the object.
"""

from __future__ import annotations

import ast
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from types import CodeType
from typing import Any

from tutor.runtime.line_notes import Loop, Name

ONLY_PARSE = ast.PyCF_ONLY_AST
_COMPILERS = (
    {"compile", "dynamo", "_dynamo", "jit", "trace_module", "export", "onnx", "fx", "symbolic_trace", "make_fx"}
    | {"vmap", "pmap", "jvp", "vjp", "jacfwd", "jacrev", "hessian", "linearize", "functorch", "functionalize"}
    | {"cond", "while_loop", "scan", "associative_scan", "flex_attention", "aot_function", "aot_module"}
)
"""Names of what looks into functions, or runs them on something else than the tensors of the program."""
_WORD = re.compile(r"\w+")
_PLAIN_CALLS = frozenset({"range", "len", "int", "float", "str", "bool", "list", "dict", "set", "item", "tolist"})
_RANGE = frozenset({"range"})
_PLAIN = (ast.Constant, ast.JoinedStr, ast.List, ast.Dict, ast.Set, ast.Lambda, ast.ListComp, ast.DictComp, ast.SetComp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SKIPPED = (RecursionError, MemoryError, NameError)
"""At the very end of the stack or of memory, or where a thread deletes a name, the program goes on as it would have."""
_MOST = 10_000


class Watched:
    """A program's tree with its hidden statements, and what those call."""

    def __init__(self, tree: ast.Module, *, functions: bool, walruses: bool) -> None:
        self.tree = tree
        self.names: dict[tuple[int, str], Name] = {}
        self.loops: list[Loop] = []
        self._functions, self._walruses = functions, walruses
        self._mark = f"\0{secrets.token_hex(8)}\0"
        self._constants: dict[str, object] = {}
        self._texts: dict[object, str] = {}
        tree.body = self._block(tree.body)

    def finished(self, code: CodeType) -> CodeType:
        """The compiled tree with the objects in the places of the texts that stand for them."""
        constants = tuple(
            self.finished(constant)
            if type(constant) is CodeType
            else self._constants.get(constant, constant)
            if type(constant) is str
            else constant
            for constant in code.co_consts
        )
        return code.replace(co_consts=constants)

    # ---- statements ---------------------------------------------------------------------------------------------

    def _block(self, body: Sequence[ast.stmt], start: Sequence[ast.stmt] = (), names: bool = True) -> list[ast.stmt]:
        """The statements of a block, hidden ones among them; names of a class are its attributes, and left alone."""
        block = list(start)
        for statement in body:
            if isinstance(statement, (ast.For, ast.AsyncFor, ast.While)):
                block += self._loop(statement, names)
                continue
            self._inside(statement, names)
            block.append(statement)
            if names:
                block += self._saw(statement, _assigned(statement))
        return block

    def _inside(self, statement: ast.stmt, names: bool) -> None:
        if isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
            if self._functions or isinstance(statement, ast.ClassDef):
                statement.body = self._block(statement.body, names=isinstance(statement, _FUNCTIONS))
            return
        if names:
            self._expressions(statement)
        for part in (statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            for field in ("body", "orelse", "finalbody"):
                inner = getattr(part, field, None)
                if isinstance(inner, list) and inner:
                    start: list[ast.stmt] = []
                    if names and isinstance(part, (ast.With, ast.AsyncWith)):
                        start = self._saw(part, _names(item.optional_vars for item in part.items))
                    setattr(part, field, self._block(inner, start, names))

    def _loop(self, loop: ast.For | ast.AsyncFor | ast.While, names: bool) -> list[ast.stmt]:
        """A loop that is counted, and before it what notes that it is entered."""
        at = _place(loop)
        counter = Loop(loop.lineno, loop.end_lineno or loop.lineno, isinstance(loop, ast.While))
        self.loops.append(counter)
        before = ast.Attribute(self._constant(counter, at), "before", ast.Store(), **at)
        so_far = ast.Attribute(self._constant(counter, at), "times", ast.Load(), **at)
        times = ast.Attribute(self._constant(counter, at), "times", ast.Store(), **at)
        start: list[ast.stmt] = [ast.AugAssign(times, ast.Add(), ast.Constant(1, **at), **at)]
        if names:
            self._expressions(loop)
            if not isinstance(loop, ast.While) and not _is_call_of(loop.iter, _RANGE):
                start += self._saw(loop, _names([loop.target]))
        loop.body = self._block(loop.body, start, names)
        loop.orelse = self._block(loop.orelse, names=names)
        return [ast.Assign([before], so_far, **at), loop]

    def _expressions(self, statement: ast.stmt) -> None:
        """Watch the names that are assigned to inside of a statement's expressions."""
        for node in _own_nodes(statement) if self._walruses else ():
            if isinstance(node, ast.NamedExpr):
                at = _place(node.value)
                name = self._name(node.lineno, node.target.id, at)
                if name is not None:
                    node.value = ast.Call(ast.Attribute(name, "passed", ast.Load(), **at), [node.value], [], **at)

    def _saw(self, statement: ast.stmt, assigned: Iterable[str]) -> list[ast.stmt]:
        """A statement that shows what was assigned, where that may be a tensor."""
        at = _place(statement)
        calls: list[ast.stmt] = []
        for text in dict.fromkeys(assigned):
            name = self._name(statement.lineno, text, at)
            if name is not None:
                see = ast.Attribute(name, "see", ast.Load(), **at)
                calls.append(ast.Expr(ast.Call(see, [ast.Name(text, ast.Load(), **at)], [], **at), **at))
        if not calls:
            return []
        handler = ast.ExceptHandler(self._constant(_SKIPPED, at), None, [ast.Pass(**at)], **at)
        return [ast.Try(calls, [handler], [], [], **at)]

    # ---- constants ----------------------------------------------------------------------------------------------

    def _name(self, line: int, text: str, at: dict[str, Any]) -> ast.Constant | None:
        known = self.names.get((line, text))
        if known is None:
            if len(self._constants) >= _MOST:
                return None
            known = self.names[line, text] = Name(line, text)
        return self._constant(known, at)

    def _constant(self, value: object, at: dict[str, Any]) -> ast.Constant:
        text = self._texts.get(value)
        if text is None:
            text = self._texts[value] = f"{self._mark}{len(self._texts)}"
            self._constants[text] = value
        return ast.Constant(text, **at)


def watched(tree: ast.Module, source: str, beside: str) -> Watched:
    """The tree with hidden statements; in functions only where nothing compiles or traces them."""
    traced = _COMPILERS & {*_WORD.findall(beside)}
    if not traced and _COMPILERS & {*_WORD.findall(source)}:
        traced = _COMPILERS & _used(tree)
    return Watched(tree, functions=not traced, walruses=":=" in source)


def _used(tree: ast.Module) -> set[str]:
    """The names that a program speaks of; `re.compile` is none of torch's."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name) and node.value.id == "re"):
            found.add(node.attr)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found.update(part for alias in node.names for part in alias.name.split("."))
            found.update((getattr(node, "module", None) or "").split("."))
    return found


def _place(node: ast.stmt | ast.expr) -> dict[str, Any]:
    """Where a node of the program stands, for hidden ones."""
    return {
        "lineno": node.lineno,
        "col_offset": node.col_offset,
        "end_lineno": node.end_lineno,
        "end_col_offset": node.end_col_offset,
    }


def _assigned(statement: ast.stmt) -> Iterator[str]:
    """The plain names that a statement assigns to, unless what they are is plain to see and no tensor."""
    match statement:
        case ast.Assign(targets=targets, value=value) if not _is_plain(value):
            yield from _names(targets)
        case ast.AnnAssign(target=target, value=ast.expr() as value) if not _is_plain(value):
            yield from _names([target])
        case ast.AugAssign(target=target):
            yield from _names([target])


def _is_plain(value: ast.expr) -> bool:
    return isinstance(value, _PLAIN) or _is_call_of(value, _PLAIN_CALLS)


def _is_call_of(value: ast.expr, names: frozenset[str]) -> bool:
    if not isinstance(value, ast.Call):
        return False
    called = value.func
    return (called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")) in names


def _names(targets: Iterable[ast.expr | None]) -> Iterator[str]:
    for target in targets:
        if isinstance(target, ast.Name) and target.id != "_":
            yield target.id
        elif isinstance(target, (ast.Tuple, ast.List)):
            yield from _names(target.elts)


def _own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a statement, those of the statements in it and of its functions left out."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, (ast.stmt, ast.Lambda))]
