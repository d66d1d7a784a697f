"""How problems are shown: the line, a caret under the place, and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lessons.broken import checks, code, lesson
from tutor.lessons.load import CourseProblems, load_course, validate
from tutor.lessons.problems import MOST, Problem


def helps(text: str, folder: Path) -> list[str]:
    file = folder / "lesson.yaml"
    file.write_text(text, encoding="utf-8")
    return [problem.help for problem in validate(file)]


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        (lesson("objektives: [a]\n"), "did you mean `objectives`?"),
        (lesson("defaults: {zzz: 1}\n"), "known here: seed, time_s, memory_mb, threads, rtol, atol"),
        (lesson("objectives: a\n"), "write `[a]`, or one item a line after `- `"),
        (lesson("summary: 3\n"), 'put it in quotes: "3"'),
        (lesson("summary: {a, b}\n"), "put it in quotes: YAML reads [ ], { } and `key: value` as data"),
        (lesson("summary:\n"), "write a value after the colon, or leave the key out"),
        (
            lesson(steps="- {id: Make It, kind: read, text: x}\n"),
            "ids are made of lowercase letters, digits and single hyphens: `make-it`",
        ),
        (lesson(steps="- {id: r, kind: reed, text: x}\n"), "did you mean `read`?"),
        (code("also_correct: |\n  y = 2\n"), "write one item a line after `- `"),
        (code("misconceptions:\n  - {when: {fails: yy}, say: a}\n"), "did you mean `y`?"),
        (code("misconceptions:\n  - {when: {relation: scaledd}, say: a}\n"), "did you mean `scaled`?"),
        (
            code("misconceptions:\n  - {when: {relation: xyz}, say: a}\n"),
            "`check … --json` names that of a wrong answer",
        ),
        (code("misconceptions:\n  - {when: {trace: no-zero-grads}, say: a}\n"), "did you mean `no-zero-grad`?"),
        (code("misconceptions:\n  - {when: {error: ValuError}, say: a}\n"), "did you mean `ValueError`?"),
        (
            code("misconceptions:\n  - {when: {error: a b}, say: a}\n"),
            "write the name of its type, such as `RuntimeError`",
        ),
        (checks("{kind: equl, expr: y}"), "did you mean `equal`?"),
        (checks("{kind: equal, expr: y, ignore: [dtyp]}"), "did you mean `dtype`?"),
        (checks("[y]"), "put an expression in quotes"),
        (checks("yy"), "did you mean `y`?"),
        ("format: 7\n", "update torch-tutor"),
        ("title: 'a\n", "close them, or use a block with `|`"),
    ],
)
def test_help_says_what_to_write(text: str, help_: str, tmp_path: Path) -> None:
    assert helps(text, tmp_path) == [help_]


def test_a_problem_is_shown_with_its_line_and_a_caret(tmp_path: Path) -> None:
    file = tmp_path / "lesson.yaml"
    file.write_text(lesson("objektives: [a]\n"))
    with pytest.raises(CourseProblems) as caught:
        load_course(file)
    assert str(caught.value).splitlines() == [
        f"{file}:4:1: unknown key `objektives`",
        "    4 | objektives: [a]",
        "      | ^^^^^^^^^^",
        "  help: did you mean `objectives`?",
        "  see: docs/authoring.md#fields-of-a-lesson",
    ]


@pytest.mark.parametrize(
    ("line", "column", "shown", "caret"),
    [
        ("a: b", 4, "a: b", "   ^"),
        ("名前: x", 5, "名前: x", "      ^"),
        ("a\tb: c", 3, "a b: c", "  ^"),
        ("x" * 300 + " bad", 302, "x" * 48 + " bad", " " * 49 + "^^^"),
        ("a: \x1b[31m", 4, "a: �[31m", "   ^"),
        ("", 1, "", "^"),
    ],
)
def test_the_caret_stands_under_the_place(line: str, column: int, shown: str, caret: str) -> None:
    _, excerpt, below = Problem("f", 1, column, "m").render(line + "\n").splitlines()
    assert excerpt == f"    1 | {shown}".rstrip()
    assert below == f"      | {caret}"


def test_a_place_past_the_end_has_no_excerpt() -> None:
    assert Problem("f", 9, 1, "m", "h").render("one\n") == "f:9:1: m\n  help: h"
    assert Problem("f", 1, 1, "m").render(None) == "f:1:1: m"


def test_a_file_of_many_problems_names_the_first_hundreds(tmp_path: Path) -> None:
    assert len(helps(lesson(steps="- {id: r, kind: reed}\n" * 5000), tmp_path)) == MOST


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("title: 'a\n", "when-something-is-wrong"),
        ("format: 1\nid: k\nlessons: 3\n", "fields-of-a-course"),
        (lesson("defaults: {sed: 1}\n"), "fields-of-defaults"),
        (lesson(steps="- {id: r, kind: reed, text: x}\n"), "fields-of-a-lesson"),
        (lesson(steps="- {id: r, kind: read, txt: x}\n"), "read"),
        (code("sarter: x\n"), "code"),
        (code("starter: 3\n", kind="fix", without=("starter",)), "fix"),
        (checks("{kind: equal, expr: y, ignore: [dtyp]}"), "checks"),
        (checks("{kind: call, expr: z, args: ['1']}"), "call"),
        (checks("{kind: source, operations: {use: [relu]}}"), "operations-that-ran"),
        (code("wrong:\n  - {replace: [x + 2, x + 3]}\n"), "words-for-wrong-answers"),
        (code("misconceptions:\n  - {when: {fails: z}, say: a}\n"), "words-for-wrong-answers"),
    ],
)
def test_a_problem_leads_to_the_section_that_tells_about_it(text: str, section: str, tmp_path: Path) -> None:
    file = tmp_path / "lesson.yaml"
    file.write_text(text, encoding="utf-8")
    assert {problem.page for problem in validate(file)} == {f"docs/authoring.md#{section}"}


def test_python_is_mapped_to_the_line_and_column_of_the_yaml(tmp_path: Path) -> None:
    (tmp_path / "lesson.yaml").write_text(code("given: |\n  a = 1\n  b = (a +\n"))
    (problem,) = validate(tmp_path / "lesson.yaml")
    source = (tmp_path / "lesson.yaml").read_text().splitlines()
    assert source[problem.line - 1][problem.column - 1 :] == "(a +"
