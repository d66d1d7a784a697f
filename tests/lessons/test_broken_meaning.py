"""What is valid YAML of the right types and still not what the author meant: reported at its line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lessons.broken import COURSE, READ, Broken, assert_named, checks, code, into, lesson
from tutor.lessons.load import validate

CASES: dict[str, Broken] = {}
case = into(CASES)


def wheres(*whens: str, checks: str = "[y, {kind: training}]") -> str:
    """A step with misconceptions of these conditions; `«` before one marks it."""
    rows = "".join(f"  - {{when: {when}, say: a}}\n" for when in whens)
    return code(f"checks: {checks}\nmisconceptions:\n" + rows, without=("checks",))


# ---- misconceptions that are never read ---------------------------------------------------------------------------

SAME = "this is never reached: line 15 has the same conditions"
FIRST = "this is never reached: line 15 has conditions that always hold when these do"

case("same conditions in another order", wheres("{fails: y, uses: abs}", "«{uses: abs, fails: y}"), SAME)
case("more conditions on the same check", wheres("{fails: y}", "«{fails: y, relation: scaled}"), FIRST)
case("more conditions on any check", wheres("{uses: abs}", "«{uses: abs, lacks: sum}"), FIRST)
case("a longer name", wheres("{fails: y, uses: relu}", "«{fails: y, uses: torch.relu}"), FIRST)
case("a longer dotted name", wheres("{fails: y, uses: nn.relu}", "«{fails: y, uses: torch.nn.relu}"), FIRST)
case("lacking a shorter name", wheres("{fails: y, lacks: torch.relu}", "«{fails: y, lacks: relu}"), FIRST)
case("any check, and there is one", wheres("{uses: abs}", "«{fails: y, uses: abs}", checks="[y]"), FIRST)
case("the one check, then any", wheres("{fails: y, uses: abs}", "«{uses: abs}", checks="[y]"), FIRST)
case(
    "the third",
    wheres("{fails: y, error: KeyError}", "{fails: y}", "«{fails: y, uses: abs}"),
    FIRST.replace("15", "16"),
)
case("two of three", wheres("{fails: y}", "«{fails: y, uses: abs}", "«{fails: y, trace: loss-nan}"), FIRST, FIRST)

FINDS = "the check `{}` never finds the relation `{}`"
case("no gradient in a value", wheres("{fails: y, relation: «grad-sign}"), FINDS.format("y", "grad-sign"))
case("no fault of a loop in a value", wheres("{fails: y, relation: «no-zero-grad}"), FINDS.format("y", "no-zero-grad"))
case("no value in a loop", wheres("{fails: training, relation: «scaled}"), FINDS.format("training", "scaled"))
case(
    "no value in a metric",
    wheres("{fails: y, relation: «scaled}", checks="[{kind: metric, expr: y, min: 1}]"),
    FINDS.format("y", "scaled"),
)
case(
    "nothing in what is printed",
    wheres("{fails: stdout, relation: «scaled}", checks="[{kind: stdout}]"),
    FINDS.format("stdout", "scaled"),
)
case(
    "no operation in the text",
    wheres("{fails: way, relation: «operation-used}", checks="[{kind: source, id: way, uses: ['x']}]"),
    FINDS.format("way", "operation-used"),
)
case(
    "no values in properties",
    wheres("{fails: y, relation: «transposed}", checks="[{kind: tensor, expr: y, shape: [2]}]"),
    FINDS.format("y", "transposed"),
)
case(
    "no function in a value",
    wheres("{relation: «prints-not-returns}"),
    "no check of this step finds the relation `prints-not-returns`",
)
case(
    "no sign of a gradient that autograd gives",
    wheres("{fails: g, relation: «grad-sign}", checks="[{kind: grad, id: g, loss: y, of: x}]"),
    FINDS.format("g", "grad-sign"),
)

# ---- what YAML reads otherwise ------------------------------------------------------------------------------------

CUT = "` #` begins a comment, so the text ends before it"

case("number sign in a title", lesson("summary: Lesson «#1\n"), CUT)
case("number sign with a space", lesson("summary: red «# green\n"), CUT)
case("number sign far away", lesson("summary: red   «#green\n"), CUT)
case("number sign in an objective", lesson("objectives:\n  - Know «#1\n  - Know two\n"), CUT)
case("number sign on the second line", lesson("summary: one\n  two «#3\n"), CUT)
case("number sign in an option", lesson(steps=READ.replace("text: Read me.}", "text: Read me. «#1\n    }")), CUT)
case("number sign in a hint", code("hints:\n  - Use «# once\n"), CUT)
case("number sign in words", checks("{kind: equal, expr: y}").replace("task: Make `y`.", "task: Make y. «#1"), CUT)

ALONE = "in {{ }}, `{}` is a key without a value"

case("default without a value", lesson("defaults: {«seed}\n"), ALONE.format("seed"))
case("default among others", lesson("defaults: {«seed, threads: 1}\n"), ALONE.format("seed"))
case("a set that is none", checks("{kind: equal, expr: y, expected: {«a, «b}}"), ALONE.format("a"), ALONE.format("b"))
case(
    "condition without a value", code("misconceptions:\n  - {when: {«uses, fails: y}, say: a}\n"), ALONE.format("uses")
)

TEXT = "`{}` is text in YAML 1.2"
for word in ("yes", "No", "ON", "off", "None", "nan", "1_000", "12:30"):
    case(f"expected {word}", checks(f"{{kind: equal, expr: y, expected: «{word}}}"), TEXT.format(word))
case("expected a tuple", checks("kind: equal\n    expr: y\n    expected: «(1, 2)"), TEXT.format("(1, 2)"))
case(
    "words in a list",
    checks("{kind: equal, expr: y, expected: [true, «no, {a: «off}]}"),
    TEXT.format("no"),
    TEXT.format("off"),
)

case("folded program that is Python", code("setup: «>\n  a = 1;\n  b = 2\n"), "`>` joins the lines of a program")
case("program on two lines", code("setup: «a = (1,\n  2)\n"), "YAML joins the lines of this program")
case("1.1's true", code("hints: [a]\nseed: «yes\n"), "`seed` must be a whole number, not `yes`")

# ---- names and claims ---------------------------------------------------------------------------------------------

NEVER = "the solution never makes `{}`"


def made(solution: str, *asked: str) -> str:
    """A step with this solution and these checks."""
    body = "".join(f"  {line}\n" for line in solution.splitlines())
    wanted = "".join(f"  - {one}\n" for one in asked)
    return code(f"solution: |\n{body}checks:\n{wanted}", without=("solution", "checks"))


case("name of a function's own", made("def f(a):\n    b = a\n    return b\ny = f(1)", "y", "«b"), NEVER.format("b"))
case("argument of a function", made("def f(a):\n    return a\ny = f(1)", "f(y)", "«a"), NEVER.format("a"))
case("name of a class's own", made("class A:\n    b = 1\ny = A()", "y.b", "«b"), NEVER.format("b"))
case("name of a comprehension", made("y = [q for q in (1, 2)]", "y", "«q"), NEVER.format("q"))
case(
    "name of an error that is over",
    made("try:\n    y = 1\nexcept KeyError as e:\n    y = 2", "y", "«z"),
    NEVER.format("z"),
)
case("name in a lambda", made("y = lambda p: p", "y(1)", "«p"), NEVER.format("p"))
case("input of a module", checks("{kind: module, expr: y, input: «q, output_shape: [1]}"), NEVER.format("q"))
case("loss of a gradient", checks("{kind: grad, loss: «q.sum(), of: x}"), NEVER.format("q"))
case("gradient for nothing", checks("{kind: grad, loss: y, of: «w}"), NEVER.format("w"))
case("dtype", checks("{kind: tensor, expr: y, dtype: «flaot32}"), "there is no dtype `flaot32`")
case(
    "dtype's other name",
    checks("{kind: tensor, expr: y, dtype: «torch.float}"),
    "no tensor says that its dtype is `float`",
)
case("device of a tensor", checks("{kind: tensor, expr: y, device: «gpu}"), "there is no device `gpu`")
case("device of a lesson", lesson("requires: {devices: [«gpu]}\n"), "there is no device `gpu`")
case("device of a step", code("devices: [cuda, «cdua]\n"), "there is no device `cdua`")
case("error that is none", checks("{kind: raises, error: «ValuError}"), "there is no error `ValuError`")
case("unused by the solution", checks("{kind: source, uses: [x, «relu]}"), "the solution does not use `relu`")
case("avoided and used", checks("{kind: source, avoids: [«x]}"), "line 1 of the solution uses `x`")
case(
    "loop",
    made("y = 0\nfor i in range(3):\n    y += i", "{kind: source, no_loops: «true}"),
    "line 2 of the solution has a loop",
)


@pytest.mark.parametrize("broken", CASES.values(), ids=CASES.keys())
def test_problem_is_named_at_its_place(broken: Broken, tmp_path: Path) -> None:
    assert_named(broken, tmp_path)


FINE = {
    "a comment by custom": lesson("summary: red  # the colour\nminutes: 3 # about\n"),
    "number signs inside": lesson("summary: a#b C# '#'\nobjectives: ['one #1']\n"),
    "a comment after code": code("setup: a = 1 # one\n"),
    "other checks": wheres("{fails: y, uses: abs}", "{fails: training, uses: abs}", "{uses: abs}"),
    "any check first": wheres("{uses: abs}", "{fails: y, uses: abs}"),
    "fewer conditions later": wheres("{fails: y, uses: abs}", "{fails: y}"),
    "another name": wheres("{fails: y, uses: relu}", "{fails: y, uses: prelu}", "{fails: y, lacks: x}"),
    "after a syntax error": wheres("{fails: y, lacks: abs}", "{fails: y, lacks: abs, error: SyntaxError}"),
    "a gradient's sign": wheres("{fails: y.grad, relation: grad-sign}", checks="[y.grad]"),
    "a relation of a function": wheres(
        "{fails: x, relation: only-negative}",
        "{fails: x, relation: scaled}",
        checks="[{kind: call, expr: x, args: ['1']}]",
    ),
    "values": checks("{kind: equal, expr: y, expected: {a: true, b: ['no', 1e3, .nan]}}"),
    "a name that a function binds for all": made("def f():\n    global y\n    y = 1\nf()", "y"),
    "a name bound in a comprehension for all": made("a = [(y := i) for i in (1, 2)]", "y"),
    "a name bound by with": made("with open('f') as y:\n    for z in y: pass", "y", "z"),
    "a plug-in's dtype": checks("{kind: tensor, expr: y, dtype: float8_e5m2}"),
    "folded prose": lesson("summary: >\n  one\n  two\n"),
}


@pytest.mark.parametrize("text", FINE.values(), ids=FINE.keys())
def test_what_is_right_is_left_alone(text: str, tmp_path: Path) -> None:
    (tmp_path / "lesson.yaml").write_text(text)
    assert validate(tmp_path / "lesson.yaml") == []


TEN = Broken(
    COURSE
    + """\
defaults: {«sed: 1}
lessons:
  - id: one
    title: One
    requires: {lessons: [«tow]}
    files: [{path: «lost.csv, sha256: x}]
    steps:
      - {id: «Read Me, kind: read, text: Hello.}
      - {id: q, kind: «quiz, ask: Why?}
      - id: c
        kind: code
        task: Make y. «#1
        solution: |
          x = 1
          y = «(
        checks: [y, {kind: tensor, expr: x, «shap: [1]}]
        misconceptions:
          - {when: {fails: «z}, say: a}
        limits: {time_s: «0}
""",
    (
        "unknown key `sed`",
        "there is no lesson `tow`",
        "there is no file {folder}/lost.csv",
        "`Read Me` can't be the id of a step",
        "`quiz` is no kind of step",
        "` #` begins a comment, so the text ends before it",
        "`solution` is not valid Python: '(' was never closed",
        "unknown key `shap`",
        "there is no check `z`",
        "`time_s` must be more than 0, and at most 1000000",
    ),
)


def test_ten_problems_of_one_file_are_named_in_one_go(tmp_path: Path) -> None:
    assert len(TEN.messages) == 10
    assert_named(TEN, tmp_path)
