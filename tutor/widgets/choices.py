"""The options of a question, picked by number, by arrow keys and Enter, or by a click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.widgets.choice_rows import OptionLine, rows

LOW = 30
"""Windows lower than this leave out the empty rows between options of one line."""


class Choices(Widget, can_focus=True):
    """Shows options and says which one was picked; what a pick means is not decided here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("space", "pick_current", "Pick", show=False),
        Binding("enter", "enter", "Pick, or hand in", show=False),
        *(Binding(str(number), f"pick({number - 1})", f"Option {number}", show=False) for number in range(1, 10)),
    ]
    DEFAULT_CSS = """
    Choices { height: auto; width: 1fr; }
    """

    cursor: reactive[int] = reactive(0)

    class Picked(Message):
        """An option was picked; `index` counts from 0."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class HandedIn(Message):
        """All that was picked is to be judged."""

    class Onward(Message):
        """Enter was pressed where there is nothing more to pick."""

    def __init__(self) -> None:
        super().__init__()
        self._options: tuple[OptionLine, ...] = ()
        self._several = False
        self._locked = False

    @property
    def options(self) -> tuple[OptionLine, ...]:
        """What is shown."""
        return self._options

    def put(self, options: Sequence[OptionLine], *, several: bool = False, locked: bool = False) -> None:
        """Take new contents; `locked` when there is nothing more to pick."""
        if len(options) != len(self._options):
            self.set_reactive(Choices.cursor, 0)
        self._options, self._several, self._locked = tuple(options), several, locked
        self.refresh(layout=True)

    # ---- drawing ------------------------------------------------------------------------------------------------

    def rows(self, width: int) -> list[tuple[Content, int]]:
        """The rows at this width."""
        cursor = None if self._locked or not self.has_focus else self.cursor
        compact = self.app.size.height < LOW and not any("\n" in option.text.strip() for option in self._options)
        return rows(self._options, width=width, cursor=cursor, several=self._several, compact=compact)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as the options take."""
        return len(self.rows(width))

    def render(self) -> Content:
        """All rows."""
        return Content("\n").join(row for row, _ in self.rows(self.content_size.width))

    def watch_cursor(self) -> None:
        """Keep the option in view."""
        self.refresh()
        mine = [y for y, (_, index) in enumerate(self.rows(self.content_size.width)) if index == self.cursor]
        if mine and isinstance(self.parent, Widget):
            region = Region(0, mine[0], 1, len(mine)).translate(self.virtual_region.offset)
            self.parent.scroll_to_region(region, animate=False)

    def on_focus(self) -> None:
        """Show the pointer."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the pointer."""
        self.refresh()

    # ---- picking ------------------------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        """Move the pointer."""
        if self._options:
            self.cursor = (self.cursor + by) % len(self._options)

    def action_pick(self, index: int) -> None:
        """Pick by number."""
        if index < len(self._options) and not self._locked:
            self.cursor = index
            self.post_message(self.Picked(index))

    def action_pick_current(self) -> None:
        """Pick the option at the pointer."""
        self.action_pick(self.cursor)

    def action_enter(self) -> None:
        """Pick; or hand in what was picked, where several may be."""
        if self._locked:
            self.post_message(self.Onward())
        elif self._several:
            self.post_message(self.HandedIn())
        else:
            self.action_pick_current()

    def on_click(self, event: events.Click) -> None:
        """Pick the clicked option."""
        shown = self.rows(self.content_size.width)
        offset = event.get_content_offset(self)
        if offset is not None and offset.y < len(shown) and shown[offset.y][1] >= 0:
            self.action_pick(shown[offset.y][1])
