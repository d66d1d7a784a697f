"""The pages of the kinds are the committed ones, complete, and what they show is right."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tutor.checks import KINDS
from tutor.cli import FINE, USAGE, main
from tutor.lessons import kinds
from tutor.lessons.load import validate
from tutor.lessons.model import STEP_KINDS

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "kinds.md"
EXAMPLES = [
    pytest.param(example, id=f"{name} {number}")
    for name in KINDS
    for number, example in enumerate(re.findall(r"`(\{kind: .*?\})`[,.]", kinds.page(name)))
]


def names_in(text: str) -> set[str]:
    """The names that the expressions of a check read."""
    found = set()
    for piece in re.findall(r"(?:expr|loss|of|model|data|observe|input): (?:\[(.*?)\]|\"(.*?)\"|([\w.()]+))", text):
        tree = ast.parse(next(filter(None, piece)), mode="eval")
        found |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return found - {"torch"}


def test_the_committed_document_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kinds", "--all"]) == FINE
    written = DOCUMENT.read_text(encoding="utf-8")
    assert capsys.readouterr().out == written, "write it again: torch-tutor kinds --all > docs/kinds.md"


@pytest.mark.parametrize("name", [*STEP_KINDS, *KINDS])
def test_a_page_says_what_it_is_why_and_what_else(name: str) -> None:
    page = kinds.page(name)
    titles = re.findall(r"^\*\*(.*?)\.\*\* [A-Z`{\"]", page, re.MULTILINE)
    wanted = ["What it does", "Why it matters", "Example", "Use instead"]
    assert titles == (wanted if name in KINDS else ["Why it matters", "Use instead"])


def test_every_kind_of_check_has_an_example() -> None:
    assert {example.id.split()[0] for example in EXAMPLES} == set(KINDS)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_example_is_a_check_without_a_problem(example: str, tmp_path: Path) -> None:
    made = "".join(f"        {name} = torch.ones(2)\n" for name in sorted(names_in(example)))
    (tmp_path / "checks.py").write_text("def is_orthogonal(seen):\n    pass\n")
    lesson = tmp_path / "lesson.yaml"
    lesson.write_text(
        "format: 1\nid: one\ntitle: One\nsteps:\n  - id: own\n    kind: code\n    task: Do it.\n    starter: pass\n"
        f"    solution: |\n        import torch\n        torch.no_grad()\n{made}    checks:\n      - {example}\n"
    )
    assert [problem.message for problem in validate(lesson)] == []


def test_the_ids_are_listed_with_those_of_single_kinds() -> None:
    page = kinds.page("relations")
    assert "| `transposed` | rows and columns swapped |" in page
    assert all(f"`{id_}`" in page for kind in KINDS.values() for id_ in kind.relations)


def test_the_command_lists_shows_and_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kinds"]) == FINE
    listed = capsys.readouterr().out
    assert all(f"\n  {name} " in listed for name in kinds.names())
    assert main(["kinds", "order"]) == FINE
    assert "  kind: order\n" in capsys.readouterr().out
    assert main(["kinds", "gradd"]) == USAGE
    assert "did you mean grad?" in capsys.readouterr().err
