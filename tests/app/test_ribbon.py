"""The shape ribbon beside the code."""

from __future__ import annotations

from pathlib import Path

from tests.app.driver import NARROW, Driver, tutor


def line(t: Driver, number: int) -> str:
    """A row of the editor as it is drawn."""
    editor = t.lesson.desk.editor
    return editor.render_line(number - 1 - editor.scroll_offset.y).text.rstrip()


async def test_a_run_shows_what_lines_made_and_edits_take_it_away(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        before = line(t, 6)
        assert before.endswith("3*x")
        await t.press("f5")
        assert line(t, 6) == f"{before:<46}y: f32[] grad ×2"
        assert line(t, 7).endswith("y.backward()")
        await t.press(*["down"] * 5, "end")
        await t.type(" ")
        assert line(t, 6).endswith("3*x")
        await t.press("backspace")
        assert line(t, 6).endswith("y: f32[] grad ×2")
        await t.press("ctrl+home", "enter")
        assert line(t, 7).endswith("y: f32[] grad ×2")


async def test_a_key_hides_it_here_and_in_other_steps(tmp_path: Path) -> None:
    async with tutor(tmp_path, NARROW) as t:
        await t.open("autograd/twice")
        await t.press("f5")
        assert "x: f32[] grad" in t.text
        await t.press("f9")
        assert "x: f32[] grad" not in t.text
        await t.open("autograd/loop")
        await t.open("autograd/twice")
        await t.press("f5")
        assert "x: f32[] grad" not in t.text
        await t.press("f9")
        assert "x: f32[] grad" in t.text


async def test_a_long_line_keeps_all_of_its_text(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        code = "x = torch.tensor(2.0, requires_grad=True)  # a long remark on it"
        t.lesson.desk.editor.text = f"\n\n{code}\n"
        await t.press("f5")
        shown = line(t, 3)
        assert shown.split("x", 1)[1] in code
        assert "f32" not in shown


async def test_another_step_shows_nothing_of_it(tmp_path: Path) -> None:
    async with tutor(tmp_path, NARROW) as t:
        await t.open("autograd/twice")
        await t.press("f5")
        await t.open("autograd/loop")
        assert "f32" not in t.text
