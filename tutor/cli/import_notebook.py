"""`torch-tutor import NOTEBOOK`: a Jupyter notebook becomes a lesson draft."""

from __future__ import annotations

import argparse
from pathlib import Path

from tutor.cli import FINDINGS, FINE, UsageError
from tutor.cli.new import id_of, quoted
from tutor.exports.written import yaml_of
from tutor.imports.cells import NotebookFault, cells_of
from tutor.imports.draft import Draft
from tutor.lessons.load import validate
from tutor.widgets.formats import plural


def main(options: argparse.Namespace) -> int:
    """Write the draft, say what it has, and what is to be done."""
    path: Path = options.notebook
    output: Path = options.output or Path(f"{id_of(path.stem)}.yaml")
    if output.exists():
        raise UsageError(f"{output} is there already; name another place with --output.")
    draft = Draft()
    try:
        for cell in cells_of(path):
            draft.add(cell)
    except NotebookFault as fault:
        raise UsageError(str(fault)) from None
    steps = draft.finished()
    if not steps:
        raise UsageError(f"{path} has no cell that a lesson could be made of.")
    lesson = {"format": 1, "id": id_of(output.stem), "title": draft.title or path.stem, "steps": steps}
    try:
        output.write_text(yaml_of(lesson), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{error.strerror}: {error.filename}") from None
    tasks = [step for step in steps if step["kind"] == "code"]
    by_hand = [step["id"] for step in tasks if step.keys() & {"x-tests", "x-to-do"}]
    print(f"Made {output}: {plural(len(steps), 'step')}, of these {plural(len(tasks), 'task')}.")
    if by_hand:
        print(f"Look at `x-tests` and `x-to-do` in: {', '.join(by_hand)}.")
    problems = validate(output)
    for problem in problems:
        print(f"\n{problem}")
    print(f"Next: torch-tutor test {quoted(output)}")
    return FINDINGS if problems else FINE
