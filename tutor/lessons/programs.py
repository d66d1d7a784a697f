"""The Python files that a course's own checks use: read with the course, looked at, never run here."""

from __future__ import annotations

import ast
from pathlib import Path

import msgspec

from tutor.checks.python import Python
from tutor.lessons.embedded import parsed
from tutor.lessons.files import read_bytes, unsafe
from tutor.lessons.nodes import Node
from tutor.lessons.problems import Notes, did_you_mean


def with_program(check: Python, use: Node, folder: Path, notes: Notes) -> Python | None:
    """The check with the text of its file; None, and the problem noted at `use`, where there is no such function."""
    path = check.path
    data = unsafe(path, folder) or read_bytes(folder / path)
    if isinstance(data, tuple):
        notes.at(use, *data)
        return None
    if isinstance(data, str):
        notes.at(use, data, "paths are relative to the folder of the course file")
        return None
    program = _program(data, path, use, notes)
    if program is None:
        return None
    text, tree = program
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    if check.function not in functions:
        notes.at(use, f"{path} has no function `{check.function}`", did_you_mean(check.function, functions))
        return None
    return msgspec.structs.replace(check, program=text, file=str(folder / path))


def _program(data: bytes, path: str, use: Node, notes: Notes) -> tuple[str, ast.Module] | None:
    try:
        text = data.decode("utf-8-sig")
        tree = parsed(text)
    except SyntaxError as error:
        notes.at(use, f"{path} is not valid Python: line {error.lineno}: {error.msg}")
    except (ValueError, OverflowError, RecursionError, MemoryError) as error:
        notes.at(use, f"{path} can't be read as Python: {error}")
    else:
        if isinstance(tree, ast.Module):
            return text, tree
    return None
