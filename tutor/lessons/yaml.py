"""YAML as course files use it: version 1.2's values, every value with its place, nothing that surprises.

PyYAML's parser (libyaml's where it is there) gives events; what they mean is decided here. Aliases, anchors, tags and
merge keys are refused, a key may stand once in its mapping, and depth and size are bounded.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, Final

import msgspec
import yaml

from tutor.lessons.problems import Notes

DEEPEST = 24
"""Levels of nesting that a file may have."""
LARGEST = 8 * 2**20
"""Bytes that a file may have."""


class Missing:
    """The value of a node that was refused; whatever reads it says nothing more about it."""

    def __repr__(self) -> str:
        return "REFUSED"


REFUSED: Final = Missing()


class Node(msgspec.Struct):
    """A value and the place where it begins (counted from 1); `value` is plain data, without keys named `x-…`."""

    line: int
    column: int
    value: Any = REFUSED


class Scalar(Node):
    """A value without parts; `style` is empty for a plain one, else one of ' " | >."""

    text: str = ""
    style: str = ""


class Sequence(Node):
    """A list."""

    items: list[Node] = []


class Mapping(Node):
    """Keys with their places, and their values."""

    keys: dict[str, Scalar] = {}
    items: dict[str, Node] = {}

    def get(self, key: str) -> Node | None:
        """The value under a key, or None."""
        return self.items.get(key)

    def place(self, key: str) -> tuple[int, int]:
        """Line and column of the value under a key, or of the mapping that lacks it."""
        node = self.items.get(key, self)
        return node.line, node.column


class Document(msgspec.Struct, frozen=True, dict=True):
    """A file that was read: its text and its top value, None where the YAML can't be read at all."""

    text: str
    root: Node | None
    notes: Notes

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, as YAML counts them."""
        return self.text.splitlines()


_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_LONGEST_NUMBER = 60
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def parse(data: bytes, file: str) -> Document:
    """Read a file's bytes; problems are in the document's notes, and the rest is read as far as it goes."""
    notes = Notes(file)
    text = _decode(data, notes)
    if text is None:
        return Document("", None, notes)
    reader = _Reader(text, notes)
    try:
        root = reader.document()
    except _UnreadableError:
        root = None
    except yaml.MarkedYAMLError as error:
        root = None
        _syntax(error, text, notes)
    except yaml.YAMLError as error:
        root = None
        notes.add(1, 1, f"this is not YAML that can be read: {error}")
    finally:
        reader.close()
    return Document(text, root, notes)


def scalar(text: str) -> Any:
    """The value of a plain scalar by the core schema of YAML 1.2; ValueError for a number that is too long."""
    if text and text[0] not in "-+.0123456789~nNtTfF":
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        if len(text) > _LONGEST_NUMBER:
            raise ValueError(text)
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    if _FLOAT.fullmatch(text):
        if len(text) > _LONGEST_NUMBER:
            raise ValueError(text)
        return float(text)
    return text


class _UnreadableError(Exception):
    """Nothing after this place can be read."""


class _Reader:
    """Builds nodes from the parser's events."""

    def __init__(self, text: str, notes: Notes) -> None:
        self._loader = _LOADER(text)
        self._notes = notes

    def close(self) -> None:
        self._loader.dispose()

    def document(self) -> Node | None:
        """The one document of the file."""
        event = self._next()  # the stream's start
        event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            self._notes.add(1, 1, "the file is empty", "start with `format: 1`")
            return None
        root = self._node(self._next(), 0)
        self._next()  # the document's end
        event = self._next()
        if not isinstance(event, yaml.StreamEndEvent):
            self._note(event, "a second document starts here", "remove the line `---`: a file holds one document")
        return root

    def _next(self) -> Any:
        return self._loader.get_event()

    def _note(self, event: Any, message: str, help_: str = "") -> None:
        self._notes.add(event.start_mark.line + 1, event.start_mark.column + 1, message, help_)

    def _node(self, event: Any, depth: int) -> Node:
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if type(event) is yaml.AliasEvent:
            self._note(event, f"`*{event.anchor}` is an alias; aliases are not allowed", "write the value out")
            return Node(line, column)
        if event.anchor is not None:
            self._note(event, f"`&{event.anchor}` is an anchor; anchors are not allowed", "remove it")
        refused = event.tag is not None
        if refused:
            self._note(event, "tags (`!…`) are not allowed", "remove the tag, or put the text in quotes")
        if depth > DEEPEST:
            self._note(event, f"the file is nested more than {DEEPEST} levels deep")
            raise _UnreadableError
        node: Node
        if type(event) is yaml.ScalarEvent:
            node = self._scalar(event, line, column)
        elif type(event) is yaml.SequenceStartEvent:
            node = self._sequence(line, column, depth)
        else:
            node = self._mapping(line, column, depth)
        return Node(line, column) if refused else node

    def _scalar(self, event: Any, line: int, column: int) -> Scalar:
        text, style = event.value, event.style or ""
        value: Any = text
        if not style:
            try:
                value = scalar(text)
            except ValueError:
                value = REFUSED
                self._note(event, "this number is too long", "put it in quotes if it is text")
        elif style == '"' and (control := _CONTROL.search(text)):
            value = REFUSED
            self._note(event, f"the text holds a control character (U+{ord(control.group()):04X})", "remove it")
        return Scalar(line, column, value, text, style)

    def _sequence(self, line: int, column: int, depth: int) -> Sequence:
        items = []
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            items.append(self._node(event, depth + 1))
        return Sequence(line, column, [item.value for item in items], items)

    def _mapping(self, line: int, column: int, depth: int) -> Mapping:
        keys: dict[str, Scalar] = {}
        items: dict[str, Node] = {}
        while type(event := self._next()) is not yaml.MappingEndEvent:
            key = self._node(event, depth + 1)
            item = self._node(self._next(), depth + 1)
            if not isinstance(key, Scalar):
                self._notes.add(
                    key.line,
                    key.column,
                    "a key must be a word",
                    "put text with [ ] { } in quotes: YAML reads it as data",
                )
            elif key.text == "<<" and not key.style:
                self._notes.add(
                    key.line, key.column, "`<<` merges mappings, which is not allowed", "write the keys out"
                )
            elif key.text in keys:
                first = keys[key.text].line
                self._notes.add(key.line, key.column, f"`{key.text}` is given twice; first in line {first}", "keep one")
            else:
                keys[key.text], items[key.text] = key, item
        plain = {name: item.value for name, item in items.items() if not name.startswith("x-")}
        return Mapping(line, column, plain, keys, items)


def _decode(data: bytes, notes: Notes) -> str | None:
    """The text of a file, or None where its bytes are not acceptable."""
    if len(data) > LARGEST:
        notes.add(1, 1, f"the file is larger than {LARGEST // 2**20} MiB", "split the course into one file a lesson")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", errors="replace")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        notes.add(line, column, "the file is not UTF-8", "save it with the encoding UTF-8")
        return None
    if bad := _UNPRINTABLE.search(text):
        lines = text[: bad.start()].splitlines() or [""]
        after_break = text[: bad.start()].endswith(("\n", "\r"))
        line, column = (len(lines) + 1, 1) if after_break else (len(lines), len(lines[-1]) + 1)
        notes.add(line, column, f"the file holds a control character (U+{ord(bad.group()):04X})", "remove it")
        return None
    return text


_QUOTES = "put the value in quotes, or on lines of its own under `|`"
_SYNTAX: tuple[tuple[str, str, str], ...] = (
    ("mapping values are not allowed", "a colon starts a value here, where none can stand", _QUOTES),
    (
        "did not find expected ',' or ']'",
        "a list that begins with `[` is not closed, or holds text with brackets",
        _QUOTES,
    ),
    ("did not find expected ',' or '}'", "a mapping that begins with `{` is not closed", _QUOTES),
    ("did not find expected '-' indicator", "this line is not part of the list above it", "check the indentation"),
    ("could not find expected ':'", "a key without a colon", "write `key: value`, or check the indentation"),
    ("did not find expected key", "a key is expected here", "check the indentation, and quotes that end too early"),
    ("unexpected end of stream", "the quotes that begin here are never closed", "close them, or use a block with `|`"),
    ("unknown escape character", "this escape is not known in double quotes", "use single quotes, or a block with `|`"),
    ("undefined tag handle", "tags (`!…`) are not allowed", "put the text in quotes"),
    ("tab character", "a tab indents this line", "indent with spaces"),
    ("maximum nesting depth", f"the file is nested more than {DEEPEST} levels deep", ""),
    ("expected <document start>", "this line does not belong to what is above it", "check the indentation"),
)


def _syntax(error: yaml.MarkedYAMLError, text: str, notes: Notes) -> None:
    """Note a syntax error of the parser, in our words where we know it."""
    said = error.problem or error.context or "invalid"
    mark = error.problem_mark or error.context_mark
    last_line = text.count("\n")
    if error.context_mark is not None and ("end of stream" in said or mark is None or mark.line >= last_line):
        mark = error.context_mark  # what was opened there lacks its end
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    lines = text.splitlines()
    rest = lines[line - 1][column - 1 :] if line <= len(lines) else ""
    if "cannot start any token" in said and rest:
        if rest[0] == "\t":
            notes.add(line, column, "a tab indents this line", "indent with spaces")
        else:
            notes.add(line, column, f"a value can't begin with `{rest[0]}`", "put it in quotes")
        return
    for pattern, message, help_ in _SYNTAX:
        if pattern in said:
            notes.add(line, column, message, help_)
            return
    notes.add(line, column, f"this is not valid YAML: {said}")
