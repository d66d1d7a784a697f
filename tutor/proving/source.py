"""A course with the places of its steps in its files, so that what is wrong can be shown where it is written."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tutor.lessons.embedded import place
from tutor.lessons.files import Document
from tutor.lessons.load import CourseProblems, Reader
from tutor.lessons.model import Course, StepRef
from tutor.lessons.nodes import Mapping, Node, Scalar, Sequence
from tutor.proving import proof


class Where(NamedTuple):
    """A place in a file, counted from 1."""

    file: str
    line: int
    column: int


class Source(NamedTuple):
    """A course, and the nodes of its steps with their files."""

    course: Course
    nodes: dict[StepRef, tuple[Document, Mapping]]

    def place(self, step: StepRef, at: proof.Path = (), line: int = 0) -> Where:
        """Where a part of a step, or that line of it, is written; or the nearest part around it that is."""
        document, node = self.nodes[step]
        found: Node = node
        for key in at:
            below = _below(found, key)
            if below is None:
                break
            found = below
        file = document.notes.file
        if line and isinstance(found, Scalar):
            return Where(file, *place(found, document, line, 1))
        return Where(file, found.line, found.column)


def read_source(path: Path | None) -> Source:
    """The course of a file (None: the bundled one) with its places; CourseProblems where anything is wrong."""
    reader = Reader()
    course = reader.open(path)
    problems = reader.problems()
    if course is None or problems:
        raise CourseProblems(problems)
    nodes = {
        StepRef(found.root.text("id"), step.text("id")): (found.document, step)
        for found in reader.lessons
        for step in found.root.listed("steps")
        if isinstance(step, Mapping)
    }
    return Source(course, nodes)


def _below(node: Node, key: str | int) -> Node | None:
    if isinstance(node, Mapping) and isinstance(key, str):
        return node.get(key)
    if isinstance(node, Sequence) and isinstance(key, int) and key < len(node.items):
        return node.items[key]
    return None
