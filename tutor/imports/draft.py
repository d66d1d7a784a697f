"""A lesson draft from the cells of a notebook: texts to read, programs to run, and tasks where cells are marked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from tutor.imports.asserts import Asserted
from tutor.imports.cells import Cell
from tutor.imports.marks import is_marked, is_unwritten, starter_and_solution

MOST_LINES = 40
"""Lines of a text that a page holds."""
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
_OTTER = re.compile(r"^\s*(?:<!--)?\s*#\s*(BEGIN|END)\s+(QUESTION|SOLUTION|TESTS|PROMPT)\b", re.IGNORECASE)
_ASSIGNMENT = re.compile(r"^\s*#\s*ASSIGNMENT CONFIG", re.IGNORECASE)
_TO_DO = "The notebook has no solution here. Write one, and checks."


class Draft:
    """Collects the steps of one lesson."""

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []
        self.title = ""
        self._texts: list[str] = []
        self._ran: list[str] = []
        """The code of the cells so far: what comes later counts on it."""
        self._tests = Asserted()
        self._task: dict[str, Any] | None = None
        self._place = ""
        """Where the marks of otter-assign say that we are: "solution", "tests" or nowhere."""

    def add(self, cell: Cell) -> None:
        """Take the next cell."""
        mark = _OTTER.match(cell.text) if cell.kind != "code" else None
        if mark is not None:
            self._place = mark[2].lower() if mark[1].upper() == "BEGIN" else ""
        elif _ASSIGNMENT.match(cell.text):
            return
        elif cell.kind == "markdown":
            self._end_task()
            self._text(cell.text)
        elif cell.kind == "code" and cell.text.strip():
            self._code(cell)

    def _code(self, cell: Cell) -> None:
        is_test = (cell.grade and not cell.solution) or self._place == "tests" or "tests" in cell.tags
        if is_test and self._task is not None:
            self._tests.add(cell.text, cell.points)
        elif is_test or (self._place == "prompt"):
            return
        elif cell.solution or self._place == "solution" or is_marked(cell.text) or "solution" in cell.tags:
            self._end_task()
            self._begin_task(cell)
        else:
            self._end_task()
            self._snippet(cell.text)

    def finished(self) -> list[dict[str, Any]]:
        """The steps, after the last cell."""
        self._end_task()
        self._flush("")
        return self.steps

    # ---- texts and snippets -------------------------------------------------------------------------------------

    def _text(self, text: str) -> None:
        if text.strip():
            self._texts.append(text.strip())

    def _snippet(self, code: str) -> None:
        """A program below the text before it, with what it needs of earlier cells."""
        needed = "\n".join(_definitions(self._ran))
        self._ran.append(code.strip())
        self._flush(f"{needed}\n\n{code.strip()}\n".lstrip("\n") if needed else f"{code.strip()}\n")

    def _flush(self, run: str) -> None:
        """Make steps to read of the texts so far; the last of them has the program."""
        pages = list(_pages("\n\n".join(self._texts)))
        self._texts.clear()
        if not pages and run:
            pages = ["Run the program, and look at what it gives."]
        for number, page in enumerate(pages, 1):
            step: dict[str, Any] = {**self._head("read", page), "text": _below_title(page) + "\n"}
            if run and number == len(pages):
                step["run"] = run
            self.steps.append(step)

    def _head(self, kind: str, text: str) -> dict[str, Any]:
        heading = _HEADING.search(text)
        title = heading[1] if heading else f"Step {len(self.steps) + 1}"
        self.title = self.title or (heading[1] if heading else "")
        taken = {step["id"] for step in self.steps}
        base = _id_of(title)
        name, number = base, 1
        while name in taken:
            number += 1
            name = f"{base[:58]}-{number}"
        return {"id": name, "kind": kind, "title": _plain(title)}

    # ---- tasks --------------------------------------------------------------------------------------------------

    def _begin_task(self, cell: Cell) -> None:
        starter, solution = starter_and_solution(cell.text)
        text = "\n\n".join(self._texts) or "Finish the program."
        *before, task = list(_pages(text)) or ["Finish the program."]
        self._texts = before
        self._flush("")
        if starter == solution:
            starter = "...\n"
        self._task = {**self._head("code", task), "task": _below_title(task) + "\n"}
        if self._ran:
            self._task["setup"] = "\n\n".join(self._ran) + "\n"
        self._task |= {"starter": starter, "solution": solution}
        if is_unwritten(cell.text):
            self._task["x-to-do"] = _TO_DO
        self._tests = Asserted()

    def _end_task(self) -> None:
        task, self._task = self._task, None
        if task is None:
            return
        if self._tests.given:
            task["given"] = "\n".join(self._tests.given) + "\n"
        task["checks"] = self._tests.checks or _usual_checks(task["solution"])
        if self._tests.left:
            task["x-tests"] = "\n".join(self._tests.left) + "\n"
        self._ran.append(task["solution"].strip())
        self.steps.append(task)


def _usual_checks(solution: str) -> list[Any]:
    """Where there are no tests: the names that the solution makes, or else what it prints."""
    try:
        body = ast.parse(solution).body
    except SyntaxError:
        body = []
    names = [t.id for s in body if isinstance(s, ast.Assign) for t in s.targets if isinstance(t, ast.Name)]
    return list(dict.fromkeys(names)) or [{"kind": "stdout"}]


def _definitions(ran: list[str]) -> Iterator[str]:
    """The imports and definitions of earlier cells."""
    seen = set()
    for code in ran:
        try:
            body = ast.parse(code).body
        except SyntaxError:
            continue
        for statement in body:
            if isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef | ast.Assign):
                text = ast.unparse(statement)
                if text not in seen:
                    seen.add(text)
                    yield text


def _pages(text: str) -> Iterator[str]:
    """The text in pieces that fit a page, parted between paragraphs where that is possible."""
    page: list[str] = []
    for block in text.strip().split("\n\n"):
        lines = block.split("\n")
        if page and len(page) + 1 + len(lines) > MOST_LINES:
            yield "\n".join(page)
            page = []
        page += ["", *lines] if page else lines
        while len(page) > MOST_LINES:
            yield "\n".join(page[:MOST_LINES])
            page = page[MOST_LINES:]
    if any(line.strip() for line in page):
        yield "\n".join(page)


def _below_title(page: str) -> str:
    """The text without a heading at its top, which is the step's title, unless nothing else is there."""
    heading = _HEADING.match(page)
    rest = page[heading.end() :].strip("\n") if heading else page
    return rest or page


def _plain(title: str) -> str:
    return re.sub(r"[*_`]", "", title).strip() or "Untitled"


def _id_of(title: str) -> str:
    """The id that a title gives: lowercase letters, digits and single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].strip("-") or "step"
