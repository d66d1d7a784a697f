"""The preview: what is saved is shown, a bad save keeps what was there and says what is wrong."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.app.driver import WIDE, Driver
from tests.app.fakes import FakeExaminer, FakeRuntime
from tutor import paths
from tutor.cli import USAGE, UsageError, main
from tutor.cli.preview import first_of
from tutor.lessons.load import load_course
from tutor.lessons.model import StepRef
from tutor.preview import PreviewApp, run_preview
from tutor.progress import Progress

LESSON = """\
format: 1
id: powers
title: Powers
steps:
  - id: welcome
    kind: read
    title: Welcome
    text: A page to read.
  - id: square
    kind: code
    title: Squares
    task: Make `y`.
    starter: x = 1
    solution: |
      x = 1
      y = x**2
    checks: [y]
"""
COURSE = "format: 1\nid: both\ntitle: Both\nlessons: [powers.yaml, other.yaml]\n"
OTHER = LESSON.replace("id: powers", "id: other").replace("Powers", "Others")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "powers.yaml"
    path.write_text(LESSON)
    (tmp_path / "other.yaml").write_text(OTHER)
    (tmp_path / "course.yaml").write_text(COURSE)
    return path


class Author(Driver):
    """What a test does with files, and sees in the preview."""

    app: PreviewApp

    async def save(self, file: Path, text: str) -> None:
        """Write a file, with another time than before, and have it looked at."""
        before = file.stat().st_mtime_ns if file.exists() else 0
        file.write_text(text)
        os.utime(file, ns=(before + 10**9, before + 10**9))
        await self.look()

    async def look(self) -> None:
        await self.app.look()
        await self.settle()


@asynccontextmanager
async def preview(path: Path, step: str | None = None) -> AsyncIterator[Author]:
    course = load_course(path)
    examiner = FakeExaminer(FakeRuntime())
    progress = Progress(path.parent / "preview.sqlite3", course.id)
    ref = first_of(course, step)
    app = PreviewApp(path, course, progress, ref, examiner=examiner, runtime=examiner.runtime)
    app.animation_level = "none"
    async with app.run_test(size=WIDE) as pilot:
        author = Author(app, pilot, examiner)
        await author.settle()
        yield author
    progress.close()


async def test_what_is_saved_is_shown(file: Path) -> None:
    async with preview(file) as a:
        assert "A page to read." in a.text
        await a.save(file, LESSON.replace("A page to read.", "Another page."))
        assert "Another page." in a.text
        assert a.app.note == ""


async def test_a_bad_save_keeps_the_page_and_says_what_is_wrong_until_it_is_right_again(file: Path) -> None:
    async with preview(file) as a:
        await a.save(file, LESSON.replace("kind: read", "kimd: read").replace("checks", "cheks"))
        assert "A page to read." in a.text
        assert a.bottom.startswith("powers.yaml:5:5: ")
        assert "more)" in a.bottom
        await a.press("ctrl+n")
        assert "powers.yaml:5:5" in a.bottom
        await a.press("f4")
        await a.look()
        assert "powers.yaml:5:5" in a.bottom
        await a.save(file, LESSON)
        assert "powers.yaml" not in a.bottom


async def test_a_file_that_is_gone_and_comes_back(file: Path) -> None:
    async with preview(file) as a:
        file.unlink()
        await a.look()
        assert "powers.yaml:1:1: " in a.bottom
        await a.save(file, LESSON.replace("A page to read.", "It is back."))
        assert "It is back." in a.text


async def test_what_did_not_change_stays_as_it_is(file: Path) -> None:
    async with preview(file, "square") as a:
        editor = a.lesson.desk.editor
        editor.text = "x = 7"
        await a.settle()
        await a.save(file, LESSON.replace("A page to read.", "Another page."))
        assert editor.text == "x = 7"
        await a.save(file, LESSON.replace("Make `y`.", "Make the square."))
        assert "Make the square." in a.text
        assert editor.text == "x = 7"  # the draft


async def test_a_new_starter_is_shown_where_nothing_was_typed(file: Path) -> None:
    async with preview(file, "powers/square") as a:
        await a.save(file, LESSON.replace("starter: x = 1", "starter: x = 2"))
        assert a.lesson.desk.editor.text == "x = 2"


async def test_another_step_comes_where_the_open_one_is_gone(file: Path) -> None:
    async with preview(file, "square") as a:
        await a.save(file, LESSON.replace("id: square", "id: cube"))
        assert a.lesson.ref == StepRef("powers", "cube")
        await a.save(file, LESSON[: LESSON.index("  - id: square")])
        assert a.lesson.ref == StepRef("powers", "welcome")
        await a.save(file, LESSON.replace("id: powers", "id: roots"))
        assert a.lesson.ref == StepRef("roots", "welcome")


async def test_every_file_of_a_course_is_looked_at(file: Path) -> None:
    async with preview(file.with_name("course.yaml")) as a:
        assert "Others" in a.text
        await a.save(file.with_name("other.yaml"), OTHER.replace("Others", "Something else"))
        assert "Something else" in a.map.app.services.course.lesson("other").title  # type: ignore[attr-defined]
        assert "Something else" in a.text
        third = file.with_name("third.yaml")
        third.write_text(LESSON.replace("id: powers", "id: third"))
        await a.save(file.with_name("course.yaml"), COURSE.replace("other.yaml", "other.yaml, third.yaml"))
        await a.save(third, LESSON.replace("id: powers", "id: third").replace("Powers", "A third"))
        assert "A third" in a.text


async def test_a_question_is_answered_first(file: Path) -> None:
    async with preview(file, "square") as a:
        await a.press("f7")
        await a.save(file, LESSON.replace("Make `y`.", "Make the square."))
        assert "Reset this step?" in a.text
        await a.press("escape")
        await a.look()
        assert "Make the square." in a.text


async def test_the_files_are_looked_at_without_being_asked(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.preview.LOOK_S", 0.01)
    async with preview(file) as a:
        file.write_text(LESSON.replace("A page to read.", "A page that came by itself."))
        while "came by itself" not in a.text:
            await a.pilot.pause()


def test_the_step_to_begin_with(file: Path) -> None:
    lesson, course = load_course(file), load_course(file.with_name("course.yaml"))
    assert first_of(lesson, None) == StepRef("powers", "welcome")
    assert first_of(course, None) is None
    assert first_of(course, "other/square") == StepRef("other", "square")
    assert first_of(course, "square") == StepRef("powers", "square")
    with pytest.raises(UsageError, match="did you mean powers/square"):
        first_of(lesson, "sqare")


def test_without_a_terminal_it_is_said(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", str(file)]) == USAGE
    assert "a preview needs a terminal" in capsys.readouterr().err


def test_drafts_are_kept_apart_from_the_learners(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path / "home"))

    def type_something(app: PreviewApp) -> None:
        app.services.progress.save_draft(StepRef("powers", "square"), "x = 3")

    monkeypatch.setattr(PreviewApp, "run", type_something)
    run_preview(file, load_course(file), None)
    assert not paths.state_file().exists()
    with sqlite3.connect(paths.preview_file()) as database:
        assert database.execute("SELECT draft FROM step").fetchall() == [("x = 3",)]
