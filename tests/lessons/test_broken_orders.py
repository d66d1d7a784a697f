"""Broken order and experiment steps are reported at the exact line and column, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lessons.broken import Broken, assert_named, code, into

CASES: dict[str, Broken] = {}
case = into(CASES)

# ---- order --------------------------------------------------------------------------------------------------------


def order(fields: str = "", *, solution: str = "solution: |\n  x = 1\n  y = x + 1\n") -> str:
    return code(solution + fields, without=("starter", "solution"), kind="order")


case("one line", order(solution="solution: «y = 1\n"), "the solution has nothing to put in order")
case(
    "the same line twice",
    order(solution="solution: «|\n  y = 1\n\n  y = 1\n"),
    "the solution has nothing to put in order",
)
case(
    "no line",
    order(solution="solution: «' '\n").replace("[y]", "[«y]"),
    "the solution never makes `y`",
    "`solution` is empty",
)
case("solution missing", order(solution="").replace("- id", "- «id"), "`solution` is missing")
case(
    "starter",
    order("«starter: x = 1\n"),
    "an order step has no `starter`: it begins with its own lines, shuffled",
)
case("distractor of the solution", order("distractors: ['y = 2', «x = 1]\n"), "the solution has this line")
case("distractor twice", order("distractors:\n  - y = 2\n  - «y = 2\n"), "the same distractor is in line 13")
case("distractor empty", order("distractors: [«'  ']\n"), "this distractor is empty")
case("distractor of two lines", order("distractors:\n  - «|\n    a = 1\n    b = 2\n"), "a distractor is one line")
case("distractor a number", order("distractors: [«3]\n"), "item 1 of `distractors` must be text, not the number 3")
case("distractors a text", order("distractors: «y = 2\n"), "`distractors` must be a list, not `y = 2`")
case(
    "solution of an order no Python",
    order(solution="solution: |\n  x = 1\n  y = «(\n"),
    "`solution` is not valid Python: '(' was never closed",
)
case("fails of an order", order("wrong: [{code: x, fails: «z}]\n"), "there is no check `z`")

# ---- experiment ---------------------------------------------------------------------------------------------------

PARAMETERS = "parameters: {lr: [0.1, 1.0]}\n"
QUESTIONS = "questions: [{ask: Which?, options: [{text: a, correct: true}, {text: b}]}]\n"


def experiment(parameters: str = PARAMETERS, more: str = "", *, solution: str = "y = lr", checks: str = "[y]") -> str:
    fields = f"solution: {solution}\n{parameters}" + (f"checks: {checks}\n" if checks else "") + more
    return code(fields, without=("solution", "checks"), kind="experiment")


case("parameters missing", experiment("").replace("- id", "- «id"), "`parameters` is missing")
case("parameters a list", experiment("parameters: «[lr]\n"), "`parameters` must be a mapping of names to values")
case("parameters empty", experiment("parameters: «{}\n"), "`parameters` is empty")
case("a value alone", experiment("parameters: {lr: «0.1}\n"), "`lr` must be a list of values")
case("one value", experiment("parameters: {lr: «[0.1]}\n"), "`lr` has 1 values; it needs 2 to 12")
case("no value", experiment("parameters: {lr: «[]}\n"), "`lr` has 0 values; it needs 2 to 12")
case(
    "value twice",
    experiment("parameters:\n  lr:\n    - 1\n    - «1.0\n"),
    "`lr` has this value already, in line 13",
)
case(
    "value a list",
    experiment("parameters: {lr: [0.1, «[1]]}\n"),
    "a value of `lr` must be a number, a text, `true` or `false`",
)
case(
    "value nothing",
    experiment("parameters: {lr: [0.1, «null]}\n"),
    "a value of `lr` must be a number, a text, `true` or `false`",
)
case("value infinite", experiment("parameters: {lr: [0.1, «.inf]}\n"), "a value of `lr` must be finite")
case(
    "name no name",
    experiment("parameters: {«learning rate: [0.1, 1]}\n"),
    "`learning rate` can't be the name of a parameter",
)
case("name a keyword", experiment("parameters: {«lambda: [0.1, 1]}\n"), "`lambda` can't be the name of a parameter")
case("not used", experiment("parameters: {«lt: [0.1, 1]}\n"), "the solution does not use `lt`")
case(
    "overwritten",
    experiment("parameters: {«lr: [0.1, 1]}\n", solution="|\n  lr = 0.1\n  y = lr"),
    "the program gives `lr` a value of its own, so that the learner's choice has no effect",
)
case(
    "overwritten in setup",
    experiment("parameters: {«lr: [0.1, 1]}\n", "setup: lr = 2\n"),
    "the program gives `lr` a value of its own, so that the learner's choice has no effect",
)
case(
    "too many",
    experiment("parameters: «{a: [1, 2], b: [1, 2], c: [1, 2], d: [1, 2]}\n", solution="y = a + b + c + d"),
    "an experiment has at most 3 parameters",
)
case("tries", experiment(more="tries: «3\n"), "`tries` is 3, but there are only 2 settings to try")
case("no tries", experiment(more="tries: «0\n"), "`tries` must be at least 1")
case("neither checks nor questions", experiment(checks="").replace("- id", "- «id"), "`checks` is missing")
case("checks empty without questions", experiment(checks="«[]"), "`checks` is empty")
case("check of another name", experiment(checks="[«lt]"), "the solution never makes `lt`")
case("plot of nothing", experiment(more="plot: [«losses]\n"), "the solution never makes `losses`")
case("plot an expression", experiment(more="plot: [«y + 1]\n"), "`y + 1` can't be the name of a list")
case(
    "starter as solution where something is checked",
    experiment(solution="x = lr", checks="[x]", more="")
    .replace("x = 1\n", "x = lr\n")
    .replace("starter: |", "starter: «|"),
    "the starter is the solution",
)
case("questions a mapping", experiment(more="questions: «{ask: Which?}\n"), "`questions` must be a list, not a mapping")
case(
    "question a text",
    experiment(more="questions: [«Which?]\n"),
    "item 1 of `questions` must be a mapping, not `Which?`",
)
case(
    "question without options",
    experiment(more="questions:\n  - «ask: Which?\n"),
    "`options` is missing",
)
case(
    "question without ask",
    experiment(more="questions:\n  - «options: [{text: a, correct: true}, {text: b}]\n"),
    "`ask` is missing",
)
case(
    "no right option",
    experiment(more="questions: [{ask: Q, options: «[{text: a}, {text: b}]}]\n"),
    "no option is correct",
)
case(
    "one option only",
    experiment(more="questions: [{ask: Q, options: «[{text: a, correct: true}]}]\n"),
    "a question needs at least two options",
)
case(
    "option of a question twice",
    experiment(more="questions:\n  - ask: Q\n    options:\n      - {text: a, correct: true}\n      - {text: «a}\n"),
    "the same option is in line 16",
)
case(
    "question ids twice",
    experiment(
        more="questions:\n"
        "  - {id: q, ask: Q, options: [{text: a, correct: true}, {text: b}]}\n"
        "  - {id: «q, ask: R, options: [{text: a, correct: true}, {text: b}]}\n"
    ),
    "another question has the id `q`, in line 14",
)


@pytest.mark.parametrize("name", CASES)
def test_it_is_named_where_it_is(name: str, tmp_path: Path) -> None:
    assert_named(CASES[name], tmp_path)
