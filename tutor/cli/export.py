"""`torch-tutor export`: a course as a zip, as notebooks, as Markdown."""

from __future__ import annotations

import argparse
from pathlib import Path

from tutor.cli import FINE, UsageError
from tutor.cli.common import course_of, reading
from tutor.cli.places import located
from tutor.exports.archive import archive, files_of
from tutor.exports.markdown import markdown
from tutor.exports.notebooks import notebook

_OWN_LAYOUT = "course.zip"
"""The course beside its notebooks, by which their cells are checked."""


def main(options: argparse.Namespace) -> int:
    """Write what was asked for; nothing is overwritten."""
    source = located(options.course)
    if options.to == "zip":
        if options.student:
            raise UsageError(
                "a course is judged by its solutions, so an archive can't leave them out;"
                " `--student` goes with `--to notebooks` and `--to markdown`."
            )
        course, files = reading(source, files_of)
        output = options.output or Path(f"{course.id}.zip")
        written = {output: archive(files)}
    else:
        course = course_of(source, options.language)
        folder = options.output or Path(course.id)
        written = {}
        beside = "" if source is None else _OWN_LAYOUT
        for number, lesson in enumerate(course.lessons, 1):
            stem = f"{number:02}-{lesson.id}"
            if options.to == "markdown":
                written[folder / f"{stem}.md"] = markdown(lesson, student=options.student).encode()
            else:
                text = notebook(course, lesson, student=options.student, beside=beside)
                written[folder / f"{stem}.ipynb"] = text.encode()
            for file in {file.path: file for step in lesson.steps for file in step.files}.values():
                written[folder / file.path] = file.data
        if options.to == "notebooks" and beside:
            written[folder / beside] = archive(reading(source, files_of)[1])
    _write(written)
    return FINE


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
