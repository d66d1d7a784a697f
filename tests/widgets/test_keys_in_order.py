"""Keys that arrive together do what they would have done one after the other."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Input, TextArea

from tutor.theme import INK, variables_for
from tutor.widgets.editor import CodeEditor
from tutor.widgets.keys_in_order import OrderedInput

pytestmark = pytest.mark.asyncio
BACKSPACE = events.Key("backspace", "\x7f")
Z = events.Key("z", "z")


class Both(App[None]):
    """A text and a line."""

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variables_for(INK)

    def compose(self) -> ComposeResult:
        yield CodeEditor()
        yield OrderedInput("abc")


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ([BACKSPACE, Z], "abz"),
        ([BACKSPACE, BACKSPACE, Z], "az"),
        ([events.Key("left", None), Z], "abzc"),
        ([events.Key("home", None), Z, BACKSPACE, Z], "zabc"),
        ([events.Key("ctrl+u", None), Z], "z"),
    ],
)
async def test_a_letter_after_a_key_that_is_bound(keys: list[events.Key], text: str) -> None:
    async with Both().run_test() as pilot:
        editor, line = pilot.app.query_one(TextArea), pilot.app.query_one(Input)
        editor.text = "abc"
        editor.move_cursor(editor.document.end)
        for area in (editor, line):
            area.focus()
            await pilot.pause()
            if area is line:
                line.action_end()
            for key in keys:
                pilot.app.post_message(events.Key(key.key, key.character))
            for _ in range(4):
                await pilot.pause()
        assert (editor.text, line.value) == (text, text)
