"""A program that passes is told what is not right about its training loop, unless the solution does the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lessons.broken import lesson
from tutor.cli import FINE, main

LOOP = """\
import torch
w = torch.tensor(3.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.01)
for step in range(20):
    optimizer.zero_grad()
    loss = w**2
    loss.backward()
    optimizer.step()
"""
WITHOUT_CLEARING = LOOP.replace("    optimizer.zero_grad()\n", "")


def step(solution: str) -> str:
    indented = "".join(f"    {line}\n" for line in solution.splitlines())
    return f"- id: own\n  kind: code\n  task: Make `n`.\n  starter: pass\n  solution: |\n{indented}    n = 1\n  checks: [n]\n"


@pytest.mark.usefixtures("torch_loaded_once")
@pytest.mark.parametrize(
    ("solution", "code", "told"),
    [
        (LOOP, WITHOUT_CLEARING, True),
        (WITHOUT_CLEARING, WITHOUT_CLEARING.replace("20", "21"), False),
        (LOOP, LOOP, False),
    ],
    ids=["a fault", "the solution's own", "none"],
)
def test_it_works_but(
    solution: str,
    code: str,
    told: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path / "home"))
    (tmp_path / "lesson.yaml").write_text(lesson(steps=step(solution)))
    (tmp_path / "answer.py").write_text(f"{code}n = 1\n")
    course, answer = str(tmp_path / "lesson.yaml"), str(tmp_path / "answer.py")
    assert main(["check", "l/own", answer, "--course", course]) == FINE
    said = capsys.readouterr().out
    assert "1 of 1 checks passed." in said
    assert ("It works, but " in said) is told
