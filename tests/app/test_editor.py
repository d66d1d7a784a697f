"""The editor's keys, and the pure functions behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.driver import tutor
from tutor.widgets.indentation import after_enter, commented, shifted


@pytest.mark.parametrize(
    ("before", "indent"),
    [
        ("x = 1", ""),
        ("    x = 1", "    "),
        ("for x in y:", "    "),
        ("for x in y:  # each", "    "),
        ("    if x:", "        "),
        ("    return x", ""),
        ("        pass", "    "),
        ("    return f(x,", "    "),
        ("model = nn.Sequential(", "    "),
        ("x = '#:'", ""),
        ("# a note:", ""),
        ("", ""),
    ],
)
def test_a_new_line_is_indented_as_the_code_asks(before: str, indent: str) -> None:
    assert after_enter(before) == indent


def test_lines_are_shifted_and_commented_and_back() -> None:
    lines = ["for x in y:", "", "    pass"]
    assert shifted(lines, deeper=True) == ["    for x in y:", "", "        pass"]
    assert shifted(shifted(lines, deeper=True), deeper=False) == lines
    assert shifted(["  x"], deeper=False) == ["x"]
    assert commented(lines) == ["# for x in y:", "", "#     pass"]
    assert commented(commented(lines)) == lines


async def test_typing_a_loop_needs_no_spaces(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        editor = t.lesson.desk.editor
        editor.text = ""
        await t.type("for i in x:\nif i:\npass\nprint()")
        assert editor.text == "for i in x:\n    if i:\n        pass\n    print()"
        await t.press("enter", "backspace")
        assert editor.document.lines[-1] == ""
        await t.press("tab")
        assert editor.document.lines[-1] == "    "


async def test_lines_are_moved_commented_and_shifted_by_keys(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        editor = t.lesson.desk.editor
        editor.text = "a\nb\nc"
        editor.move_cursor((0, 0))
        await t.press("alt+down")
        assert editor.text == "b\na\nc"
        await t.press("ctrl+underscore")
        assert editor.text == "b\n# a\nc"
        editor.move_cursor((0, 0))
        await t.press("shift+down", "shift+down", "tab")
        assert editor.text == "    b\n    # a\nc"
        await t.press("shift+tab")
        assert editor.text == "b\n# a\nc"
        await t.press("ctrl+z")
        assert editor.text == "    b\n    # a\nc"


async def test_the_cursor_waits_where_code_is_missing(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        editor = t.lesson.desk.editor
        editor.open("import torch\n\n# fill in ...\nx = ...\n")
        assert editor.cursor_location == (3, 4)


async def test_python_is_highlighted(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        editor = t.lesson.desk.editor
        assert any(name == "keyword" or name == "include" for *_, name in editor._highlights[0])
