"""`torch-tutor new course|lesson|step`: something that passes `test` as it comes; nothing is overwritten."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import textwrap
from pathlib import Path

from tutor.cli import FINE, UsageError
from tutor.cli.templates import COURSE, IN_A_LESSON, LESSON, STEPS
from tutor.lessons.load import BUNDLED, Reader, validate
from tutor.lessons.nodes import Mapping, Sequence

FIRST_LESSON = "first-lesson.yaml"


def main(options: argparse.Namespace) -> int:
    """Make it, and say in one line what to do next."""
    try:
        match options.what:
            case "course":
                new_course(options.path or Path("my-course"))
            case "lesson":
                new_lesson(options.path or Path("my-lesson.yaml"))
            case _ if options.path is None:
                print(step_text(options.kind, "new-step"), end="")
            case _:
                add_step(options.path, options.kind)
    except OSError as error:
        raise UsageError(f"{error.strerror}: {error.filename}") from None
    return FINE


def new_course(folder: Path) -> None:
    """A folder with a course of one lesson."""
    course, lesson = folder / BUNDLED, folder / FIRST_LESSON
    for file in (course, lesson):
        _must_be_new(file)
    folder.mkdir(parents=True, exist_ok=True)
    _write(
        course,
        COURSE.format(id=id_of(folder.resolve().name), title=title_of(folder.resolve().name), lesson=lesson.name),
    )
    _write(lesson, lesson_text(lesson.stem))
    print(f"Made {course} and {lesson}. Next: torch-tutor test {quoted(folder)}")


def new_lesson(file: Path) -> None:
    """A lesson with three steps."""
    if not file.suffix:
        file = file.with_suffix(".yaml")
    _must_be_new(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    _write(file, lesson_text(file.stem))
    print(f"Made {file}. Next: torch-tutor preview {quoted(file)}")


def add_step(file: Path, kind: str) -> None:
    """A step more at the end of a lesson; a file that has problems, or would then have some, stays as it is."""
    reader = Reader()
    reader.open(file)
    if problems := validate(file):
        raise UsageError(f"{file} has problems; nothing was added.\n\n{problems[0]}")
    document, root = next(((lesson.document, lesson.root) for lesson in reader.lessons), (None, None))
    if document is None or root is None or document.path != file or root is not document.root:
        raise UsageError(f"{file} is no lesson file; name the file that has `steps:`")
    steps = root.get("steps")
    assert isinstance(steps, Sequence), "a lesson without problems has a list of steps"
    ids = {step.text("id") for step in steps.items if isinstance(step, Mapping)}
    name = next(name for name in ("new-step", *(f"new-step-{number}" for number in range(2, 1000))) if name not in ids)
    lines = document.lines
    later = [key.line for key in root.keys.values() if key.line > root.keys["steps"].line]
    end = min(later, default=len(lines) + 1) - 1
    while end and not lines[end - 1].strip():
        end -= 1
    indent = re.match(r" *(?=- )", lines[steps.items[0].line - 1])
    if indent is None:
        raise UsageError(f"{file} does not begin each step with `- ` in a line of its own; nothing was added")
    added = textwrap.indent(step_text(kind, name), indent.group()).rstrip().split("\n")
    text = "\n".join([*lines[:end], "", *added, *lines[end:]]).rstrip() + "\n"
    _replace(file, text)
    print(f"Added the step {name} to {file}. Next: torch-tutor preview {quoted(file)} {name}")


def _replace(file: Path, text: str) -> None:
    """Put another text in the place of a lesson's, if no problem comes with it."""
    part = file.with_name(f".{file.stem}.{os.getpid()}.part.yaml")
    try:
        part.write_text(text, encoding="utf-8")
        if problems := validate(part):
            raise UsageError(f"{file} is written in a way that no step can be added to; nothing was.\n\n{problems[0]}")
        part.chmod(file.stat().st_mode)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


# ---- texts ------------------------------------------------------------------------------------------------------


def step_text(kind: str, name: str) -> str:
    """A step of that kind as YAML."""
    return STEPS[kind].format(id=name)


def lesson_text(name: str) -> str:
    """A lesson that is called as its file."""
    steps = "\n".join(step_text(kind, f"first-{kind}") for kind in IN_A_LESSON)
    return LESSON.format(id=id_of(name), title=title_of(name), steps=textwrap.indent(steps, "  "))


def id_of(name: str) -> str:
    """An id made of a file's name: "my-lesson" of "My lesson"."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:64].strip("-") or "new"


def title_of(name: str) -> str:
    """A title made of a file's name, safe to write without quotes: "My lesson" of "my_lesson"."""
    words = re.sub(r"[^\w]+|_+", " ", name).strip()
    return words[:1].upper() + words[1:] if words and not words[0].isdigit() else f"Lesson {words}".strip()


def quoted(path: Path) -> str:
    """A path as a shell takes it."""
    return shlex.quote(str(path))


def _must_be_new(file: Path) -> None:
    if file.exists() or file.is_symlink():
        raise UsageError(f"{file} is there already, and nothing is overwritten; name another")


def _write(file: Path, text: str) -> None:
    """Write a file that is not there yet."""
    with file.open("x", encoding="utf-8", newline="\n") as opened:
        opened.write(text)
