"""What is typed into the console: whether it makes a whole statement yet, and what was typed before; pure text."""

from __future__ import annotations

import codeop
import warnings
from collections.abc import Sequence

from tutor.widgets.indentation import after_enter

MOST = 500
"""Lines that the history keeps."""


def is_whole(lines: Sequence[str]) -> bool:
    """Whether the lines can be run as they are; a block of several lines ends with an empty one, as Python's does."""
    if len(lines) > 1 and lines[-1].strip() and (lines[-1][:1].isspace() or _opens_block(lines[0])):
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what there is to warn of is said where it runs
        try:
            return codeop.compile_command("\n".join(lines), "<console>", "exec") is not None
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
            return True  # the answer says what is wrong with it


def _opens_block(line: str) -> bool:
    return line.rstrip().endswith(":") or line.startswith("@")


def next_indent(line: str) -> str:
    """The spaces that the next line of a block begins with."""
    return after_enter(line) if line.strip() else ""


class History:
    """The lines that were typed, and where among them the arrow keys have gone to."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._place = 0
        self._typed = ""

    def add(self, line: str) -> None:
        """Keep a line; the same one again is kept once."""
        if line.strip() and line not in self._lines[-1:]:
            self._lines = [*self._lines, line][-MOST:]
        self._place = len(self._lines)

    def move(self, by: int, typed: str) -> str | None:
        """The line further up (-1) or down (1); None at the ends. Below the last comes what was being typed."""
        place = self._place + by
        if not 0 <= place <= len(self._lines):
            return None
        if self._place == len(self._lines):
            self._typed = typed
        self._place = place
        return self._lines[place] if place < len(self._lines) else self._typed
