"""Files that are no lessons, and lessons saved in odd ways: one clear message, or none at all, and never a traceback."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from tutor.lessons.data import MOST_DATA
from tutor.lessons.load import CourseProblems, load_course, validate
from tutor.runtime.protocol import JobFile

LESSON = """\
format: 1
id: small
title: Small
steps:
  - id: one
    kind: code
    task: Make `y`.
    solution: |
      x = 1
      y = x + 1
    checks: [y]
"""


def only_problem(path: Path) -> tuple[int, int, str]:
    """The one problem of a file, which opening it and validating it both name."""
    (problem,) = validate(path)
    with pytest.raises(CourseProblems) as caught:
        load_course(path)
    assert caught.value.problems == (problem,)
    assert problem.message in str(caught.value)
    return problem.line, problem.column, problem.message


@pytest.mark.parametrize(
    ("data", "line", "column", "message"),
    [
        (b"", 1, 1, "the file is empty"),
        (b"\n\n# nothing\n", 1, 1, "the file is empty"),
        (b"format: 1\ntitle: caf\xe9\n", 2, 11, "the file is not UTF-8"),
        ("format: 1\n".encode("utf-16"), 1, 1, "the file is not UTF-8"),
        (bytes(range(32, 256)), 1, 97, "the file is not UTF-8"),
        (b"format: 1\nid: a\x00b\n", 2, 6, "the file holds a control character (U+0000)"),
        (b"\x7fELF\x02\x01\x01\x00\x00", 1, 1, "the file holds a control character (U+007F)"),
        (b"x" * (10 * 2**20), 1, 1, "the file is larger than 4 MiB"),
        (b"format: 1\nx: " + b"[" * 50 + b"]" * 50, 2, 28, "the file is nested more than 24 levels deep"),
        (b"".join(b" " * n + b"a:\n" for n in range(2000)), 25, 25, "the file is nested more than 24 levels deep"),
        (b"- " * 9000 + b"a", 1, 51, "the file is nested more than 24 levels deep"),
        (b"format: 1\n\tid: x\n", 2, 1, "a tab indents this line"),
        (b"just some words\n", 1, 1, "a course or lesson is a mapping"),
        (b"{}", 1, 1, "`format` is missing"),
    ],
    ids=lambda value: None if isinstance(value, int) else str(value)[:24],
)
def test_no_lesson(data: bytes, line: int, column: int, message: str, tmp_path: Path) -> None:
    file = tmp_path / "lesson.yaml"
    file.write_bytes(data)
    found = validate(file)
    assert (found[0].line, found[0].column, found[0].message) == (line, column, message)
    if message != "`format` is missing":
        assert only_problem(file) == (line, column, message)


def test_a_path_that_is_no_file(tmp_path: Path) -> None:
    assert only_problem(tmp_path / "lost.yaml")[2] == f"there is no file {tmp_path / 'lost.yaml'}"
    assert only_problem(tmp_path)[2] == f"there is no file {tmp_path / 'lessons.yaml'}"
    loop = tmp_path / "loop.yaml"
    loop.symlink_to(loop)
    assert only_problem(loop)[2] == f"there is no file {loop}"
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    assert only_problem(pipe)[2] == f"{pipe} is not a file"
    assert "can't be read" in only_problem(tmp_path / ("long" * 100))[2]


def test_a_folder_is_opened_by_its_lessons_yaml(tmp_path: Path) -> None:
    (tmp_path / "lessons.yaml").write_text(LESSON)
    assert validate(tmp_path) == []
    assert load_course(tmp_path).path == tmp_path / "lessons.yaml"


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["no-bom", "bom"])
def test_line_breaks_and_byte_order_marks_do_not_count(line_break: str, mark: bytes, tmp_path: Path) -> None:
    file = tmp_path / "lesson.yaml"
    file.write_bytes(mark + LESSON.replace("\n", line_break).encode())
    assert validate(file) == []
    assert load_course(file).lesson("small").step("one").solution == "x = 1\ny = x + 1\n"
    file.write_bytes(mark + LESSON.replace("format:", "fromat:").replace("+ 1", "+").replace("\n", line_break).encode())
    assert [(problem.line, problem.column) for problem in validate(file)] == [(1, 1), (1, 1), (10, 14)]


def test_a_course_names_each_lost_lesson_and_reads_the_others(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(LESSON)
    (tmp_path / "bad.yaml").write_text(LESSON.replace("id: small", "id: Bad"))
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    (tmp_path / "outside.yaml").symlink_to("/etc/hostname")
    names = ("good.yaml", "lost.yaml", "bad.yaml", "loop.yaml", "outside.yaml", "a" * 300)
    course = tmp_path / "course.yaml"
    course.write_text("format: 1\nid: k\ntitle: K\nlessons:\n" + "".join(f"  - {name}\n" for name in names))
    found = [(Path(problem.file).name, problem.line) for problem in validate(course)]
    assert found == [*(("course.yaml", line) for line in (6, 8, 9, 10)), ("bad.yaml", 2)]


DATA = "files:\n  - {path: data/a.csv, sha256: HASH}\n  - {path: b.bin, sha256: HASH}\n"


def with_data(folder: Path, first: bytes, second: bytes) -> Path:
    """A lesson with two data files and their hashes."""
    (folder / "data").mkdir(exist_ok=True)
    text = LESSON + DATA
    for name, data in (("data/a.csv", first), ("b.bin", second)):
        (folder / name).write_bytes(data)
        text = text.replace("HASH", hashlib.sha256(data).hexdigest(), 1)
    lesson = folder / "lesson.yaml"
    lesson.write_text(text)
    return lesson


def test_data_files_go_with_every_step(tmp_path: Path) -> None:
    lesson = with_data(tmp_path, b"1,2\n", b"\x00\xff")
    assert validate(lesson) == []
    (step,) = load_course(lesson).lessons[0].steps
    assert step.files == (JobFile("data/a.csv", b"1,2\n"), JobFile("b.bin", b"\x00\xff"))


def test_a_changed_data_file_is_told_with_its_hash(tmp_path: Path) -> None:
    lesson = with_data(tmp_path, b"1,2\n", b"")
    (tmp_path / "data" / "a.csv").write_text("1,3\n")
    (problem,) = validate(lesson)
    assert (problem.line, problem.message) == (13, "the file has another hash")
    assert problem.help.split()[-1] == hashlib.sha256(b"1,3\n").hexdigest()


def test_data_files_are_bounded_in_all(tmp_path: Path) -> None:
    assert validate(with_data(tmp_path, b"x", b"x" * (MOST_DATA - 1))) == []
    (problem,) = validate(with_data(tmp_path, b"xx", b"x" * (MOST_DATA - 1)))
    assert (problem.line, problem.column) == (14, 12)
    assert problem.message == "the data files of a lesson may have 4 MiB in all, and this is more"
