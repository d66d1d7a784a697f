"""Progress survives restarts, kills, damage, read-only folders and a second tutor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.lessons.model import StepRef
from tutor.progress import Progress, State

REF = StepRef("autograd", "chain-rule")
OTHER = StepRef("autograd", "leaf")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "progress.sqlite3"


def attempt(progress: Progress, *, passed: bool) -> None:
    progress.record_attempt(REF, code="x = 1", outcome="finished", passed=passed, seconds=0.1)


def test_a_new_step_becomes_begun_and_then_passed(file: Path) -> None:
    progress = Progress(file, "pytorch")
    assert progress.state(REF) is State.NEW
    progress.begin(REF)
    assert progress.state(REF) is State.BEGUN
    attempt(progress, passed=False)
    assert progress.state(REF) is State.BEGUN
    attempt(progress, passed=True)
    assert progress.states() == {REF: State.PASSED}


def test_everything_is_there_after_a_restart(file: Path) -> None:
    progress = Progress(file, "pytorch")
    progress.save_draft(REF, "x = 2.0\n")
    progress.set_position(REF)
    progress.show_hint(REF)
    progress.show_hint(REF)
    progress.save_choice(OTHER, [2, 0])
    progress.close()
    again = Progress(file, "pytorch")
    assert again.draft(REF) == "x = 2.0\n"
    assert again.position() == REF
    assert again.hints_shown(REF) == 2
    assert again.choice(OTHER) == (0, 2)


def test_a_pass_after_the_answer_is_marked_as_such_but_never_takes_away_a_clean_one(file: Path) -> None:
    progress = Progress(file, "pytorch")
    progress.show_answer(REF)
    attempt(progress, passed=True)
    assert progress.state(REF) is State.PASSED_WITH_ANSWER
    progress.mark_passed(OTHER)
    progress.show_answer(OTHER)
    progress.mark_passed(OTHER)
    assert progress.state(OTHER) is State.PASSED


def test_failures_are_counted_since_the_last_pass(file: Path) -> None:
    progress = Progress(file, "pytorch")
    for passed in (False, False, True, False):
        attempt(progress, passed=passed)
    assert progress.failures_since_pass(REF) == 1
    assert progress.attempts(REF) == 4


def test_a_reset_keeps_the_draft_in_the_history(file: Path) -> None:
    progress = Progress(file, "pytorch")
    progress.save_draft(REF, "my work")
    progress.reset_lesson("autograd")
    assert progress.state(REF) is State.NEW
    assert progress.draft(REF) is None
    assert progress.attempts(REF) == 0
    rows = progress._db.execute("SELECT code FROM attempt").fetchall()
    assert rows == [("my work",)]


def test_courses_do_not_see_each_other(file: Path) -> None:
    Progress(file, "pytorch").save_draft(REF, "one")
    assert Progress(file, "other").draft(REF) is None


def test_two_tutors_write_to_the_same_file(file: Path) -> None:
    first, second = Progress(file, "pytorch"), Progress(file, "pytorch")
    first.save_draft(REF, "first")
    second.save_draft(OTHER, "second")
    first.mark_passed(OTHER)
    assert second.state(OTHER) is State.PASSED
    assert first.draft(OTHER) == "second"
    assert first.warning is second.warning is None


def test_kill_9_loses_nothing_that_was_handed_over(file: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from tutor.progress import Progress; from tutor.lessons.model import StepRef\n"
        "p = Progress(Path(sys.argv[1]), 'pytorch'); r = StepRef('autograd', 'chain-rule')\n"
        "p.save_draft(r, 'typed a moment ago'); p.set_position(r); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(file)], check=False)
    assert ended.returncode == -signal.SIGKILL
    again = Progress(file, "pytorch")
    assert (again.draft(REF), again.position()) == ("typed a moment ago", REF)


def test_a_damaged_file_is_set_aside_and_named(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"SQLite format 3\x00" + b"rubbish" * 400)
    progress = Progress(file, "pytorch")
    assert progress.warning is not None
    assert "damaged" in progress.warning
    aside = [p for p in file.parent.iterdir() if "damaged" in p.name]
    assert len(aside) == 1
    assert b"rubbish" in aside[0].read_bytes()
    progress.save_draft(REF, "goes on")
    assert Progress(file, "pytorch").draft(REF) == "goes on"


def test_without_a_place_to_write_it_works_until_you_quit(tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    progress = Progress(blocked / "progress.sqlite3", "pytorch")
    assert progress.warning is not None
    assert "until you quit" in progress.warning
    progress.save_draft(REF, "here for now")
    assert progress.draft(REF) == "here for now"


def test_a_write_that_fails_is_a_warning_and_not_a_crash(file: Path) -> None:
    progress = Progress(file, "pytorch")
    progress._db.execute("PRAGMA query_only = ON")
    progress.save_draft(REF, "x")
    assert progress.warning is not None
    assert "could not be saved" in progress.warning


def test_the_file_is_where_the_variable_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from tutor import paths

    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path))
    assert paths.state_file() == tmp_path / "progress.sqlite3"
    assert paths.cache_dir() == tmp_path / "cache"
    monkeypatch.delenv("TORCH_TUTOR_HOME")
    assert paths.data_dir().is_absolute()
    assert os.fspath(paths.cache_dir()) != os.fspath(paths.data_dir())


def test_what_a_kind_of_step_remembers_is_kept_until_the_step_is_reset(file: Path) -> None:
    progress = Progress(file, "pytorch")
    assert progress.kept(REF, "experiment") is None
    progress.keep(REF, "experiment", {"tried": ["lr=0.1"]})
    progress.keep(REF, "experiment", {"tried": ["lr=0.1", "lr=1"]})
    progress.keep(REF, "other", 3)
    again = Progress(file, "pytorch")
    assert again.kept(REF, "experiment") == {"tried": ["lr=0.1", "lr=1"]}
    assert again.kept(REF, "other") == 3
    again.reset_step(REF)
    assert again.kept(REF, "experiment") is None


def test_a_run_can_pass_where_the_step_needs_more(file: Path) -> None:
    progress = Progress(file, "pytorch")
    progress.record_attempt(REF, code="x", outcome="finished", passed=True, seconds=0.1, done=False)
    assert progress.state(REF) is State.BEGUN
    assert progress.failures_since_pass(REF) == 0


def test_states_stay_the_same_mapping_until_a_state_changes_here_or_by_another_tutor(file: Path) -> None:
    progress, other = Progress(file, "pytorch"), Progress(file, "pytorch")
    progress.begin(REF)
    before = progress.states()
    progress.save_draft(REF, "x = 1")
    assert progress.states() is before
    progress.mark_passed(REF)
    assert progress.states() == {REF: State.PASSED}
    assert before == {REF: State.BEGUN}
    other.begin(OTHER)
    assert progress.states() == {REF: State.PASSED, OTHER: State.BEGUN}
    progress.reset_step(REF)
    assert progress.states() == {OTHER: State.BEGUN}
