"""Lines to be put in order, by keys or by dragging them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region, Size
from textual.highlight import highlight
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.widgets.arrangement import Arrangement, arrangement
from tutor.widgets.code_look import PageCode
from tutor.widgets.lesson_page import code_rows

GUTTER = 7
"""Cells before a line: the pointer, its number, the handle."""
BORDER = -1
"""In place of an index, for the rows between what is used and what is not."""
_MOST_UNDONE = 500


class LineOrder(VerticalScroll, can_focus=False):
    """The lines of a program; `Changed` says that they stand otherwise now."""

    DEFAULT_CSS = """
    LineOrder { height: 1fr; scrollbar-size-vertical: 1; }
    LineOrder > OrderedLines { height: auto; width: 1fr; padding: 0 1 0 0; }
    """

    class Changed(Message):
        """The program is another one."""

    def compose(self) -> Sequence[Widget]:
        """The lines, which scroll."""
        return (OrderedLines(),)

    @property
    def lines(self) -> OrderedLines:
        """The lines."""
        return self.query_one(OrderedLines)

    @property
    def text(self) -> str:
        """The program that the used lines make."""
        return self.lines.arrangement.program

    def open(self, lines: Sequence[str], program: str | None, *, may_put_away: bool) -> None:
        """Take the lines of a step; with `program`, as they stood when it was left."""
        start = arrangement(lines, may_put_away=may_put_away)
        self.lines.start(start if program is None else start.with_program(program))
        self.scroll_home(animate=False)

    def replace_all(self, program: str) -> None:
        """Put the lines of a program in its order, so that undo brings back how they stood."""
        self.lines.change(self.lines.arrangement.with_program(program), 0)

    def go_to_line(self, line: int) -> None:
        """Point at a line of the program, counted from 1."""
        self.lines.cursor = max(0, min(line, self.lines.arrangement.used) - 1)
        self.lines.focus()


class OrderedLines(Widget, can_focus=True):
    """Draws the lines and moves them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Line above", tooltip="Point at the line above", id="lines.above", show=False),
        Binding("down,j", "move(1)", "Line below", tooltip="Point at the line below", id="lines.below", show=False),
        Binding("home", "edge(-1)", "First line", show=False),
        Binding("end", "edge(1)", "Last line", show=False),
        Binding("alt+up,shift+up,K", "shift(-1)", "Line up", tooltip="Move the line up", id="lines.up", show=False),
        Binding(
            "alt+down,shift+down,J", "shift(1)", "Line down", tooltip="Move the line down", id="lines.down", show=False
        ),
        Binding(
            "space,delete,x",
            "put_away",
            "Put away",
            tooltip="Put the line away, or bring it back",
            id="lines.put_away",
            show=False,
        ),
        Binding("ctrl+z,u", "undo", "Undo", tooltip="Undo the last move", id="lines.undo", show=False),
        Binding("ctrl+y", "redo", "Redo", tooltip="Do it again", id="lines.redo", show=False),
    ]
    cursor: reactive[int] = reactive(0)

    def __init__(self) -> None:
        super().__init__()
        self.arrangement = Arrangement((), 0)
        self._undo: list[tuple[Arrangement, int]] = []
        self._redo: list[tuple[Arrangement, int]] = []
        self._dragged: tuple[Arrangement, int] | None = None
        self._code: dict[str, Content] = {}

    def start(self, lines: Arrangement) -> None:
        """Take the lines of a step that was just opened."""
        self._undo, self._redo = [], []
        self._code = {line: highlight(line, language="python", theme=PageCode) for line in lines.lines}
        self.set_reactive(OrderedLines.cursor, 0)
        self._take(lines, 0)

    def change(self, lines: Arrangement, cursor: int) -> None:
        """Take another order; what was is kept for undo."""
        if lines != self.arrangement:
            self._undo = [*self._undo[-_MOST_UNDONE:], (self.arrangement, self.cursor)]
            self._redo = []
            self._take(lines, cursor)
            self._tell()

    def _take(self, lines: Arrangement, cursor: int) -> None:
        self.arrangement = lines
        self.cursor = max(0, min(cursor, len(lines.lines) - 1))
        self.refresh(layout=True)
        self._into_view()

    def _tell(self) -> None:
        self.post_message(LineOrder.Changed())

    # ---- drawing ------------------------------------------------------------------------------------------------

    def rows(self, width: int) -> list[tuple[Content, int]]:
        """The rows at this width, each with the index of its line, or `BORDER`."""
        out: list[tuple[Content, int]] = []
        for index, line in enumerate(self.arrangement.lines):
            if index == self.arrangement.used:
                out += border_rows(width, empty=False)
            out += [(row, index) for row in self._line_rows(index, line, width)]
        if self.arrangement.may_put_away and self.arrangement.used == len(self.arrangement.lines):
            out += border_rows(width, empty=True)
        return out

    def _line_rows(self, index: int, line: str, width: int) -> list[Content]:
        """The pointer, the number and the line; what does not fit goes on below."""
        here, used = index == self.cursor, index < self.arrangement.used
        number = f"{index + 1:>2}" if used else " –"
        held = here and self._dragged is not None
        handle = "⇕" if held or (here and self.has_focus) else "·"
        head = Content.assemble(
            (" ▸ " if here and self.has_focus else "   ", "bold $primary"),
            (number, "$faint"),
            (f" {handle} ", "$primary" if here and self.has_focus else "$foreground 25%"),
        )
        code = self._code.get(line, Content(line))
        rows = code_rows(code if used else Content.styled(line, "$quiet"), max(20, width - head.cell_length))
        drawn = [head + rows[0], *(Content(" " * head.cell_length) + row for row in rows[1:])]
        if here and (self.has_focus or held):
            drawn = [row.pad_right(max(0, width - row.cell_length)).stylize_before("on $panel") for row in drawn]
        return drawn

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as the lines take."""
        return len(self.rows(width))

    def render(self) -> Content:
        """All rows."""
        return Content("\n").join(row for row, _ in self.rows(self.content_size.width))

    def watch_cursor(self) -> None:
        """Show the pointer, and keep its line in view."""
        self.refresh()
        self._into_view()

    def _into_view(self) -> None:
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

    # ---- keys ---------------------------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        """Point at the line above or below."""
        self.cursor = max(0, min(self.cursor + by, len(self.arrangement.lines) - 1))

    def action_edge(self, direction: int) -> None:
        """Point at the first or the last line."""
        self.cursor = 0 if direction < 0 else len(self.arrangement.lines) - 1

    def action_shift(self, by: int) -> None:
        """Move the line that is pointed at."""
        self.change(*self.arrangement.moved(self.cursor, by))

    def action_put_away(self) -> None:
        """Put the line away, or bring it back; the pointer stays where the next line then is."""
        self.change(self.arrangement.toggled(self.cursor), self.cursor)

    def action_undo(self) -> None:
        """Go back one change."""
        self._go(self._undo, self._redo)

    def action_redo(self) -> None:
        """Go forward one change."""
        self._go(self._redo, self._undo)

    def _go(self, back: list[tuple[Arrangement, int]], forth: list[tuple[Arrangement, int]]) -> None:
        if back:
            forth.append((self.arrangement, self.cursor))
            self._take(*back.pop())
            self._tell()

    # ---- the mouse ----------------------------------------------------------------------------------------------

    def _index_at(self, event: events.MouseEvent) -> int | None:
        """The index of the line under the mouse; None beside the lines."""
        offset = event.get_content_offset_capture(self)
        rows = self.rows(self.content_size.width)
        return rows[offset.y][1] if 0 <= offset.y < len(rows) else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of a line."""
        index = self._index_at(event)
        if index is not None and index >= 0:
            self.cursor = index
            self._dragged = (self.arrangement, index)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move the line that is held towards the mouse."""
        index = self._index_at(event)
        if self._dragged is None or index is None or index == self.cursor:
            return
        self._take(*self.arrangement.dragged(self.cursor, None if index == BORDER else index))

    def on_mouse_up(self) -> None:
        """Let go of it."""
        if self._dragged is None:
            return
        self.release_mouse()
        (before, cursor), self._dragged = self._dragged, None
        if before != self.arrangement:
            self._undo = [*self._undo[-_MOST_UNDONE:], (before, cursor)]
            self._redo = []
            self._tell()
        self.refresh()


def border_rows(width: int, *, empty: bool) -> list[tuple[Content, int]]:
    """The rows between the program and what is not used."""
    words = " not used " if not empty else " not used: a line goes here with Space "
    line = "──" + words + "─" * max(0, width - GUTTER - len(words) - 2)
    return [(Content(""), BORDER), (Content.styled(" " * GUTTER + line, "$faint"), BORDER)]
