"""The commands of docs/authoring.md do what the page says, from an empty folder to a proved lesson."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.lessons.broken import lesson
from tests.lessons.test_authoring_docs import COMMANDS, FIRST, PAGE, STEPS
from tutor.cli import FINDINGS, FINE, USAGE, main

pytestmark = pytest.mark.usefixtures("torch_loaded_once")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the lesson of the page and a right answer."""
    (tmp_path / "powers.yaml").write_text(FIRST)
    (tmp_path / "answer.py").write_text("import torch\nx = torch.tensor([1.0, 2.0, 3.0])\ny = x * x\n")
    (tmp_path / "course.yaml").write_text("format: 1\nid: own\ntitle: Own\nversion: 0.1.0\nlessons: [powers.yaml]\n")
    cell = {"cell_type": "markdown", "metadata": {}, "source": "# Old\n\nA text."}
    (tmp_path / "old.ipynb").write_text(
        json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path / "home"))
    return tmp_path


EXPECTED = {"preview": USAGE, "test powers.yaml --mutate": FINDINGS}
"""Exit codes other than 0: there is no terminal here, and the page shows what the checks don't notice."""


def test_every_command_of_the_page_runs_in_its_order(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (command.partition(" >")[0] for command in COMMANDS):
        expected = EXPECTED.get(command, EXPECTED.get(command.split()[0], FINE))
        assert main(command.split()) == expected, command
        if expected == USAGE:
            assert "a preview needs a terminal" in capsys.readouterr().err


def test_the_unnoticed_change_is_the_one_that_is_shown_and_what_to_do_helps(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shown,) = re.findall(r"```\n( +powers\.yaml:.*?)```", PAGE, re.DOTALL)
    assert main(["test", "powers.yaml", "--mutate", "--seeds", "1"]) == FINDINGS
    text = capsys.readouterr().out
    assert shown in text
    assert "3 steps, 1 problem." in text
    assert "`checks: [x, y]`" in PAGE
    (here / "powers.yaml").write_text(FIRST.replace("checks: [y]", "checks: [x, y]"))
    assert main(["test", "powers.yaml", "--mutate", "--seeds", "1"]) == FINE


def test_the_excuse_that_is_shown_is_needed_and_enough(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (step,) = (step for step in STEPS if "mutants:" in step)
    (here / "lesson.yaml").write_text(lesson(steps=step))
    assert main(["test", "lesson.yaml", "--mutate", "--seeds", "1"]) == FINE
    text = capsys.readouterr().out
    assert "excused: Any three numbers will do." in text
    assert "warning" not in text


def test_the_fields_of_the_json_are_named(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["test", "powers.yaml", "powers/welcome", "--format", "json"])
    names = re.findall(r'^      "(\w+)":', capsys.readouterr().out, re.MULTILINE)
    assert '{"steps": [{' + ", ".join(f'"{name}"' for name in names) + "}]}" in PAGE
