"""Open a course: the course file, its lesson files, and what ties them together."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import msgspec

from tutor.lessons.files import read_bytes, same_file, unsafe
from tutor.lessons.ids import check_id
from tutor.lessons.model import Course, Defaults, Lesson, Step
from tutor.lessons.problems import CourseProblems, Notes, Problem
from tutor.lessons.rules import course_rules, defaults_of, known_format, merged, requirements
from tutor.lessons.shape import missing, read_struct
from tutor.lessons.steps import read_step
from tutor.lessons.yaml import REFUSED, Document, Mapping, Node, Scalar, Sequence, parse

__all__ = ["CourseProblems", "Problem", "Reader", "load_course", "validate"]

BUNDLED = "lessons.yaml"
PACKAGE = Path(__file__).resolve().parent.parent


class Deep(Protocol):
    """Looks deeper into what was read; its problems go to the document's notes."""

    def step(self, document: Document, node: Mapping) -> None:
        """Look into a step, whatever else is wrong with it."""

    def lesson(self, document: Document, root: Mapping, folder: Path) -> None:
        """Look into a lesson; `folder` is that of its file."""


def load_course(path: Path | None = None) -> Course:
    """The course of a file (a course, or a lesson alone), or the bundled one; CourseProblems if anything is wrong."""
    reader = Reader()
    course = reader.open(path)
    problems = reader.problems()
    if course is None or problems:
        raise CourseProblems(problems, {file: document.text for file, document in reader.documents.items()})
    return course


def validate(path: Path) -> list[Problem]:
    """Every problem of a course or lesson file, and of the files that it names, at once; runs no code."""
    from tutor.lessons.validate import problems

    return problems(path)


def bundled() -> tuple[Path, Path]:
    """The bundled course's file, and the folder that its paths are relative to."""
    inside = PACKAGE / BUNDLED
    return (inside if inside.is_file() else PACKAGE.parent / BUNDLED), PACKAGE.parent


class Reader:
    """Reads the files of one course and keeps their problems."""

    def __init__(self, deep: Deep | None = None) -> None:
        self.documents: dict[str, Document] = {}
        self._deep = deep

    def problems(self) -> list[Problem]:
        """All problems, file by file in the order of the course."""
        return [problem for document in self.documents.values() for problem in document.notes.sorted()]

    def open(self, path: Path | None) -> Course | None:
        """The course of a file; None where it can't be read."""
        own, base = bundled()
        if path is None:
            path = own
        elif path.is_dir():
            path = path / BUNDLED
        if not same_file(path, own):
            base = path.parent
        document = self._document(path, read_bytes(path))
        root = document.root
        if not isinstance(root, Mapping):
            if root is not None and root.value is not REFUSED:
                document.notes.add(root.line, root.column, "a course or lesson is a mapping", "start with `format: 1`")
            return None
        if not known_format(root, document.notes):
            return None
        if "steps" in root.items and "lessons" not in root.items:
            return self._alone(document, root, path)
        if "lessons" not in root.items:
            help_ = "a course has `lessons:`, a lesson has `steps:`"
            document.notes.add(root.line, root.column, "this is neither a course nor a lesson", help_)
            return None
        return self._course(document, root, path, base)

    def _document(self, path: Path, data: bytes | str) -> Document:
        """Parse a file, from its bytes or with the reason why they can't be had."""
        file = str(path)
        if isinstance(data, str):
            notes = Notes(file)
            notes.add(1, 1, data)
            self.documents[file] = Document("", None, notes)
        else:
            self.documents[file] = parse(data, file)
        return self.documents[file]

    def _alone(self, document: Document, root: Mapping, path: Path) -> Course | None:
        """A course of the one lesson that the file holds."""
        lesson = self._lesson(document, root, path, Defaults(), {})
        if lesson is None:
            return None
        return Course(id=lesson.id, title=lesson.title, lessons=(lesson,), path=path)

    def _course(self, document: Document, root: Mapping, path: Path, base: Path) -> Course | None:
        notes = document.notes
        data = {key: value for key, value in root.value.items() if key not in ("format", "lessons")}
        course = read_struct(
            root, Course, {**data, "lessons": ()}, notes, apart=("format", "lessons"), internal=("path",)
        )
        own = root.get("id")
        if own is not None:
            check_id(own, "course", {}, notes)
        course_rules(root, notes)
        defaults = defaults_of(root, Notes(notes.file))
        lessons = self._lessons(document, root.items["lessons"], base, defaults, path)
        if course is None:
            return None
        return msgspec.structs.replace(course, lessons=tuple(lessons), path=path)

    def _lessons(self, document: Document, node: Node, base: Path, defaults: Defaults, path: Path) -> list[Lesson]:
        """The lessons of a course, from its files or inline; what they require is there."""
        notes = document.notes
        if not isinstance(node, Sequence):
            if node.value is not REFUSED:
                notes.add(node.line, node.column, "`lessons` must be a list", "write one path a line after `- `")
            return []
        lessons: list[Lesson] = []
        taken: dict[str, Scalar] = {}
        needs: list[tuple[Mapping, Notes]] = []
        for item in node.items:
            found = self._lesson_root(document, item, base, path)
            if found is None:
                continue
            its_document, root, its_path = found
            needs.append((root, its_document.notes))
            lesson = self._lesson(its_document, root, its_path, defaults, taken)
            if lesson is not None:
                lessons.append(lesson)
        if len(needs) == len(node.items):
            requirements(needs)
        return lessons

    def _lesson_root(
        self, document: Document, item: Node, base: Path, path: Path
    ) -> tuple[Document, Mapping, Path] | None:
        """The mapping of a lesson that a course holds or names."""
        notes = document.notes
        if isinstance(item, Mapping):
            return document, item, path
        if not isinstance(item, Scalar) or not isinstance(item.value, str):
            if item.value is not REFUSED:
                notes.add(item.line, item.column, "a lesson must be the path of a file, or a mapping with `steps`")
            return None
        wrong = unsafe(item.value, base)
        if wrong:
            notes.add(item.line, item.column, *wrong)
            return None
        its_path = base / item.value
        if str(its_path) in self.documents:
            notes.add(item.line, item.column, "this file is in the course already", "remove one of the two lines")
            return None
        data = read_bytes(its_path)
        if isinstance(data, str):
            notes.add(item.line, item.column, data, "paths are relative to the folder of the course file")
            return None
        its_document = self._document(its_path, data)
        root = its_document.root
        if not isinstance(root, Mapping):
            if root is not None and root.value is not REFUSED:
                its_document.notes.add(root.line, root.column, "a lesson is a mapping", "start with `format: 1`")
            return None
        return (its_document, root, its_path) if known_format(root, its_document.notes) else None

    def _lesson(
        self, document: Document, root: Mapping, path: Path, usual: Defaults, taken: dict[str, Scalar]
    ) -> Lesson | None:
        notes = document.notes
        data: dict[str, Any] = {key: value for key, value in root.value.items() if key not in ("format", "steps")}
        data["steps"] = ()
        lesson = read_struct(root, Lesson, data, notes, apart=("format", "steps"), internal=("path",))
        own = root.get("id")
        if own is not None:
            check_id(own, "lesson", taken, notes)
        if self._deep is not None:
            self._deep.lesson(document, root, path.parent)
        steps = self._steps(document, root, merged(defaults_of(root, Notes(notes.file)), usual))
        return None if lesson is None else msgspec.structs.replace(lesson, steps=steps, path=path)

    def _steps(self, document: Document, root: Mapping, defaults: Defaults) -> tuple[Step, ...]:
        notes = document.notes
        node = root.get("steps")
        if node is None:
            missing(root, "steps", "a list of steps", notes)
            return ()
        if not isinstance(node, Sequence):
            if node.value is not REFUSED:
                notes.add(node.line, node.column, "`steps` must be a list", "write each step after `- `")
            return ()
        if not node.items:
            notes.add(node.line, node.column, "`steps` is empty", "a lesson has at least one step")
        taken: dict[str, Scalar] = {}
        steps = []
        for item in node.items:
            step = read_step(item, taken, defaults, notes)
            if step is not None:
                steps.append(step)
            if self._deep is not None and isinstance(item, Mapping):
                self._deep.step(document, item)
        return tuple(steps)
