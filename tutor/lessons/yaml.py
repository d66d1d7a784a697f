"""YAML as course files use it: version 1.2's values, every value with its place, nothing that surprises.

PyYAML's parser (libyaml's where it is there) gives events; what they mean is decided here. Aliases, anchors, tags and
merge keys are refused, a key may stand once in its mapping, and depth and number of values are bounded.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from tutor.lessons.nodes import REFUSED, Mapping, Node, Scalar, Sequence
from tutor.lessons.problems import Notes

DEEPEST = 24
"""Levels of nesting that a file may have."""
MOST_VALUES = 100_000
"""Values that a file may hold."""

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
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def parse(text: str, notes: Notes) -> Node | None:
    """The top value of a file, read as far as it goes; None where it can't be read at all."""
    reader = _Reader(text, notes)
    try:
        return reader.document()
    except _UnreadableError:
        return None
    except yaml.MarkedYAMLError as error:
        _syntax(error, text, notes)
    except yaml.YAMLError as error:
        notes.add(1, 1, f"this is not YAML that can be read: {error}")
    finally:
        reader.close()
    return None


def scalar(text: str) -> Any:
    """The value of a plain scalar by the core schema of YAML 1.2; ValueError for a number that is too long."""
    if text and text[0] not in "-+.0123456789~nNtTfF":
        return text
    if text in _WORDS:
        return _WORDS[text]
    whole = _INTEGER.fullmatch(text)
    if not whole and not _FLOAT.fullmatch(text):
        return text
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(text)
    return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10)) if whole else float(text)


class _UnreadableError(Exception):
    """Nothing after this place can be read."""


class _Reader:
    """Builds nodes from the parser's events."""

    def __init__(self, text: str, notes: Notes) -> None:
        self._loader = _LOADER(text)
        self._next = self._loader.get_event
        self._notes = notes
        self._left = MOST_VALUES

    def close(self) -> None:
        self._loader.dispose()

    def document(self) -> Node | None:
        """The one document of the file."""
        self._next()  # the stream's start
        if isinstance(self._next(), yaml.StreamEndEvent):
            self._notes.add(1, 1, "the file is empty", "start with `format: 1`")
            return None
        root = self._node(self._next(), 0)
        self._next()  # the document's end
        event = self._next()
        if not isinstance(event, yaml.StreamEndEvent):
            self._note(event, "a second document starts here", "remove the line `---`: a file holds one document")
        return root

    def _note(self, event: Any, message: str, help_: str = "") -> None:
        self._notes.add(event.start_mark.line + 1, event.start_mark.column + 1, message, help_)

    def _node(self, event: Any, depth: int) -> Node:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if type(event) is yaml.AliasEvent:
            self._note(event, f"`*{event.anchor}` is an alias; aliases are not allowed", "write the value out")
            return Node(line, column)
        if event.anchor is not None:
            self._note(event, f"`&{event.anchor}` is an anchor; anchors are not allowed", "remove it")
        if event.tag is not None:
            self._note(event, "tags (`!…`) are not allowed", "remove the tag, or put the text in quotes")
        self._bound(event, depth)
        node: Node
        if type(event) is yaml.ScalarEvent:
            node = self._scalar(event, line, column)
        elif type(event) is yaml.SequenceStartEvent:
            node = self._sequence(line, column, depth)
        else:
            node = self._mapping(line, column, depth)
        return node if event.tag is None else Node(line, column)

    def _bound(self, event: Any, depth: int) -> None:
        """Give up on a file that no author has written."""
        self._left -= 1
        if depth > DEEPEST:
            self._note(event, f"the file is nested more than {DEEPEST} levels deep")
            raise _UnreadableError
        if self._left < 0:
            self._note(event, f"the file holds more than {MOST_VALUES} values", "split it into one file a lesson")
            raise _UnreadableError

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
            if isinstance(key, Scalar) and self._is_new(key, keys):
                keys[key.text], items[key.text] = key, item
            elif not isinstance(key, Scalar):
                help_ = "put text with [ ] { } in quotes: YAML reads it as data"
                self._notes.at(key, "a key must be a word", help_)
        plain = {name: item.value for name, item in items.items() if not name.startswith("x-")}
        return Mapping(line, column, plain, keys, items)

    def _is_new(self, key: Scalar, keys: dict[str, Scalar]) -> bool:
        """Whether a mapping may have this key; if not, why is noted."""
        if key.text == "<<" and not key.style:
            self._notes.at(key, "`<<` merges mappings, which is not allowed", "write the keys out")
        elif key.text in keys:
            self._notes.at(key, f"`{key.text}` is given twice; first in line {keys[key.text].line}", "keep one")
        else:
            return True
        return False


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
"""A part of what the parser says, and the message and help that an author reads."""


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
