"""What the editor shows of a text that it takes."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from tutor.theme import INK, variables_for
from tutor.widgets.editor import CodeEditor

LONG = "print(likeness(torch.tensor([[1, 2], [3, 4]])))"


class Alone(App[None]):
    """An editor that is not seen at first."""

    CSS = "CodeEditor { display: none; }"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variables_for(INK)

    def compose(self) -> ComposeResult:
        yield CodeEditor()


@pytest.mark.asyncio
@pytest.mark.parametrize(("lines", "row"), [(3, 0), (40, 30)])
async def test_a_text_is_shown_from_its_start_as_far_as_the_cursor_allows(lines: int, row: int) -> None:
    app = Alone()
    async with app.run_test(size=(40, 12)) as pilot:
        editor = app.query_one(CodeEditor)
        editor.open("\n" * lines + "    ...\n" + f"{LONG}\n" * 12)
        await pilot.pause()
        editor.display = True
        await pilot.pause()
        assert editor.show_horizontal_scrollbar
        assert editor.cursor_location == (lines, 4)
        assert editor.scroll_offset == (0, row)
