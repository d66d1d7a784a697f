"""`torch-tutor list`: lessons and steps with progress."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from tutor.cli import FINE
from tutor.cli.common import print_json, progress_of
from tutor.cli.kept import course_to_open
from tutor.lessons.model import Course, Lesson, StepRef
from tutor.progress import State

GLYPHS = {State.NEW: "○", State.BEGUN: "◐", State.PASSED: "●", State.PASSED_WITH_ANSWER: "◉"}


def main(options: argparse.Namespace) -> int:
    """Print the course."""
    course = course_to_open(options.course, options.language)
    progress = progress_of(course)
    states = progress.states()
    progress.close()
    if options.json:
        print_json(as_json(course, states))
    else:
        for lesson in course.lessons:
            print_lesson(lesson, states)
        print("● passed   ◉ passed with the answer   ◐ begun   ○ new")
    return FINE


def as_json(course: Course, states: Mapping[StepRef, State]) -> dict[str, object]:
    """The course as `list --json` prints it."""
    return {
        "course": course.id,
        "title": course.title,
        "lessons": [
            {
                "id": lesson.id,
                "title": lesson.title,
                "minutes": lesson.minutes,
                "steps": [
                    {"id": step.id, "title": step.title, "kind": step.kind, "state": state_in(states, lesson, step.id)}
                    for step in lesson.steps
                ],
            }
            for lesson in course.lessons
        ],
    }


def state_in(states: Mapping[StepRef, State], lesson: Lesson, step_id: str) -> State:
    """The state of a step; NEW where nothing is known of it."""
    return states.get(StepRef(lesson.id, step_id), State.NEW)


def print_lesson(lesson: Lesson, states: Mapping[StepRef, State]) -> None:
    """One lesson: a heading and a line a step."""
    done = sum(state_in(states, lesson, step.id).done for step in lesson.steps)
    print(f"{lesson.title}   {done} of {len(lesson.steps)}   {lesson.minutes} min")
    for step in lesson.steps:
        name = f"{lesson.id}/{step.id}"
        print(f"  {GLYPHS[state_in(states, lesson, step.id)]} {name:<36} {step.kind:<8} {step.title}")
    print()
