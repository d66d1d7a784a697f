"""Every broken file is reported at the exact line and column, in words that say what is wrong, and in nothing else.

In the table, `«` stands before each place that is wrong; the messages follow in the order of the places.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import NamedTuple

import pytest

from tutor.lessons.load import validate


class Broken(NamedTuple):
    text: str
    messages: tuple[str, ...]


CASES: dict[str, Broken] = {}


def case(name: str, text: str, *messages: str) -> None:
    assert name not in CASES
    assert text.count("«") == len(messages), name
    CASES[name] = Broken(text, messages)


def lesson(fields: str = "", steps: str = "") -> str:
    """A lesson file with more fields, and with these steps instead of one that is right."""
    head = "format: 1\nid: l\ntitle: L\n" + textwrap.dedent(fields)
    return head + "steps:\n" + textwrap.indent(textwrap.dedent(steps or READ), "  ")


def code(fields: str = "", *, without: tuple[str, ...] = (), kind: str = "code") -> str:
    """A lesson with one code step: its usual fields, less some, and more."""
    usual = {
        "task": "task: Make `y`.\n",
        "starter": "starter: |\n  x = 1\n",
        "solution": "solution: |\n  x = 1\n  y = x + 1\n",
        "checks": "checks: [y]\n",
    }
    kept = "".join(text for name, text in usual.items() if name not in without)
    body = f"id: c\nkind: {kind}\n" + kept + textwrap.dedent(fields)
    return lesson(steps="- " + textwrap.indent(body, "  ")[2:])


def checks(*lines: str) -> str:
    return code("checks:\n" + "".join(f"  - {line}\n" for line in lines), without=("checks",))


READ = "- {id: r, kind: read, text: Read me.}\n"
COURSE = "format: 1\nid: k\ntitle: K\n"

# ---- YAML ---------------------------------------------------------------------------------------------------------

case("empty", "«", "the file is empty")
case("only a comment", "«# nothing\n", "the file is empty")
case("tab", "format: 1\n«\tid: l\n", "a tab indents this line")
case("tab in a list", "format: 1\nsteps:\n«\t- a\n", "a tab indents this line")
case("colon in a value", "format: 1\ntitle: Tensors«: a start\n", "a colon starts a value here, where none can stand")
case("open quotes", "format: 1\ntitle: «'Tensors\nid: l\n", "the quotes that begin here are never closed")
case(
    "open bracket",
    "format: 1\ngoals: «[a, b\n",
    "a list that begins with `[` is not closed, or holds text with brackets",
)
case(
    "brackets in a list",
    "format: 1\nchecks: [x«[0, 1], y]\n",
    "a list that begins with `[` is not closed, or holds text with brackets",
)
case("open brace", "format: 1\ndefaults: «{seed: 1\n", "a mapping that begins with `{` is not closed")
case("at sign", "format: 1\ntitle: «@home\n", "a value can't begin with `@`")
case("backquote", "format: 1\ntitle: «`x` first\n", "a value can't begin with ```")
case("percent", "format: 1\ntitle: «%d\n", "a value can't begin with `%`")
case("escape", 'format: 1\ntitle: "a «\\d"\n', "this escape is not known in double quotes")
case("no colon", "format: 1\nid: l\ntitle\n«steps: []\n", "a key without a colon")
case("indentation", "format: 1\nrequires:\n  lessons: []\n «devices: []\n", "a key is expected here")
case(
    "list item among keys",
    "format: 1\nsteps:\n- a\n«id: l\n- b\n".replace("«id: l\n- b", "id: l\n«- b"),
    "a key is expected here",
)
case(
    "list on the key's line",
    "format: 1\nsteps: «- a\n",
    "this is not valid YAML: block sequence entries are not allowed in this context",
)
case("second document", lesson() + "«---\nformat: 1\n", "a second document starts here")
case(
    "alias",
    lesson("summary: «&s Short.\ndescription: x\n").replace("description: x", "objectives: [«*s]"),
    "`&s` is an anchor; anchors are not allowed",
    "`*s` is an alias; aliases are not allowed",
)
case("tag", lesson("minutes: «!!int 4\n"), "tags (`!…`) are not allowed")
case("own tag", lesson("summary: «!python/name:os.system x\n"), "tags (`!…`) are not allowed")
case("tag on a list", "format: 1\nid: l\ntitle: L\nsteps: «!!set\n  - a\n", "tags (`!…`) are not allowed")
case("unknown handle", lesson("summary: «!x!y z\n"), "tags (`!…`) are not allowed")
case("merge key", lesson("defaults:\n  «<<: {seed: 1}\n"), "`<<` merges mappings, which is not allowed")
case("duplicate key", lesson("«title: Again\n"), "`title` is given twice; first in line 3")
case("key that is a list", lesson("defaults:\n  «[a]: 1\n"), "a key must be a word")
case("too deep", "format: 1\nx: " + "[" * 24 + "«[" + "]" * 25 + "\n", "the file is nested more than 24 levels deep")
case("control character", "format: 1\nid: l\ntitle: a«\x07b\n", "the file holds a control character (U+0007)")
case("escaped control character", lesson('summary: «"a\\eb"\n'), "the text holds a control character (U+001B)")
case("long number", lesson(f"minutes: «{'9' * 80}\n"), "this number is too long")

# ---- files, formats, top level ------------------------------------------------------------------------------------

case("top is a list", "«- a\n- b\n", "a course or lesson is a mapping")
case("top is text", "«hello\n", "a course or lesson is a mapping")
case("no format", "«id: l\ntitle: L\nsteps:\n  " + READ, "`format` is missing")
case(
    "newer format",
    lesson().replace("format: 1", "format: «2"),
    "the file has format 2; this version of torch-tutor reads formats up to 1",
)
case(
    "newer format, all else wrong",
    "format: «9\nfoo: 1\nsteps: 3\n",
    "the file has format 9; this version of torch-tutor reads formats up to 1",
)
case("format as text", lesson().replace("format: 1", 'format: «"1"'), "`format` must be a whole number")
case("format zero", lesson().replace("format: 1", "format: «0"), "`format` must be a whole number")
case("format true", lesson().replace("format: 1", "format: «true"), "`format` must be a whole number")
case("neither", "«format: 1\nid: l\n", "this is neither a course nor a lesson")
case(
    "course without title",
    "«format: 1\nid: k\nlessons:\n  - {id: l, title: L, steps: [{id: r, kind: read, text: x}]}\n",
    "`title` is missing",
)
case("lesson without id", "«format: 1\ntitle: L\nsteps:\n  " + READ, "`id` is missing")
case("lessons empty", COURSE + "lessons: «[]\n", "`lessons` is empty")
case("lessons a word", COURSE + "lessons: «tensors.yaml\n", "`lessons` must be a list")
case("lesson a number", COURSE + "lessons:\n  - «3\n", "a lesson must be the path of a file, or a mapping with `steps`")
case("missing file", COURSE + "lessons:\n  - «lost.yaml\n", "there is no file {folder}/lost.yaml")
case("folder as a file", COURSE + "lessons:\n  - «.\n", "{folder} is not a file")
case("absolute path", COURSE + "lessons:\n  - «/etc/passwd\n", "the path must be relative")
case("drive", COURSE + "lessons:\n  - «c:/lesson.yaml\n", "the path must be relative")
case("path upwards", COURSE + "lessons:\n  - «../lesson.yaml\n", "the path leads out of the folder")
case("path upwards inside", COURSE + "lessons:\n  - «a/../../lesson.yaml\n", "the path leads out of the folder")
case("backslash", COURSE + "lessons:\n  - «a\\lesson.yaml\n", "the path has a backslash")
case("empty path", COURSE + 'lessons:\n  - «""\n', "this is no path")
case("itself", COURSE + "lessons:\n  - «course.yaml\n", "this file is in the course already")
case(
    "version",
    COURSE + "version: «1.0\nlessons:\n  - {id: l, title: L, steps: [{id: r, kind: read, text: x}]}\n",
    "`version` must be text, not the number 1.0",
)
case(
    "version of two numbers",
    COURSE + 'version: «"1.0"\nlessons:\n  - {id: l, title: L, steps: [{id: r, kind: read, text: x}]}\n',
    "`version` can't be `1.0`",
)
case(
    "language",
    COURSE + "language: «English\nlessons:\n  - {id: l, title: L, steps: [{id: r, kind: read, text: x}]}\n",
    "`language` can't be `English`",
)
case(
    "range of torch",
    COURSE + "requires: «torch 2\nlessons:\n  - {id: l, title: L, steps: [{id: r, kind: read, text: x}]}\n",
    "`requires` can't be `torch 2`",
)
case(
    "course id",
    COURSE.replace("id: k", "id: «My course")
    + "lessons:\n  - {id: l, title: L, steps: [{id: r, kind: read, text: x}]}\n",
    "`My course` can't be the id of a course",
)
case(
    "course's own path",
    COURSE + "«path: here\nlessons:\n  - {id: l, title: L, steps: [{id: r, kind: read, text: x}]}\n",
    "unknown key `path`",
)

# ---- lessons ------------------------------------------------------------------------------------------------------

case("unknown key", lesson("«objektives: [a]\n"), "unknown key `objektives`")
case("unknown key in defaults", lesson("defaults: {«sed: 1}\n"), "unknown key `sed`")
case("lesson's own path", lesson("«path: here\n"), "unknown key `path`")
case("minutes as text", lesson("minutes: «ten\n"), "`minutes` must be a whole number, not `ten`")
case("minutes below zero", lesson("minutes: «-1\n"), "`minutes` must be at least 0")
case("minutes with a fraction", lesson("minutes: «1.5\n"), "`minutes` must be a whole number, not the number 1.5")
case("minutes true", lesson("minutes: «true\n"), "`minutes` must be a whole number, not `true`")
case("summary empty", lesson("summary:«\n"), "`summary` must be text, not empty")
case("summary a mapping", lesson("summary: «{a, b}\n"), "`summary` must be text, not a mapping")
case("title a number", lesson().replace("title: L", "title: «2024"), "`title` must be text, not the number 2024")
case("objectives a word", lesson("objectives: «learn\n"), "`objectives` must be a list, not `learn`")
case("objective a number", lesson("objectives: [a, «3]\n"), "item 2 of `objectives` must be text, not the number 3")
case("seed below zero", lesson("defaults: {seed: «-1}\n"), "`seed` must be at least 0")
case("threads", lesson("defaults: {threads: «0}\n"), "`threads` must be at least 1")
case("time", lesson("defaults: {time_s: «0}\n"), "`time_s` must be more than 0")
case("time not a number", lesson("defaults: {time_s: «.nan}\n"), "`time_s` must be more than 0")
case("tolerance below zero", lesson("defaults: {rtol: «-1e-3}\n"), "`rtol` must be at least 0")
case("requires a list", lesson("requires: «[tensors]\n"), "`requires` must be a mapping, not a list")
case("file lost", lesson("files:\n  - {path: «lost.csv, sha256: x}\n"), "there is no file {folder}/lost.csv")
case("file outside", lesson("files:\n  - {path: «../a.csv, sha256: x}\n"), "the path leads out of the folder")
case("hash malformed", lesson("files:\n  - {path: data.csv, sha256: «x}\n"), "`sha256` must be 64 digits from 0 to f")
case(
    "hash of another file",
    lesson(f"files:\n  - {{path: data.csv, sha256: «{'a' * 64}}}\n"),
    "the file has another hash",
)
case("steps missing", COURSE + "lessons:\n  - «{id: l, title: L}\n", "`steps` is missing")
case("steps empty", "format: 1\nid: l\ntitle: L\nsteps: «[]\n", "`steps` is empty")
case("steps a mapping", "format: 1\nid: l\ntitle: L\nsteps:\n  «first: {kind: read}\n", "`steps` must be a list")
case(
    "lesson ids twice",
    COURSE
    + "lessons:\n  - {id: l, title: L, steps: [{id: r, kind: read, text: x}]}\n  - {id: «l, title: M, steps: [{id: r, kind: read, text: x}]}\n",
    "another lesson has the id `l`, in line 5",
)
case(
    "required lesson",
    COURSE
    + "lessons:\n  - {id: l, title: L, requires: {lessons: [«tensor]}, steps: [{id: r, kind: read, text: x}]}\n  - {id: tensors, title: T, steps: [{id: r, kind: read, text: x}]}\n",
    "there is no lesson `tensor`",
)
case(
    "lesson requires itself",
    COURSE + "lessons:\n  - {id: l, title: L, requires: {lessons: «[l]}, steps: [{id: r, kind: read, text: x}]}\n",
    "lesson `l` requires itself, by way of what it requires",
)
case(
    "circle of lessons",
    COURSE
    + "lessons:\n  - {id: l, title: L, requires: {lessons: «[m]}, steps: [{id: r, kind: read, text: x}]}\n  - {id: m, title: M, requires: {lessons: «[l]}, steps: [{id: r, kind: read, text: x}]}\n",
    "lesson `l` requires itself, by way of what it requires",
    "lesson `m` requires itself, by way of what it requires",
)

# ---- steps --------------------------------------------------------------------------------------------------------

case("step a word", lesson(steps="- «read\n"), "a step must be a mapping with `id`, `kind` and more")
case("step without kind", lesson(steps="- «{id: r, text: x}\n"), "`kind` is missing")
case("step without id", lesson(steps="- «{kind: read, title: R, text: x}\n"), "`id` is missing")
case("kind of step", lesson(steps="- {id: r, kind: «quiz, text: x}\n"), "`quiz` is no kind of step")
case("kind a list", lesson(steps="- {id: r, kind: «[read], text: x}\n"), "`this` is no kind of step")
case("step id in capitals", lesson(steps="- {id: «Hello, kind: read, text: x}\n"), "`Hello` can't be the id of a step")
case(
    "step id with an underscore", lesson(steps="- {id: «a_b, kind: read, text: x}\n"), "`a_b` can't be the id of a step"
)
case(
    "step id a number",
    lesson(steps="- {id: «3, kind: read, title: R, text: x}\n"),
    "`id` must be text, not the number 3",
)
case(
    "step ids twice", lesson(steps=READ + "- {id: «r, kind: read, text: x}\n"), "another step has the id `r`, in line 5"
)
case("text missing", lesson(steps="- «{id: r, kind: read}\n"), "`text` is missing")
case("text blank", lesson(steps='- {id: r, kind: read, text: «" "}\n'), "`text` is empty")
case(
    "page too long",
    lesson(steps="- id: r\n  kind: read\n  text: «|\n" + "    line\n" * 41),
    "the page has 41 lines; a step shows at most 40",
)
case(
    "snippet",
    lesson(steps="- id: r\n  kind: read\n  text: x\n  run: |\n    a = 1\n    b = «(\n"),
    "`run` is not valid Python: '(' was never closed",
)
case(
    "one option",
    lesson(steps="- {id: q, kind: choice, ask: x, options: «[{text: a, correct: true}]}\n"),
    "a choice needs at least two options",
)
case(
    "none correct",
    lesson(steps="- {id: q, kind: choice, ask: x, options: «[{text: a}, {text: b}]}\n"),
    "no option is correct",
)
case(
    "correct as a word",
    lesson(steps="- {id: q, kind: choice, ask: x, options: [{text: a, correct: «yes}, {text: b, correct: true}]}\n"),
    "`correct` must be `true` or `false`, not `yes`",
)
case(
    "option twice",
    lesson(steps="- id: q\n  kind: choice\n  ask: x\n  options:\n    - {text: a, correct: true}\n    - {text: «a}\n"),
    "the same option is in line 9",
)
case(
    "option a word",
    lesson(steps="- {id: q, kind: choice, ask: x, options: [«a, {text: b, correct: true}]}\n"),
    "item 1 of `options` must be a mapping, not `a`",
)
case(
    "option's number",
    lesson(steps="- {id: q, kind: choice, ask: x, options: [{text: «7}, {text: b, correct: true}]}\n"),
    "`text` must be text, not the number 7",
)
case(
    "of",
    lesson(steps="- {id: p, kind: predict, ask: x, run: print(1), of: «output, distractors: ['2']}\n"),
    "`of` can't be `output`",
)
case(
    "of without an expression",
    lesson(steps="- {id: p, kind: predict, ask: x, run: x = 1, of: «shape(), distractors: ['2']}\n"),
    "`of` can't be `shape()`",
)
case(
    "of not Python",
    lesson(steps="- {id: p, kind: predict, ask: x, run: x = 1, of: value(«x +), distractors: ['2']}\n"),
    "the expression of `of` is not valid Python: invalid syntax",
)
case(
    "of a name that is not made",
    lesson(steps="- {id: p, kind: predict, ask: x, run: x = 1, of: «value(z), distractors: ['2']}\n"),
    "`run` never makes `z`",
)
case(
    "no distractors",
    lesson(steps="- {id: p, kind: predict, ask: x, run: print(1), of: stdout, distractors: «[]}\n"),
    "`distractors` is empty",
)
case(
    "distractor a list",
    lesson(steps="- {id: p, kind: predict, ask: x, run: print(1), of: stdout, distractors: [«[2, 3]]}\n"),
    "item 1 of `distractors` must be text or a mapping, not a list",
)
case(
    "distractor correct",
    lesson(
        steps="- {id: p, kind: predict, ask: x, run: print(1), of: stdout, distractors: [{text: a, correct: «true}]}\n"
    ),
    "a distractor can't be correct: the right answer is computed",
)

# ---- code steps ---------------------------------------------------------------------------------------------------

case("unknown field", code("«hint: [a]\n"), "unknown key `hint`")
case("no task", code(without=("task",)).replace("- id: c", "- «id: c"), "`task` is missing")
case("no solution", code(without=("solution",)).replace("- id: c", "- «id: c"), "`solution` is missing")
case("no checks", code(without=("checks",)).replace("- id: c", "- «id: c"), "`checks` is missing")
case(
    "solution blank",
    code("solution: «''\n", without=("solution", "checks")).replace("- id: c", "- id: c\n    checks: ['1']"),
    "`solution` is empty",
)
case(
    "starter is the solution",
    code("starter: «|\n  x = 1\n  y = x + 1\n", without=("starter",)),
    "the starter is the solution",
)
case(
    "solution not Python",
    code("solution: |\n  y = 1\n  if y«\n    y = 2\n", without=("solution",)),
    "`solution` is not valid Python: expected ':'",
)
case(
    "starter not Python",
    code("starter: |2\n    x = 1\n  y = «)\n", without=("starter",))
    .replace("|2\n        x", "|\n      x")
    .replace("      x = 1", "      x = 1"),
    "`starter` is not valid Python: unmatched ')'",
)
case("setup not Python", code("setup: x =«\n"), "`setup` is not valid Python: invalid syntax")
case("setup in quotes", code('setup: "x = «)"\n'), "`setup` is not valid Python: unmatched ')'")
case("setup folded", code("setup: «>\n  x = 1\n\n  y = )\n"), "`setup` is not valid Python: unmatched ')'")
case(
    "given not Python",
    code("given: |\n  # one\n\n  z = y «y\n"),
    "`given` is not valid Python: invalid syntax",
)
case(
    "another right program",
    code("also_correct:\n  - |\n    y = 2\n  - |\n    y = «]\n"),
    "this program is not valid Python: unmatched ']'",
)
case("also_correct a text", code("also_correct: «|\n  y = 2\n"), "`also_correct` must be a list, not text")
case("hint a number", code("hints: [a, «3]\n"), "item 2 of `hints` must be text or a mapping, not the number 3")
case("hint's key", code("hints: [{text: a, «afer: 2}]\n"), "unknown key `afer`")
case("hint after none", code("hints: [{text: a, after: «0}]\n"), "`after` must be at least 1")
case("limit unknown", code("limits: {«time: 5}\n"), "unknown key `time`")
case("limit zero", code("limits: {memory_mb: «0}\n"), "`memory_mb` must be more than 0, and at most 1000000")
case("limit as text", code("limits: {time_s: «5s}\n"), "`time_s` must be a number, not `5s`")
case("step's seed", code("seed: «1.5\n"), "`seed` must be a whole number, not the number 1.5")
case("misconception without words", code("misconceptions:\n  - «when: {fails: y}\n"), "`say` is missing")
case("misconception of no check", code("misconceptions:\n  - {when: {fails: «z}, say: a}\n"), "there is no check `z`")
case("misconception always", code("misconceptions:\n  - {when: «{}, say: a}\n"), "`when` has no condition")
case(
    "misconception twice",
    code("misconceptions:\n  - {when: {fails: y}, say: a}\n  - {when: «{fails: y}, say: b}\n"),
    "this is never reached: line 15 has the same conditions",
)
case("wrong without program", code("wrong:\n  - «fails: y\n"), "a wrong program has either `code` or `replace`")
case(
    "wrong with both",
    code("wrong:\n  - «{code: y = 1, replace: [x + 1, x + 2]}\n"),
    "a wrong program has either `code` or `replace`",
)
case("wrong of three", code("wrong:\n  - replace: «[a, b, c]\n"), "`replace` must be a list of 2, not of 3")
case("wrong replaces nothing", code("wrong:\n  - replace: [«x + 2, x + 3]\n"), "the solution does not have this text")
case("wrong replaces twice", code("wrong:\n  - replace: [«x, z]\n"), "the solution has this text 2 times")
case("wrong replaces by itself", code("wrong:\n  - replace: [x + 1, «x + 1]\n"), "this replaces a text by itself")
case(
    "wrong no longer Python",
    code("wrong:\n  - replace: [x + 1, «x +]\n"),
    "with this text the solution is not valid Python: invalid syntax",
)
case("wrong of no check", code("wrong:\n  - {replace: [x + 1, x + 2], fails: «x}\n"), "there is no check `x`")

# ---- checks -------------------------------------------------------------------------------------------------------

case("checks a word", code("checks: «y\n", without=("checks",)), "`checks` must be a list")
case("checks empty", code("checks: «[]\n", without=("checks",)), "`checks` is empty")
case("check a number", checks("«3"), "a check must be an expression or a mapping with `kind`")
case("check a list", checks("«[y]"), "a check must be an expression or a mapping with `kind`")
case("check blank", checks('«" "'), "this check is empty")
case("check without kind", checks("«{expr: y}"), "`kind` is missing")
case("kind of check", checks("{kind: «equals, expr: y}"), "`equals` is no kind of check")
case("check without expression", checks("«{kind: equal}"), "`expr` is missing")
case("check's key", checks("{kind: equal, expr: y, «expect: 2}"), "unknown key `expect`")
case("check's expression a number", checks("{kind: equal, id: a, expr: «2}"), "`expr` must be text, not the number 2")
case("check's points", checks("{kind: equal, expr: y, points: «-1}"), "`points` must be at least 0")
case("check's id", checks("{kind: equal, expr: y, id: «a b}"), "`a b` can't be the id of a check")
case(
    "check ids twice",
    checks("{kind: equal, expr: y, id: a}", "{kind: equal, expr: x, id: «a}"),
    "another check has the id `a`, in line 14",
)
case(
    "check's tolerance",
    checks("{kind: equal, expr: y, tolerance: {rtol: «small}}"),
    "`rtol` must be a number, not `small`",
)
case(
    "check's tolerance a number",
    checks("{kind: equal, expr: y, tolerance: «0.1}"),
    "`tolerance` must be a mapping, not the number 0.1",
)
case("check needs another", checks("y", "{kind: equal, expr: x, needs: [«z]}"), "there is no check `z`")
case("check needs a word", checks("y", "{kind: equal, expr: x, needs: «y}"), "`needs` must be a list, not `y`")
case(
    "check needs itself",
    checks("{kind: equal, expr: y, needs: «[y]}"),
    "check `y` needs itself, by way of what it needs",
)
case("check not Python", checks("«y +"), "this expression is not valid Python: invalid syntax")
case("check a statement", checks("y «= 2"), "this expression is not valid Python: invalid syntax")
case("check of nothing", checks("«z"), "the solution never makes `z`")
case("check reads nothing", checks("{kind: metric, expr: «abs(z), min: 1}"), "the solution never makes `z`")
case("metric's bound", checks("{kind: metric, expr: y, min: «low}"), "`min` must be a number, not `low`")
case("stdout's text", checks("{kind: stdout, contains: «3.5}"), "`contains` must be text, not the number 3.5")
case("raises nothing", checks("«{kind: raises}"), "`error` is missing")


def places(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its marks, and the line and column of each of them."""
    found = []
    while "«" in text:
        before, _, after = text.partition("«")
        found.append((before.count("\n") + 1, len(before) - before.rfind("\n")))
        text = before + after
    return text, found


@pytest.mark.parametrize("broken", CASES.values(), ids=CASES.keys())
def test_problem_is_named_at_its_place(broken: Broken, tmp_path: Path) -> None:
    """Line, column and message, and no problem more."""
    text, marks = places(broken.text)
    (tmp_path / "data.csv").write_text("1,2\n")
    course = tmp_path / "course.yaml"
    course.write_text(text, encoding="utf-8")
    found = [(problem.line, problem.column, problem.message) for problem in validate(course)]
    messages = [message.replace("{folder}", str(tmp_path)) for message in broken.messages]
    assert found == [(*mark, message) for mark, message in zip(marks, messages, strict=True)]
