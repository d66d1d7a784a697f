"""`torch-tutor test`: what it takes, its exit codes and its formats."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tutor.cli import FINDINGS, FINE, USAGE, main

COURSE = Path(__file__).parents[1] / "proving" / "course.yaml"
LINES = COURSE.read_text().splitlines()


def line_below(step: str, text: str) -> int:
    """The first line of the course that begins so, below the one with the step's id."""
    start = LINES.index(f"  - id: {step}")
    return next(number for number, line in enumerate(LINES[start:], start + 1) if line.strip().startswith(text))


SLOW = line_below("slow", "solution:")
OF = line_below("no-answer", "of:")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the course in it."""
    (tmp_path / "flaws.yaml").write_text(COURSE.read_text())
    monkeypatch.chdir(tmp_path)


def output(capsys: pytest.CaptureFixture[str], *arguments: str, code: int) -> str:
    assert main(["test", "--seeds", "1", *arguments]) == code
    return capsys.readouterr().out


def test_human(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "flaws.yaml", "flaws/wrong-passes", "flaws/slow", "flaws/good", code=FINDINGS)
    good, slow, late, wrong, found, *_ = text.splitlines()
    assert good.startswith("✓ flaws/good ")
    assert slow.startswith("! flaws/slow ")
    assert late.startswith(f"    flaws.yaml:{SLOW}:15: warning: the solution runs for")
    assert wrong.startswith("✗ flaws/wrong-passes ")
    assert (
        found == f"    flaws.yaml:{line_below('wrong-passes', '- replace')}:9: the wrong program 1 passes every check"
    )
    assert "      │ z = 5\n" in text
    assert text.endswith("\n3 steps, 1 problem, 1 warning.\n")


def test_a_step_that_is_proved_or_only_warned_of_is_fine(capsys: pytest.CaptureFixture[str]) -> None:
    assert "1 step, all proved." in output(capsys, "flaws.yaml", "flaws/good", code=FINE)
    assert "1 step, all proved, 1 warning." in output(capsys, "flaws.yaml", "flaws/slow", code=FINE)


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "flaws.yaml", "flaws/good", "flaws/no-answer", "--format", "json", code=FINDINGS)
    good, wrong = json.loads(text)["steps"]
    assert (good["step"], good["passed"], good["findings"]) == ("flaws/good", True, [])
    assert wrong["passed"] is False
    assert wrong["findings"] == [
        {
            "severity": "error",
            "message": "the snippet gives no answer",
            "said": "",
            "file": "flaws.yaml",
            "line": OF,
            "column": 9,
        }
    ]
    assert {"mutants", "noticed", "kind", "seconds"} <= good.keys()


def test_junit(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "flaws.yaml", "flaws/slow", "flaws/no-answer", "--format", "junit", code=FINDINGS)
    root = ElementTree.fromstring(text.encode())
    assert (root.get("tests"), root.get("failures")) == ("2", "1")
    (suite,) = root
    slow, wrong = suite
    assert (slow.get("classname"), slow.get("name")) == ("flaws", "slow")
    assert "more than half" in (slow.findtext("system-out") or "")
    failure = wrong.find("failure")
    assert failure is not None
    assert failure.get("message") == "flaws/no-answer: the snippet gives no answer"


def test_github(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "flaws.yaml", "flaws/slow", "flaws/no-answer", "--format", "github", code=FINDINGS)
    slow, wrong = text.splitlines()
    assert slow.startswith(f"::warning file=flaws.yaml,line={SLOW},")
    assert wrong.startswith(
        f"::error file=flaws.yaml,line={OF},col=9,title=flaws/no-answer%3A the snippet gives no answer::"
    )


def test_changes_that_no_check_notices_are_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "changes.yaml").write_text((COURSE.parent / "mutants.yaml").read_text())
    text = output(capsys, "changes.yaml", "changes/excused", "changes/blind", "--mutate", code=FINDINGS)
    assert "changes.yaml:20:7: no check notices a change of the solution (operator)\n      │ - y = x + 3\n" in text
    assert "    excused: The task leaves z open.\n      │ - z = not y\n      │ + z = y\n" in text
    assert re.search(r"\nchanges: \d+ of \d+ mutants noticed \(\d+ %\), 2 excused\n", text)
    text = output(capsys, "changes.yaml", "changes/noticed", "--mutate", "--format", "json", code=FINE)
    (step,) = json.loads(text)["steps"]
    assert step["mutants"] == step["noticed"] >= 5


def test_without_a_file_the_bundled_course_is_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert "✓ autograd/summary" in output(capsys, "autograd/summary", code=FINE)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["flaws.yaml", "flaws/god"], "did you mean flaws/good?"),
        (["lost.yaml"], "lost.yaml"),
        (["flaws.yaml", "--seeds", "0"], "--seeds takes a number from 1 to 100"),
        (["flaws.yaml", "--jobs", "0"], "--jobs takes a number from 1 to 64"),
    ],
)
def test_what_can_t_be_done_is_said(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", *arguments]) == USAGE
    said = capsys.readouterr()
    assert words in said.err
    assert said.out == ""


def test_a_course_with_problems_is_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "flaws.yaml").write_text(COURSE.read_text().replace("title: Flaws", "tile: Flaws"))
    assert main(["test", "flaws.yaml"]) == USAGE
    assert "flaws.yaml:4:1: unknown key `tile`" in capsys.readouterr().err
