"""`torch-tutor progress`: figures of what you have done; progress moved between machines, or begun anew."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path
from typing import Any

import msgspec

from tutor.cli import FINE, UsageError
from tutor.cli.common import print_json, progress_of
from tutor.cli.kept import course_to_open
from tutor.lessons.model import Course
from tutor.progress import Progress
from tutor.progress_file import exported, merge, read
from tutor.screens.trial import KNOWN
from tutor.statistics import Figures, figures


def main(options: argparse.Namespace) -> int:
    """Do what the first word says; without one, print the figures."""
    course = course_to_open(options.course)
    progress = progress_of(course)
    try:
        match options.what:
            case "export":
                _export(progress, options.name)
            case "import":
                _import(progress, course, options.name)
            case "reset":
                _reset(progress, course, options)
            case _:
                _show(progress, course, as_json=options.json)
    finally:
        progress.close()
    return FINE


def _show(progress: Progress, course: Course, *, as_json: bool) -> None:
    states, known = progress.states(), progress.keeping(KNOWN)
    rows: list[dict[str, Any]] = []
    for lesson in course.lessons:
        done = sum(ref.lesson == lesson.id and state.done for ref, state in states.items())
        tested = sum(ref.lesson == lesson.id for ref in known)
        rows.append({"lesson": lesson.id, "title": lesson.title, "passed": done, "steps": len(lesson.steps)})
        rows[-1]["tested_out"] = tested
    found = figures(progress.runs(), datetime.date.today())
    if as_json:
        print_json({"course": course.id, "lessons": rows, **msgspec.to_builtins(found)})
        return
    for row in rows:
        note = f"  ({row['tested_out']} of them by a test-out)" if row["tested_out"] else ""
        print(f"{row['passed']:>3} of {row['steps']:<3} {row['title']}{note}")
    print(f"\n{_sentence(found)}")


def _sentence(found: Figures) -> str:
    if not found.runs:
        return "You have not run anything yet."
    days = f"on {found.days} days" if found.days != 1 else "on one day"
    row = f", the last {found.days_in_a_row} in a row" if found.days_in_a_row > 1 else ""
    return f"{found.runs} runs, {found.passed_runs} of them passed, about {found.minutes} minutes {days}{row}."


def _export(progress: Progress, name: str | None) -> None:
    data = exported(progress)
    if name in (None, "-"):
        sys.stdout.buffer.write(data)
        return
    path = Path(name or "")
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        raise UsageError(f"{path} is there already; name another file.") from None
    except OSError as error:
        raise UsageError(f"{error.strerror}: {path}") from None
    print(f"Wrote {path}. On the other machine: torch-tutor progress import {path.name}")


def _import(progress: Progress, course: Course, name: str | None) -> None:
    if name is None:
        raise UsageError("name the file: `torch-tutor progress import FILE`")
    try:
        found = read(Path(name))
    except OSError as error:
        raise UsageError(f"{error.strerror}: {name}") from None
    except ValueError as error:
        raise UsageError(str(error)) from None
    if found.course != course.id:
        raise UsageError(
            f"{name} holds progress of the course {found.course!r}, not of {course.id!r}: add --course FILE"
        )
    merged = merge(progress, found)
    print(f"Took in {merged.steps} steps and {merged.attempts} runs.")
    if merged.drafts_aside:
        print(f"{merged.drafts_aside} drafts differ from yours: yours stay, the others are kept in the history.")


def _reset(progress: Progress, course: Course, options: argparse.Namespace) -> None:
    chosen = [lesson for lesson in course.lessons if options.name in (None, lesson.id)]
    if not chosen:
        raise UsageError(f"there is no lesson {options.name!r} in {course.title!r}; `torch-tutor list` shows them.")
    what = f"the lesson {chosen[0].title!r}" if options.name else f"all {len(chosen)} lessons of {course.title!r}"
    if not options.yes:
        sys.stdout.write(f"Begin {what} anew? Your drafts are kept in the history. [y/N] ")
        sys.stdout.flush()
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            print("Nothing was changed.")
            return
    for lesson in chosen:
        progress.reset_lesson(lesson.id)
    print(f"You can begin {what} anew.")
