"""The names of the results' views in one line, with a mark below the one that is on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


@dataclass(frozen=True, slots=True)
class Tab:
    """A view: its key, its name, what stands beside the name, and the letter in it that is the key on the keyboard."""

    key: str
    name: str
    extra: str = ""
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A tab as it is drawn: its first cell, and the text from there on."""

    key: str
    start: int
    text: str
    letter: str = ""


def placed(tabs: Sequence[Tab], active: str, width: int) -> list[Placed]:
    """The tabs side by side in at most `width` cells: first the gaps give way, then what stands beside the names.

    Before each name there is a cell for the mark of the focus.
    """
    full = [f"{tab.name} {tab.extra}".rstrip() for tab in tabs]
    some = [text if tab.key == active else tab.name for tab, text in zip(tabs, full, strict=True)]
    names = [tab.name for tab in tabs]
    levels = ((full, 3), (full, 2), (some, 2), (some, 1), (names, 1))
    texts, gap = next(
        (level for level in levels if sum(map(len, level[0])) + level[1] * (len(tabs) - 1) < width), levels[-1]
    )
    found, start = [], 1
    for tab, text in zip(tabs, texts, strict=True):
        found.append(Placed(tab.key, start, text, tab.letter))
        start += len(text) + gap
    return found


def rows(tabs: Sequence[Placed], active: str, width: int, *, lit: bool) -> list[Content]:
    """Names, and below them a line that is heavy where the view is on; an arrow says that the focus is in it."""
    line, mark = Content(""), Content("")
    for tab in tabs:
        on = tab.key == active
        line = line.pad_right(tab.start - 1 - line.cell_length)
        line += Content.styled("▸" if on and lit else " ", "$primary")
        line += _named(tab, "bold $foreground" if on else "$quiet")
        if on:
            mark = Content.styled("─" * tab.start, "$foreground 15%")
            mark += Content.styled("━" * len(tab.text), "$primary" if lit else "$primary 60%")
    mark += Content.styled("─" * max(0, width - mark.cell_length), "$foreground 15%")
    return [line.truncate(width), mark.truncate(width)]


def _named(tab: Placed, style: str) -> Content:
    """The text of a tab, its letter underlined."""
    text = Content.styled(tab.text, style)
    at = tab.text.lower().find(tab.letter) if tab.letter else -1
    return text.stylize("underline", at, at + 1) if at >= 0 else text


class TabLine(Widget, can_focus=True):
    """Shows which view is on; a click chooses one."""

    DEFAULT_CSS = "TabLine { height: 2; width: 1fr; padding: 0 1; }"

    active: reactive[str] = reactive("")
    lit: reactive[bool] = reactive(False)
    """Whether the focus is in the view that is on."""

    class Chosen(Message):
        """The learner clicked a name."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, tabs: Sequence[Tab]) -> None:
        super().__init__()
        self._tabs = tuple(tabs)

    @property
    def tabs(self) -> tuple[Tab, ...]:
        """The tabs that are shown."""
        return self._tabs

    def put(self, tabs: Sequence[Tab]) -> None:
        """Take other tabs, or other words beside their names."""
        self._tabs = tuple(tabs)
        self.refresh()

    def render(self) -> Content:
        """Both rows."""
        width = self.content_size.width
        return Content("\n").join(rows(placed(self._tabs, self.active, width), self.active, width, lit=self.lit))

    def on_click(self, event: events.Click) -> None:
        """Choose the clicked one."""
        event.stop()
        x = event.get_content_offset_capture(self).x
        for tab in placed(self._tabs, self.active, self.content_size.width):
            if tab.start <= x < tab.start + len(tab.text):
                self.post_message(self.Chosen(tab.key))
