"""Problems of course files: each with the place that is wrong and what to write instead."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec

from tutor.lessons.nodes import REFUSED, Node

MOST = 200
"""Problems kept of one file; a file with more is not a lesson."""
MOST_PYTHON = 200_000
"""Characters of Python that are looked at in one file: compiling it is what takes the time."""
LARGEST = 4 * 2**20
"""Bytes that a course or lesson file may have."""

_WIDEST = 100
_WORD = re.compile(r"[\w.-]+")


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong with a file; line and column are counted from 1, in characters."""

    file: str
    line: int
    column: int
    message: str
    help: str = ""
    page: str = ""
    """Where the authors' page tells about it: "docs/authoring.md#checks"."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"

    def render(self, source_text: str | None) -> str:
        """The problem, the line of the file with a caret under the place, and the help."""
        parts = [str(self)]
        lines = (source_text or "").splitlines()
        if self.line <= len(lines):
            parts += _excerpt(lines[self.line - 1], self.line, self.column)
        if self.help:
            parts.append(f"  help: {self.help}")
        if self.page:
            parts.append(f"  see: {self.page}")
        return "\n".join(parts)


class CourseProblems(Exception):
    """A course that can't be opened, with every problem of it; as text, all of them rendered."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return render(self.problems)


class Notes:
    """Collects the problems of one file, without repeating a place's message and up to `MOST`."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: dict[tuple[int, int, str], Problem] = {}
        self._places: set[tuple[int, int]] = set()
        self._python_left = MOST_PYTHON

    def __len__(self) -> int:
        return len(self._found)

    @property
    def full(self) -> bool:
        """Whether no more problems are taken, so that looking for help is a waste."""
        return len(self._found) >= MOST

    def has(self, node: Node) -> bool:
        """Whether a problem was noted at the place of a node."""
        return (node.line, node.column) in self._places

    def may_compile(self, node: Node, characters: int) -> bool:
        """Whether so much more Python of this file is to be looked at; where it is too much, that is noted once."""
        if self._python_left < 0 or self.full:
            return False
        self._python_left -= characters
        if self._python_left < 0:
            message = f"the programs of this file have more than {MOST_PYTHON} characters, up to here"
            self.at(node, message, "split it into one file a lesson")
        return self._python_left >= 0

    def add(self, line: int, column: int, message: str, help: str = "") -> None:
        """Note a problem at a place."""
        if not self.full:
            self._places.add((line, column))
            self._found.setdefault((line, column, message), Problem(self.file, line, column, message, help))

    def at(self, node: Node, message: str, help: str = "") -> None:
        """Note a problem at a node; of one that was refused, nothing more is said."""
        if node.value is not REFUSED:
            self.add(node.line, node.column, message, help)

    def sorted(self) -> list[Problem]:
        """The problems in the order of the file."""
        return sorted(self._found.values(), key=lambda problem: (problem.line, problem.column))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A help that names the known word that `word` was probably meant to be, or else all of them."""
    names = list(known)
    close = difflib.get_close_matches(word[:60].lower(), names, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"known here: {', '.join(names)}" if names else ""


def render(problems: Iterable[Problem]) -> str:
    """All problems with the lines of their files, a blank line between them."""
    text = cache(_text)
    return "\n\n".join(problem.render(text(problem.file)) for problem in problems)


def _text(file: str) -> str:
    """The text of a file as far as problems are looked for; empty where it can't be read."""
    try:
        if not Path(file).is_file():
            return ""
        with Path(file).open(encoding="utf-8-sig", errors="replace") as opened:
            return opened.read(LARGEST)
    except (OSError, ValueError):
        return ""


def _excerpt(line: str, number: int, column: int) -> list[str]:
    """The line and carets under the word at `column`; a long line is cut to a window around it."""
    start = max(0, column - _WIDEST // 2) if len(line) > _WIDEST else 0
    shown = line[start : start + _WIDEST].replace("\t", " ")
    shown = "".join(char if char.isprintable() else "�" for char in shown)
    at = column - 1 - start
    word = _WORD.match(shown, at) if at < len(shown) else None
    carets = "^" * max(1, _columns(word.group()) if word else 1)
    gutter = f"{number:>5} | "
    return [f"{gutter}{shown}".rstrip(), " " * (len(gutter) - 2) + "| " + " " * _columns(shown[:at]) + carets]


def _columns(text: str) -> int:
    """Terminal columns that a text takes."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) != 0 for char in text)
