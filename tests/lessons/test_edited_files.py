"""Real course files with random edits: never a traceback, never over two seconds, every place within the file."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from tests.lessons import test_translations
from tests.lessons.test_mutated_lessons import PIECES
from tutor.lessons.load import PACKAGE, validate
from tutor.lessons.problems import render

LONGEST_S = 2.0
ROUNDS = 12
FILES = [
    *sorted((PACKAGE / "lessons" / "content").glob("*.yaml")),
    *sorted((PACKAGE.parent / "tests" / "content" / "kinds").glob("*.yaml")),
]


def edited(text: str, source: random.Random) -> str:
    """The text after one to five edits, each of a line, of a few characters, or of the indentation."""
    for _ in range(source.randint(1, 5)):
        lines = text.splitlines(keepends=True)
        at = source.randrange(len(lines)) if lines else 0
        place = source.randrange(len(text) + 1)
        match source.randrange(8):
            case 0:
                del lines[at : at + source.randint(1, 4)]
            case 1:
                lines[at:at] = source.sample(lines, min(len(lines), source.randint(1, 3)))
            case 2 if lines:
                lines[at] = source.choice((" ", "  ", "\t", "- ")) + lines[at]
            case 3 if lines:
                lines[at] = lines[at][source.randint(1, 3) :]
            case 4 if lines:
                other = source.randrange(len(lines))
                lines[at], lines[other] = lines[other], lines[at]
            case 5:
                lines = [text[:place] + text[place + source.randint(1, 30) :]]
            case 6:
                lines = [text[:place] + source.choice(PIECES) + text[place:]]
            case _:
                lines = [text[:place] + source.choice(PIECES) * source.randint(2, 40) + text[place:]]
        text = "".join(lines)
    return text


def assert_looked_at(file: Path, text: str, shown: Path, longest: float = LONGEST_S) -> None:
    """It is validated in time, whatever is wrong, and all that is said of it can be shown."""
    shown.write_text(text, encoding="utf-8", newline="")
    began = time.process_time()
    problems = validate(file)
    assert time.process_time() - began < longest
    lines = len(text.splitlines()) + 1
    for problem in problems:
        assert problem.message
        assert problem.column >= 1
        assert 1 <= problem.line <= lines or problem.file != str(shown)
    assert render(problems) or not problems


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_edited_lesson_is_looked_at_in_time(file: Path, tmp_path: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for seed in range(ROUNDS):
        lesson = tmp_path / file.name
        assert_looked_at(lesson, edited(text, random.Random(f"{file.name} {seed}")), lesson)


def test_an_edited_translation_is_looked_at_in_time(tmp_path: Path) -> None:
    (tmp_path / "fit.yaml").write_text(test_translations.LESSON)
    for seed in range(100):
        text = edited(test_translations.FRENCH, random.Random(seed))
        assert_looked_at(tmp_path / "fit.yaml", text, tmp_path / "fit.fr.yaml")


HOSTILE = {
    "values": "format: 1\nx-a: [" + "0," * 99_000 + "0]\nid: l\n",
    "values that are steps": "format: 1\nid: l\ntitle: L\nsteps: [" + "{id: a, kind: read, text: b}," * 12_000 + "]\n",
    "checks": "format: 1\nid: l\ntitle: L\nsteps:\n- {id: c, kind: code, task: a, solution: y = 1, checks: ["
    + "{kind: equal, expr: y, needs: [y]}," * 9_000
    + "]}\n",
    "misconceptions": "format: 1\nid: l\ntitle: L\nsteps:\n- {id: c, kind: code, task: a, solution: y = 1, checks: [y], "
    "misconceptions: [" + "".join(f"{{when: {{uses: a{n}}}, say: b}}," for n in range(12_000)) + "]}\n",
    "programs": "format: 1\nid: l\ntitle: L\nsteps:\n- id: c\n  kind: code\n  task: a\n  solution: y = 1\n  checks: [y]\n"
    "  also_correct:\n" + ("  - |\n" + "    y = [1, (2, 3), {4: 5}]\n" * 7_000) * 20,
    "one long program": "format: 1\nid: l\ntitle: L\nsteps:\n- id: c\n  kind: code\n  task: a\n  checks: [y]\n  solution: |\n"
    + "    y = x + 1 + (2 * 3)\n" * 150_000,
    "names": "format: 1\nid: l\ntitle: L\nsteps:\n- {id: c, kind: code, task: a, solution: 'y = 1', checks: ["
    + "".join(f"z{n}," for n in range(20_000))
    + "]}\n",
    "comments": "format: 1\nid: l\ntitle: L\nsummary: " + "a\n  " * 50_000 + "a #1\n",
    "keys": "format: 1\n" + "".join(f"k{n}: 1\n" for n in range(49_000)),
    "quotes": "format: 1\ntitle: " + "'" * 100_000,
    "wrong programs": "format: 1\nid: l\ntitle: L\nsteps:\n- {id: c, kind: code, task: a, checks: [y], solution: '"
    + "y = 1; " * 20_000
    + "', wrong: ["
    + "".join(f"{{replace: [q{n}, b]}}," for n in range(10_000))
    + "]}\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_file_made_to_be_slow_is_looked_at_in_time(text: str, tmp_path: Path) -> None:
    assert_looked_at(tmp_path / "lesson.yaml", text, tmp_path / "lesson.yaml", 2 * LONGEST_S)  # as large as can be
