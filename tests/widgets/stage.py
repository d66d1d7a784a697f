"""One widget on a screen of its own, and what stands there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget


class Stage(App[None]):
    """Holds the one widget that is tested."""

    CSS = "Screen { background: $background; }"

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield self.widget


@asynccontextmanager
async def shown(widget: Widget, width: int = 60, height: int = 20) -> AsyncIterator[Pilot[None]]:
    async with Stage(widget).run_test(size=(width, height)) as pilot:
        await pilot.pause()
        yield pilot


def screen_text(pilot: Pilot[Any]) -> str:
    """What stands on the screen, row by row."""
    app = pilot.app
    strips = app.screen._compositor.render_strips(app.size)
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)
