"""The cells of a Jupyter notebook (nbformat 4), as plain values."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec

LARGEST = 32 * 2**20
_MAGIC = re.compile(r"^\s*[%!]")


class NotebookFault(Exception):
    """A file that is no notebook that can be read; the message says why."""


class Cell(msgspec.Struct, frozen=True):
    """A cell: "markdown", "code" or "raw", its text, and what nbgrader knows of it."""

    kind: str
    text: str
    number: int
    """Its place in the notebook, counted from 1."""
    grade: bool = False
    solution: bool = False
    points: int = 1
    tags: tuple[str, ...] = ()


def cells_of(path: Path) -> list[Cell]:
    """The cells of a notebook; NotebookFault, with line and column or the cell, if it can't be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NotebookFault(f"{path}: {error.strerror}") from None
    if len(data) > LARGEST:
        raise NotebookFault(f"{path} is larger than {LARGEST >> 20} MiB; clear its outputs first")
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise NotebookFault(f"{path} is not UTF-8 text (byte {error.start + 1})") from None
    except json.JSONDecodeError as error:
        raise NotebookFault(f"{path}:{error.lineno}:{error.colno}: this is no notebook: {error.msg}") from None
    except RecursionError:
        raise NotebookFault(f"{path} is nested too deeply to be a notebook") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        what = "its format is older than 4; open and save it with Jupyter" if _is_old(notebook) else "it has no `cells`"
        raise NotebookFault(f"{path} is no notebook that can be read: {what}")
    return [_cell(cell, number, path) for number, cell in enumerate(notebook["cells"], 1)]


def _is_old(notebook: Any) -> bool:
    return isinstance(notebook, dict) and "worksheets" in notebook


def _cell(cell: Any, number: int, path: Path) -> Cell:
    if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
        raise NotebookFault(f"{path}: cell {number} has no type")
    source = cell.get("source", "")
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    own = metadata.get("nbgrader")
    own = own if isinstance(own, dict) else {}
    tags = metadata.get("tags")
    points = own.get("points", 1)
    return Cell(
        kind=cell["cell_type"],
        text=without_magic(text) if cell["cell_type"] == "code" else text,
        number=number,
        grade=bool(own.get("grade")),
        solution=bool(own.get("solution")),
        points=int(points) if isinstance(points, int | float) and points >= 0 else 1,
        tags=tuple(map(str, tags)) if isinstance(tags, list) else (),
    )


def without_magic(code: str) -> str:
    """The code with the lines that only a notebook understands made comments."""
    return "\n".join(f"# left out: {line.strip()}" if _MAGIC.match(line) else line for line in code.split("\n"))
