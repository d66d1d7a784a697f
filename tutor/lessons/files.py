"""The files of a course: which paths are allowed, and reading them within bounds."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from tutor.lessons.yaml import LARGEST


def unsafe(path: str, base: Path) -> tuple[str, str] | None:
    """Message and help for a path that leaves its folder or works on some systems only; None for a good one."""
    windows = PureWindowsPath(path)
    if not path.strip() or "\x00" in path:
        return "this is no path", "write the path of a file"
    if PurePosixPath(path).is_absolute() or windows.drive or windows.root:
        return "the path must be relative", "paths are relative to the folder of the file"
    if "\\" in path:
        return "the path has a backslash", "write / between folders: it works on every system"
    if ".." in PurePosixPath(path).parts or not (base / path).resolve().is_relative_to(base.resolve()):
        return "the path leads out of the folder", "keep the file in the folder, or below it"
    return None


def read_bytes(path: Path) -> bytes | str:
    """The bytes of a file, one more than allowed at the most; or why it can't be read."""
    try:
        if not path.exists():
            return f"there is no file {path}"
        if not path.is_file():
            return f"{path} is not a file"
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        return f"{path} can't be read: {getattr(error, 'strerror', None) or error}"


def same_file(path: Path, other: Path) -> bool:
    """Whether two paths lead to one file."""
    try:
        return path.samefile(other)
    except (OSError, ValueError):
        return False
