"""What a course file that is right becomes: ids, titles, defaults, limits, and values as YAML 1.2 has them."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.lessons import broken
from tutor.lessons.load import load_course, validate
from tutor.lessons.model import ChoiceStep, CodeStep, Course, PredictStep, Step
from tutor.lessons.yaml import scalar
from tutor.runtime.protocol import Limits

Opened = Callable[..., Step]

COURSE = """\
format: 1
id: k
title: K
defaults: {seed: 7, time_s: 30, rtol: 0.01}
x-notes: [free, {any: thing}]
lessons:
  - one.yaml
  - id: two
    title: Two
    requires: {lessons: [one], sklearn: [iris]}
    defaults: {seed: 8, memory_mb: 512}
    steps:
      - &STEP
"""
STEP = """\
id: make-it
kind: code
task: Make `y`.
solution: y = 1
checks: [y]
"""


def lesson(step: str, more: str = "") -> str:
    return f"format: 1\nid: one\ntitle: One\n{more}steps:\n  - " + step.rstrip().replace("\n", "\n    ") + "\n"


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """Writes a lesson, and gives its first step."""

    def opened(step: str, more: str = "") -> Step:
        (tmp_path / "one.yaml").write_text(lesson(step, more), encoding="utf-8")
        return load_course(tmp_path / "one.yaml").lessons[0].steps[0]

    return opened


def code(step: Step) -> CodeStep:
    assert isinstance(step, CodeStep)
    return step


def test_a_lesson_alone_is_a_course_of_one(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(lesson(STEP))
    course = load_course(tmp_path / "one.yaml")
    assert (course.id, course.title, len(course.lessons)) == ("one", "One", 1)
    assert course.path == course.lessons[0].path == tmp_path / "one.yaml"


def test_a_course_reads_its_files_and_its_inline_lessons_in_order(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(lesson(STEP))
    text = COURSE.replace("&STEP", STEP.rstrip().replace("\n", "\n        "))
    (tmp_path / "course.yaml").write_text(text)
    course = load_course(tmp_path / "course.yaml")
    assert [(one.id, one.path) for one in course.lessons] == [
        ("one", tmp_path / "one.yaml"),
        ("two", tmp_path / "course.yaml"),
    ]
    assert [bool(one.requires.sklearn) for one in course.lessons] == [False, True]
    first, second = (code(one.steps[0]) for one in course.lessons)
    assert (first.seed, second.seed) == (7, 8)
    assert (first.limits.time_s, first.limits.cpu_s, first.limits.memory_mb) == (30, 60, Limits().memory_mb)
    assert second.limits.memory_mb == 512
    assert second.checks[0].tolerance.rtol == 0.01


def test_the_step_s_own_settings_win(opened: Opened) -> None:
    step = code(
        opened(
            STEP + "seed: 3\nthreads: 2\nlimits: {time_s: 40}\n", "defaults: {seed: 1, time_s: 20, memory_mb: 300}\n"
        )
    )
    assert (step.seed, step.threads, step.limits.time_s, step.limits.memory_mb) == (3, 2, 40, 300)
    assert step.limits.cpu_s == 160


def test_checks_without_an_id_are_named_by_what_they_look_at(opened: Opened) -> None:
    checks = (
        "[y, {kind: equal, expr: y}, {kind: tensor, expr: y, id: y-2, finite: true}, y, {kind: stdout}, {kind: stdout}]"
    )
    step = code(opened(STEP.replace("[y]", checks)))
    assert [(check.kind, check.id) for check in step.checks] == [
        ("equal", "y"),
        ("equal", "y-3"),
        ("tensor", "y-2"),
        ("equal", "y-4"),
        ("stdout", "stdout"),
        ("stdout", "stdout-2"),
    ]


def test_what_an_author_may_leave_out(opened: Opened) -> None:
    step = code(opened(STEP + "hints: [Look., {text: Again., after: 2}]\n"))
    assert step.title == "Make it"
    assert [(hint.text, hint.after) for hint in step.hints] == [("Look.", None), ("Again.", 2)]
    choice = opened(
        "id: q\nkind: choice\nask: Which?\noptions: [{text: a, correct: true}, {text: b}, {text: c, correct: true}]\n"
    )
    assert isinstance(choice, ChoiceStep)
    assert choice.several
    predict = opened(
        "id: p\nkind: predict\nask: What?\nrun: print(1)\nof: stdout\ndistractors: ['2', {text: '3', say: No.}]\n"
    )
    assert isinstance(predict, PredictStep)
    assert [getattr(one, "text", one) for one in predict.distractors] == ["2", "3"]


def test_the_program_to_be_fixed_need_not_be_python(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(lesson(STEP.replace("kind: code", "kind: fix") + "starter: y = = 1\n"))
    assert validate(tmp_path / "one.yaml") == []


def test_a_step_about_a_syntax_error_may_have_one(tmp_path: Path) -> None:
    step = STEP.replace("y = 1", "y = = 1").replace("[y]", "[{kind: raises, error: SyntaxError}]")
    (tmp_path / "one.yaml").write_text(lesson(step + "also_correct: ['(']\nwrong: [{code: ')'}]\n"))
    assert validate(tmp_path / "one.yaml") == []


@pytest.mark.parametrize(
    "program",
    [
        "from math import *",
        "exec('y = 1')",
        "import torch as z",
        "def z(): ...",
        "for z in (): ...",
        "[z := 1]",
        "match 1:\n  case z: ...",
    ],
)
def test_names_that_a_program_makes_or_may_make_are_known(program: str, tmp_path: Path) -> None:
    step = STEP.replace("solution: y = 1", "solution: |\n  " + program.replace("\n", "\n  ")).replace(
        "[y]", '["z + len([q for q in ()])"]'
    )
    (tmp_path / "one.yaml").write_text(lesson(step))
    assert validate(tmp_path / "one.yaml") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("y", "y"),
        ("12:30", "12:30"),
        ("2024-01-02", "2024-01-02"),
        ("1_000", "1_000"),
        ("0b1", "0b1"),
        ("true", True),
        ("True", True),
        ("tRUE", "tRUE"),
        ("null", None),
        ("~", None),
        ("", None),
        ("1e-3", 1e-3),
        ("+.5", 0.5),
        ("5.", 5.0),
        ("010", 10),
        ("0o10", 8),
        ("0xff", 255),
        ("-7", -7),
        (".inf", math.inf),
        ("1.1.1", "1.1.1"),
        ("e5", "e5"),
        ("١", "١"),
    ],
)
def test_plain_values_are_those_of_yaml_1_2(text: str, value: object) -> None:
    assert scalar(text) == value
    assert type(scalar(text)) is type(value)


def test_the_bundled_course_is_the_default_and_keeps_its_order() -> None:
    course = load_course()
    assert course.path is not None
    assert course.path.name == "lessons.yaml"
    ids = [one.id for one in course.lessons]
    assert ids.index("tensors") == 0 < ids.index("autograd") < ids.index("evaluation")


def test_a_copy_of_the_bundled_course_opens_as_any_other(tmp_path: Path) -> None:
    course = load_course()
    assert course.path is not None
    for one in (course, *course.lessons):
        assert one.path is not None
        place = tmp_path / one.path.relative_to(course.path.parent)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(one.path, place)
    assert without_paths(load_course(tmp_path)) == without_paths(course)


def without_paths(course: Course) -> Course:
    lessons = tuple(msgspec.structs.replace(one, path=None) for one in course.lessons)
    return msgspec.structs.replace(course, lessons=lessons, path=None)


def test_a_misconception_may_name_a_relation_a_fault_and_an_error_of_ones_own(tmp_path: Path) -> None:
    when = "{relation: no-zero-grad, trace: stuck-at-mean, error: MyOwnError}"
    step = f"checks: [{{kind: training}}]\nmisconceptions:\n  - {{when: {when}, say: a}}\n"
    file = tmp_path / "lesson.yaml"
    file.write_text(broken.code(step, without=("checks",)), encoding="utf-8")
    assert validate(file) == []
