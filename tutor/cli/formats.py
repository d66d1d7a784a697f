"""Problems as other programs read them: JSON, the annotations of GitHub Actions, and JUnit's XML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from tutor.lessons.problems import Problem, render

FORMATS = ("human", "json", "github", "junit")
_FIELDS = ("file", "line", "column", "message", "help", "page")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def as_json(problems: Sequence[Problem]) -> dict[str, Any]:
    """What `--format json` prints."""
    return {"problems": [{field: getattr(problem, field) for field in _FIELDS} for problem in problems]}


def as_human(problems: Sequence[Problem], files: int) -> str:
    """Every problem with its line, and a last line that counts them."""
    count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}" if problems else "no problems"
    last = f"{files} file{'s' if files > 1 else ''}, {count}."
    return f"{render(problems)}\n\n{last}" if problems else last


def as_github(problems: Sequence[Problem]) -> str:
    """A line a problem, which GitHub shows beside the line of the file."""
    return "\n".join(map(annotation, problems))


def annotation(problem: Problem, level: str = "error") -> str:
    """A problem as GitHub reads it; `level` is "error" or "warning"."""
    where = f"file={_property(problem.file)},line={problem.line},col={problem.column}"
    said = "\n".join(part for part in (problem.message, problem.help, problem.page) if part)
    return f"::{level} {where},title={_property(problem.message)}::{_data(said)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_junit(problems: Sequence[Problem], files: Sequence[Path]) -> str:
    """A suite a file, a case a problem; a file without problems is one case that passed."""
    by_file = {file: list(own) for file, own in groupby(sorted(problems, key=_file), key=_file)}
    names = list(dict.fromkeys([*map(str, files), *by_file]))
    suites = [_suite(name, by_file.get(name, [])) for name in names]
    cases = len(problems) + sum(name not in by_file for name in names)
    head = f'<testsuites name="torch-tutor validate" tests="{cases}" failures="{len(problems)}">'
    return "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>"))


def _file(problem: Problem) -> str:
    return problem.file


def _suite(file: str, problems: Sequence[Problem]) -> str:
    head = f'  <testsuite name={_attribute(file)} tests="{len(problems) or 1}" failures="{len(problems)}">'
    passed = f'    <testcase classname={_attribute(file)} name="no problems"/>'
    return "\n".join((head, *(map(_case, problems) if problems else (passed,)), "  </testsuite>"))


def _case(problem: Problem) -> str:
    name = _attribute(f"{problem.line}:{problem.column}: {problem.message}")
    said = _escaped(render([problem]))
    return (
        f'    <testcase classname={_attribute(problem.file)} name={name} line="{problem.line}">\n'
        f"      <failure message={_attribute(problem.message)}>{said}</failure>\n"
        "    </testcase>"
    )


def _attribute(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    """A text as XML holds it, between tags or quotes; the module of the library for that takes 30 ms to load."""
    return xml_text(text).translate(_ENTITIES)


def xml_text(text: str) -> str:
    """Text with the characters replaced that XML can't hold."""
    return _NOT_XML.sub("�", text)
