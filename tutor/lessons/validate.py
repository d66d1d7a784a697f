"""Every problem of a course at once: what `load` finds, and what only authors need to know."""

from __future__ import annotations

from pathlib import Path

from tutor.lessons.load import Reader
from tutor.lessons.problems import Problem


def problems(path: Path) -> list[Problem]:
    """All problems of a file and of the files that it names; runs no code."""
    reader = Reader()
    reader.open(path)
    return reader.problems()
