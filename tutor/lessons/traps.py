"""What YAML reads in another way than it looks. Only values with which nothing else is wrong are looked at."""

from __future__ import annotations

import re

from tutor.lessons.files import Document
from tutor.lessons.nodes import Mapping, Node, Scalar, Sequence
from tutor.lessons.problems import Notes

_TEXTS = frozenset(
    ("title", "summary", "description", "objectives", "text", "task", "ask", "say", "says", "hints", "distractors")
)
"""Keys under which there is text for people, where a comment is not expected."""
_PROGRAMS = frozenset(("run", "setup", "starter", "solution", "given", "code", "also_correct"))
_FREE = frozenset(("expected", "parameters"))
"""Keys under which any value is right, so that nobody would notice that it is another one than was meant."""
_LOOKED_AT = _TEXTS | _PROGRAMS | _FREE
_CUT = re.compile(r"([ \t]+)#(.?)")
_MEANT = {
    **dict.fromkeys(("yes", "on", "y"), "true"),
    **dict.fromkeys(("no", "off", "n"), "false"),
    "none": "null",
    "nan": ".nan",
    "inf": ".inf",
    "-inf": "-.inf",
}
"""What looks like a value and is text in YAML 1.2, and how that value is written."""
_NUMBER = re.compile(r"[-+]?\d+(_\d+)+(\.\d*)?|\d+(:[0-5]\d)+")
_TUPLE = re.compile(r"\(.*,.*\)")


def traps(document: Document) -> None:
    """Note the values of a file that are not what they look like."""
    if document.root is not None:
        _Look(document).at(document.root, "")


class _Look:
    """A walk through the values of a file; each is looked at by the nearest key that says what it is."""

    def __init__(self, document: Document) -> None:
        self._lines = document.lines
        self._notes: Notes = document.notes
        self._comments = any(_CUT.search(line) for line in self._lines)

    def at(self, node: Node, key: str) -> None:
        """Look at a value under a key, and into it."""
        if isinstance(node, Scalar):
            if key in _LOOKED_AT:
                self._scalar(node, key)
        elif isinstance(node, Sequence):
            for item in node.items:
                self.at(item, key)
        elif isinstance(node, Mapping):
            self._keys_alone(node)
            for name, item in node.items.items():
                if not name.startswith("x-"):
                    self.at(item, key if key in _FREE else name)

    def _scalar(self, node: Scalar, key: str) -> None:
        if key in _PROGRAMS:
            self._joined(node)
        elif not node.style and isinstance(node.value, str):
            if key in _TEXTS and self._comments:
                self._cut(node)
            elif key in _FREE:
                self._free(node)

    # ---- a comment that was none ------------------------------------------------------------------------------------

    def _cut(self, node: Scalar) -> None:
        """A plain text ends before ` #`; with two spaces before it and one after, it is a comment by custom."""
        end = self._end(node)
        match = _CUT.match(self._lines[end[0]], end[1]) if end is not None else None
        if end is None or match is None or (len(match[1]) > 1 and match[2] in ("", " ")):
            return
        message = "` #` begins a comment, so the text ends before it"
        help_ = "put the text in quotes; if it is a comment, write two spaces before `#` and one after it"
        self._notes.add(end[0] + 1, end[1] + len(match[1]) + 1, message, help_)

    def _end(self, node: Scalar) -> tuple[int, int] | None:
        """Row and column, counted from 0, of what follows a plain scalar; None where its words are not found."""
        row, at = node.line - 1, node.column - 1
        for word in node.text.split():
            while row < len(self._lines) and not self._lines[row][at:].strip():
                row, at = row + 1, 0
            if row >= len(self._lines):
                return None
            at = len(self._lines[row]) - len(self._lines[row][at:].lstrip())
            if not self._lines[row].startswith(word, at):
                return None
            at += len(word)
        return row, at

    # ---- values that are text, and lines that are one -------------------------------------------------------------

    def _free(self, node: Scalar) -> None:
        """Text where a value was probably meant."""
        text = node.text
        meant = _MEANT.get(text.lower())
        if meant is None and _NUMBER.fullmatch(text):
            meant = text.replace("_", "") if "_" in text else None
        elif meant is None and _TUPLE.fullmatch(text):
            meant = f"[{text[1:-1]}]"
        elif meant is None:
            return
        help_ = f"write `{meant}`, or put it in quotes" if meant else "put it in quotes"
        self._note(node, f"`{text[:40]}` is text in YAML 1.2", f"{help_} if text is meant")

    def _joined(self, node: Scalar) -> None:
        """A program whose lines YAML joins to one."""
        if node.style == ">":
            self._note(node, "`>` joins the lines of a program", "write `|` after the colon: it keeps them")
        elif not node.style and (end := self._end(node)) is not None and end[0] > node.line - 1:
            self._note(node, "YAML joins the lines of this program", "write `|` after the colon, and the program below")

    def _keys_alone(self, node: Mapping) -> None:
        """`{a, b}` is no text and no set, but keys without values."""
        line = self._lines[node.line - 1] if node.line <= len(self._lines) else ""
        if line[node.column - 1 : node.column] != "{":
            return
        for name, item in node.items.items():
            if isinstance(item, Scalar) and not item.text and not item.style and not self._notes.has(node):
                help_ = "write `key: value`, or put all of it in quotes if it is text"
                self._note(node.keys[name], f"in {{ }}, `{name[:40]}` is a key without a value", help_)

    def _note(self, node: Node, message: str, help_: str) -> None:
        """Note it unless something else is wrong at the place."""
        if not self._notes.has(node):
            self._notes.at(node, message, help_)
