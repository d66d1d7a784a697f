"""`torch-tutor` and `torch-tutor COURSE`: the app."""

from __future__ import annotations

import argparse
import sys

from tutor.cli import FINE, UsageError
from tutor.cli.common import course_of


def main(options: argparse.Namespace) -> int:
    """Open the tutor on the course."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "the tutor needs a terminal. Without one, use `torch-tutor list`, `show LESSON/STEP`"
            " and `check LESSON/STEP FILE`."
        )
    course = course_of(options.course)
    from tutor.app import run_app

    run_app(course)
    return FINE
