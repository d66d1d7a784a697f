"""The Console pane on a fake runtime: typing, blocks, history, stopping, a program that is gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from tests.app.driver import NARROW, WIDE, Driver, tutor

KEY = "alt+n"


async def at_console(t: Driver) -> None:
    await t.open("autograd/twice")
    await t.press("f5", KEY)
    assert t.lesson.desk.results.console.entry.has_focus


def rows(t: Driver) -> list[str]:
    return t.lesson.desk.results.console.transcript.rows


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_an_expression_stands_above_its_value(tmp_path: Path, size: tuple[int, int]) -> None:
    async with tutor(tmp_path, size) as t:
        await at_console(t)
        await t.type("x.grad\n")
        assert t.runtime.evaluated == ["x.grad"]
        assert rows(t) == ["› x.grad", "  tensor([[2., 2., 2.],", "          [2., 2., 2.]])"]
        assert "[2., 2., 2.]])" in t.text
        assert t.lesson.desk.results.console.entry.value == ""


async def test_what_was_made_is_among_the_tensors(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await at_console(t)
        await t.type("half=x/2\n")
        await t.press("alt+t")
        assert "half" in t.text
        assert t.focused == "results"


async def test_an_error_takes_two_lines(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await at_console(t)
        await t.type("x.shpe\n")
        assert rows(t)[1].startswith("✗ AttributeError: 'Tensor' object has no attribute 'shpe'")
        assert rows(t)[-1] == "→ Did you mean shape?"


async def test_a_block_waits_for_an_empty_line_and_is_indented(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await at_console(t)
        await t.type("for i in x:\nprint(i)\n")
        assert t.runtime.evaluated == []
        assert "An empty line ends the block" in t.text
        await t.press("ctrl+u", "enter")
        assert t.runtime.evaluated == ["for i in x:\n    print(i)"]
        assert rows(t)[:3] == ["› for i in x:", "…     print(i)", "  printed"]


async def test_escape_leaves_a_block_out(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await at_console(t)
        await t.type("def f():\n")
        await t.press("escape")
        await t.type("1\n")
        assert t.runtime.evaluated == ["1"]


async def test_pasted_lines_become_a_block(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await at_console(t)
        t.lesson.desk.results.console.entry.post_message(events.Paste("a = 1\nfor b in x:\n\tprint(b)\n\nc"))
        await t.settle()
        await t.press("enter")
        assert t.runtime.evaluated == ["a = 1\nfor b in x:\n    print(b)\n\nc"]


async def test_the_arrows_bring_lines_back(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await at_console(t)
        entry = t.lesson.desk.results.console.entry
        await t.type("one\ntwo\nthr")
        await t.press("up", "up")
        assert entry.value == "one"
        await t.press("down", "down", "down")
        assert entry.value == "thr"


async def test_escape_stops_an_evaluation_and_the_program_stays(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await at_console(t)
        await t.type("while True: pass\n")
        assert t.bottom.startswith("Esc Stop")
        await t.type("1\n")
        assert (t.runtime.evaluated, t.lesson.desk.results.console.entry.value) == (["while True: pass"], "1")
        await t.press("escape")
        assert rows(t)[-1] == "· Stopped."
        assert not t.lesson.desk.evaluating
        await t.press("enter")
        assert t.runtime.evaluated[-1] == "1"


async def test_a_program_that_does_not_survive_is_told(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await at_console(t)
        await t.type("while True: 'ignore'\n")
        await t.press("escape")
        assert "✗ It ran longer than 5 s" in t.text
        assert "Your program is gone. F5 runs it again." in t.text
        assert not t.lesson.desk.results.console.entry.focusable


async def test_before_a_run_and_after_one_that_left_nothing_it_says_so(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        await t.press(KEY)
        assert "Run your code (F5)." in t.text
        t.lesson.desk.editor.text = "import os; os._exit(0)"
        await t.press("f5", KEY)
        assert "This run left no program to look into." in t.text


async def test_another_step_lets_the_program_go(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await at_console(t)
        await t.type("1\n")
        await t.press("ctrl+n")
        assert not t.runtime.has_program
        assert rows(t) == []
        await t.press(KEY)
        assert "Run your code (F5)." in t.text


async def test_a_run_during_an_evaluation_shows_nothing_of_it(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await at_console(t)
        await t.type("while True: pass\n")
        await t.press("f5")
        t.runtime.stopped.set()
        await t.settle()
        assert "· Stopped." not in rows(t)
        assert not t.lesson.desk.evaluating


async def test_a_click_goes_to_the_line(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        await t.press("f5")
        await t.click_tab("console")
        assert t.focused == "results"
        await t.press("f6", "f6")
        assert t.focused == "editor"
        await t.pilot.click("#console", offset=(5, 5))
        await t.settle()
        assert t.lesson.desk.results.console.entry.has_focus


async def test_the_focus_of_the_results_is_marked_and_stays_when_the_view_changes(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        await t.press("alt+o")
        assert (t.focused, "▸Output" in t.text) == ("editor", False)
        await t.press("alt+o")
        assert (t.focused, "▸Output" in t.text) == ("results", True)
        await t.press("f5")
        assert t.lesson.desk.results.active == "checks"
        assert t.lesson.desk.results.verdicts.has_focus
        await t.press("ctrl+t", "ctrl+t", "ctrl+t", "ctrl+t")
        assert t.focused == "results"
        await t.press("f5")
        assert t.focused == "results"


async def test_the_offer_of_a_hint_goes_when_it_is_taken(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        await t.press("f5", "f5")
        assert "F2 shows hint 1 of 3." in t.text
        await t.press("f2")
        assert "F2 shows" not in t.text
        t.lesson.desk.editor.text = "x.grad = None"
        await t.press("f5", "f2")
        assert "✓ Passed." in t.text
