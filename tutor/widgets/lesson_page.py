"""The lesson page: the step's text, then the hints and the answer that were asked for."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.highlight import highlight
from textual.widget import Widget
from textual.widgets import Markdown, Static
from textual.widgets.markdown import MarkdownBlock, MarkdownFence

from tutor.widgets.code_look import PageCode


class CodeBlock(Widget):
    """Code as it stands; lines that are too long go on below, further in."""

    DEFAULT_CSS = """
    CodeBlock { width: 1fr; height: auto; padding: 1 1; }
    """

    def __init__(self, code: Content) -> None:
        super().__init__()
        self._code = code

    def put(self, code: Content) -> None:
        """Take new contents."""
        self._code = code
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as the lines take."""
        return len(code_rows(self._code, width))

    def render(self) -> Content:
        """The rows at this width."""
        return Content("\n").join(code_rows(self._code, self.content_size.width))


def code_rows(code: Content, width: int) -> list[Content]:
    """The lines of the code, none wider than `width`; what goes on below stands two cells further in than its line."""
    rows: list[Content] = []
    for line in code.split("\n", allow_blank=True):
        indent = len(line.plain) - len(line.plain.lstrip())
        lead, rest = Content(" " * indent), line[indent:]
        while lead.cell_length + rest.cell_length > width and width - lead.cell_length > 12:
            room = width - lead.cell_length
            cut = max(rest.plain.rfind(" ", 1, room + 1), rest.plain.rfind(",", 1, room)) + 1 or room
            rows.append(lead + rest[:cut].rstrip())
            rest = rest[cut:]
            rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
            lead = Content(" " * (indent + 2))
        rows.append(lead + rest)
    return rows


class PageFence(MarkdownFence):
    """A block of code in the editor's colours."""

    @classmethod
    def highlight(cls, code: str, language: str, ansi: bool = False, dark: bool = False) -> Content:
        """The code, coloured."""
        if ansi:
            return super().highlight(code, language, ansi, dark)
        return highlight(code, language=language or "python", theme=PageCode)

    def compose(self) -> ComposeResult:
        """The block."""
        yield CodeBlock(self._highlighted_code)

    def set_content(self, content: Content) -> None:
        """Take new contents."""
        self._content = content
        for block in self.query(CodeBlock):
            block.put(content)


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
        """Add a hint or the answer below, and bring it into view; the answer takes the place of a part of it."""
        if aside.has_class("-answer"):
            await self.query(".aside.-answer").remove()
        await self.mount(aside)
        self.call_after_refresh(self.scroll_to_widget, aside, animate=False)
