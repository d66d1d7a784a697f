"""`torch-tutor preview FILE [STEP]`: the learner's screen, shown anew whenever the author saves."""

from __future__ import annotations

import argparse
import sys

from tutor.cli import FINE, UsageError
from tutor.cli.common import course_of, step_of
from tutor.cli.session import place_of
from tutor.lessons.model import Course, StepRef


def main(options: argparse.Namespace) -> int:
    """Open the preview on a file that can be read."""
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise UsageError("a preview needs a terminal. Without one, use `torch-tutor test FILE`.")
    course = course_of(options.file)
    ref = first_of(course, options.step)
    from tutor.preview import run_preview

    run_preview(options.file, course, ref, place_of(options))
    return FINE


def first_of(course: Course, name: str | None) -> StepRef | None:
    """The step STEP or LESSON/STEP; without a name the first one of a lone lesson, and the map of a course."""
    if name is None:
        alone = len(course.lessons) == 1 and course.lessons[0].steps
        return StepRef(course.lessons[0].id, course.lessons[0].steps[0].id) if alone else None
    if "/" not in name:
        having = [lesson.id for lesson in course.lessons if any(step.id == name for step in lesson.steps)]
        name = f"{having[0] if having else course.lessons[0].id if course.lessons else ''}/{name}"
    return step_of(course, name)[0]
