"""`torch-tutor` and `torch-tutor COURSE`: the app."""

from __future__ import annotations

import argparse
import gc
import os
import sys

from tutor.cli import FINE, UsageError
from tutor.paths import SERVED_VARIABLE


def main(options: argparse.Namespace) -> int:
    """Open the tutor on the course."""
    served = SERVED_VARIABLE in os.environ
    if not served and not all(
        stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)
    ):  # Textual draws on the last
        raise UsageError(
            "the tutor needs a terminal. Without one, use `torch-tutor list`, `show LESSON/STEP`"
            " and `check LESSON/STEP FILE`."
        )
    # Starting makes many objects and next to no garbage: the app collects again after its first paint.
    gc.disable()
    from tutor.cli.kept import course_to_open
    from tutor.cli.session import place_of, require_torch

    place = options.course
    if place is not None:
        from tutor.cli.places import located

        place = located(place)
    course = course_to_open(place, options.language)
    require_torch(course)
    if place is not None and not served:
        from tutor.cli.consent import agreed

        if not agreed(course, place, options.course):
            print("It was not opened.")
            return FINE
    from tutor.app import run_app

    run_app(course, place_of(options))
    return FINE
