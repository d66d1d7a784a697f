"""A lesson as a Jupyter notebook (nbformat 4.5) that runs, with its checks as cells that call the tutor's own core."""

from __future__ import annotations

import json
import re
from typing import Any

from tutor.exports.blocks import Block, blocks_of
from tutor.lessons.model import Course, ExperimentStep, Lesson

MARK = "# checked below as "
"""Begins the last line of an answer's cell; the step follows, as LESSON/STEP."""


def notebook(course: Course, lesson: Lesson, *, student: bool, beside: str = "") -> str:
    """The text of the file. `beside` is the file of the course that lies beside it, empty for the bundled course."""
    cells = [_cell(lesson, block) for block in blocks_of(lesson, student=student)]
    first = [_code("tutor", f"from tutor.notebook import checker\n\ncheck = checker({beside!r})")]
    made = {
        "cells": [*cells[:1], *first, *cells[1:]],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "torch_tutor": {"course": course.id, "lesson": lesson.id, "version": course.version},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def _cell(lesson: Lesson, block: Block) -> dict[str, Any]:
    name = f"{block.step}-{block.part}".strip("-")
    match block.kind:
        case "text" if block.title:
            return _text(name, f"<details><summary>{block.title}</summary>\n\n{block.text}\n\n</details>")
        case "text":
            return _text(name, block.text)
        case "answer":
            return _code(name, f"{block.text.rstrip()}\n\n{MARK}{lesson.id}/{block.step}", "answer")
        case "check":
            return _code(name, f'check("{lesson.id}/{block.step}"{_values(lesson, block.step)})', "check")
        case _:
            return _code(name, block.text.rstrip(), block.kind)


def _values(lesson: Lesson, step_id: str) -> str:
    """An experiment is judged with the values that the cell above it has."""
    step = lesson.step(step_id)
    names = step.parameters if isinstance(step, ExperimentStep) else ()
    return "".join(f", {name}={name}" for name in names)


def _text(name: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": _id(name), "metadata": {}, "source": _lines(text)}


def _code(name: str, code: str, tag: str = "") -> dict[str, Any]:
    metadata = {"tags": [tag]} if tag else {}
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": _id(name),
        "metadata": metadata,
        "outputs": [],
        "source": _lines(code),
    }


def _id(name: str) -> str:
    """An id as nbformat allows it: letters, digits, - and _, at most 64 of them."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)[-64:]


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
