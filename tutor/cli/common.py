"""What several commands share: finding the course, the step and the code; printing JSON."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from tutor import paths
from tutor.cli import UsageError
from tutor.cli.places import located
from tutor.lessons.load import CourseProblems, load_course
from tutor.lessons.model import AnyStep, Course, StepRef
from tutor.progress import Progress
from tutor.runtime.values import ErrorReport

T = TypeVar("T")


def reading(path: Path | None, read: Callable[[Path | None], T]) -> T:
    """What `read` makes of a course's files; every problem of them is in the error."""
    try:
        return read(path)
    except CourseProblems as problems:
        raise UsageError(f"this course can't be read.\n\n{problems}") from None
    except OSError as error:
        raise UsageError(f"{error.strerror}: {error.filename}") from None


def course_of(path: Path | None, language: str | None = None) -> Course:
    """Load a course, in a language where it is translated; every problem of its files is in the error."""
    course = reading(located(path), lambda path: load_course(path, language))
    if language is not None and course.language != language:
        there = f"it is shown in {course.language!r}"
        print(f"torch-tutor: this course is not translated into {language!r}; {there}.", file=sys.stderr)
    return course


def progress_of(course: Course) -> Progress:
    """The learner's progress in a course; a warning goes to standard error."""
    progress = Progress(paths.state_file(), course.id)
    if progress.warning:
        print(f"torch-tutor: {progress.warning}", file=sys.stderr)
    return progress


def step_of(course: Course, name: str) -> tuple[StepRef, AnyStep]:
    """The step LESSON/STEP; the error names the nearest one."""
    lesson_id, _, step_id = name.partition("/")
    try:
        return StepRef(lesson_id, step_id), course.lesson(lesson_id).step(step_id)
    except KeyError:
        known = [f"{lesson.id}/{step.id}" for lesson in course.lessons for step in lesson.steps]
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
        ask = f"did you mean {near[0]}?" if near else "`torch-tutor list` shows them all."
        raise UsageError(f"there is no step {name!r} in {course.title!r}; {ask}") from None


def code_of(file: str) -> str:
    """The text of FILE, or of standard input for `-`."""
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{error.strerror}: {file}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8 text (byte {error.start + 1}); save it as UTF-8") from None


def print_json(value: Any) -> None:
    """Print one object, indented, for programs and for eyes."""
    print(json_text(value))


def json_text(value: Any) -> str:
    """A value as JSON that standard output can write: letters that its encoding lacks are escaped."""
    text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return "".join(each if each.isascii() else json.dumps(each)[1:-1] for each in text)
    return text


def error_json(error: ErrorReport | None) -> dict[str, Any] | None:
    """An error as `check --json` and `run --json` print it."""
    if error is None:
        return None
    return {
        "type": error.type,
        "message": error.message,
        "line": error.line,
        "explanation": explanation(error),
    }


def explanation(error: ErrorReport) -> str | None:
    """What the error means, where it is one that we know."""
    from tutor.checks.errors import explain_error

    known = explain_error(error)
    return None if known is None else " ".join(part for part in (known.why, known.next) if part)
