"""Where code runs: the options for the device and the way of starting, and the console on a finished program."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tutor.cli import FINE, USAGE, main

PROGRAM = "import torch\nw = torch.ones(2, requires_grad=True)\n(w * 3).sum().backward()\n"
COURSE = """\
format: 1
id: tiny
title: A tiny course
version: 1.0.0
lessons:
  - format: 1
    id: first
    title: First steps
    requires: {devices: [mps]}
    steps:
      - id: ones
        kind: code
        title: Ones
        task: Make `x`.
        solution: x = 1
        checks: [x]
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path / "home"))


@pytest.fixture
def program(tmp_path: Path) -> str:
    file = tmp_path / "program.py"
    file.write_text(PROGRAM)
    return str(file)


def test_the_console_evaluates_in_the_finished_program(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    typed = "w.grad\nfor i in range(2):\n    print(i)\n\nw.shap\nw.numel()\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert main(["run", program, "--console"]) == FINE
    shown = capsys.readouterr()
    assert shown.out.endswith("tensor([3., 3.])\n0\n1\n2\n")
    assert "AttributeError: 'Tensor' object has no attribute 'shap'" in shown.err
    assert "A Tensor has nothing named `shap`" in shown.err


def test_the_console_needs_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "-", "--console"]) == USAGE
    assert "--console reads expressions from standard input" in capsys.readouterr().err


def test_spawn_runs_at_the_spare_level(capsys: pytest.CaptureFixture[str], program: str) -> None:
    assert main(["run", program, "--runtime", "spawn", "--json"]) == FINE
    assert json.loads(capsys.readouterr().out)["level"] == "spare"


def test_a_device_that_is_missing_is_told_and_the_program_runs(
    capsys: pytest.CaptureFixture[str], program: str
) -> None:
    assert main(["run", program, "--device", "mps", "--json"]) == FINE
    shown = capsys.readouterr()
    assert "mps was asked for" in shown.err
    assert json.loads(shown.out)["device"] == "cpu"
    assert json.loads(shown.out)["device_name"]


def test_a_step_that_needs_a_device_is_not_judged_without_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, program: str
) -> None:
    course = tmp_path / "course.yaml"
    course.write_text(COURSE)
    assert main(["check", "first/ones", program, "--course", str(course)]) == USAGE
    assert "mps was asked for" in capsys.readouterr().err


def test_a_level_that_can_not_be_had_is_an_error_for_check_and_a_warning_for_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")  # no bubblewrap is found there
    monkeypatch.setenv("TORCH_TUTOR_LEVEL", "jail")
    assert main(["check", "tensors/brackets", program]) == USAGE
    assert "bubblewrap is not installed" in capsys.readouterr().err
    assert main(["run", program, "--json"]) == FINE
    shown = capsys.readouterr()
    assert "bubblewrap is not installed" in shown.err
    assert json.loads(shown.out)["level"] != "jail"
