"""Whatever is done to a lesson file, it opens or its problems are named; nothing else ever happens."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.lessons.broken import checks, code
from tutor.lessons.load import CourseProblems, Problem, load_course, validate

LESSONS = (
    code(
        "setup: |\n  import math\ngiven: z = y\nhints: [a, {text: b, after: 2}]\nlimits: {time_s: 5}\n"
        "misconceptions:\n  - {when: {fails: y, uses: math.sqrt}, say: Squared.}\n"
        "wrong:\n  - {replace: [x + 1, x], fails: y, says: Squared}\nalso_correct: ['y = 2']\n"
    ),
    checks(
        "y",
        "{kind: tensor, expr: y, shape: [3, n], id: a}",
        "{kind: metric, expr: y, min: 1, needs: [a], tolerance: {rtol: 1e-3}}",
        "{kind: training, steps: {min: 3}, loss_falls: 10x}",
    ),
    "format: 1\nid: k\ntitle: K\ndefaults: {seed: 1}\nlessons:\n  - id: l\n    title: L\n    requires: {lessons: [l2]}\n"
    "    steps:\n      - {id: p, kind: predict, ask: x, run: print(1), of: value(x), distractors: ['2', {text: a}]}\n"
    "      - {id: q, kind: choice, ask: x, options: [{text: a, correct: true}, {text: b}]}\n  - other.yaml\n",
)
PIECES = (
    *(
        "",
        " ",
        "\n",
        "\t",
        "- ",
        ": ",
        "? ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "'",
        '"',
        "|",
        ">",
        "#",
        "&a ",
        "*a",
        "!!int ",
        "!x ",
    ),
    *(
        "<<: ",
        "---\n",
        "...\n",
        "%",
        "@",
        "`",
        "\\",
        "\0",
        "\x07",
        "\x85",
        "\u2028",
        "\ufeff",
        "é",
        "名",
        "𝄞",
        "\ud7ff",
    ),
    *(
        "null",
        "true",
        ".nan",
        ".inf",
        "-1",
        "0",
        "1e999",
        "9" * 70,
        "9" * 30,
        "0x",
        "x-",
        "[[[[",
        "\n  - ",
        "\r",
        '"\\ud800"',
    ),
    *(
        "id: l\n",
        "kind: code\n",
        "steps: [",
        "lessons: ",
        "format: 2\n",
        "((((",
        "lambda: 0",
        "yield",
        "b'\\xff'",
        "f'{'",
        "a" * 300,
    ),
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A lesson in which some pieces were removed, doubled, moved, or replaced by what means something to YAML."""
    text = draw(st.sampled_from(LESSONS))
    for _ in range(draw(st.integers(1, 5))):
        parts = re.split(r"(\W)", text)
        first = draw(st.integers(0, len(parts) - 1))
        last = min(len(parts), first + draw(st.integers(0, 6)))
        new = draw(st.sampled_from(PIECES) | st.text(max_size=4).filter(storable) | st.sampled_from(parts))
        text = "".join((*parts[:first], new, *parts[last if draw(st.booleans()) else first :]))
    return text


def storable(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


def problems_of_opening(file: Path) -> tuple[Problem, ...]:
    try:
        load_course(file)
    except CourseProblems as problems:
        return problems.problems if str(problems) else ()
    return ()


@settings(max_examples=120, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(mutated())
def test_a_mutated_lesson_is_read_or_explained(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lesson.yaml"
        file.write_text(text, encoding="utf-8", newline="")
        problems = validate(file)
        lines = len(text.splitlines()) + 1
        for problem in problems:
            assert 1 <= problem.line <= lines
            assert problem.column >= 1
            assert problem.message
            assert problem.render(text).startswith(str(problem))
        assert set(problems_of_opening(file)) <= set(problems)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_with_a_problem(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lesson.yaml"
        file.write_bytes(data)
        assert validate(file)
        with pytest.raises(CourseProblems):
            load_course(file)
