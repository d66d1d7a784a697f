"""Names at the cursor, by keys and mouse; what is not meant for the list goes into the text."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from textual import events

from tests.app.driver import NARROW, WIDE, Driver, tutor
from tests.completion.atlas import ATLAS
from tutor.completion.names import Names
from tutor.completion.places import Atlas
from tutor.screens.help import Help
from tutor.widgets.editor import CodeEditor

HEAD = "import torch\nx = torch.rand(2)\n"


async def writing(t: Driver, text: str = HEAD) -> CodeEditor:
    """An editor that knows torch's names, with the cursor at the end of a text."""
    await t.open("autograd/twice")
    t.lesson.focus_pane("editor")
    editor = t.lesson.desk.editor
    editor.names = Names(ATLAS)
    editor.text = text
    editor.move_cursor(editor.document.end)
    await t.settle()
    return editor


def names(editor: CodeEditor) -> list[str]:
    return [one.name for one in editor.offered.found.names] if editor.offered is not None else []


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_dot_opens_the_list_and_letters_narrow_it(size: tuple[int, int], tmp_path: Path) -> None:
    async with tutor(tmp_path, size) as t:
        editor = await writing(t)
        await t.type("x.")
        assert names(editor)[0] == "shape"
        assert "› shape" in t.text
        await t.type("su")
        assert names(editor) == ["sum", "sum_to_size"]
        await t.press("backspace", "backspace")
        assert names(editor)[0] == "shape"
        await t.press("backspace")
        assert names(editor) == []
        await t.type(".q")
        assert names(editor) == []


async def test_a_quick_typist_never_meets_the_list(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        editor = await writing(t)
        await t.type("x.sum\n")
        assert editor.text == HEAD + "x.sum\n"
        await t.type("x.s\n")
        assert editor.text == HEAD + "x.sum\nx.s\n"
        await t.type("x.grad")
        await t.press("up")
        assert editor.cursor_location[0] == 3  # a whole name has no list that would take the key


async def test_keys_that_come_all_at_once_do_the_same(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        editor = await writing(t)
        for key in ("x", ".", "s", "u", "m", "enter", "x", ".", "s", "h", "tab"):
            character = {"enter": "\r", "tab": "\t", ".": "."}.get(key, key)
            t.app.post_message(events.Key({".": "full_stop"}.get(key, key), character))
        await t.settle()
        assert editor.text == HEAD + "x.sum\nx.shape"


async def test_a_list_that_opens_after_many_keys_at_once_stays(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        editor = await writing(t)
        for key in ("x", ".", "s"):
            t.app.post_message(events.Key({".": "full_stop"}.get(key, key), key))
        await t.settle()
        assert names(editor)[0] == "shape"


async def test_tab_takes_the_first_and_enter_takes_what_was_moved_to(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        editor = await writing(t)
        await t.type("x.s")
        await t.press("tab")
        assert editor.text == HEAD + "x.shape"
        await t.type("\nx.su")
        await t.press("down", "enter")
        assert editor.text == HEAD + "x.shape\nx.sum_to_size"
        await t.press("ctrl+z")
        assert editor.text == HEAD + "x.shape\nx.su"


async def test_esc_closes_the_list_until_the_next_name_and_a_click_takes(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        editor = await writing(t)
        await t.type("x.")
        await t.press("escape")
        assert names(editor) == []
        await t.type("s")
        assert names(editor) == []
        await t.type("\nx.s")
        assert names(editor)[0] == "shape"
        region = editor._list_region()
        assert region is not None
        await t.pilot.click(editor, offset=(editor.gutter.left + region.x + 3, region.y + editor.gutter.top + 1))
        await t.settle()
        assert editor.text == HEAD + "x.s\nx.sum"
        await t.type("\nx.s")
        await t.pilot.click(editor, offset=(editor.gutter.left + 8, 0))
        await t.settle()
        assert names(editor) == []


async def test_the_list_goes_when_the_cursor_or_the_focus_goes(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        editor = await writing(t)
        for key in ("left", "home", "f6", "f5"):
            t.lesson.focus_pane("editor")
            editor.move_cursor(editor.document.end)
            await t.type("\nx.s")
            assert names(editor)
            await t.press(key)
            assert names(editor) == [], key


@pytest.mark.parametrize("key", ["ctrl+@", "ctrl+space"])
async def test_it_can_be_asked_for(key: str, tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        editor = await writing(t, HEAD + "pr")
        await t.press(key)
        assert names(editor) == ["print"]
        await t.press("escape", key, "enter")
        assert editor.text == HEAD + "pr\n"


async def test_tab_goes_on_with_a_word_and_indents_elsewhere(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        editor = await writing(t)
        await t.type("pri")
        await t.press("tab")
        assert editor.text == HEAD + "print"
        await t.press("tab")
        assert editor.text == HEAD + "print   "
        await t.type("(1")
        await t.press("tab", "enter")
        editor.text = HEAD + "ra"
        editor.move_cursor(editor.document.end)
        await t.press("tab")
        assert names(editor) == ["raise", "range"]
        await t.press("tab")
        assert editor.text == HEAD + "raise"
        editor.text = "qqq"
        editor.move_cursor(editor.document.end)
        await t.press("tab")
        assert editor.text == "qqq "


async def test_an_argument_is_offered_by_its_name(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        editor = await writing(t)
        await t.type("torch.randn(2, req")
        await t.press("tab")
        assert editor.text == HEAD + "torch.randn(2, requires_grad="


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_signature_stands_at_the_edge_and_marks_the_argument(size: tuple[int, int], tmp_path: Path) -> None:
    async with tutor(tmp_path, size) as t:
        editor = await writing(t)
        await t.type("torch.tensor(")
        assert "torch.tensor(▸data, *, dtype=None" in t.text
        await t.type("1, dtype=")
        assert "▸dtype=None" in t.text
        assert "torch.tensor(1, dtype=" in t.text
        await t.press("escape")
        assert editor.signature is None
        await t.type("torch.float32)\ntorch.rand(")
        assert "torch.rand(▸*size" in t.text
        await t.type("2)")
        assert editor.signature is None


async def test_the_signature_never_covers_the_line_that_is_typed(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        editor = await writing(t, HEAD + "\n" * 60)
        await t.type("torch.tensor(123")
        height = editor.scrollable_content_region.height
        assert editor.cursor_location[0] - editor.scroll_offset.y == height - 1
        assert "torch.tensor(123" in t.text
        assert "▸data" in t.text
        editor.move_cursor((10, 0))
        assert editor.signature is None or editor._signature_y() != editor._cursor_y()


async def test_esc_stops_a_run_before_it_puts_a_signature_away(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        editor = await writing(t, HEAD + "while True: torch.rand(2)")
        await t.press("f5")
        await t.examiner.running.wait()
        t.app.services.known_names = FakeNames(atlas=ATLAS)
        await t.press("left")
        assert editor.signature is not None
        await t.press("escape")
        await t.finish_run()
        assert not t.lesson.desk.running
        assert editor.signature is not None
        await t.press("escape")
        assert editor.signature is None


async def test_help_begins_with_the_name_under_the_cursor(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        editor = await writing(t, HEAD)
        editor.move_cursor((1, 13))
        await t.press("f1")
        assert isinstance(t.app.screen, Help)
        assert "torch.rand(*size, *, requires_grad=False)" in t.text
        assert "Random numbers." in t.text
        assert t.text.index("Random numbers.") < t.text.index("All keys and marks")
        await t.press("escape")
        editor.move_cursor((2, 0))
        await t.press("f1")
        assert "Random numbers." not in t.text
        await t.press("escape")
        t.lesson.focus_pane("page")
        editor.move_cursor((1, 13))
        await t.press("f1")
        assert "Random numbers." not in t.text


async def test_the_key_stands_in_the_help(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await writing(t)
        await t.press("f1")
        text = t.app.screen.query_one("#help Static").render().plain  # type: ignore[attr-defined]
        assert "^Space        Offer names that fit at the cursor" in text


# ---- where the names come from ----------------------------------------------------------------------------------


@dataclass
class FakeNames:
    """Learns when it is let."""

    may: asyncio.Event = field(default_factory=asyncio.Event)
    atlas: Atlas | None = None
    begun: int = 0
    cancelled: int = 0
    fault: Exception | None = None

    @property
    def wanted(self) -> bool:
        return self.atlas is None

    async def learn(self) -> None:
        self.begun += 1
        if self.fault is not None:
            raise self.fault
        try:
            await self.may.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        self.atlas = ATLAS


async def test_names_are_learned_in_the_background_and_a_run_does_not_wait_for_them(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        known = t.app.services.known_names = FakeNames()
        await t.open("autograd/twice")
        assert known.begun == 1
        t.lesson.desk.editor.text = "while True: pass"
        await t.press("f5")
        assert t.examiner.codes
        assert (known.begun, known.cancelled) == (1, 1)
        await t.press("escape")
        await t.finish_run()
        assert (known.begun, known.cancelled) == (2, 1)
        known.may.set()
        await t.settle()
        editor = t.lesson.desk.editor
        editor.text = "import torch\n"
        editor.move_cursor(editor.document.end)
        await t.type("torch.r")
        assert names(editor) == ["randn", "rand"]
        await t.type("\nx.")
        assert names(editor)[0] == "shape"  # x is a tensor in the report of the run


async def test_where_names_cannot_be_had_nothing_is_said(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        t.app.services.known_names = FakeNames(fault=OSError("no room"))
        await t.open("autograd/twice")
        assert t.messages == []
        editor = t.lesson.desk.editor
        editor.text = "losses = []\nlos"
        editor.move_cursor(editor.document.end)
        await t.press("tab")
        assert editor.text == "losses = []\nlosses"


async def test_the_console_goes_on_with_a_name(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        t.app.services.known_names = FakeNames(atlas=ATLAS)
        await t.open("autograd/twice")
        await t.press("f5")
        await t.finish_run()
        await t.press("alt+n")
        await t.type("x.sh")
        entry = t.lesson.desk.results.console.entry
        await t.press("right")
        assert entry.value == "x.shape"
