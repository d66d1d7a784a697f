"""The steps of a lesson, from YAML: their kinds, defaults and the rules of each kind."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any, TypeGuard

import msgspec

from tutor.lessons.checks import read_checks
from tutor.lessons.conditions import conditions
from tutor.lessons.experiment import experiment_rules, names_no_check
from tutor.lessons.ids import check_id, refer
from tutor.lessons.model import STEP_KINDS, CodeStep, Defaults, ExperimentStep, FixStep, Hint, OrderStep, Step
from tutor.lessons.nodes import Mapping, Node, Scalar
from tutor.lessons.options import distinct, not_blank, option_rules
from tutor.lessons.order import order_rules
from tutor.lessons.problems import Notes, did_you_mean
from tutor.lessons.references import reference_of
from tutor.lessons.shape import missing, read_struct
from tutor.runtime.protocol import Limits

OF = re.compile(r"stdout|(shape|value)\(\s*(.+?)\s*\)", re.DOTALL)
"""What a predict step may ask: its group 2 is the expression."""


def read_step(node: Node, taken: dict[str, Scalar], defaults: Defaults, notes: Notes, folder: Path) -> Step | None:
    """One step; None, and all its problems noted, where something is wrong with it. `folder` is the course's."""
    if not isinstance(node, Mapping):
        notes.at(node, "a step must be a mapping with `id`, `kind` and more")
        return None
    before = len(notes)
    check_id(node.get("id"), "step", taken, notes)
    kind = _kind(node, notes)
    if kind is None:
        return None
    data: dict[str, Any] = dict(node.value)
    if "title" not in data and isinstance(data.get("id"), str):
        data["title"] = data["id"].replace("-", " ").capitalize()
    if issubclass(kind, CodeStep):
        step: Step | None = _code_step(node, kind, data, defaults, notes, folder)
    else:
        step = read_struct(node, kind, data, notes, apart=("kind",))
        _RULES[kind.kind](node, notes)
    return step if len(notes) == before else None


def _kind(node: Mapping, notes: Notes) -> type[Step] | None:
    """The class of the step's kind."""
    kind = node.get("kind")
    if kind is None:
        missing(node, "kind", f"one of {', '.join(STEP_KINDS)}", notes)
        return None
    if isinstance(kind.value, str) and kind.value in STEP_KINDS:
        return STEP_KINDS[kind.value]
    text = kind.text[:40] if isinstance(kind, Scalar) else "this"
    notes.at(kind, f"`{text}` is no kind of step", did_you_mean(text, STEP_KINDS))
    return None


# ---- steps in which the learner writes code ---------------------------------------------------------------------


def _code_step(
    node: Mapping, kind: type[CodeStep], data: dict[str, Any], defaults: Defaults, notes: Notes, folder: Path
) -> CodeStep | None:
    """A code or fix step with its checks."""
    if isinstance(data.get("hints"), list):
        data["hints"] = [{"text": hint} if isinstance(hint, str) else hint for hint in data["hints"]]
    _fill_in(data, defaults)
    own_checks = None if kind is ExperimentStep and names_no_check(node) else node.get("checks")
    apart = ["kind", "x-reference"]
    if kind is OrderStep:
        order_rules(node, data, notes)
    elif kind is ExperimentStep:
        apart += experiment_rules(node, data, notes)
    if own_checks is not None:
        apart.append("checks")
        data["checks"] = ()
    reference = reference_of(node, data, notes, folder)
    step = read_struct(node, kind, data, notes, apart=apart, instead=_INSTEAD)
    if step is not None and reference:
        step = msgspec.structs.replace(step, reference=reference)
    _check_limits(node.get("limits"), notes)
    not_blank(node, ("task", "solution"), notes)
    for excused in node.listed("mutants"):
        if isinstance(excused, Mapping):
            not_blank(excused, ("because",), notes)
    if kind is FixStep:
        _has_a_bug(node, notes)
    conditions(node, notes)
    if own_checks is None:
        return step
    read = read_checks(own_checks, defaults, notes, folder)
    if read.complete:
        whens = [when.get("fails") for when in node.each("misconceptions", "when") if isinstance(when, Mapping)]
        for fails in (*whens, *node.each("wrong", "fails")):
            refer(fails, read.ids, "check", notes)
    return None if step is None else msgspec.structs.replace(step, checks=tuple(read.checks))


def _has_a_bug(node: Mapping, notes: Notes) -> None:
    """A fix step starts from a program."""
    if "starter" not in node.items:
        missing(node, "starter", "the program that has the bug", notes)
    not_blank(node, ("starter",), notes)


_INSTEAD = {"hints": tuple[str | Hint, ...]}


def _fill_in(data: dict[str, Any], defaults: Defaults) -> None:
    """Fill in seed, threads and limits from the lesson's or course's defaults where the step has none of its own."""
    for key in ("seed", "threads"):
        if key not in data and (value := getattr(defaults, key)) is not None:
            data[key] = value
    own = data.get("limits", {})
    if not isinstance(own, dict):
        return
    usual = {key: value for key in ("time_s", "memory_mb") if (value := getattr(defaults, key)) is not None}
    limits = {**usual, **own}
    seconds, threads = limits.get("time_s"), data.get("threads", 1)
    if "cpu_s" not in limits and _positive(seconds) and _positive(threads):
        # so that the clock's limit is what a slow program meets
        limits["cpu_s"] = max(Limits().cpu_s, math.ceil(2 * seconds * threads))
    if limits:
        data["limits"] = limits


def _check_limits(node: Node | None, notes: Notes) -> None:
    """Note limits that are not above zero."""
    for key, item in node.items.items() if isinstance(node, Mapping) else ():
        number = isinstance(item.value, int | float) and not isinstance(item.value, bool)
        if number and not _positive(item.value):
            notes.at(item, f"`{key}` must be more than 0, and at most 1000000")


def _positive(value: object) -> TypeGuard[float]:
    """Whether a value can be a limit."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1e6


# ---- rules of the other kinds -----------------------------------------------------------------------------------


def _read_rules(node: Mapping, notes: Notes) -> None:
    """There is something to read."""
    not_blank(node, ("text",), notes)


def _choice_rules(node: Mapping, notes: Notes) -> None:
    """A question, and options of which one is correct."""
    option_rules(node, "choice", notes)


def _predict_rules(node: Mapping, notes: Notes) -> None:
    """`of` can be computed; there are wrong answers, and none of them says that it is right."""
    not_blank(node, ("ask", "run"), notes)
    of = node.at("of")
    if isinstance(of.value, str) and not OF.fullmatch(of.value.strip()):
        help_ = "write `stdout`, `shape(EXPRESSION)` or `value(EXPRESSION)`"
        notes.at(of, f"`of` can't be `{of.value[:40]}`", help_)
    if node.value.get("distractors") == []:
        notes.at(node.at("distractors"), "`distractors` is empty", "give at least one wrong answer")
    for correct in node.each("distractors", "correct"):
        if correct.value is True:
            notes.at(correct, "a distractor can't be correct: the right answer is computed", "remove `correct`")
    answers = node.listed("distractors")
    distinct((one.at("text") if isinstance(one, Mapping) else one for one in answers), "distractor", notes)


_RULES = {"read": _read_rules, "choice": _choice_rules, "predict": _predict_rules}
