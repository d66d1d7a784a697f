"""The rules of experiments: parameters that are used, settings to try, questions that have an answer."""

from __future__ import annotations

import ast
import difflib
import itertools
import keyword
import math
from typing import Any, Literal

from tutor.lessons.embedded import parsed
from tutor.lessons.ids import check_id
from tutor.lessons.nodes import Mapping, Node, Scalar, Sequence
from tutor.lessons.options import option_rules
from tutor.lessons.problems import Notes, did_you_mean
from tutor.lessons.shape import missing

MOST_PARAMETERS = 3
"""Each takes a row of the screen."""
MOST_VALUES = 12
_PROGRAMS = ("setup", "solution", "given")
_EXAMPLE = "`{lr: [0.01, 0.1, 1.0]}`"


def names_no_check(node: Mapping) -> bool:
    """Whether the learner is only asked questions, so that an empty list of checks is meant."""
    return node.value.get("checks", []) == [] and bool(node.value.get("questions"))


def experiment_rules(node: Mapping, data: dict[str, Any], notes: Notes) -> list[str]:
    """Note what is wrong with an experiment's own fields; complete their values. The keys that need no further look."""
    apart = []
    parameters = node.get("parameters")
    if parameters is None:
        missing(node, "parameters", f"what to change and the values to try, such as {_EXAMPLE}", notes)
        apart.append("parameters")
    elif _well_formed(parameters, notes):
        assert isinstance(parameters, Mapping)
        _parameter_names(node, parameters, notes)
        _tries(node, parameters, notes)
    else:
        apart.append("parameters")
    if apart:
        data["parameters"] = {}
    _questions(node, data, notes)
    _plot(node, notes)
    if names_no_check(node):
        apart.append("checks")
        data.setdefault("starter", node.text("solution"))  # there is nothing to write, only to look at
    elif "checks" not in node.items:
        missing(node, "checks", "expressions to compare, or `questions:` about what was seen", notes)
    return apart


# ---- parameters -------------------------------------------------------------------------------------------------


def _well_formed(parameters: Node, notes: Notes) -> bool:
    """Whether it is a mapping of names to two values or more; what is wrong is noted."""
    before = len(notes)
    if not isinstance(parameters, Mapping):
        notes.at(parameters, "`parameters` must be a mapping of names to values", f"write {_EXAMPLE}")
        return False
    if not parameters.items:
        notes.at(parameters, "`parameters` is empty", f"write {_EXAMPLE}")
    if len(parameters.items) > MOST_PARAMETERS:
        notes.at(parameters, f"an experiment has at most {MOST_PARAMETERS} parameters", "make two experiments of it")
    for name, values in parameters.items.items():
        if not isinstance(values, Sequence):
            notes.at(values, f"`{name}` must be a list of values", f"write {_EXAMPLE}")
        elif not 2 <= len(values.items) <= MOST_VALUES:
            message = f"`{name}` has {len(values.items)} values; it needs 2 to {MOST_VALUES}"
            notes.at(values, message, "a parameter is there to be compared")
        else:
            _values(name, values, notes)
    return len(notes) == before


def _values(name: str, values: Sequence, notes: Notes) -> None:
    """Each value can be written into a program, and none stands there twice."""
    seen: dict[tuple[bool, object], Node] = {}
    for item in values.items:
        value = item.value
        if not isinstance(value, int | float | str):
            notes.at(item, f"a value of `{name}` must be a number, a text, `true` or `false`")
        elif isinstance(value, float) and not math.isfinite(value):
            notes.at(item, f"a value of `{name}` must be finite")
        elif isinstance(value, int) and abs(value) >= 2**63:
            notes.at(item, f"a value of `{name}` is too large")
        elif (first := seen.setdefault((isinstance(value, bool), value), item)) is not item:
            notes.at(item, f"`{name}` has this value already, in line {first.line}")


def _parameter_names(node: Mapping, parameters: Mapping, notes: Notes) -> None:
    """Each name is one that Python can assign, and the program reads it before it gives it another value."""
    trees = []
    for name in _PROGRAMS:
        try:
            trees.append(parsed(node.text(name)))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return  # what is no Python is said elsewhere
    for name, key in parameters.keys.items():
        if not name.isidentifier() or keyword.iskeyword(name):
            notes.at(key, f"`{name[:40]}` can't be the name of a parameter", "write a name such as `lr`")
        elif (first := _first_use(name, trees)) is None and "x-reference" in node.items:
            continue  # a student's version, whose solution is elsewhere
        elif first is None:
            read = {part.id for tree in trees for part in ast.walk(tree) if isinstance(part, ast.Name)}
            near = difflib.get_close_matches(name, sorted(read - parameters.keys.keys()), n=1)
            notes.at(key, f"the solution does not use `{name}`", did_you_mean(name, near))
        elif first == "written":
            message = f"the program gives `{name}` a value of its own, so that the learner's choice has no effect"
            notes.at(key, message, f"remove `{name} = …`: the parameter is assigned before the program")


def _first_use(name: str, trees: list[ast.AST]) -> Literal["read", "written"] | None:
    """What the programs do first with a name, statement by statement; None where they do neither."""
    for statement in (statement for tree in trees for statement in getattr(tree, "body", ())):
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        changed = isinstance(statement, ast.AugAssign)
        parts = [part for part in ast.walk(statement) if isinstance(part, ast.Name) and part.id == name]
        if (changed and parts) or any(isinstance(part.ctx, ast.Load) for part in parts):
            return "read"
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return "written"
    return None


def _tries(node: Mapping, parameters: Mapping, notes: Notes) -> None:
    """There are as many settings as have to be tried."""
    tries = node.value.get("tries")
    settings = math.prod(len(values.items) for values in parameters.items.values() if isinstance(values, Sequence))
    if isinstance(tries, int) and not isinstance(tries, bool) and tries > settings:
        notes.at(node.at("tries"), f"`tries` is {tries}, but there are only {settings} settings to try")


# ---- questions and plots ----------------------------------------------------------------------------------------


def _questions(node: Mapping, data: dict[str, Any], notes: Notes) -> None:
    """Questions have an id, at least two options, and one that is right."""
    taken: dict[str, Scalar] = {}
    listed = node.listed("questions")
    for item in listed:
        if isinstance(item, Mapping):
            check_id(item.get("id"), "question", taken, notes)
            option_rules(item, "question", notes)
    free = (f"question-{number}" for number in itertools.count(1) if f"question-{number}" not in taken)
    if listed:
        data["questions"] = [
            {"id": next(free), **item.value} if isinstance(item.value, dict) else item.value for item in listed
        ]


def _plot(node: Mapping, notes: Notes) -> None:
    """What is to be drawn is a name that a program may have."""
    for item in node.listed("plot"):
        if isinstance(item.value, str) and not item.value.isidentifier():
            notes.at(item, f"`{item.value[:40]}` can't be the name of a list", "write a name such as `losses`")
