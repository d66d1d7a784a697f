"""A course that was read before opens from the cache, and only while nothing has changed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.cli import kept
from tutor.cli.kept import keep_course, kept_course
from tutor.lessons.load import load_course

COURSE = """\
format: 1
id: small
title: Small
steps:
  - {id: one, title: One, kind: code, task: "Make x.", solution: "x = [1, 2.5]", checks: [{kind: equal, expr: x, expected: [1, 2.5]}, {kind: stdout, contains: hi}]}
  - {id: two, title: Two, kind: read, text: Read.}
"""


@pytest.fixture
def course_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path / "home"))
    file = tmp_path / "small.yaml"
    file.write_text(COURSE)
    return file


def test_a_kept_course_is_equal_to_the_one_that_was_read(course_file: Path) -> None:
    course = load_course(course_file)
    assert kept_course(course_file) is None
    keep_course(course_file, course)
    assert kept_course(course_file) == course


def test_data_files_are_kept_in_one_place_and_a_changed_one_is_told(course_file: Path) -> None:
    data = course_file.parent / "data.csv"
    data.write_text("1,2\n")
    digest = hashlib.sha256(data.read_bytes()).hexdigest()
    course_file.write_text(COURSE + f"files: [{{path: data.csv, sha256: {digest}}}]\n")
    course = load_course(course_file)
    keep_course(course_file, course)
    assert b"1,2" not in kept.place_of(course_file).read_bytes()
    again = kept_course(course_file)
    assert again == course
    assert [file.data for step in again.lessons[0].steps for file in step.files] == [b"1,2\n"] * 2
    data.write_text("1,3\n")
    assert kept_course(course_file) is None


def test_the_bundled_course_comes_back_whole(course_file: Path) -> None:
    course = load_course()
    keep_course(None, course)
    again = kept_course(None)
    assert again == course
    assert [type(step) for lesson in again.lessons for step in lesson.steps] == [
        type(step) for lesson in course.lessons for step in lesson.steps
    ]


def test_a_changed_file_is_read_again(course_file: Path) -> None:
    keep_course(course_file, load_course(course_file))
    course_file.write_text(COURSE.replace("Make x.", "Make y."))
    assert kept_course(course_file) is None
    course_file.unlink()
    assert kept_course(course_file) is None


def test_another_version_or_a_damaged_file_is_a_miss(course_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_course(course_file, load_course(course_file))
    with monkeypatch.context() as patch:
        patch.setattr(kept, "__version__", "other")
        assert kept_course(course_file) is None
    place = kept.place_of(course_file)
    place.write_bytes(place.read_bytes()[:-20])
    assert kept_course(course_file) is None


def test_a_cache_that_can_t_be_written_is_no_error(course_file: Path, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    keep_course(course_file, load_course(course_file))
    assert kept_course(course_file) is None


def test_a_kept_course_opens_without_the_yaml_reader(course_file: Path) -> None:
    keep_course(course_file, load_course(course_file))
    program = (
        "import sys; from pathlib import Path; from tutor.cli.kept import course_to_open;"
        f"print(course_to_open(Path({str(course_file)!r})).title, 'yaml' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["Small", "False"]
