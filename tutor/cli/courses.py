"""`torch-tutor courses`: the courses that were opened on this machine."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import msgspec

from tutor import paths
from tutor.cli import FINE
from tutor.cli.common import print_json, progress_of
from tutor.cli.kept import course_to_open
from tutor.cli.new import quoted
from tutor.courses import UsedCourse, UsedCourses


def main(options: argparse.Namespace) -> int:
    """Print them, the one that was opened last first; before them, the one that comes with the tutor."""
    bundled = course_to_open(None)
    progress = progress_of(bundled)
    done = sum(state.done for state in progress.states().values())
    progress.close()
    steps = sum(len(lesson.steps) for lesson in bundled.lessons)
    used = UsedCourses(paths.state_file()).all()
    if options.json:
        own = {"course": bundled.id, "title": bundled.title, "place": "", "steps": steps, "passed": done, "there": True}
        print_json({"courses": [own, *({**msgspec.to_builtins(one), "there": one.there} for one in used)]})
        return FINE
    print(f"{bundled.title}   {done} of {steps} steps\n  torch-tutor")
    for one in used:
        print(f"{one.title}   {one.passed} of {one.steps} steps   opened {_when(one.opened)}\n  {_where(one)}")
    return FINE


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(seconds))


def _where(one: UsedCourse) -> str:
    lost = "" if one.there else "   (it is not there any more; your progress is kept)"
    return f"torch-tutor {quoted(Path(one.place))}{lost}"
