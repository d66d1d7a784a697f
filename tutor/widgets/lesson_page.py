"""The lesson page: the step's text, then the hints and the answer that were asked for."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.highlight import highlight
from textual.widgets import Markdown, Static
from textual.widgets.markdown import MarkdownBlock, MarkdownFence

from tutor.widgets.code_look import PageCode


class PageFence(MarkdownFence):
    """A block of code in the editor's colours."""

    @classmethod
    def highlight(cls, code: str, language: str, ansi: bool = False, dark: bool = False) -> Content:
        """The code, coloured."""
        if ansi:
            return super().highlight(code, language, ansi, dark)
        return highlight(code, language=language or "python", theme=PageCode)


class PageMarkdown(Markdown):
    """Markdown with our blocks of code, and links that stay closed: the tutor works offline."""

    BLOCKS: dict[str, type[MarkdownBlock]] = {**Markdown.BLOCKS, "fence": PageFence, "code_block": PageFence}

    def __init__(self, markdown: str = "", *, classes: str | None = None) -> None:
        super().__init__(markdown, classes=classes, open_links=False)


class Aside(VerticalScroll):
    """A hint or the answer: a title and some Markdown behind a bar."""

    def __init__(self, title: str, text: str, kind: str) -> None:
        super().__init__(classes=f"aside -{kind}", can_focus=False)
        self._title, self._text = title, text

    def compose(self) -> ComposeResult:
        """The title and the text."""
        yield Static(Content(self._title), classes="aside-title")
        yield PageMarkdown(self._text)


class LessonPage(VerticalScroll):
    """Title, text, hints, answer; scrolls by keys when it has the focus."""

    def compose(self) -> ComposeResult:
        """The title and the text; asides come below."""
        yield Static(id="page-title")
        yield PageMarkdown(classes="page-text")

    async def show(self, title: str, markdown: str, asides: Sequence[Aside]) -> None:
        """Show a step from its top."""
        with self.app.batch_update():
            await self.query(Aside).remove()
            self.query_one("#page-title", Static).update(Content(title))
            await self.query_one(".page-text", PageMarkdown).update(markdown)
            if asides:
                await self.mount_all(asides)
        self.scroll_home(animate=False)

    async def add(self, aside: Aside) -> None:
        """Add a hint or the answer below, and bring it into view."""
        await self.mount(aside)
        self.call_after_refresh(self.scroll_to_widget, aside, animate=False)
