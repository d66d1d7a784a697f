"""A student's version: no solution, no wrong answer and no hidden check in it, and the same verdicts from it."""

from __future__ import annotations

import asyncio
import zipfile
from pathlib import Path

import pytest

from tests.exports.course import made
from tutor.cli import FINE, USAGE, main
from tutor.cli.common import course_of
from tutor.exercise import Attempt, Examiner
from tutor.lessons.model import CodeStep, ExperimentStep, Lesson, OrderStep
from tutor.lessons.settings import all_settings
from tutor.runtime.client import Runtime
from tutor.screens.hints import Hints

pytestmark = pytest.mark.usefixtures("torch_loaded_once")

MORE = """\
  - id: lines
    kind: order
    title: In order
    task: Make `b`.
    solution: |
      a = 3
      b = a + 4
    distractors: [b = a]
    checks: [b]
  - id: shaky
    kind: code
    title: With a hidden check
    task: Make `n` and `m`.
    starter: |
      n = ...
    solution: |
      n = "1e-5"
      m = [n, "no"]
    checks:
      - n
      - {kind: equal, id: secret, expr: m, hidden: true}
      - {kind: equal, id: after, expr: len(m), needs: [n, secret]}
    misconceptions:
      - {when: {fails: secret}, say: This is a secret.}
      - {when: {fails: n}, say: Quote it.}
    x-note: The author says m = [n.
    wrong:
      - {code: "n = 'a wrong one'", fails: n}
"""
FRENCH = """\
steps:
  shaky:
    checks: {n: Un texte., secret: Un secret.}
    misconceptions: [C'est un secret., Entre guillemets.]
"""


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a course, in the folder where one works."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path / "home"))
    path = made(tmp_path / "source")
    with (path.parent / "unit" / "powers.yaml").open("a") as lesson:
        lesson.write(MORE)
    with (path.parent / "unit" / "powers.fr.yaml").open("a") as translation:
        translation.write(FRENCH)
    assert main(["export", str(path), "--student", "--output", "student.zip"]) == FINE
    return path


def verdicts(attempt: Attempt) -> list[tuple[str, str, str, str]]:
    return [(v.id, v.status, v.finding, v.why) for v in attempt.verdicts if v.id != "secret"]


async def compared(whole: Lesson, student: Lesson) -> int:
    """How many programs got the same verdicts from both."""
    same = 0
    async with Runtime() as runtime:
        examiner = Examiner(runtime)
        for step in whole.steps:
            if not isinstance(step, CodeStep):
                continue
            theirs = student.step(step.id)
            assert isinstance(theirs, CodeStep)
            wrong = [w.code or step.solution.replace(*(w.replace or ("", ""))) for w in step.wrong]
            settings = all_settings(step) if isinstance(step, ExperimentStep) else (None,)
            for program in (step.solution, "" if isinstance(step, OrderStep) else step.starter, *wrong):
                for setting in settings:
                    own = await examiner.attempt(step, program, setting=setting)
                    assert verdicts(await examiner.attempt(theirs, program, setting=setting)) == verdicts(own)
                    same += 1
    return same


def test_the_verdicts_are_those_of_the_course(course: Path) -> None:
    whole, student = course_of(course).lessons[0], course_of(Path("student.zip")).lessons[0]
    assert asyncio.run(compared(whole, student)) >= 14


def test_nothing_of_a_solution_is_in_it(course: Path) -> None:
    with zipfile.ZipFile("student.zip") as archive:
        everything = b"\n".join(archive.read(name) for name in archive.namelist())
    for secret in (
        b"y = x**2",
        b"z = [1, 2, 3]",
        b"x.squares",
        b"a wrong one",
        b"This is a secret",
        b"id: secret",
        b"n secret",
    ):
        assert secret not in everything
    assert b"m = [n" not in everything


def test_a_translation_speaks_of_the_checks_that_are_left(course: Path) -> None:
    step = course_of(Path("student.zip"), "fr").lessons[0].step("shaky")
    assert isinstance(step, CodeStep)
    assert [one.say for one in step.misconceptions] == ["Entre guillemets."]
    assert [check.say for check in step.checks if check.id == "n"] == ["Un texte."]


def test_it_is_the_same_every_time_and_has_no_answer_to_show(course: Path) -> None:
    assert main(["export", str(course), "--student", "--output", "again.zip"]) == FINE
    step = course_of(Path("student.zip")).lessons[0].step("square")
    assert Hints(step, 2, answer=False).solution == ""
    assert Hints(step, 2, answer=False).why_no_hint == "That was the last hint."
    with zipfile.ZipFile("student.zip") as one, zipfile.ZipFile("again.zip") as other:
        assert one.namelist() == other.namelist()


def test_a_students_notebooks_have_a_students_course_beside_them(course: Path) -> None:
    assert main(["export", str(course), "--to", "notebooks", "--student", "--output", "nb"]) == FINE
    step = course_of(Path("nb/course.zip")).lessons[0].step("square")
    assert isinstance(step, CodeStep)
    assert step.reference
    assert step.solution == step.starter


def test_a_lost_report_is_told(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile("student.zip") as archive:
        archive.extractall("opened")
    Path("opened/references/powers.square.report").write_bytes(b"\xc1")
    Path("opened/references/powers.own.report").unlink()
    assert main(["list", "--course", "opened"]) == USAGE
    said = capsys.readouterr().err
    assert "this file does not hold what the solution gave" in said
    assert "there is no file" in said
