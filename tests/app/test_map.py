"""The course map: rows, search, reset, the mouse."""

from __future__ import annotations

from pathlib import Path

from textual import events

from tests.app.driver import tutor
from tutor.lessons.model import StepRef
from tutor.progress import State
from tutor.screens.confirm import Confirm
from tutor.screens.workspace import Workspace
from tutor.widgets.lesson_list import LessonList


async def test_rows_show_state_count_and_what_comes_before(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        t.progress.mark_passed(StepRef("tensors", "welcome"))
        t.progress.mark_passed(StepRef("tensors", "more"))
        t.progress.begin(StepRef("autograd", "tape"))
        t.map.on_screen_resume()
        await t.settle()
        rows = t.text.split("\n")
        assert any("● " in row and "2/2" in row for row in rows)
        assert any("◐ " in row and "0/7" in row for row in rows)
        assert any("after 2" in row and "0/1" in row for row in rows)


async def test_the_detail_follows_the_cursor_and_opens_a_step(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        assert "Put numbers into tensors." in t.text
        await t.press("down", "down")
        assert "clear gradients at the right place" in t.text
        await t.press("right", "down", "down", "enter")
        assert str(t.lesson.ref) == "autograd/which"


async def test_search_finds_words_of_a_text_and_opens_the_step(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.press("slash")
        await t.type("plays back")
        assert "› The tape" in t.text
        await t.press("enter")
        assert str(t.lesson.ref) == "autograd/tape"
        await t.press("f4", "escape")
        assert "Continue" in t.text


async def test_search_that_finds_nothing_says_so(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.press("slash")
        await t.type("zebra")
        assert "Nothing found." in t.text


async def test_r_resets_a_lesson_after_asking(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        ref = StepRef("tensors", "welcome")
        t.progress.mark_passed(ref)
        await t.press("down", "r")
        assert "Reset “Tensors, types, devices”?" in t.text
        await t.press("escape")
        assert t.progress.state(ref) is State.PASSED
        await t.press("r", "y")
        assert t.progress.state(ref) is State.NEW


async def test_a_click_goes_to_a_lesson_and_a_second_opens_it(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.pilot.click(LessonList, offset=(12, 3))
        await t.settle()
        assert "clear gradients" in t.text
        await t.pilot.click(LessonList, offset=(12, 3))
        await t.settle()
        assert str(t.lesson.ref) == "autograd/tape"


async def test_what_is_chosen_twice_at_once_opens_once(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        for keys, kind in (("enter enter", Workspace), ("f7 f7", Confirm)):
            for key in keys.split():
                t.app.post_message(events.Key(key, None))
            await t.settle()
            assert sum(isinstance(screen, kind) for screen in t.app.screen_stack) == 1


async def test_a_click_on_a_key_of_the_status_line_does_what_it_says(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.pilot.click("StatusLine", offset=(t.bottom.index("Search") + 2, 0))
        await t.settle()
        assert t.map.searching
