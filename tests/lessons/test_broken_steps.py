"""Broken steps and checks are reported at the exact line and column, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lessons.broken import READ, Broken, assert_named, checks, code, into, lesson

CASES: dict[str, Broken] = {}
case = into(CASES)

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
case(
    "fix without a program",
    code(kind="fix", without=("starter",)).replace("- id: c", "- «id: c"),
    "`starter` is missing",
)
case("fix of nothing", code("starter: «' '\n", kind="fix", without=("starter",)), "`starter` is empty")
case(
    "fix of a number",
    code("starter: «3\n", kind="fix", without=("starter",)),
    "`starter` must be text, not the number 3",
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
case(
    "misconception of no relation",
    code("misconceptions:\n  - {when: {relation: «transposd}, say: a}\n"),
    "there is no relation `transposd`",
)
case(
    "misconception of no fault",
    code("misconceptions:\n  - {when: {trace: «no-zerograd}, say: a}\n"),
    "there is no fault of a training `no-zerograd`",
)
case(
    "misconception of a relation for a fault",
    code("misconceptions:\n  - {when: {trace: «transposed}, say: a}\n"),
    "there is no fault of a training `transposed`",
)
case(
    "misconception of no error",
    code("misconceptions:\n  - {when: {error: «RuntimError}, say: a}\n"),
    "there is no error `RuntimError`",
)
case(
    "misconception of an error with its module",
    code("misconceptions:\n  - {when: {error: «torch.MyError}, say: a}\n"),
    "there is no error `torch.MyError`",
)
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
case(
    "check ignores what can't be",
    checks("{kind: equal, expr: y, ignore: [«dtyp]}"),
    "item 1 of `ignore` must be `dtype`, `device` or `shape-1`, not `dtyp`",
)
case(
    "tensor of nothing",
    checks("«{kind: tensor, expr: y}"),
    "a tensor check needs at least one property, such as `shape` or `dtype`",
)
case("shape a word", checks("{kind: tensor, expr: y, shape: «3x4}"), "`shape` must be a list, not `3x4`")
case(
    "size a fraction",
    checks("{kind: tensor, expr: y, shape: [3, «1.5]}"),
    "item 2 of `shape` must be a whole number or text, not the number 1.5",
)
case(
    "grad of two things",
    checks("«{kind: grad, expr: y, loss: y, of: x}"),
    "a grad check has either `expr`, or `loss` and `of`",
)
case("loss alone", checks("{kind: grad, loss: «y}"), "`loss` and `of` go together: the gradient of `loss` for `of`")
case(
    "module's output without an input",
    checks("{kind: module, expr: y, output_shape: «[1]}"),
    "`output_shape` and `same_as_solution` need an `input`, such as `torch.ones(4, 2)`",
)
case("steps of training", checks("{kind: training, steps: «100}"), "`steps` must be a mapping, not the number 100")
case("fewest steps", checks("{kind: training, steps: {min: «0}}"), "`min` must be at least 1")
case("loss falls", checks("{kind: training, loss_falls: «much}"), "`loss_falls` is a factor, such as `10x`")
case("metric without bounds", checks("«{kind: metric, expr: y}"), "a metric needs `min`, `max` or both")
case(
    "source of nothing",
    checks("«{kind: source}"),
    "a source check needs `uses`, `avoids`, `no_loops: true` or `operations`",
)
case(
    "operations of nothing",
    checks("{kind: source, operations: «{}}"),
    "`operations` needs `uses`, `avoids` or `at_most`",
)
case("operations' key", checks("{kind: source, operations: {«use: [relu]}}"), "unknown key `use`")
case("operations too many", checks("{kind: source, operations: {at_most: «-1}}"), "`at_most` must be at least 0")
case(
    "call of nothing",
    checks("«{kind: call, expr: x}"),
    'a call check needs `args`, or `generate` such as `{x: "float[n]"}`',
)
case("call's key", checks("{kind: call, expr: x, args: ['1'], «generates: {x: int}}"), "unknown key `generates`")
case(
    "call's type",
    checks("{kind: call, expr: x, generate: {x: «'matrix[n]'}}"),
    "`matrix` is no type here; known are float, double, long, int, bool, float32, float64, int64, int32, uint8",
)
case(
    "call's plain type",
    checks("{kind: call, expr: x, generate: {x: int, y: «long}}"),
    "`long` is no type here; known are float, int, bool",
)
case(
    "call's dimension",
    checks("{kind: call, expr: x, generate: {x: «'float[n m]'}}"),
    "`n m` is no dimension: write a name, a number or `...`",
)
case(
    "call's bound",
    checks("«{kind: call, expr: x, generate: {x: 'long[n] < c'}}"),
    "`c` is no dimension of any argument, so it can't be a bound",
)
case("call's argument a list", checks("{kind: call, expr: x, generate: {x: «[1]}}"), "`` is no kind of argument")
case("call's arguments", checks("{kind: call, expr: x, args: ['1', «'dim=']}"), "these are no arguments of a call")
case(
    "call's arguments of nothing", checks("{kind: call, expr: x, args: [«'q, dim=0']}"), "the solution never makes `q`"
)
case("call's function of nothing", checks("{kind: call, expr: «z, args: ['1']}"), "the solution never makes `z`")
case(
    "evaluation of nothing",
    checks("{kind: evaluation, model: «net, data: «test}"),
    "the solution never makes `net`",
    "the solution never makes `test`",
)
case("own function", checks("{kind: python, use: «'checks.py'}"), "`use` can't be `checks.py`")
case("own file", checks("{kind: python, use: «'none.py:f'}"), "there is no file {folder}/none.py")
case("own file elsewhere", checks("{kind: python, use: «'../none.py:f'}"), "the path leads out of the folder")
case("own observation", checks("{kind: python, use: 'own.py:good', observe: [y, «z]}"), "the solution never makes `z`")
case("own function that is not there", checks("{kind: python, use: «'own.py:goud'}"), "own.py has no function `goud`")
case(
    "own file not Python",
    checks("{kind: python, use: «'bad.py:f'}"),
    "bad.py is not valid Python: line 2: invalid syntax",
)
case(
    "pattern",
    checks("{kind: stdout, matches: «'('}"),
    "`matches` is no regular expression: missing ), unterminated subpattern at position 0",
)
case(
    "own id that another check has", checks("y", "{kind: equal, expr: x, id: y, needs: [«z]}"), "there is no check `z`"
)
case(
    "circle of checks",
    checks("{kind: equal, expr: y, id: a, needs: «[b]}", "{kind: equal, expr: x, id: b, needs: «[a]}"),
    "check `a` needs itself, by way of what it needs",
    "check `b` needs itself, by way of what it needs",
)
case(
    "several at once",
    code("seed: «-1\n«hint: a\nwrong:\n  - {replace: [«q, r], fails: «z}\n"),
    "`seed` must be at least 0",
    "unknown key `hint`",
    "the solution does not have this text",
    "there is no check `z`",
)


@pytest.mark.parametrize("broken", CASES.values(), ids=CASES.keys())
def test_problem_is_named_at_its_place(broken: Broken, tmp_path: Path) -> None:
    assert_named(broken, tmp_path)
