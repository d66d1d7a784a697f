"""`torch-tutor validate FILE…`: every problem of every file at once; runs no code."""

from __future__ import annotations

import argparse
from pathlib import Path

from tutor.cli import FINDINGS, FINE, USAGE
from tutor.cli.common import print_json
from tutor.lessons.load import validate


def main(options: argparse.Namespace) -> int:
    """Print the problems."""
    problems = [problem for file in options.files for problem in validate(file)]
    if options.format == "json":
        fields = ("file", "line", "column", "message", "help")
        print_json({"problems": [{field: getattr(problem, field) for field in fields} for problem in problems]})
    else:
        for problem in problems:
            print(problem.render(text_of(Path(problem.file))), end="\n\n")
        files = f"{len(options.files)} file{'s' if len(options.files) > 1 else ''}"
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}" if problems else "no problems"
        print(f"{files}, {count}.")
    if not problems:
        return FINE
    unreadable = all(not file.is_file() for file in options.files)
    return USAGE if unreadable else FINDINGS


def text_of(file: Path) -> str:
    """The file's text for the caret line; empty where it can't be read."""
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
