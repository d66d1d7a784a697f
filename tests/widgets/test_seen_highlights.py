"""What is highlighted is what Textual's own highlighting of the whole text draws."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.widgets import TextArea

from tutor.widgets.seen_highlights import SeenHighlights

pytestmark = pytest.mark.asyncio
STRING = '"""\n' + "words of a long text: def, 12, None\n" * 30 + '"""\n'
CODE = "import torch\n" + "x = torch.ones(2)  # two\n" * 25 + STRING + "def f(y: int) -> str:\n    return f'{y}'\n" * 20


class Both(App[None]):
    """One text, drawn both ways."""

    CSS = "TextArea { width: 60; height: 10; }"

    def compose(self) -> ComposeResult:
        for kind in (TextArea, SeenHighlights):
            yield kind(CODE, language="python", theme="monokai", soft_wrap=False, classes=kind.__name__)


async def test_every_row_looks_as_if_the_whole_text_were_highlighted() -> None:
    async with Both().run_test(size=(80, 24)) as pilot:
        whole, seen = pilot.app.query(TextArea)
        for area in (whole, seen):
            area.insert("y = 'a'\n", (20, 0))
        await pilot.pause()
        for top in (0, 5, 20, 40, 70, 30, 0):
            for area in (whole, seen):
                area.scroll_to(0, top, animate=False, immediate=True)
            rows = [[area.render_line(y) for y in range(area.size.height)] for area in (whole, seen)]
            assert rows[0] == rows[1]
            assert any(segment.style for row in rows[1] for segment in row)


async def test_a_line_becomes_plain_text_when_a_string_is_opened_far_above() -> None:
    async with Both().run_test(size=(80, 24)) as pilot:
        whole, seen = pilot.app.query(TextArea)
        for area in (whole, seen):
            area.scroll_to(0, 15, animate=False, immediate=True)
        before = seen.render_line(3)
        for area in (whole, seen):
            area.insert('"""', (2, 0), maintain_selection_offset=False)
            area.scroll_to(0, 15, animate=False, immediate=True)
        assert seen.render_line(3) == whole.render_line(3) != before
