"""A course without solutions, wrong answers and hidden checks: what the solutions gave takes their place.

The checks compare with the report of the solution. A student's version holds that report, and no line of the program
that gave it. In the place of the solution stands the starter, since a step must have one.
"""

from __future__ import annotations

from typing import Any

from tutor.exercise import Examiner
from tutor.exports.written import yaml_of
from tutor.lessons.model import CodeStep, Course, ExperimentStep, Lesson, OrderStep
from tutor.lessons.problems import Notes
from tutor.lessons.references import encoded, setting_key
from tutor.lessons.settings import all_settings
from tutor.lessons.translations import original_name
from tutor.lessons.yaml import parse

_FOLDER = "references"
_TELLING = ("wrong", "also_correct", "mutants")


async def student_files(course: Course, files: dict[str, bytes], examiner: Examiner) -> dict[str, bytes]:
    """The files of a student's version, from those of the course; runs every solution."""
    made = dict(files)
    lessons = {lesson.id: lesson for lesson in course.lessons}
    for name in files:
        value = _written(files, name)
        whose = _written(files, original_name(name) or name).get("id")
        _without_notes(value)
        if _strip(value, whose, lessons):
            made[name] = yaml_of(value).encode()
    for lesson in course.lessons:
        for step in lesson.steps:
            if isinstance(step, CodeStep):
                made[_place(lesson.id, step.id)] = await _reference(step, examiner)
    return made


def _written(files: dict[str, bytes], name: str) -> dict[str, Any]:
    """What a file of the course says; nothing where it is none or not there."""
    if name not in files or not name.endswith((".yaml", ".yml")):
        return {}
    root = parse(files[name].decode("utf-8-sig", "replace"), Notes(name))
    return root.value if root is not None and isinstance(root.value, dict) else {}


async def _reference(step: CodeStep, examiner: Examiner) -> bytes:
    settings = all_settings(step) if isinstance(step, ExperimentStep) else (None,)
    return encoded({setting_key(setting): await examiner.reference(step, setting) for setting in settings})


def _place(lesson: str, step: str) -> str:
    return f"{_FOLDER}/{lesson}.{step}.report"


def _strip(value: dict[str, Any], whose: object, lessons: dict[str, Lesson]) -> bool:
    """Take the solutions out of a lesson or its translation, or of all in a course file; whether there were any."""
    inner = value.get("lessons")
    if inner:
        named = (
            inner.items() if isinstance(inner, dict) else [(one["id"], one) for one in inner if isinstance(one, dict)]
        )
        return bool([name for name, one in named if _strip(one, name, lessons)])  # all of them
    lesson, steps = lessons.get(str(whose)), value.get("steps")
    if lesson is None or not steps:
        return False
    for name, written in steps.items() if isinstance(steps, dict) else [(one["id"], one) for one in steps]:
        step = lesson.step(name)
        if isinstance(step, CodeStep):
            _without_hidden(written, step)
            if not isinstance(steps, dict):
                _without_solution(written, step, lesson.id)
    return True


def _without_notes(value: Any) -> None:
    """Take out the `x-` keys at every depth: an author's notes may say anything."""
    if isinstance(value, dict):
        for key in [key for key in value if str(key).startswith("x-")]:
            del value[key]
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            _without_notes(one)


def _without_solution(written: dict[str, Any], step: CodeStep, lesson: str) -> None:
    for key in _TELLING:
        written.pop(key, None)
    written["solution"] = _in_its_place(step)
    written["x-reference"] = _place(lesson, step.id)


def _without_hidden(written: dict[str, Any], step: CodeStep) -> None:
    """Take out the hidden checks and what is said of them, from a step or its translation."""
    hidden = {check.id for check in step.checks if check.hidden}
    checks, words = written.get("checks"), written.get("misconceptions")
    if isinstance(checks, dict):
        written["checks"] = {name: text for name, text in checks.items() if name not in hidden}
    elif checks:
        pairs = zip(checks, step.checks, strict=True)
        written["checks"] = [_needing_no(one, hidden) for one, check in pairs if check.id not in hidden]
    if words:  # a translation may have fewer
        both = zip(words, step.misconceptions, strict=False)
        written["misconceptions"] = [one for one, own in both if own.when.fails not in hidden]


def _in_its_place(step: CodeStep) -> str:
    """The starter; of lines to be put in order those that belong, as they were shuffled."""
    if isinstance(step, OrderStep):
        away = {line.strip() for line in step.distractors}
        return "".join(f"{line}\n" for line in step.starter.splitlines() if line.strip() not in away)
    return step.starter or "...\n"


def _needing_no(written: Any, hidden: set[str]) -> Any:
    if isinstance(written, dict) and "needs" in written:
        return {**written, "needs": [name for name in written["needs"] if name not in hidden]}
    return written
