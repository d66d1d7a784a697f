"""`torch-tutor validate FILE…`: every problem of every file at once; runs no code."""

from __future__ import annotations

import argparse
from pathlib import Path

from tutor.cli import FINDINGS, FINE, USAGE
from tutor.cli.common import print_json
from tutor.cli.formats import as_github, as_human, as_json, as_junit
from tutor.lessons.load import validate


def main(options: argparse.Namespace) -> int:
    """Print the problems."""
    problems = list(dict.fromkeys(problem for file in options.files for problem in validate(file)))
    match options.format:
        case "json":
            print_json(as_json(problems))
        case "junit":
            print(as_junit(problems, options.files))
        case "github":
            print(as_github(problems), end="\n" if problems else "")
        case _:
            print(as_human(problems, len(options.files)))
    if not problems:
        return FINE
    return FINDINGS if any(is_file(problem.file) for problem in problems) else USAGE


def is_file(path: str) -> bool:
    """Whether there is such a file, so that it could be read at all."""
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False
