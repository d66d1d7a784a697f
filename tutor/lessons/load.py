"""Open a course: the course file, its lesson files, and what ties them together."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tutor.lessons.data import data_files
from tutor.lessons.files import Document, is_folder, read_bytes, read_document, same_file, unsafe
from tutor.lessons.ids import check_id
from tutor.lessons.model import COURSE_FILE, Course, Defaults, Lesson, Step
from tutor.lessons.nodes import Mapping, Node, Scalar, Sequence
from tutor.lessons.pages import page_of
from tutor.lessons.problems import CourseProblems, Problem
from tutor.lessons.rules import course_rules, defaults_of, known_format, requirements
from tutor.lessons.shape import missing, read_struct
from tutor.lessons.steps import read_step
from tutor.lessons.translations import Translations, is_translation, original_of

__all__ = ["CourseProblems", "Found", "Problem", "Reader", "load_course", "validate"]

BUNDLED = COURSE_FILE
PACKAGE = Path(__file__).resolve().parent.parent


def load_course(path: Path | None = None, language: str | None = None) -> Course:
    """The course of a file (a course, or a lesson alone), or the bundled one; CourseProblems if anything is wrong.

    In a language, as far as there are translations beside its files.
    """
    reader = Reader()
    course = reader.open(path)
    if course is not None and language is not None and language != course.language:
        course = reader.translations().applied(course, language)
    problems = reader.problems()
    if course is None or problems:
        raise CourseProblems(problems)
    return course


def validate(path: Path) -> list[Problem]:
    """Every problem of a course or lesson file, and of the files that it names, at once; runs no code."""
    from tutor.lessons.validate import problems

    return problems(path)


class Found(NamedTuple):
    """A lesson as it was written: in a file of its own, or within the course's."""

    document: Document
    root: Mapping


class Reader:
    """Reads the files of one course; what was written stays in `documents` and `lessons`."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.lessons: list[Found] = []
        self._folder = Path()

    def problems(self) -> list[Problem]:
        """All problems, file by file in the order of the course."""
        return [
            msgspec.structs.replace(problem, page=page_of(document.root, problem.line, problem.column))
            for document in self.documents.values()
            for problem in document.notes.sorted()
        ]

    def translations(self) -> Translations:
        """The translations beside the files that were read."""
        roots: dict[str, list[Mapping]] = {}
        for found in self.lessons:
            roots.setdefault(str(found.document.path), []).append(found.root)
        return Translations(self.documents, roots)

    def open(self, path: Path | None) -> Course | None:
        """The course of a file; None where it can't be read."""
        path, base = _place(path)
        self._folder = base
        document = self._add(path, read_bytes(path))
        root = _root(document, "a course or lesson")
        if root is None:
            return None
        if is_translation(root) and (original := original_of(path)) is not None:
            document.notes.at(root, f"this is a translation of {original.name}", "open that, with `--language`")
            return None
        if "lessons" in root.items:
            return self._course(document, root, base)
        if "steps" in root.items:
            return self._lone_lesson(document, root)
        help_ = "a course has `lessons:`, a lesson has `steps:`"
        document.notes.at(root, "this is neither a course nor a lesson", help_)
        return None

    def _add(self, path: Path, data: bytes | str) -> Document:
        """The document in a file's bytes, or in place of them the reason why they can't be had."""
        return self.documents.setdefault(str(path), read_document(path, data))

    def _lone_lesson(self, document: Document, root: Mapping) -> Course | None:
        """A lesson as a course of its own."""
        lesson = self._lesson(Found(document, root), Defaults(), {})
        if lesson is None:
            return None
        return Course(id=lesson.id, title=lesson.title, lessons=(lesson,), path=document.path)

    def _course(self, document: Document, root: Mapping, base: Path) -> Course | None:
        notes = document.notes
        course = read_struct(root, Course, {**_own(root), "lessons": ()}, notes, apart=("format", "lessons"))
        check_id(root.get("id"), "course", {}, notes)
        course_rules(root, notes)
        lessons = self._lessons(document, root.items["lessons"], base, defaults_of(root, Defaults()))
        if course is None:
            return None
        return msgspec.structs.replace(course, lessons=lessons, path=document.path)

    def _lessons(self, document: Document, node: Node, base: Path, defaults: Defaults) -> tuple[Lesson, ...]:
        """The lessons of a course, from its files or inline; what they require is there."""
        if not isinstance(node, Sequence):
            document.notes.at(node, "`lessons` must be a list", "write one path a line after `- `")
            return ()
        taken: dict[str, Scalar] = {}
        found = [self._find(document, item, base) for item in node.items]
        written = [one for one in found if one is not None]
        lessons = [self._lesson(one, defaults, taken) for one in written]
        if len(written) == len(found):
            requirements([(one.root, one.document.notes) for one in written])
        return tuple(lesson for lesson in lessons if lesson is not None)

    def _find(self, document: Document, item: Node, base: Path) -> Found | None:
        """A lesson that a course holds or names."""
        notes = document.notes
        if isinstance(item, Mapping):
            return Found(document, item)
        if not isinstance(item.value, str):
            notes.at(item, "a lesson must be the path of a file, or a mapping with `steps`")
            return None
        path = base / item.value
        data = unsafe(item.value, base) or read_bytes(path)
        if isinstance(data, tuple):
            notes.at(item, *data)
        elif str(path) in self.documents:
            notes.at(item, "this file is in the course already", "remove one of the two lines")
        elif isinstance(data, str):
            notes.at(item, data, "paths are relative to the folder of the course file")
        else:
            its_document = self._add(path, data)
            root = _root(its_document, "a lesson")
            return None if root is None else Found(its_document, root)
        return None

    def _lesson(self, found: Found, usual: Defaults, taken: dict[str, Scalar]) -> Lesson | None:
        self.lessons.append(found)
        document, root = found
        notes = document.notes
        lesson = read_struct(root, Lesson, {**_own(root), "steps": ()}, notes, apart=("format", "steps"))
        check_id(root.get("id"), "lesson", taken, notes)
        steps = _steps(document, root, defaults_of(root, usual), self._folder)
        files = data_files(root, document)
        if files:
            steps = tuple(msgspec.structs.replace(step, files=files) for step in steps)
        return None if lesson is None else msgspec.structs.replace(lesson, steps=steps, path=document.path)


def _place(path: Path | None) -> tuple[Path, Path]:
    """The file of a course (None: the bundled one), and the folder that its paths are relative to."""
    inside = PACKAGE / BUNDLED
    own = inside if inside.is_file() else PACKAGE.parent / BUNDLED
    if path is None:
        path = own
    elif is_folder(path):
        path = path / BUNDLED
    return path, PACKAGE.parent if same_file(path, own) else path.parent


def _root(document: Document, what: str) -> Mapping | None:
    """The top mapping of a file whose format can be read."""
    root = document.root
    if isinstance(root, Mapping):
        return root if known_format(root, document.notes) else None
    if root is not None:
        document.notes.at(root, f"{what} is a mapping", "start with `format: 1`")
    return None


def _own(root: Mapping) -> dict[str, Any]:
    """The values of a course or lesson but for its format."""
    return {key: value for key, value in root.value.items() if key != "format"}


def _steps(document: Document, root: Mapping, defaults: Defaults, folder: Path) -> tuple[Step, ...]:
    """The steps of a lesson that nothing is wrong with."""
    notes = document.notes
    node = root.get("steps")
    if node is None:
        missing(root, "steps", "a list of steps", notes)
    elif not isinstance(node, Sequence):
        notes.at(node, "`steps` must be a list", "write each step after `- `")
    elif not node.items:
        notes.at(node, "`steps` is empty", "a lesson has at least one step")
    taken: dict[str, Scalar] = {}
    steps = [read_step(item, taken, defaults, notes, folder) for item in root.listed("steps")]
    return tuple(step for step in steps if step is not None)
