"""`torch-tutor export`: a course as a zip, as notebooks, as Markdown."""

from __future__ import annotations

import argparse
from pathlib import Path

from tutor import paths
from tutor.cli import FINE, UsageError
from tutor.cli.common import course_of, reading
from tutor.cli.places import located
from tutor.cli.session import require_torch, with_runtime
from tutor.exports.archive import archive, files_of
from tutor.exports.markdown import markdown
from tutor.exports.notebooks import notebook
from tutor.lessons.model import Course
from tutor.runtime.client import Runtime

_BESIDE = "course.zip"
"""The course beside its notebooks, by which their cells are checked."""


def main(options: argparse.Namespace) -> int:
    """Write what was asked for; nothing is overwritten."""
    source = located(options.course)
    if options.to == "zip":
        course, data = _archive(source, student=options.student)
        written = {options.output or Path(f"{course.id}.zip"): data}
    else:
        course = course_of(source, options.language)
        written = _lessons(course, options)
        if options.to == "notebooks" and source is not None:
            written[(options.output or Path(course.id)) / _BESIDE] = _archive(source, student=options.student)[1]
    _write(written)
    return FINE


def _archive(source: Path | None, *, student: bool) -> tuple[Course, bytes]:
    """A course and the bytes of its zip; for students, the solutions run, and what they gave takes their place."""
    course, files = reading(source, files_of)
    if not student:
        return course, archive(files)
    from tutor.exercise import Examiner
    from tutor.exports.student import student_files

    async def work(runtime: Runtime) -> dict[str, bytes]:
        return await student_files(course, files, Examiner(runtime, paths.cache_dir()))

    require_torch(course)
    sklearn = any(lesson.requires.sklearn for lesson in course.lessons)
    return course, archive(with_runtime(work, sklearn=sklearn))


def _lessons(course: Course, options: argparse.Namespace) -> dict[Path, bytes]:
    """A file for each lesson, with its data beside it."""
    folder = options.output or Path(course.id)
    written: dict[Path, bytes] = {}
    for number, lesson in enumerate(course.lessons, 1):
        stem = f"{number:02}-{lesson.id}"
        if options.to == "markdown":
            written[folder / f"{stem}.md"] = markdown(lesson, student=options.student).encode()
            continue
        beside = "" if options.course is None else _BESIDE
        text = notebook(course, lesson, student=options.student, beside=beside)
        written[folder / f"{stem}.ipynb"] = text.encode()
        for file in {file.path: file for step in lesson.steps for file in step.files}.values():
            written[folder / file.path] = file.data
    return written


def _write(files: dict[Path, bytes]) -> None:
    there = [path for path in files if path.exists()]
    if there:
        raise UsageError(f"{there[0]} is there already; name another place with --output.")
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            print(f"Wrote {path}")
    except OSError as error:
        raise UsageError(f"{error.strerror}: {error.filename}") from None
