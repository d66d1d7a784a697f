"""Every problem of a course at once: what `load` finds, and what only authors need to know."""

from __future__ import annotations

import ast
import re
import warnings
from pathlib import Path

from tutor.lessons.embedded import compiled, made, parsed, unknown
from tutor.lessons.experiment import names_no_check
from tutor.lessons.files import Document, read_bytes, sha256_of, unsafe
from tutor.lessons.load import Reader
from tutor.lessons.nodes import Mapping, Node, Sequence
from tutor.lessons.problems import Problem, did_you_mean
from tutor.lessons.steps import OF

EXPRESSIONS = ("expr", "loss", "of", "input", "model", "data")
"""Fields of checks that hold an expression."""
LONGEST_PAGE = 40
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SYNTAX_ERRORS = ("SyntaxError", "IndentationError", "TabError")


def problems(path: Path) -> list[Problem]:
    """All problems of a file and of the files that it names; runs no code."""
    reader = Reader()
    reader.open(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python has to say about escapes in a lesson's strings
        for document, root in reader.lessons:
            _lesson(root, document)
    return reader.problems()


def _lesson(root: Mapping, document: Document) -> None:
    """Look into the steps and data files of a lesson, whatever else is wrong with it."""
    for item in root.listed("files"):
        if isinstance(item, Mapping):
            _data_file(item, document)
    for step in root.listed("steps"):
        if isinstance(step, Mapping) and (look := _LOOKS.get(str(step.value.get("kind")))):
            look(step, document)


def _data_file(item: Mapping, document: Document) -> None:
    """A data file is there and is the one that the author meant."""
    path, sha256 = item.at("path"), item.at("sha256")
    if not isinstance(path.value, str):
        return
    file = document.path.parent / path.value
    wrong = unsafe(path.value, document.path.parent)
    start = b"" if wrong else read_bytes(file, 1)
    if wrong:
        document.notes.at(path, *wrong)
    elif isinstance(start, str):
        document.notes.at(path, start)
    elif isinstance(sha256.value, str) and sha256.value != (found := sha256_of(file)):
        form = _SHA256.fullmatch(sha256.value)
        message = "the file has another hash" if form else "`sha256` must be 64 digits from 0 to f"
        document.notes.at(sha256, message, f"if it is the right file, write {found}")


def _page(node: Mapping, document: Document) -> None:
    """A page of a read step fits its pane; its snippet is Python."""
    lines = len(node.text("text").splitlines())
    if lines > LONGEST_PAGE:
        message = f"the page has {lines} lines; a step shows at most {LONGEST_PAGE}"
        document.notes.at(node.at("text"), message, "make two steps of it")
    compiled(node.get("run"), "`run`", document)


def _predict(node: Mapping, document: Document) -> None:
    """The snippet is Python, and what is asked of it reads only what it makes."""
    program = compiled(node.get("run"), "`run`", document)
    match = OF.fullmatch(node.text("of").strip())
    if match is None or match[2] is None:
        return
    tree = compiled(node.get("of"), "the expression of `of`", document, "eval", code=match[2])
    if program is not None and tree is not None:
        _names(tree, node.at("of"), made([program]), "`run`", document)


# ---- steps in which the learner writes code ---------------------------------------------------------------------


def _code(node: Mapping, document: Document) -> None:
    """Programs and expressions of a step are Python; what is declared can be so."""
    solution = node.text("solution")
    whole = node.text("starter").strip() == solution.strip()
    if solution.strip() and whole and not (node.value["kind"] == "experiment" and names_no_check(node)):
        document.notes.at(node.at("starter"), "the starter is the solution", "leave out what the learner is to write")
    names = None
    unparsable = _asks_for_syntax_error(node)
    if not unparsable:
        names = _programs(node, document)
    for item in node.listed("wrong"):
        if isinstance(item, Mapping):
            _wrong(item, solution, document, unparsable=unparsable)
    _misconceptions(node, document)
    _plot(node, names, document)
    for check in node.listed("checks"):
        fields = [check.get(key) for key in EXPRESSIONS] if isinstance(check, Mapping) else [check]
        if isinstance(check, Mapping):
            fields += check.listed("observe")
            _inputs(check.listed("args"), names, document)
        for field in fields:
            tree = compiled(field, "this expression", document, "eval")
            if tree is not None and field is not None:
                _names(tree, field, names, "the solution", document)


def _plot(node: Mapping, names: set[str] | None, document: Document) -> None:
    """What is to be drawn is made by the solution."""
    for item in node.listed("plot"):
        name = item.value
        if isinstance(name, str) and name.isidentifier() and names is not None and name not in names:
            document.notes.at(item, f"the solution never makes `{name}`", did_you_mean(name, sorted(names)))


def _inputs(args: list[Node], names: set[str] | None, document: Document) -> None:
    """What stands between the brackets of a call is Python, and reads what the solution makes."""
    for node in args:
        if not isinstance(node.value, str):
            continue
        try:
            tree = parsed(f"f({node.value})", "eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            help_ = 'write what stands between the brackets of a call: "torch.ones(2), dim=0"'
            document.notes.at(node, "these are no arguments of a call", help_)
        else:
            _names(tree, node, names if names is None else names | {"f", "torch"}, "the solution", document)


def _asks_for_syntax_error(node: Mapping) -> bool:
    """Whether the program that the step asks for need not be Python that compiles."""
    checks = [check.value for check in node.listed("checks") if isinstance(check, Mapping)]
    return any(check.get("kind") == "raises" and check.get("error") in _SYNTAX_ERRORS for check in checks)


def _programs(node: Mapping, document: Document) -> set[str] | None:
    """All programs are Python; the names that the solution makes, None where they can't be told."""
    whole = [name for name in ("setup", "solution", "given") if name in node.items]
    trees = [compiled(node.get(name), f"`{name}`", document) for name in whole]
    if node.value["kind"] != "fix":  # the bug to be found may be one of syntax
        compiled(node.get("starter"), "`starter`", document)
    for item in node.listed("also_correct"):
        compiled(item, "this program", document)
    parsed_trees = [tree for tree in trees if tree is not None]
    names = made(parsed_trees) if trees and len(parsed_trees) == len(trees) else None
    parameters = node.get("parameters")
    return names | set(parameters.items) if names is not None and isinstance(parameters, Mapping) else names


def _names(tree: ast.AST, node: Node, names: set[str] | None, where: str, document: Document) -> None:
    """Note the names of an expression that a program never makes."""
    for name in unknown(tree, names) if names is not None else ():
        document.notes.at(node, f"{where} never makes `{name}`", did_you_mean(name, sorted(names or ())))


def _wrong(item: Mapping, solution: str, document: Document, *, unparsable: bool) -> None:
    """A wrong program is one that can be made, and differs from the solution."""
    code, replace = item.get("code"), item.get("replace")
    if (code is None) == (replace is None):
        message = "a wrong program has either `code` or `replace`"
        document.notes.at(item, message, "write `replace: [old, new]` or `code: |`")
    elif code is not None and not unparsable:
        compiled(code, "`code`", document)
    elif isinstance(replace, Sequence) and [type(part) for part in replace.value] == [str, str]:
        _replacement(replace, solution, document, unparsable=unparsable)


def _replacement(node: Sequence, solution: str, document: Document, *, unparsable: bool) -> None:
    """The text to be replaced is there once, and Python is left."""
    old, new = node.value
    count = solution.count(old) if old else 0
    if count != 1:
        message = "the solution does not have this text" if count == 0 else f"the solution has this text {count} times"
        document.notes.at(node.items[0], message, "copy a part of the solution that is there once")
    elif old == new:
        document.notes.at(node.items[1], "this replaces a text by itself")
    elif not unparsable:
        try:
            parsed(solution.replace(old, new))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            said = error.msg if isinstance(error, SyntaxError) else str(error)
            document.notes.at(node.items[1], f"with this text the solution is not valid Python: {said}")


def _misconceptions(node: Mapping, document: Document) -> None:
    """Each misconception has a condition, and none stands behind one with the same."""
    seen: dict[str, Node] = {}
    for when in node.each("misconceptions", "when"):
        if not isinstance(when, Mapping):
            continue
        if not any(value is not None for value in when.value.values()):
            document.notes.at(when, "`when` has no condition", "write `when: {fails: CHECK}`")
            continue
        first = seen.setdefault(repr(sorted(when.value.items())), when)
        if first is not when:
            message = f"this is never reached: line {first.line} has the same conditions"
            document.notes.at(when, message, "add a condition, or remove one of the two")


_LOOKS = {"read": _page, "predict": _predict, "code": _code, "fix": _code, "order": _code, "experiment": _code}
