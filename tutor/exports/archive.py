"""A course as a zip: the same files give the same bytes, on every machine and at every time."""

from __future__ import annotations

import errno
import io
import zipfile
from pathlib import Path

from tutor.checks.python import Python
from tutor.lessons.load import BUNDLED, PACKAGE, Reader
from tutor.lessons.model import CodeStep, Course
from tutor.lessons.problems import CourseProblems
from tutor.lessons.translations import original_of

_WHEN = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold."""
_MODE = 0o100644 << 16


def files_of(path: Path | None) -> tuple[Course, dict[str, bytes]]:
    """A course and all its files, by their paths in the archive; CourseProblems if anything is wrong with it.

    The course file is `lessons.yaml` at the top, so that the archive opens like a folder.
    """
    reader = Reader()
    course = reader.open(path)
    reader.translations().read_all()
    problems = reader.problems()
    if course is None or problems or course.path is None:
        raise CourseProblems(problems)
    own = course.path.resolve()
    base = PACKAGE.parent if path is None else own.parent
    places = {Path(file).resolve() for file in reader.documents}
    for lesson in course.lessons:
        if lesson.path is not None:
            places |= {(lesson.path.parent / file.path).resolve() for file in lesson.files}
        for step in lesson.steps:
            checks = step.checks if isinstance(step, CodeStep) else ()
            places |= {Path(check.file).resolve() for check in checks if isinstance(check, Python)}
    found: dict[str, Path] = {}
    for place in sorted(places):
        name = _name(place, own, base.resolve())
        if name in found:
            here = f"{own.name} is called {BUNDLED} in a zip, and there is another file of this name; rename that one"
            raise OSError(errno.EEXIST, here, str(found[name] if place == own else place))
        found[name] = place
    return course, {name: place.read_bytes() for name, place in sorted(found.items())}


def _name(place: Path, own: Path, base: Path) -> str:
    """The path of a file in the archive; the course file and its translations get the names that are looked for."""
    name = place.relative_to(base)
    if place == own or original_of(place) == own:
        return place.name.replace(own.stem, Path(BUNDLED).stem, 1)
    return name.as_posix()


def archive(files: dict[str, bytes]) -> bytes:
    """The bytes of a zip with these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.external_attr, entry.create_system = _MODE, 3
            made.writestr(entry, data, zipfile.ZIP_DEFLATED, compresslevel=9)
    return buffer.getvalue()
