"""What the names and expressions of a program are, as far as its text and its last run tell."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from tutor.completion.outline import Assigned, Function, Outline
from tutor.completion.places import Atlas, Named, Place, Places
from tutor.completion.seen import MODULE, PARAMETER, PROGRAM, TENSOR

DEEPEST = 12
"""Names that are followed one to the other."""
_LONGEST_TEXT = 320
_LITERALS: dict[type[ast.expr], str] = {
    ast.List: "list",
    ast.ListComp: "list",
    ast.Tuple: "tuple",
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.Set: "set",
    ast.SetComp: "set",
    ast.JoinedStr: "str",
}


class Program:
    """Answers what an expression is, at a row of the program."""

    def __init__(self, atlas: Atlas, found: Outline, seen: Mapping[str, Named], places: Places) -> None:
        """`seen` are the variables of the last run, `places` those that only it has."""
        self.atlas, self.outline, self._seen = atlas, found, seen
        self.places: dict[str, Place] = dict(places)
        self._depth = 0
        for node in found.classes.values():
            self._add_class(node)

    # ---- classes and functions of the program -------------------------------------------------------------------

    def _add_class(self, node: ast.ClassDef) -> None:
        own: dict[str, Named] = {}
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                own.setdefault(statement.name, self._function(statement, method=True))
                for part in ast.walk(statement):
                    if isinstance(part, ast.Assign | ast.AnnAssign):
                        self._add_attributes(part, own, statement.lineno - 1)
            elif isinstance(statement, ast.Assign):
                for target in statement.targets:
                    if isinstance(target, ast.Name):
                        own.setdefault(target.id, Named(target.id))
        own.pop("__init__", None)
        bases = [self.what(base) for base in node.bases]
        place = Place(tuple(base.gives for base in bases if base is not None and base.gives), tuple(own.values()))
        self.places[f"{PROGRAM}.{node.name}"] = place

    def _add_attributes(self, part: ast.Assign | ast.AnnAssign, own: dict[str, Named], row: int) -> None:
        targets = part.targets if isinstance(part, ast.Assign) else [part.target]
        for target in targets:
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self":
                what = self.what(part.value, row) if part.value is not None else None
                own.setdefault(target.attr, Named(target.attr, gives=what.gives if what is not None else ""))

    def _function(self, node: Function, *, method: bool = False) -> Named:
        made = self.annotated(node.returns)
        signature = f"({ast.unparse(_without_types(node.args, method=method))})"
        return Named(node.name, "f", signature, _text_of(node), made)

    def _class(self, node: ast.ClassDef) -> Named:
        begin = next(
            (each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"), None
        )
        signature = self._function(begin, method=True).signature if begin is not None else ""
        return Named(node.name, "c", signature, _text_of(node), f"{PROGRAM}.{node.name}")

    # ---- names --------------------------------------------------------------------------------------------------

    def named(self, name: str, row: int) -> Named | None:
        """What a name stands for in a row."""
        here = self._assigned(name, row)
        if here is not None and here.scope is not None:
            return self._value(here)
        if name in self.outline.imports:
            return self.atlas.at(self.outline.imports[name])
        if name in self.outline.functions:
            return self._function(self.outline.functions[name])
        if name in self.outline.classes:
            return self._class(self.outline.classes[name])
        told = self._value(here) if here is not None else None
        seen = self._seen.get(name)
        if seen is not None and seen.gives and (told is None or self._same(told.gives, seen.gives)):
            return seen
        return told or seen or self.atlas.members("builtins").get(name)

    def _same(self, told: str, seen: str) -> bool:
        return not told or told in self.atlas.after(seen, self.places)

    def _assigned(self, name: str, row: int) -> Assigned | None:
        """The last assignment above a row that holds there; else the first one below, as in a loop."""
        holding = [
            each
            for each in self.outline.assigned
            if each.name == name and (each.scope is None or each.scope.first <= row <= each.scope.last)
        ]
        above = [each for each in holding if each.row < row or each.parameter_of]
        inner = [each for each in above if each.scope is not None]
        found = inner or above or holding[:1]
        return found[-1] if found else None

    def _value(self, assigned: Assigned) -> Named | None:
        gives = self.annotated(assigned.annotation)
        if not gives and assigned.scope is not None and assigned.scope.owner and assigned.parameter_of:
            owner = f"{PROGRAM}.{assigned.scope.owner}"
            if assigned.number == 0:
                gives = owner
            elif assigned.parameter_of == "forward" and MODULE in self.atlas.after(owner, self.places):
                gives = TENSOR
        if gives or assigned.value is None:
            return Named(assigned.name, gives=gives) if gives else None
        what = self.what(assigned.value, assigned.row)
        return Named(assigned.name, what.kind, what.signature, what.text, what.gives) if what is not None else None

    def annotated(self, node: ast.expr | None) -> str:
        """The place that an annotation names."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                node = ast.parse(node.value, mode="eval").body
            except (SyntaxError, ValueError):
                return ""
        what = self.what(node) if isinstance(node, ast.Name | ast.Attribute) else None
        return what.gives if what is not None and what.kind == "c" else ""

    # ---- expressions --------------------------------------------------------------------------------------------

    def what(self, node: ast.expr | None, row: int = 1 << 30) -> Named | None:
        """What an expression is, where that can be told."""
        if node is None or self._depth > DEEPEST:
            return None
        self._depth += 1
        try:
            return self._what(node, row)
        finally:
            self._depth -= 1

    def _what(self, node: ast.expr, row: int) -> Named | None:
        match node:
            case ast.Name():
                return self.named(node.id, row)
            case ast.Attribute():
                base = self.what(node.value, row)
                return self.members(base).get(node.attr) if base is not None else None
            case ast.Call():
                called = self.what(node.func, row)
                return self.made(called) if called is not None else None
            case ast.Constant():
                return Named("", gives=f"builtins.{type(node.value).__name__}") if node.value is not ... else None
            case ast.BinOp():
                return self._mixed(node.left, node.right, row)
            case ast.Compare():
                mixed = self._mixed(node.left, node.comparators[0], row)
                return mixed if mixed is not None and mixed.gives == TENSOR else Named("", gives="builtins.bool")
            case ast.UnaryOp():
                what = self.what(node.operand, row)
                return _plain(what)
            case ast.Subscript():
                what = self.what(node.value, row)
                return _item(what) if what is not None else None
            case ast.IfExp():
                return self.what(node.body, row)
        literal = _LITERALS.get(type(node))
        return Named("", gives=f"builtins.{literal}") if literal else None

    def members(self, what: Named) -> Mapping[str, Named]:
        """The names after the dot."""
        return {} if what.kind == "f" or not what.gives else self.atlas.members(what.gives, self.places)

    def made(self, called: Named) -> Named | None:
        """What a call makes."""
        if called.kind in ("f", "c"):
            return Named("", gives=called.gives) if called.gives else None
        forward = self.members(called).get("forward")
        if forward is None:
            return None
        own = called.gives.startswith("<")
        return Named("", gives=forward.gives or (TENSOR if own else "")) if forward.gives or own else None

    def called(self, what: Named) -> Named:
        """What takes the arguments of a call: the forward of a module."""
        if what.kind != "v" or what.signature:
            return what
        members = self.members(what)
        return members.get("forward") or members.get("__call__") or what

    def _mixed(self, left: ast.expr, right: ast.expr, row: int) -> Named | None:
        both = [what for each in (left, right) if (what := _plain(self.what(each, row))) is not None]
        for place in (TENSOR, "numpy.ndarray", "builtins.str", "builtins.list", "builtins.float", "builtins.int"):
            if any(what.gives == place for what in both):
                return Named("", gives=place)
        return None


def _plain(what: Named | None) -> Named | None:
    """What arithmetic makes of it: a Parameter becomes a Tensor."""
    return Named("", gives=TENSOR) if what is not None and what.gives == PARAMETER else what


def _item(what: Named) -> Named | None:
    """What an index gives."""
    if what.kind == "v" and what.gives in (TENSOR, PARAMETER):
        return Named("", gives=TENSOR)
    if what.kind == "v" and what.gives in ("numpy.ndarray", "builtins.str"):
        return Named("", gives=what.gives)
    return Named("", gives=MODULE) if what.gives in ("torch.nn.Sequential", "torch.nn.ModuleList") else None


def _without_types(arguments: ast.arguments, *, method: bool) -> ast.arguments:
    """The arguments as a call sees them."""

    def bare(each: ast.arg) -> ast.arg:
        return ast.arg(each.arg)

    first = [bare(each) for each in arguments.posonlyargs]
    rest = [bare(each) for each in arguments.args]
    if method:
        first, rest = (first[1:], rest) if first else ([], rest[1:])
    return ast.arguments(
        posonlyargs=first,
        args=rest,
        vararg=bare(arguments.vararg) if arguments.vararg else None,
        kwonlyargs=[bare(each) for each in arguments.kwonlyargs],
        kw_defaults=arguments.kw_defaults,
        kwarg=bare(arguments.kwarg) if arguments.kwarg else None,
        defaults=arguments.defaults,
    )


def _text_of(node: Function | ast.ClassDef) -> str:
    text = ast.get_docstring(node) or ""
    return " ".join(text.split("\n\n")[0].split())[:_LONGEST_TEXT]
