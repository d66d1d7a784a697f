"""`torch-tutor` and `torch-tutor COURSE`: the app."""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.cli import FINE, UsageError

if TYPE_CHECKING:
    from tutor.lessons.model import Course


def main(options: argparse.Namespace) -> int:
    """Open the tutor on the course."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "the tutor needs a terminal. Without one, use `torch-tutor list`, `show LESSON/STEP`"
            " and `check LESSON/STEP FILE`."
        )
    # Starting makes many objects and next to no garbage: the app collects again after its first paint.
    gc.disable()
    course = course_to_open(options.course)
    from tutor.app import run_app

    run_app(course)
    return FINE


def course_to_open(path: Path | None) -> Course:
    """The course, from the cache where it was read before and no file has changed since."""
    from tutor.cli.kept import keep_course, kept_course

    course = kept_course(path)
    if course is None:
        from tutor.cli.common import course_of

        course = course_of(path)
        keep_course(path, course)
    return course
