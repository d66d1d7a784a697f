"""Every problem of a course at once: what `load` finds, and what only authors need to know."""

from __future__ import annotations

import ast
import hashlib
import re
import warnings
from pathlib import Path

from tutor.lessons.embedded import compiled, made, parsed, unknown
from tutor.lessons.files import read_bytes, unsafe
from tutor.lessons.load import Reader
from tutor.lessons.problems import Problem, did_you_mean
from tutor.lessons.steps import OF, each
from tutor.lessons.yaml import Document, Mapping, Node, Scalar, Sequence

EXPRESSIONS = ("expr", "loss", "of", "input")
"""Fields of checks that hold an expression."""
LONGEST_PAGE = 40
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SYNTAX_ERRORS = ("SyntaxError", "IndentationError", "TabError")


def problems(path: Path) -> list[Problem]:
    """All problems of a file and of the files that it names; runs no code."""
    reader = Reader(_Deep())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python has to say about escapes in a lesson's strings
        reader.open(path)
    return reader.problems()


class _Deep:
    """What is looked at only when an author asks."""

    def step(self, document: Document, node: Mapping) -> None:
        """Look into a step, whatever else is wrong with it."""
        kind = node.value.get("kind")
        if kind == "read":
            _page(node, document)
            compiled(node.get("run"), "`run`", document)
        elif kind == "predict":
            _predict(node, document)
        elif kind in ("code", "fix"):
            _code(node, document)

    def lesson(self, document: Document, root: Mapping, folder: Path) -> None:
        """Look at the data files of a lesson."""
        files = root.get("files")
        for item in files.items if isinstance(files, Sequence) else []:
            if isinstance(item, Mapping):
                _data_file(item, document, folder)


def _page(node: Mapping, document: Document) -> None:
    """A page of a read step fits its pane."""
    lines = len(_text(node, "text").splitlines())
    if lines > LONGEST_PAGE:
        message = f"the page has {lines} lines; a step shows at most {LONGEST_PAGE}"
        document.notes.add(*node.place("text"), message, "make two steps of it")


def _predict(node: Mapping, document: Document) -> None:
    """The snippet is Python, and what is asked of it reads only what it makes."""
    program = compiled(node.get("run"), "`run`", document)
    match = OF.fullmatch(_text(node, "of").strip())
    if match is None or match[2] is None:
        return
    tree = compiled(node.get("of"), "the expression of `of`", document, "eval", code=match[2])
    if program is not None and tree is not None:
        _names(tree, node.items["of"], made([program]), "`run`", document)


def _code(node: Mapping, document: Document) -> None:
    """Programs and expressions of a step are Python; what is declared can be so."""
    unparsable = _asks_for_syntax_error(node)
    programs = [node.get(name) for name in ("setup", "solution", "given")]
    trees = (
        []
        if unparsable
        else [
            compiled(program, f"`{name}`", document)
            for name, program in zip(("setup", "solution", "given"), programs, strict=True)
            if program is not None
        ]
    )
    if not unparsable and node.value["kind"] != "fix":  # the bug to be found may be one of syntax
        compiled(node.get("starter"), "`starter`", document)
    also = node.get("also_correct")
    for item in also.items if isinstance(also, Sequence) and not unparsable else []:
        compiled(item, "this program", document)
    if _text(node, "solution").strip() and _text(node, "starter").strip() == _text(node, "solution").strip():
        document.notes.add(
            *node.place("starter"), "the starter is the solution", "leave out what the learner is to write"
        )
    _wrongs(node, document, unparsable=unparsable)
    _misconceptions(node, document)
    whole = [tree for tree in trees if tree is not None]
    _expressions(node, made(whole) if whole and len(whole) == len(trees) else None, document)


def _asks_for_syntax_error(node: Mapping) -> bool:
    """Whether the program that the step asks for need not be Python that compiles."""
    checks = node.value.get("checks")
    wanted = [check for check in checks if isinstance(check, dict)] if isinstance(checks, list) else []
    return any(check.get("kind") == "raises" and check.get("error") in _SYNTAX_ERRORS for check in wanted)


def _expressions(node: Mapping, names: set[str] | None, document: Document) -> None:
    """The expressions of all checks compile, and read only what the solution makes."""
    checks = node.get("checks")
    for check in checks.items if isinstance(checks, Sequence) else []:
        fields = [check.get(key) for key in EXPRESSIONS] if isinstance(check, Mapping) else [check]
        for field in fields:
            tree = compiled(field, "this expression", document, "eval")
            if tree is not None and field is not None:
                _names(tree, field, names, "the solution", document)


def _names(tree: ast.AST, node: Node, names: set[str] | None, where: str, document: Document) -> None:
    """Note the names of an expression that a program never makes."""
    for name in unknown(tree, names) if names is not None else ():
        message = f"{where} never makes `{name}`"
        document.notes.add(node.line, node.column, message, did_you_mean(name, sorted(names or ())))


def _wrongs(node: Mapping, document: Document, *, unparsable: bool) -> None:
    """Each wrong program is one that can be made, and differs from the solution."""
    wrongs = node.get("wrong")
    for item in wrongs.items if isinstance(wrongs, Sequence) else []:
        if not isinstance(item, Mapping):
            continue
        code, replace = item.get("code"), item.get("replace")
        if (code is None) == (replace is None):
            message = "a wrong program has either `code` or `replace`"
            document.notes.add(item.line, item.column, message, "write `replace: [old, new]` or `code: |`")
        elif code is not None and not unparsable:
            compiled(code, "`code`", document)
        elif isinstance(replace, Sequence):
            _replacement(replace, _text(node, "solution"), document, unparsable=unparsable)


def _replacement(node: Sequence, solution: str, document: Document, *, unparsable: bool) -> None:
    """The text to be replaced is there once, and Python is left."""
    if len(node.value) != 2 or not all(isinstance(part, str) for part in node.value):
        return
    old, new = node.value
    count = solution.count(old) if old else 0
    if count != 1:
        place = node.items[0]
        message = "the solution does not have this text" if count == 0 else f"the solution has this text {count} times"
        document.notes.add(place.line, place.column, message, "copy a part of the solution that is there once")
        return
    if old == new:
        document.notes.add(node.items[1].line, node.items[1].column, "this replaces a text by itself")
        return
    try:
        if not unparsable:
            parsed(solution.replace(old, new))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        said = error.msg if isinstance(error, SyntaxError) else str(error)
        message = f"with this text the solution is not valid Python: {said}"
        document.notes.add(node.items[1].line, node.items[1].column, message)


def _misconceptions(node: Mapping, document: Document) -> None:
    """Each misconception has a condition, and none stands behind one with the same."""
    seen: dict[str, int] = {}
    for when in each(node.get("misconceptions"), "when"):
        if not isinstance(when, Mapping):
            continue
        if not any(value is not None for value in when.value.values()):
            document.notes.add(when.line, when.column, "`when` has no condition", "write `when: {fails: CHECK}`")
            continue
        first = seen.setdefault(repr(sorted(when.value.items())), when.line)
        if first != when.line:
            message = f"this is never reached: line {first} has the same conditions"
            document.notes.add(when.line, when.column, message, "add a condition, or remove one of the two")


def _text(node: Mapping, key: str) -> str:
    """The text under a key; empty where there is none."""
    value = node.value.get(key)
    return value if isinstance(value, str) else ""


def _data_file(item: Mapping, document: Document, folder: Path) -> None:
    """A data file is there and is the one that the author meant."""
    path, sha256 = item.get("path"), item.get("sha256")
    if not isinstance(path, Scalar) or not isinstance(path.value, str):
        return
    wrong = unsafe(path.value, folder)
    data = wrong[0] if wrong else read_bytes(folder / path.value)
    if isinstance(data, str):
        document.notes.add(path.line, path.column, data, wrong[1] if wrong else "")
        return
    if not isinstance(sha256, Scalar) or not isinstance(sha256.value, str):
        return
    found = hashlib.sha256(data).hexdigest()
    if not _SHA256.fullmatch(sha256.value):
        document.notes.add(sha256.line, sha256.column, "`sha256` must be 64 digits from 0 to f", f"write {found}")
    elif sha256.value != found:
        document.notes.add(
            sha256.line, sha256.column, "the file has another hash", f"if it is the right file, write {found}"
        )
