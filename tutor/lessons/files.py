"""The files of a course: which paths are allowed, reading them within bounds, their text."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path, PurePosixPath, PureWindowsPath

import msgspec

from tutor.lessons.nodes import Node
from tutor.lessons.problems import LARGEST, Notes
from tutor.lessons.yaml import parse

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Document(msgspec.Struct, frozen=True, dict=True):
    """A file that was read: its text and its top value, None where it can't be read at all."""

    path: Path
    text: str
    root: Node | None
    notes: Notes

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, as YAML counts them."""
        return self.text.splitlines()


def read_document(path: Path, data: bytes | str) -> Document:
    """The document in a file's bytes, or in place of them the reason why they can't be had."""
    notes = Notes(str(path))
    if isinstance(data, str):
        notes.add(1, 1, data)
        return Document(path, "", None, notes)
    text = _decoded(data, notes)
    return Document(path, text or "", None if text is None else parse(text, notes), notes)


def read_bytes(path: Path, most: int = LARGEST + 1) -> bytes | str:
    """The bytes of a file, `most` of them (one more than allowed); or why it can't be read."""
    try:
        if not path.exists():
            return f"there is no file {path}"
        if not path.is_file():
            return f"{path} is not a file"
        with path.open("rb") as file:
            return file.read(most)
    except (OSError, ValueError) as error:
        return f"{path} can't be read: {getattr(error, 'strerror', None) or error}"


def unsafe(path: str, base: Path) -> tuple[str, str] | None:
    """Message and help for a path that leaves its folder or works on some systems only; None for a good one."""
    windows = PureWindowsPath(path)
    if not path.strip() or "\x00" in path:
        return "this is no path", "write the path of a file"
    if PurePosixPath(path).is_absolute() or windows.drive or windows.root:
        return "the path must be relative", "paths are relative to the folder of the file"
    if "\\" in path:
        return "the path has a backslash", "write / between folders: it works on every system"
    if ".." in PurePosixPath(path).parts or not _is_below(base / path, base):
        return "the path leads out of the folder", "keep the file in the folder, or below it"
    return None


def same_file(path: Path, other: Path) -> bool:
    """Whether two paths lead to one file."""
    try:
        return path.samefile(other)
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Whether a path leads to a folder."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _is_below(path: Path, base: Path) -> bool:
    """Whether a path, its links followed, lies in a folder; so does one that leads nowhere."""
    try:
        return path.resolve().is_relative_to(base.resolve())
    except (OSError, RuntimeError, ValueError):
        return True


def _decoded(data: bytes, notes: Notes) -> str | None:
    """The text of a file, or None where its bytes are not acceptable."""
    if len(data) > LARGEST:
        notes.add(1, 1, f"the file is larger than {LARGEST // 2**20} MiB", "split the course into one file a lesson")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", errors="replace")
        notes.add(*_end(before), "the file is not UTF-8", "save it with the encoding UTF-8")
        return None
    if bad := _UNPRINTABLE.search(text):
        message = f"the file holds a control character (U+{ord(bad.group()):04X})"
        notes.add(*_end(text[: bad.start()]), message, "remove it")
        return None
    return text


def _end(text: str) -> tuple[int, int]:
    """Line and column of what follows a text."""
    lines = (text + ".").splitlines()
    return len(lines), len(lines[-1])
