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
from tutor.lessons.yaml import parse

_FOLDER = "references"
_TELLING = ("wrong", "also_correct", "mutants")


async def student_files(course: Course, files: dict[str, bytes], examiner: Examiner) -> dict[str, bytes]:
    """The files of a student's version, from those of the course; runs every solution."""
    made = dict(files)
    lessons = {lesson.id: lesson for lesson in course.lessons}
    for name, data in files.items():
        root = parse(data.decode("utf-8-sig"), Notes(name)) if name.endswith((".yaml", ".yml")) else None
        value = root.value if root is not None else None
        if isinstance(value, dict) and _strip(value, lessons):
            made[name] = yaml_of(value).encode()
    for lesson in course.lessons:
        for step in lesson.steps:
            if isinstance(step, CodeStep):
                made[_place(lesson.id, step.id)] = await _reference(step, examiner)
    return made


async def _reference(step: CodeStep, examiner: Examiner) -> bytes:
    settings = all_settings(step) if isinstance(step, ExperimentStep) else (None,)
    return encoded({setting_key(setting): await examiner.reference(step, setting) for setting in settings})


def _place(lesson: str, step: str) -> str:
    return f"{_FOLDER}/{lesson}.{step}.report"


def _strip(value: dict[str, Any], lessons: dict[str, Lesson]) -> bool:
    """Take the solutions out of a lesson, or of the lessons within a course file; whether there were any."""
    inner = value.get("lessons")
    if isinstance(inner, list):
        return bool([one for one in inner if isinstance(one, dict) and _strip(one, lessons)])  # all of them
    lesson = lessons.get(str(value.get("id")))
    if lesson is None or not isinstance(value.get("steps"), list):
        return False
    for written in value["steps"]:
        step = lesson.step(written["id"])
        if isinstance(step, CodeStep):
            _without_solution(written, step, lesson.id)
    return True


def _without_solution(written: dict[str, Any], step: CodeStep, lesson: str) -> None:
    for key in _TELLING:
        written.pop(key, None)
    written["solution"] = _in_its_place(step)
    written["x-reference"] = _place(lesson, step.id)
    hidden = {check.id for check in step.checks if check.hidden}
    if hidden:
        pairs = zip(written["checks"], step.checks, strict=True)
        written["checks"] = [_needing_no(one, hidden) for one, check in pairs if check.id not in hidden]
        written["misconceptions"] = [
            one for one in written.get("misconceptions", []) if one["when"].get("fails") not in hidden
        ]


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
