"""`torch-tutor kinds`: what an author can write, a page for each kind of step and check."""

from __future__ import annotations

import argparse
import difflib
import sys

from tutor.cli import FINE, UsageError
from tutor.cli.new import step_text
from tutor.lessons import kinds
from tutor.lessons.model import STEP_KINDS


def main(options: argparse.Namespace) -> int:
    """Print the names, one page, or all of them."""
    if options.all:
        sys.stdout.write(kinds.document({kind: _example(kind) for kind in STEP_KINDS}))
    elif options.name is None:
        sys.stdout.write(_list())
    elif options.name in kinds.names():
        _show(kinds.page(options.name, _example(options.name)))
    else:
        near = difflib.get_close_matches(options.name, kinds.names(), 1)
        meant = f": did you mean {near[0]}?" if near else "."
        raise UsageError(f"there is no page of {options.name}{meant} `torch-tutor kinds` lists them.")
    return FINE


def _example(kind: str) -> str:
    return step_text(kind, f"my-{kind}") if kind in STEP_KINDS else ""


def _list() -> str:
    lines = ["A page for each: torch-tutor kinds NAME", ""]
    for name in kinds.names():
        text = kinds.page(name).splitlines()[2]
        lines.append(f"  {name:11} {text.replace('`', '')}")
    return "\n".join(lines) + "\n"


def _show(page: str) -> None:
    """As Markdown, drawn where there is a terminal."""
    if not sys.stdout.isatty():
        sys.stdout.write(page)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(page))
