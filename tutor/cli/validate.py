"""`torch-tutor validate FILE…`: every problem of every file at once; runs no code."""

from __future__ import annotations

import argparse
from pathlib import Path

from tutor.cli import FINDINGS, FINE, USAGE
from tutor.cli.common import print_json
from tutor.lessons.load import validate
from tutor.lessons.problems import render


def main(options: argparse.Namespace) -> int:
    """Print the problems."""
    problems = [problem for file in options.files for problem in validate(file)]
    if options.format == "json":
        fields = ("file", "line", "column", "message", "help")
        print_json({"problems": [{field: getattr(problem, field) for field in fields} for problem in problems]})
    else:
        if problems:
            print(render(problems), end="\n\n")
        files = f"{len(options.files)} file{'s' if len(options.files) > 1 else ''}"
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}" if problems else "no problems"
        print(f"{files}, {count}.")
    if not problems:
        return FINE
    return FINDINGS if any(is_file(problem.file) for problem in problems) else USAGE


def is_file(path: str) -> bool:
    """Whether there is such a file, so that it could be read at all."""
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False
