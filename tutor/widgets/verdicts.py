"""The Checks pane: what each check found, why, and what to try next."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tutor.checks.base import Verdict
from tutor.widgets.verdict_rows import rich_words, rows

LOW = 12
"""Panes lower than this leave out the empty rows."""


class VerdictsView(VerticalScroll):
    """Shows the verdicts of the last run, or a message where there are none."""

    DEFAULT_CSS = """
    VerdictsView {
        height: 1fr;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    """

    def compose(self) -> ComposeResult:
        """The page that scrolls."""
        yield VerdictPage()

    @property
    def page(self) -> VerdictPage:
        """The page that holds the rows."""
        return self.query_one(VerdictPage)

    def show(self, verdicts: Sequence[Verdict], headline: str = "") -> None:
        """Show one verdict a line, below an optional headline; hidden checks are left out."""
        self.page.put(tuple(verdicts), headline, "")
        self.scroll_home(animate=False)

    def message(self, text: str) -> None:
        """Show a sentence or a few in place of verdicts."""
        self.page.put((), "", text)
        self.scroll_home(animate=False)


class VerdictPage(Widget):
    """The rows of the verdicts, wrapped to the width that there is."""

    DEFAULT_CSS = """
    VerdictPage {
        height: auto;
        width: 1fr;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._verdicts: tuple[Verdict, ...] = ()
        self._headline = ""
        self._message = ""

    def put(self, verdicts: tuple[Verdict, ...], headline: str, message: str) -> None:
        """Take new contents."""
        self._verdicts, self._headline, self._message = verdicts, headline, message
        self.refresh(layout=True)

    def rows(self, width: int, height: int) -> list[Content]:
        """The rows at this width, in a pane of this height."""
        if self._message:
            return rich_words(self._message, "$text-muted").wrap(max(width, 2))
        return rows(self._verdicts, self._headline, width=width, compact=height < LOW)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as the wrapped text has."""
        return len(self.rows(width, container.height))

    def render(self) -> Content:
        """The rows as one text."""
        pane = self.parent
        assert isinstance(pane, Widget)
        return Content("\n").join(self.rows(self.content_size.width, pane.size.height))
