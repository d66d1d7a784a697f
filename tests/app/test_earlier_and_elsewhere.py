"""The answer line by line, earlier versions, words that are found, and the learner's own editor."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.app.driver import Driver, tutor
from tests.app.fakes import course
from tutor.lessons.model import StepRef
from tutor.progress import Progress
from tutor.screens.hints import against
from tutor.screens.history import first_difference
from tutor.screens.own_editor import EditorFault, edited
from tutor.widgets.find_line import found

TWICE = StepRef("autograd", "twice")


def test_the_answer_is_told_a_missing_line_at_a_time() -> None:
    draft, solution = "import torch\nx = 1\n", "import torch\nx = 2\ny = 3\n"
    assert against(draft, solution, 0) == (["  import torch", "- x = 1", "+ x = 2"], 2)
    assert against(draft, solution, 2) == (["  import torch", "- x = 1", "+ x = 2", "+ y = 3"], 3)
    assert against(solution, solution, 0) == (["  import torch", "  x = 2", "  y = 3"], 3)
    assert against("", "x = 1", 0) == (["+ x = 1"], 1)
    assert against("x = 2", "x = 2\n\ny = 3\nz = 4", 1) == (["  x = 2", "+", "+ y = 3"], 3)


async def test_f3_shows_line_after_line_and_then_puts_the_answer_in(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        solution = t.lesson.hints.solution
        t.lesson.desk.editor.text = ""
        missing = len(solution.strip().splitlines())
        await t.press("f3")
        await t.press("y")
        assert f"The answer, line 1 of {missing}" in t.text
        assert t.progress.answer_shown(TWICE)
        await t.open("autograd/tape")
        await t.open("autograd/twice")
        assert f"The answer, line 1 of {missing}" in t.text
        written = [line for line in solution.splitlines() if line]  # an empty line comes with the next
        for _ in written[1:]:
            assert t.lesson.hints.reveals_more
            await t.press("f3")
        assert not t.lesson.hints.reveals_more
        await t.press("f3")
        assert "Put the answer into the editor?" in t.text
        await t.press("y")
        assert t.lesson.desk.text == solution


async def ran(t: Driver, code: str) -> None:
    t.lesson.desk.editor.text = code
    await t.press("f5")
    await t.finish_run()


async def test_an_earlier_version_comes_back_and_can_be_undone(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        await t.press("f10")
        assert t.messages == ["You have run nothing in this step yet."]
        await ran(t, "first = 1")
        await ran(t, "second = 2")
        t.lesson.desk.editor.text = "third = 3"
        await t.press("f10")
        assert "second = 2" in t.text
        await t.press("down", "enter")
        assert t.lesson.desk.text == "first = 1"
        await t.press("ctrl+z")
        assert t.lesson.desk.text == "third = 3"
        await t.press("f10", "escape")
        assert t.lesson.desk.text == "third = 3"


def test_a_version_is_told_by_what_is_not_there_now() -> None:
    assert first_difference("a = 1\nb = 2\n", "a = 1\n") == "b = 2"
    assert first_difference("a = 1\n", "a = 1\nb = 2\n") == ""


@pytest.mark.parametrize(
    ("words", "places"),
    [("x", [(0, 0), (1, 4), (1, 6)]), ("X", [(1, 6)]), ("nowhere", []), ("", []), ("= ", [(0, 2), (1, 2)])],
)
def test_words_are_found(words: str, places: list[tuple[int, int]]) -> None:
    assert found("x = 1\ny = x+X", words) == places


async def test_find_selects_goes_on_and_gives_the_keys_back(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        editor = t.lesson.desk.editor
        editor.text = "alpha = 1\nbeta = alpha + alpha\n"
        editor.move_cursor((0, 3))
        await t.press("ctrl+f")
        await t.type("alpha")
        assert t.lesson.desk.find_line.query_one(Input).value == "alpha"
        assert (editor.selected_text, editor.selection.start) == ("alpha", (1, 7))
        assert "2 of 3" in t.text
        await t.press("enter", "enter")
        assert editor.selection.start == (0, 0)
        await t.press("up")
        assert editor.selection.start == (1, 15)
        await t.press("escape")
        assert not t.lesson.desk.find_line.display
        await t.press("z")
        assert editor.text.splitlines()[1] == "beta = alpha + z"


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in the place of an editor, which writes a line."""
    program = tmp_path / "my editor"
    program.write_text('#!/bin/sh\necho "y = 2" >> "$1"\n')
    program.chmod(0o755)
    monkeypatch.setenv("VISUAL", f"'{program}'")
    return program


async def test_ones_own_editor_changes_the_code_and_undo_brings_it_back(
    tmp_path: Path, editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tutor(tmp_path) as t:
        monkeypatch.setattr(t.app, "suspend", contextlib.nullcontext)
        await t.open("autograd/twice")
        t.lesson.desk.editor.text = "x = 1\n"
        await t.press("f8")
        assert t.lesson.desk.text == "x = 1\ny = 2\n"
        await t.press("ctrl+z")
        assert t.lesson.desk.text == "x = 1\n"


@pytest.mark.usefixtures("editor")
async def test_where_no_editor_can_have_the_terminal_that_is_told_and_nothing_else_happens(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        t.lesson.desk.editor.text = "x = 1\n"
        await t.press("f8")
        assert any("needs a terminal to itself" in message for message in t.messages)
        assert t.lesson.desk.text == "x = 1\n"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("", "Set \\$VISUAL or \\$EDITOR"),
        ("/nowhere/ed", "could not be used"),
        ("false", "ended with an error"),
        ("'", "could not"),
    ],
)
def test_an_editor_that_fails_is_told(command: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", command)
    monkeypatch.delenv("EDITOR", raising=False)
    with pytest.raises(EditorFault, match=says):
        edited("x = 1\n", "a.py")


# ---- the same step in two windows ---------------------------------------------------------------------------------


def other_window(home: Path) -> Progress:
    """Another tutor's view of the same file."""
    return Progress(home / "progress.sqlite3", course().id)


async def test_a_draft_that_another_window_changed_is_shown_and_undo_brings_ours_back(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        await t.type("# mine\n")
        desk = t.lesson.desk
        desk.flush()
        mine = desk.text
        desk.follow_elsewhere()
        other = other_window(tmp_path)
        other.save_draft(TWICE, "theirs = 1\n")
        desk.follow_elsewhere()
        assert desk.text == "theirs = 1\n"
        await t.settle()
        assert "changed elsewhere" in t.messages[-1]
        await t.press("ctrl+z")
        assert desk.text == mine
        desk.flush()
        assert other.draft(TWICE) == mine
        other.close()


async def test_what_both_windows_wrote_is_kept(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        desk = t.lesson.desk
        desk.flush()
        desk.follow_elsewhere()
        other = other_window(tmp_path)
        other.save_draft(TWICE, "theirs = 1\n")
        await t.type("# mine\n")
        desk.follow_elsewhere()
        desk.flush()
        assert desk.text.startswith("# mine\n")
        assert t.progress.draft(TWICE) == desk.text
        assert "theirs = 1\n" in [version.code for version in t.progress.history(TWICE)]
        await t.settle()
        assert "is in the history" in t.messages[-1]
        assert t.progress.attempts(TWICE) == 0
        await t.press("f10")
        assert "from another window" in t.text
        other.close()


async def test_our_own_saves_are_nothing_from_elsewhere(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        await t.type("# mine\n")
        t.lesson.desk.flush()
        t.lesson.desk.follow_elsewhere()
        t.lesson.desk.follow_elsewhere()
        await t.settle()
        assert not t.messages
        assert not t.progress.written_elsewhere()


def test_an_editor_that_does_not_wait_is_told_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "true")
    with pytest.raises(EditorFault, match="VISUAL='code --wait'"):
        edited("x = 1\n", "step.py")
