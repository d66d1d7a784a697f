"""The translations beside the files of a course: `fit.fr.yaml` holds the texts of `fit.yaml` in French.

A translation names what it translates by ids and by the place in a list. All else is the original's, so that learners
of every language run the same programs and keep the same progress.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from tutor.lessons.embedded import LONGEST_PAGE
from tutor.lessons.files import Document, read_bytes, read_document
from tutor.lessons.ids import refer
from tutor.lessons.model import STEP_KINDS, Course
from tutor.lessons.nodes import Mapping, Node, Sequence
from tutor.lessons.problems import Notes, did_you_mean
from tutor.lessons.reach import check_names
from tutor.lessons.rules import LANGUAGE, known_format
from tutor.lessons.shape import missing, read_struct
from tutor.lessons.texts import CourseText, LessonText
from tutor.lessons.translate import translated

T = TypeVar("T")
_NAME = re.compile(rf"(?P<stem>.+)\.(?P<language>{LANGUAGE.pattern})(?P<suffix>\.ya?ml)")
_LISTS = ("options", "distractors", "hints", "misconceptions", "questions", "objectives")


def original_name(name: str) -> str | None:
    """The name of the file that one of this name translates; None where the name is no translation's."""
    match = _NAME.fullmatch(name)
    return match["stem"] + match["suffix"] if match else None


def original_of(path: Path) -> Path | None:
    """The file that a file is the translation of, by its name; None where there is none."""
    name = original_name(path.name)
    original = None if name is None else path.with_name(name)
    return original if original is not None and original.is_file() else None


def is_translation(root: Node | None) -> bool:
    """Whether a file holds texts by id, and no steps or lessons of its own."""
    if not isinstance(root, Mapping):
        return False
    inner = [root.items[key] for key in ("steps", "lessons") if key in root.items]
    return not any(isinstance(node, Sequence) for node in inner) and ("language" in root.items or bool(inner))


class Translations:
    """Reads the translations of the files that were read; what they are goes to `documents`."""

    def __init__(self, documents: dict[str, Document], roots: dict[str, list[Mapping]]) -> None:
        """`roots` are the lessons of each document, by its path."""
        self._documents = documents
        self._roots = roots
        self._names = cache(_names_in)

    def read_all(self) -> None:
        """Read every translation of every file, so that its problems are known."""
        for document in list(self._documents.values()):
            prefix = document.path.stem
            for name in self._names(document.path.parent):
                match = _NAME.fullmatch(name) if name.startswith(prefix) else None
                if match and match["stem"] == prefix and match["suffix"] == document.path.suffix:
                    self._read(document, match["language"], document.path.with_name(name))

    def applied(self, course: Course, language: str) -> Course:
        """The course in a language, as far as it is translated; `fr-CA` falls back to `fr`."""
        texts = {path: self._find(document, language) for path, document in list(self._documents.items())}
        if not any(text is not None for text in texts.values()):
            return course
        own = texts.get(str(course.path))
        whole = own if isinstance(own, CourseText) else CourseText()
        lessons = {
            lesson.id: text for lesson in course.lessons if isinstance(text := texts.get(str(lesson.path)), LessonText)
        }
        made = translated(course, whole, lessons)
        if isinstance(own, LessonText) and own.title is not None:
            made = msgspec.structs.replace(made, title=own.title)
        return msgspec.structs.replace(made, language=language)

    def _find(self, document: Document, language: str) -> CourseText | LessonText | None:
        for code in dict.fromkeys((language, language.partition("-")[0])):
            path = document.path.with_name(f"{document.path.stem}.{code}{document.path.suffix}")
            if path.name in self._names(document.path.parent):
                return self._read(document, code, path)
        return None

    def _read(self, original: Document, language: str, path: Path) -> CourseText | LessonText | None:
        """The texts of one translation; None where it is none, or something is wrong with it."""
        if str(path) in self._documents:
            return None  # a lesson of the course whose name looks like a translation's
        document = read_document(path, read_bytes(path))
        root = document.root
        if root is not None and not is_translation(root):
            return None  # another file, such as an older version
        self._documents[str(path)] = document
        if not isinstance(root, Mapping) or not known_format(root, document.notes):
            return None
        _language(root, language, document.notes)
        roots = self._roots.get(str(original.path), [])
        of_course = isinstance(original.root, Mapping) and "lessons" in original.root.items
        if of_course:
            every = [one for some in self._roots.values() for one in some]
            _lessons(root, every, document.notes)
            return _struct(root, CourseText, document.notes)
        for lesson in roots[:1]:
            _lesson(root, lesson, document.notes)
        return _struct(root, LessonText, document.notes)


def _names_in(folder: Path) -> frozenset[str]:
    try:
        return frozenset(entry.name for entry in folder.iterdir())
    except OSError:
        return frozenset()


def _struct(root: Mapping, wanted: type[T], notes: Notes) -> T | None:
    apart = ("format", "language")
    data: dict[str, Any] = {key: value for key, value in root.value.items() if key not in apart}
    return read_struct(root, wanted, data, notes, apart=apart)


def _language(root: Mapping, language: str, notes: Notes) -> None:
    node = root.get("language")
    if node is None:
        missing(root, "language", f"the code of its language: `language: {language}`", notes)
    elif node.value != language:
        notes.at(node, f"the name of the file says that it is in `{language}`", f"write `language: {language}`")


# ---- what a translation names must be there -----------------------------------------------------------------------


def _lessons(root: Mapping, lessons: list[Mapping], notes: Notes) -> None:
    known = {lesson.text("id"): lesson for lesson in lessons}
    for name, key, text in _entries(root.get("lessons")):
        refer(key, known, "lesson", notes)
        if name in known and isinstance(text, Mapping):
            _lesson(text, known[name], notes)


def _lesson(text: Mapping, lesson: Mapping, notes: Notes) -> None:
    known = {step.text("id"): step for step in lesson.listed("steps") if isinstance(step, Mapping)}
    _lengths(text, lesson, notes)
    for name, key, own in _entries(text.get("steps")):
        refer(key, known, "step", notes)
        if name in known and isinstance(own, Mapping):
            _step(own, known[name], notes)


def _step(text: Mapping, step: Mapping, notes: Notes) -> None:
    """The texts are those that the step's kind has, no longer than its lists, and fit their pane."""
    kind = STEP_KINDS.get(step.text("kind"))
    if kind is None:
        return
    fields = {field.encode_name for field in msgspec.structs.fields(kind)}
    for name in _TRANSLATED - fields:
        if name in text.keys:
            known = [field for field in _IN_ORDER if field in fields]
            notes.at(text.keys[name], f"a `{kind.kind}` step has no `{name}`", did_you_mean(name, known))
    _lengths(text, step, notes)
    for name, item in text.items.items():
        if isinstance(item.value, str) and not item.value.strip() and step.text(name).strip():
            notes.at(item, f"`{name}` is empty", "leave it out to keep the text of the original")
    lines = len(text.text("text").splitlines())
    if lines > LONGEST_PAGE:
        message = f"the page has {lines} lines; a step shows at most {LONGEST_PAGE}"
        notes.at(text.at("text"), message, "say it more briefly")
    for _, key, _ in _entries(text.get("checks")):
        refer(key, check_names(step), "check", notes)
    for mine, theirs in zip(text.listed("questions"), step.listed("questions"), strict=False):
        if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
            _lengths(mine, theirs, notes)


_IN_ORDER = ("title", "text", "task", "ask", "say", "options", "distractors", "hints", "misconceptions", "checks")
_TRANSLATED = frozenset((*_IN_ORDER, "questions"))


def _lengths(text: Mapping, original: Mapping, notes: Notes) -> None:
    """Lists of texts follow the original's, so they can't be longer."""
    for name in _LISTS:
        mine, theirs = text.listed(name), original.listed(name)
        if len(mine) > len(theirs):
            message = f"the original has {len(theirs)} {name}, and this is number {len(theirs) + 1}"
            notes.at(mine[len(theirs)], message, "remove it, or add it to the original first")


def _entries(node: Node | None) -> Collection[tuple[str, Node, Node]]:
    """Names, the places of their keys, and values."""
    if not isinstance(node, Mapping):
        return ()
    return [(name, node.keys[name], item) for name, item in node.items.items() if not name.startswith("x-")]
