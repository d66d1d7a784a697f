"""A course that was read before, from the cache, while its files are still the same: it opens without the YAML reader.

What is kept is plain data in MessagePack. Anything that does not fit is a miss, and the files are read again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from tutor import __version__, paths
from tutor.checks import KINDS
from tutor.checks.base import Check
from tutor.checks.python import Python
from tutor.lessons.model import AnyStep, CodeStep, Course, Lesson
from tutor.runtime.protocol import JobFile


class KeptCheck(msgspec.Struct, frozen=True, array_like=True):
    """A check and the kind that its fields belong to."""

    kind: str
    fields: msgspec.Raw


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A course whose steps have no checks, the files that it was read from, and the checks of each lesson's steps."""

    version: str
    files: dict[str, str]
    course: Course
    checks: tuple[tuple[tuple[KeptCheck, ...], ...], ...]


def course_to_open(path: Path | None, language: str | None = None) -> Course:
    """The course, from the cache where it was read before and no file has changed since; a translation is read anew."""
    if language is not None:
        from tutor.cli.common import course_of

        return course_of(path, language)
    if path is not None:
        from tutor.cli.places import located

        path = located(path)
    course = kept_course(path)
    if course is None:
        from tutor.cli.common import course_of

        course = course_of(path)
        keep_course(path, course)
    return course


def kept_course(path: Path | None) -> Course | None:
    """The kept course of that path (None: the bundled one); None where there is none, or a file has changed."""
    try:
        kept = msgspec.msgpack.decode(place_of(path).read_bytes(), type=Kept, dec_hook=to_path)
        if kept.version != __version__ or kept.files != digests(kept.files):
            return None
        lessons = zip(kept.course.lessons, kept.checks, strict=True)
        return msgspec.structs.replace(
            kept.course, lessons=tuple(with_checks(lesson, all_) for lesson, all_ in lessons)
        )
    except (OSError, ValueError, KeyError, msgspec.MsgspecError):
        return None


def keep_course(path: Path | None, course: Course) -> None:
    """Keep a course; a cache that can't be written only costs time at the next start."""
    files = {str(file) for file in (course.path, *(lesson.path for lesson in course.lessons)) if file is not None}
    files |= {check.file for lesson in course.lessons for check in own_programs(lesson)}
    files |= {str(place) for lesson in course.lessons for place in data_places(lesson)}
    place = place_of(path)
    part = place.with_name(f"{place.name}.{os.getpid()}.part")
    try:
        kept = Kept(
            version=__version__,
            files=digests(files),
            course=msgspec.structs.replace(course, lessons=tuple(without_checks(lesson) for lesson in course.lessons)),
            checks=tuple(tuple(checks_of(step) for step in lesson.steps) for lesson in course.lessons),
        )
        place.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(msgspec.msgpack.encode(kept, enc_hook=str))
        part.replace(place)
    except OSError:
        return


def own_programs(lesson: Lesson) -> list[Python]:
    """The checks of a lesson that use a file of the course's own."""
    steps = [step for step in lesson.steps if isinstance(step, CodeStep)]
    return [check for step in steps for check in step.checks if isinstance(check, Python)]


def data_places(lesson: Lesson) -> list[Path]:
    """Where the data files of a lesson are."""
    return [lesson.path.parent / file.path for file in lesson.files] if lesson.path is not None else []


def data_of(lesson: Lesson) -> tuple[JobFile, ...]:
    """The data files of a lesson; OSError where one can't be read."""
    places = data_places(lesson)
    return tuple(JobFile(file.path, place.read_bytes()) for file, place in zip(lesson.files, places, strict=False))


def place_of(path: Path | None) -> Path:
    """The file in the cache; each course file has one."""
    name = "bundled" if path is None else hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:16]
    return paths.cache_dir() / "courses" / f"{name}.course"


def digests(files: Any) -> dict[str, str]:
    """A digest of the contents of each file; OSError where one can't be read."""
    return {file: hashlib.sha256(Path(file).read_bytes()).hexdigest() for file in files}


def to_path(wanted: type, value: Any) -> Any:
    """Paths are kept as text."""
    if wanted is Path:
        return Path(value)
    raise NotImplementedError(wanted)


def checks_of(step: object) -> tuple[KeptCheck, ...]:
    """The checks of a step, those of other than code steps being none."""
    checks = step.checks if isinstance(step, CodeStep) else ()
    return tuple(KeptCheck(check.kind, msgspec.Raw(msgspec.msgpack.encode(check))) for check in checks)


def kind_of(name: str) -> type[Check]:
    """The kind of that name; KeyError where a plug-in that had it is gone."""
    kind = KINDS.get(name)
    if kind is None:
        from tutor.checks.plugins import PluginFault, kind_named

        try:
            kind = kind_named(name)
        except PluginFault:
            kind = None
    if kind is None:
        raise KeyError(name)
    return kind


def without_checks(lesson: Lesson) -> Lesson:
    """The lesson, its steps without checks and data."""
    steps = (msgspec.structs.replace(step, files=()) for step in lesson.steps)
    steps = (msgspec.structs.replace(step, checks=()) if isinstance(step, CodeStep) else step for step in steps)
    return msgspec.structs.replace(lesson, steps=tuple(steps))


def with_checks(lesson: Lesson, kept: Sequence[Sequence[KeptCheck]]) -> Lesson:
    """The lesson with the checks and the data files of its steps."""
    steps: list[AnyStep] = []
    files = data_of(lesson)
    for step, checks in zip(lesson.steps, kept, strict=True):
        made: tuple[Check, ...] = tuple(msgspec.msgpack.decode(c.fields, type=kind_of(c.kind)) for c in checks)
        whole = msgspec.structs.replace(step, files=files) if files else step
        steps.append(msgspec.structs.replace(whole, checks=made) if isinstance(whole, CodeStep) else whole)
    return msgspec.structs.replace(lesson, steps=tuple(steps))
