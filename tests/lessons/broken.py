"""Course files with marks where they are wrong: `«` stands before each place, the messages follow in their order."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tutor.lessons.load import validate

READ = "- {id: r, kind: read, text: Read me.}\n"
COURSE = "format: 1\nid: k\ntitle: K\n"


class Broken(NamedTuple):
    text: str
    messages: tuple[str, ...]


def into(cases: dict[str, Broken]) -> Callable[..., None]:
    """What adds a case to a table: its name, its text with marks, and a message for each mark."""

    def case(name: str, text: str, *messages: str) -> None:
        assert name not in cases
        assert text.count("«") == len(messages), name
        cases[name] = Broken(text, messages)

    return case


def lesson(fields: str = "", steps: str = "") -> str:
    """A lesson file with more fields, and with these steps instead of one that is right."""
    head = "format: 1\nid: l\ntitle: L\n" + textwrap.dedent(fields)
    return head + "steps:\n" + textwrap.indent(textwrap.dedent(steps or READ), "  ")


def code(fields: str = "", *, without: tuple[str, ...] = (), kind: str = "code") -> str:
    """A lesson with one code step: its usual fields, less some, and more."""
    usual = {
        "task": "task: Make `y`.\n",
        "starter": "starter: |\n  x = 1\n",
        "solution": "solution: |\n  x = 1\n  y = x + 1\n",
        "checks": "checks: [y]\n",
    }
    kept = "".join(text for name, text in usual.items() if name not in without)
    body = f"id: c\nkind: {kind}\n" + kept + textwrap.dedent(fields)
    return lesson(steps="- " + textwrap.indent(body, "  ")[2:])


def checks(*lines: str) -> str:
    return code("checks:\n" + "".join(f"  - {line}\n" for line in lines), without=("checks",))


def places(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its marks, and the line and column of each of them."""
    found = []
    while "«" in text:
        before, _, after = text.partition("«")
        found.append((before.count("\n") + 1, len(before) - before.rfind("\n")))
        text = before + after
    return text, found


def assert_named(broken: Broken, folder: Path) -> None:
    """Line, column and message of every mark, and no problem more."""
    text, marks = places(broken.text)
    (folder / "data.csv").write_text("1,2\n")
    (folder / "own.py").write_text("def good(seen):\n    return None\n")
    (folder / "bad.py").write_text("x = 1\ny = = 2\n")
    course = folder / "course.yaml"
    course.write_text(text, encoding="utf-8")
    found = [(problem.line, problem.column, problem.message) for problem in validate(course)]
    messages = [message.replace("{folder}", str(folder)) for message in broken.messages]
    assert found == [(*mark, message) for mark, message in zip(marks, messages, strict=True)]
