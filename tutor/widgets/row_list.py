"""A list that draws only the rows in view, so that a thousand lessons cost what twenty do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

RowType = TypeVar("RowType")


class RowList(ScrollView, Generic[RowType], can_focus=True):
    """Rows of one line with a cursor; `None` is an empty line. A kind of list is a subclass with its `draw_row`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "edge(-1)", "First", show=False),
        Binding("end", "edge(1)", "Last", show=False),
        Binding("enter", "choose", "Open", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row--here",
        "row--accent",
        "row--plain",
        "row--strong",
        "row--dim",
        "row--done",
        "row--begun",
    }
    DEFAULT_CSS = """
    RowList {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        & > .row--here { background: $panel; }
        & > .row--accent { color: $primary; text-style: bold; }
        & > .row--plain { color: $foreground; }
        & > .row--strong { color: $foreground; text-style: bold; }
        & > .row--dim { color: $quiet; }
        & > .row--done { color: $success; }
        & > .row--begun { color: $warning; }
    }
    """

    ONE_CLICK: ClassVar[bool] = False
    """Whether one click opens a row: so where nothing else shows what is in it."""

    cursor: reactive[int] = reactive(0)

    class Highlighted(Message):
        """The cursor stands on another row."""

        def __init__(self, rows: RowList[Any], row: Any) -> None:
            super().__init__()
            self.rows = rows
            self.row = row

        @property
        def control(self) -> RowList[Any]:
            """The list."""
            return self.rows

    class Chosen(Message):
        """A row was opened, by Enter or by a click."""

        def __init__(self, rows: RowList[Any], row: Any) -> None:
            super().__init__()
            self.rows = rows
            self.row = row

        @property
        def control(self) -> RowList[Any]:
            """The list."""
            return self.rows

    def __init__(self, rows: Sequence[RowType | None] = (), *, widget_id: str | None = None) -> None:
        super().__init__(id=widget_id)
        self._rows = tuple(rows)

    def on_mount(self) -> None:
        """Tell the scrollbar how long the list is, and the parent where the cursor stands."""
        self._resize_list()
        self._tell()

    @property
    def rows(self) -> tuple[RowType | None, ...]:
        """All rows."""
        return self._rows

    def put(self, rows: Sequence[RowType | None], cursor: int = 0) -> None:
        """Take new rows, with the cursor on one of them."""
        self._rows = tuple(rows)
        self._resize_list()
        self.set_reactive(RowList.cursor, self._nearest(cursor, 1))
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, immediate=True)
        self.refresh()
        self._tell()

    @property
    def current(self) -> RowType | None:
        """The row under the cursor; None in an empty list."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    def draw_row(self, row: RowType, width: int, current: bool) -> list[tuple[str, str]]:
        """The pieces of a row as (text, style), a style being the last part of a `row--` class."""
        raise NotImplementedError

    def _resize_list(self) -> None:
        self.virtual_size = Size(0, len(self._rows))

    def watch_cursor(self) -> None:
        """Keep the cursor in view and say where it is."""
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, immediate=True)
        self.refresh()
        self._tell()

    def _tell(self) -> None:
        if self.is_attached:
            self.post_message(self.Highlighted(self, self.current))

    def _nearest(self, index: int, direction: int) -> int:
        """The row at the index or, where that is an empty line, the next one in that direction that is not."""
        last = len(self._rows) - 1
        index = max(0, min(index, last))
        step = index
        while 0 <= step <= last and self._rows[step] is None:
            step += direction
        return step if 0 <= step <= last else self.cursor if last >= 0 else 0

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        self.cursor = self._nearest(self.cursor + by, 1 if by > 0 else -1)

    def action_page(self, direction: int) -> None:
        """Move the cursor by what fits on the screen."""
        self.action_move(direction * max(1, self.size.height - 1))

    def action_edge(self, direction: int) -> None:
        """Go to the first or the last row."""
        self.cursor = self._nearest(0 if direction < 0 else len(self._rows) - 1, -direction)

    def action_choose(self) -> None:
        """Open the row under the cursor."""
        if self.current is not None:
            self.post_message(self.Chosen(self, self.current))

    def on_click(self, event: events.Click) -> None:
        """Go to the clicked row, and open it where the cursor stood on it already or `ONE_CLICK` says so."""
        index = self.scroll_offset.y + event.y
        if index >= len(self._rows) or self._rows[index] is None:
            return
        again = index == self.cursor
        self.cursor = index
        if again or self.ONE_CLICK:
            self.action_choose()

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Show a quieter cursor."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row."""
        index = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        row = self._rows[index] if index < len(self._rows) else None
        if row is None:
            return Strip.blank(width, self.rich_style)
        current = index == self.cursor
        base = self.rich_style
        if current and self.has_focus:
            base += Style(bgcolor=self.get_component_rich_style("row--here").bgcolor)
        pieces = self.draw_row(row, width, current)
        segments = [Segment(text, self._style(style) + Style(bgcolor=base.bgcolor)) for text, style in pieces]
        return Strip(segments).adjust_cell_length(width, base)

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"row--{part}")
