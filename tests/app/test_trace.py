"""The Trace pane in the workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.driver import NARROW, WIDE, Driver, tutor
from tests.app.fakes import training
from tutor.runtime.protocol import TraceTotals
from tutor.screens import finished_run


async def at_trace(t: Driver, *order: str, turns: int = 40) -> None:
    t.examiner.more = {"trace": training(turns, *order)}
    await t.open("autograd/twice")
    await t.press("f5")
    await t.finish_run()
    await t.press("alt+r", "alt+r")


@pytest.mark.parametrize("size", [WIDE, NARROW, (200, 60)], ids=["wide", "narrow", "large"])
async def test_the_first_fault_is_marked_and_explained(tmp_path: Path, size: tuple[int, int]) -> None:
    async with tutor(tmp_path, size) as t:
        await at_trace(t, "forward", "backward", "step")
        assert "✗ The gradients are never cleared, in 39 turns." in t.text
        assert "✗backward" in t.text
        assert "→ Call optimizer.zero_grad()" in t.text
        assert "Trace ✗" in t.text
        assert t.focused == "results"
        assert t.lesson.desk.results.trace.turn_list.cursor == 1


async def test_keys_go_to_a_turn_to_a_fault_and_to_the_line(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await at_trace(t, "forward", "backward", "step")
        rows = t.lesson.desk.results.trace.turn_list
        await t.press("g")
        await t.type("30\n")
        assert rows.current is not None
        assert rows.current.turn.number == 30
        await t.press("home", "n", "n")
        assert rows.cursor == 2
        await t.press("end")
        assert "evaluation, nothing recorded" in t.text
        await t.press("p")
        assert rows.current.turn.number == 40
        await t.press("g", "escape")
        assert rows.has_focus
        t.lesson.desk.editor.text = "\n" * 30
        await t.press("enter")
        assert t.focused == "editor"
        assert t.lesson.desk.editor.cursor_location == (14, 0)


async def test_a_right_loop_has_no_mark(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await at_trace(t, "zero_grad", "forward", "backward", "step")
        assert "40 turns: zero_grad, forward, backward, step." in t.text
        assert "✗back" not in t.text
        await t.press("n")
        assert t.messages == ["No turn of this run has a fault."]


async def test_ten_thousand_turns_are_drawn_as_few_rows(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await at_trace(t, "zero_grad", "forward", "backward", "step", turns=10_000)
        rows = t.lesson.desk.results.trace.turn_list
        drawn = 0
        draw = rows.draw_row

        def counted(*arguments: object) -> list[tuple[str, str]]:
            nonlocal drawn
            drawn += 1
            return draw(*arguments)  # type: ignore[arg-type]

        rows.draw_row = counted  # type: ignore[method-assign, assignment]
        await t.press("end", "pageup", "up")
        assert len(rows.rows) == 10_001
        assert 0 < drawn < 200
        assert "9,999" in t.text


async def test_before_a_run_and_after_one_without_a_loop_it_says_so(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        await t.press("alt+r")
        assert "Run your code to see its training loop here" in t.text
        t.examiner.more = {"trace": (), "totals": TraceTotals()}
        await t.press("f5", "alt+r")
        assert "This run had no training loop" in t.text


async def test_another_step_forgets_the_trace(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await at_trace(t, "forward", "backward", "step")
        await t.open("autograd/loop")
        await t.press("alt+r")
        assert "Run your code to see its training loop here" in t.text
        assert "Trace ✗" not in t.text


async def test_a_fault_of_ours_while_looking_at_the_run_leaves_its_verdicts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the search for faults fell over")

    monkeypatch.setattr(finished_run, "looked_into", broken)
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        await t.press("f5")
        await t.settle()
        assert "Checks 1/2" in t.text
        assert "could not be run" not in t.text
        assert t.messages == ["the search for faults fell over"]
