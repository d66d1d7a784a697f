"""What a program wrote, as a bounded list of lines: no markup, no terminal escapes, carriage returns obeyed."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len

from tutor.widgets.formats import visible

Stream = Literal["stdout", "stderr", "note", "input", "more", "value", "error", "next"]
"""Whose line it is: the program's, the tutor's (`note`), or a console's: a statement, its value, what went wrong."""

MAX_LINES = 5_000
MAX_CHARACTERS = 1_000_000
MAX_LINE = 4_000
"""A longer line goes on in a new one, so that no single line is slow to wrap."""

_PIECES = re.compile(r"[^\r\n]+|\r\n?|\n")


@dataclass(slots=True)
class Line:
    """One line, without its line break."""

    stream: Stream
    text: str


class OutputBuffer:
    """The last lines of the output, at most `max_lines` of them and `max_characters` characters."""

    def __init__(self, max_lines: int = MAX_LINES, max_characters: int = MAX_CHARACTERS) -> None:
        self.max_lines = max_lines
        self.max_characters = max_characters
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.lines: deque[Line] = deque()
        self.dropped_lines = 0
        self.dropped_characters = 0
        self._characters = 0
        self._open = False
        self._column = 0

    def append(self, stream: Stream, text: str) -> tuple[int, int]:
        """Take a piece of output; returns (lines dropped from the front, index of the first line that changed)."""
        dropped_before = self.dropped_lines
        text = self._keep_tail(text)
        first = max(0, len(self.lines) - 1)
        for piece in _PIECES.findall(text):
            if piece == "\r":
                self._column = 0
            elif piece in {"\n", "\r\n"}:
                self._end_line(stream)
            else:
                self._write(stream, visible_line(piece))
        while self.lines and (len(self.lines) > self.max_lines or self._characters > self.max_characters):
            self._drop_first()
        dropped = min(self.dropped_lines - dropped_before, first)
        return self.dropped_lines - dropped_before, max(0, first - dropped)

    def note(self, text: str) -> tuple[int, int]:
        """Add a line of the tutor's own; returns as `append` does."""
        return self.line("note", text)

    def line(self, stream: Stream, text: str) -> tuple[int, int]:
        """Add whole lines, also after one that is not ended; returns as `append` does."""
        self._open = False
        return self.append(stream, text.rstrip("\n") + "\n")

    def text(self) -> str:
        """All kept lines as one text."""
        return "\n".join(line.text for line in self.lines)

    def _keep_tail(self, text: str) -> str:
        """The end of a long piece: what would be dropped at once is not taken in at all."""
        cut = max(0, len(text) - self.max_characters)
        if text.count("\n", cut) > self.max_lines:
            cut = _after_newline(text, self.max_lines)
        if cut:
            self.dropped_characters += cut
            self.dropped_lines += text.count("\n", 0, cut)
        return text[cut:]

    def _end_line(self, stream: Stream) -> None:
        if not self._open or self.lines[-1].stream != stream:
            self._begin(stream)
        self._open = False

    def _begin(self, stream: Stream) -> None:
        self.lines.append(Line(stream, ""))
        self._characters += 1
        self._open = True
        self._column = 0

    def _write(self, stream: Stream, text: str) -> None:
        while text:
            if not self._open or self.lines[-1].stream != stream or self._column >= MAX_LINE:
                self._begin(stream)
            room = MAX_LINE - self._column
            self._overwrite(text[:room])
            text = text[room:]

    def _overwrite(self, text: str) -> None:
        line, end = self.lines[-1], self._column + len(text)
        self._characters += max(0, end - len(line.text))
        line.text = line.text[: self._column] + text + line.text[end:]
        self._column = end

    def _drop_first(self) -> None:
        size = len(self.lines.popleft().text) + 1
        self._characters -= size
        self.dropped_characters += size
        self.dropped_lines += 1
        if not self.lines:
            self._open = False


def _after_newline(text: str, lines: int) -> int:
    """Where the last `lines` lines of a text with more of them begin."""
    place = len(text)
    for _ in range(lines + 1):
        place = text.rfind("\n", 0, place)
    return place + 1


def visible_line(text: str) -> str:
    """A piece of a line with tabs widened and control characters made visible."""
    return visible(text.expandtabs(8) if "\t" in text else text)


def fold(text: str, width: int) -> list[str]:
    """The text in rows of at most `width` cells, as a terminal breaks it: anywhere."""
    if len(text) <= width and (text.isascii() or cell_len(text) <= width):
        return [text]
    if text.isascii():
        return [text[start : start + width] for start in range(0, len(text), width)]
    rows: list[str] = []
    row, used = "", 0
    for character in text:
        size = cell_len(character)
        if used + size > width and row:
            rows.append(row)
            row, used = "", 0
        row += character
        used += size
    rows.append(row)
    return rows
