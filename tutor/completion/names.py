"""The three questions of an editor: what may stand at the cursor, what the open call wants, what the name here is."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections.abc import Iterable, Sequence

import msgspec

from tutor.completion import signatures
from tutor.completion.cursor import OpenCall, chain_start, code_of, open_call, word_before
from tutor.completion.favourites import in_order
from tutor.completion.outline import outline
from tutor.completion.places import Atlas, Named
from tutor.completion.program import Program
from tutor.completion.seen import seen_places
from tutor.runtime.values import Variable

MOST = 300
"""Names that are offered at once."""
_WORD = re.compile(r"(?<![\w.])[^\W\d]\w+")
_IMPORT = re.compile(r"\s*(?:import|from)\s+[\w.]*\Z|\s*import\s.*,\s*[\w.]*\Z")
_FROM = re.compile(r"\s*from\s+([\w.]+)\s+import\s+[\w\s,]*\Z")


class Suggestions(msgspec.Struct, frozen=True):
    """Names that begin with what stands before the cursor, and the column at which that begins."""

    column: int
    names: tuple[Named, ...]
    begun: str = ""
    after_dot: bool = False
    finished: bool = False
    """Whether what stands there is one of the names already."""


class Called(msgspec.Struct, frozen=True):
    """The open call: its name, the form of its signature that fits, and the place in it of the present argument."""

    name: str
    form: str
    at: int | None
    bracket: int = 0
    """Where its bracket stands in the text."""


class Explained(msgspec.Struct, frozen=True):
    """A name under the cursor, as it is written, and what is known of it."""

    name: str
    what: Named


class Names:
    """Answers for one program after another; cheap to make, as the atlas keeps what takes time."""

    def __init__(self, atlas: Atlas | None = None, variables: Sequence[Variable] = (), setup: str = "") -> None:
        """`variables` are the last run's; `setup` is what runs before the learner's lines."""
        self._atlas = atlas or Atlas({})
        self._setup = setup.rstrip() + "\n" if setup.strip() else ""
        self._variables = [each.name for each in variables]
        self._seen, self._places = seen_places(variables, self._atlas)

    # ---- what may stand at the cursor ---------------------------------------------------------------------------

    def suggestions(self, text: str, row: int, column: int, *, asked: bool) -> Suggestions | None:
        """What may stand at the cursor; None where nothing is known.

        Names without a dot are offered only where the learner has `asked`.
        """
        before = _before(text, row, column)
        code, in_prose = code_of(before)
        if in_prose:
            return None
        begun = word_before(code)
        place = len(code) - len(begun)
        if place and (code[place - 1].isdigit() or code[place - 1] in "\\"):
            return None
        after_dot = place > 0 and code[place - 1] == "."
        if after_dot:
            found = self._after_dot(text, before, code, row, place - 1)
        else:
            found = self._without_dot(text, before, code, row, begun) if asked else ()
        return _fitting(found, begun, column, after_dot=after_dot)

    def _after_dot(self, text: str, before: str, code: str, row: int, dot: int) -> Iterable[Named]:
        line = before.rpartition("\n")[2]
        if _IMPORT.match(line):
            whole = re.split(r"[\s,]", line)[-1].rpartition(".")[0]
            return (one for one in self._atlas.members(whole).values() if one.kind == "m")
        start = chain_start(code, dot)
        if start is None:
            return ()
        program = self._program(text, row)
        what = program.what(_expression(before[start:dot]), self._row(row))
        if what is None or what.kind == "f" or not what.gives:
            return ()
        held = program.places.get(what.gives)
        own = tuple(one.name for one in held.names) if held is not None else ()
        return in_order(program.members(what).values(), self._atlas.after(what.gives, program.places), own)

    def _without_dot(self, text: str, before: str, code: str, row: int, begun: str) -> Iterable[Named]:
        line = before.rpartition("\n")[2]
        taken_from = _FROM.match(line)
        if taken_from:
            return self._atlas.members(taken_from[1]).values()
        if _IMPORT.match(line):
            return [Named(name, "m", gives=name) for name in self._atlas.modules]
        program = self._program(text, row)
        call = open_call(code)
        found: dict[str, Named] = {}
        if call is not None and call.bare and not call.keyword:
            what = program.what(_expression(before[call.start : call.end]), self._row(row))
            forms = program.called(what).forms if what is not None else ()
            found = {f"{name}=": Named(f"{name}=", "k") for name in signatures.keywords(forms)}
        own = [name for name in program.outline.names if name != begun] + self._variables
        words = _WORD.findall(code_of(text)[0])
        if begun in words:
            words.remove(begun)  # once, as that is the one that is being typed
        for name in sorted(dict.fromkeys([*own, *words]), key=str.lower):
            if not (name.startswith("__") or name in keyword.kwlist):
                found[name] = program.named(name, self._row(row)) or Named(name)
        others = self._atlas.members("builtins") or {name: Named(name) for name in dir(builtins)}
        for name in (*keyword.kwlist, *others):
            if not name.startswith("_"):
                found.setdefault(name, others.get(name) or Named(name))
        return [msgspec.structs.replace(one, name=name) for name, one in found.items()]

    # ---- calls and single names ---------------------------------------------------------------------------------

    def called(self, text: str, row: int, column: int) -> Called | None:
        """The call between whose brackets the cursor stands; None where its signature is not known."""
        before = _before(text, row, column)
        code, _ = code_of(before)
        call = open_call(code)
        found = self._called(text, before, row, call) if call is not None else None
        if found is None or call is None:
            return None
        written = " ".join(before[call.start : call.end].split())
        form, at = signatures.best_form(found.forms, call.index, call.keyword)
        return Called(written, form, at, call.end)

    def _called(self, text: str, before: str, row: int, call: OpenCall) -> Named | None:
        program = self._program(text, row)
        what = program.what(_expression(before[call.start : call.end]), self._row(row))
        found = program.called(what) if what is not None else None
        return found if found is not None and found.signature else None

    def explained(self, text: str, row: int, column: int) -> Explained | None:
        """What the name under the cursor is, or else the call around it; None where neither is known."""
        line = text.split("\n")[row]
        end = column
        while end < len(line) and (line[end].isalnum() or line[end] == "_"):
            end += 1
        before = _before(text, row, end)
        code, in_prose = code_of(before)
        if not in_prose and word_before(code):
            start = chain_start(code, len(code))
            what = (
                self._program(text, row).what(_expression(before[start:]), self._row(row))
                if start is not None
                else None
            )
            if what is not None and start is not None:
                return Explained(" ".join(before[start:].split()), self._program(text, row).called(what))
        before = _before(text, row, column)
        call = open_call(code_of(before)[0])
        found = self._called(text, before, row, call) if call is not None else None
        if found is None or call is None:
            return None
        return Explained(" ".join(before[call.start : call.end].split()), found)

    # ---- the program --------------------------------------------------------------------------------------------

    def _program(self, text: str, row: int) -> Program:
        found = outline(self._setup + text, self._row(row))
        return Program(self._atlas, found, self._seen, self._places)

    def _row(self, row: int) -> int:
        return row + self._setup.count("\n")


def _fitting(found: Iterable[Named], begun: str, column: int, *, after_dot: bool) -> Suggestions | None:
    """Those that begin with what is typed; where none does, those that do but for small and capital letters."""
    every = list(found)
    names = [one for one in every if one.name.startswith(begun)]
    finished = any(one.name == begun for one in names)
    names = [one for one in names if one.name != begun]
    if not names and not finished:
        small = begun.lower()
        names = [one for one in every if one.name.lower().startswith(small)]
    if not names:
        return None
    return Suggestions(column - len(begun), tuple(names[:MOST]), begun, after_dot, finished)


def _before(text: str, row: int, column: int) -> str:
    lines = text.split("\n", row + 1)
    return "\n".join([*lines[:row], lines[row][:column]])


def _expression(source: str) -> ast.expr | None:
    try:
        return ast.parse(f"({source})", mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return None
