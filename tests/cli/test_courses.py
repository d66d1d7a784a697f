"""`torch-tutor courses`, and the question before a course from elsewhere is opened."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tests.exports.course import made
from tutor import paths
from tutor.cli import FINE, main
from tutor.cli.common import course_of
from tutor.cli.consent import agreed
from tutor.cli.places import located
from tutor.courses import UsedCourses
from tutor.lessons.model import StepRef
from tutor.progress import Progress


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a course, in the folder where one works."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path / "home"))
    return made(tmp_path / "source")


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


@pytest.mark.parametrize(("text", "yes"), [("y\n", True), ("Yes\n", True), ("\n", False), ("n\n", False), ("", False)])
def test_only_yes_opens_a_course_and_it_is_asked_once(
    course: Path, text: str, yes: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, text)
    assert agreed(course_of(course), course, course) is yes
    said = capsys.readouterr().out
    assert "Small (small 1.0.0), 1 lesson, 6 steps" in said
    assert str(course) in said
    answer(monkeypatch, "")
    assert agreed(course_of(course), course, course) is yes
    assert ("Open it?" in capsys.readouterr().out) is not yes


def test_a_changed_file_is_not_asked_about_again_and_a_changed_zip_is(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = Path("small.zip")
    assert main(["export", str(course), "--output", "small.zip"]) == FINE
    for place in (course, located(shown)):
        assert place is not None
        answer(monkeypatch, "y\n")
        assert agreed(course_of(place), place, shown)
    (course.parent / "checks.py").write_text("def rises(seen):\n    return 'never'\n")
    assert UsedCourses(paths.state_file()).knows(course)
    shown.unlink()
    assert main(["export", str(course), "--output", "small.zip"]) == FINE
    changed = located(shown)
    assert changed is not None
    assert not UsedCourses(paths.state_file()).knows(changed)


def test_they_are_listed_with_progress_and_place(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loaded = course_of(course)
    used = UsedCourses(paths.state_file())
    used.note(loaded, course, course)
    gone = course.parent / "gone.yaml"
    used.note(loaded, gone, gone)
    progress = Progress(paths.state_file(), "small")
    progress.begin(StepRef("powers", "square"))
    progress.mark_passed(StepRef("powers", "square"))
    progress.close()
    assert main(["courses"]) == FINE
    text = capsys.readouterr().out
    assert text.splitlines()[1] == "  torch-tutor"
    assert "Small   1 of 6 steps   opened " in text
    assert f"torch-tutor {gone}   (it is not there any more" in text
    assert main(["courses", "--json"]) == FINE
    listed = json.loads(capsys.readouterr().out)["courses"]
    assert [(one["course"], one["passed"], one["there"]) for one in listed[1:]] == [
        ("small", 1, False),
        ("small", 1, True),
    ]


def test_where_nothing_can_be_kept_each_time_is_the_first(course: Path, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    used = UsedCourses(paths.state_file())
    used.note(course_of(course), course, course)
    assert not used.knows(course)
    assert used.all() == []
