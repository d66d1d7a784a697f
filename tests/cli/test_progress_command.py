"""`torch-tutor progress`: figures; export and import that lose nothing; reset that asks."""

from __future__ import annotations

import datetime
import io
import json
import sqlite3
from pathlib import Path

import pytest

from tests.exports.course import made
from tutor import paths
from tutor.cli import FINE, USAGE, main
from tutor.lessons.model import StepRef
from tutor.progress import Progress, State
from tutor.statistics import figures

SQUARE, OWN = StepRef("powers", "square"), StepRef("powers", "own")


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The file of a course, in the folder where one works."""
    monkeypatch.chdir(tmp_path)
    at(tmp_path / "one", monkeypatch)
    return str(made(tmp_path / "source"))


def at(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be on another machine."""
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(home))


def progress() -> Progress:
    return Progress(paths.state_file(), "small")


def run(own: Progress, ref: StepRef, code: str, *, passed: bool) -> None:
    own.record_attempt(ref, code=code, outcome="finished", passed=passed, seconds=0.1)


def test_figures_are_plain(course: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["progress", "--course", course]) == FINE
    assert "  0 of 6   Powers\n\nYou have not run anything yet." in capsys.readouterr().out
    own = progress()
    run(own, SQUARE, "y = 1", passed=False)
    run(own, SQUARE, "y = x**2", passed=True)
    own.close()
    assert main(["progress", "--course", course]) == FINE
    assert "  1 of 6   Powers\n\n2 runs, 1 of them passed, about 0 minutes on one day." in capsys.readouterr().out
    assert main(["progress", "--json", "--course", course]) == FINE
    found = json.loads(capsys.readouterr().out)
    assert found["lessons"] == [{"lesson": "powers", "title": "Powers", "passed": 1, "steps": 6, "tested_out": 0}]
    assert (found["runs"], found["days_in_a_row"]) == (2, 1)


def test_minutes_and_days_are_counted() -> None:
    def when(day: int, hour: int, minute: int) -> float:
        return datetime.datetime(2026, 11, day, hour, minute).timestamp()

    runs = [
        (when(20, 9, 0), False),
        (when(23, 9, 0), False),
        (when(24, 9, 0), False),
        (when(24, 9, 8), True),
        (when(24, 11, 0), True),
    ]
    found = figures(runs, datetime.date(2026, 11, 25))
    assert (found.runs, found.passed_runs, found.minutes, found.days, found.days_in_a_row) == (5, 2, 8, 3, 2)
    assert figures(runs, datetime.date(2026, 11, 26)).days_in_a_row == 0


def test_progress_moves_and_both_drafts_are_kept(
    course: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one = progress()
    one.save_draft(SQUARE, "y = x**2  # one")
    run(one, SQUARE, "y = x**2", passed=True)
    one.save_draft(OWN, "z = [1]")
    one.show_hint(OWN)
    one.keep(StepRef("powers", "rates"), "runs", [1, 2])
    one.close()
    assert main(["progress", "export", "moved.json", "--course", course]) == FINE
    at(tmp_path / "two", monkeypatch)
    two = progress()
    two.save_draft(SQUARE, "y = x * x  # two")
    two.show_answer(SQUARE)
    run(two, SQUARE, "y = x * x", passed=True)
    two.close()
    capsys.readouterr()
    for added in (1, 0):
        assert main(["progress", "import", "moved.json", "--course", course]) == FINE
        assert f"Took in 2 steps and {added} runs." in capsys.readouterr().out
    two = progress()
    assert two.draft(SQUARE) == "y = x * x  # two"
    assert two.draft(OWN) == "z = [1]"
    assert two.state(SQUARE) is State.PASSED  # without the answer, on the other machine
    assert two.hints_shown(OWN) == 1
    assert two.kept(StepRef("powers", "rates"), "runs") == [1, 2]
    assert two.attempts(SQUARE) == 2
    two.close()
    with sqlite3.connect(paths.state_file()) as db:
        codes = {code for (code,) in db.execute("SELECT code FROM attempt WHERE outcome = 'imported'")}
    assert codes == {"y = x**2  # one"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "does not hold progress"),
        ('{"format": 9, "course": "small", "exported": 0}', "written by a newer torch-tutor"),
        ('{"format": 1, "course": "other", "exported": 0}', "progress of the course 'other'"),
        ('{"format": 1, "course": "small", "exported": 0, "steps": [{"lesson": 3}]}', "$.steps[0].lesson"),
    ],
)
def test_what_is_no_progress_is_told(course: str, text: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.json").write_text(text)
    assert main(["progress", "import", "bad.json", "--course", course]) == USAGE
    assert says in capsys.readouterr().err


def test_nothing_is_overwritten_and_a_missing_file_is_told(course: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("there.json").write_text("mine")
    assert main(["progress", "export", "there.json", "--course", course]) == USAGE
    assert Path("there.json").read_text() == "mine"
    assert main(["progress", "import", "nowhere.json", "--course", course]) == USAGE
    assert "No such file" in capsys.readouterr().err


@pytest.mark.parametrize(("answer", "state"), [("y\n", State.NEW), ("\n", State.PASSED)])
def test_reset_asks(
    course: str, answer: str, state: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = progress()
    run(own, SQUARE, "y = x**2", passed=True)
    own.close()
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    assert main(["progress", "reset", "powers", "--course", course]) == FINE
    assert "Your drafts are kept in the history." in capsys.readouterr().out
    own = progress()
    assert own.state(SQUARE) is state
    own.close()
    assert main(["progress", "reset", "nothing", "--yes", "--course", course]) == USAGE
