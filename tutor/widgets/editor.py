"""The editor: Python with highlighting, indentation that follows the code, undo, bracket matching."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.reactive import reactive
from textual.strip import Strip
from textual.theme import Theme
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from tutor.runtime.values import LineShape
from tutor.widgets.code_look import THEME, editor_theme
from tutor.widgets.completing import Completing
from tutor.widgets.indentation import WIDTH, after_enter, commented, shifted
from tutor.widgets.keys_in_order import ran_at_once
from tutor.widgets.ribbon import Ribbon


class CodeEditor(Completing):
    """A TextArea for Python; Tab and Enter belong to it, all function keys to the screen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"editor--ribbon"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+home", "to_edge(True)", "To the start", show=False),
        Binding("ctrl+end", "to_edge(False)", "To the end", show=False),
        Binding("shift+tab", "shift_lines(False)", "Less indent", show=False),
        Binding(
            "ctrl+slash,ctrl+underscore",
            "comment",
            "Comment",
            tooltip="Make lines comments, or code again",
            show=False,
            id="editor.comment",
        ),
        Binding(
            "ctrl+@,ctrl+space",
            "complete",
            "Complete",
            tooltip="Offer names that fit at the cursor",
            show=False,
            id="editor.complete",
        ),
        Binding("alt+up", "move_line(-1)", "Line up", tooltip="Move the line up", show=False, id="editor.line_up"),
        Binding(
            "alt+down", "move_line(1)", "Line down", tooltip="Move the line down", show=False, id="editor.line_down"
        ),
    ]
    DEFAULT_CSS = """
    CodeEditor {
        border: none;
        padding: 0 0 0 1;
        background: $background;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 1;
        & .text-area--cursor-line { background: $background; }
        & .text-area--cursor-gutter { background: $background; color: $quiet; }
        & .text-area--gutter { color: $faint; }
        & .editor--ribbon { color: $secondary 70%; }
        & .text-area--matching-bracket { background: $secondary 35%; text-style: bold; }
        &:focus { border: none; }
        &:focus .text-area--cursor-line { background: $panel 60%; }
        &:focus .text-area--cursor-gutter { background: $panel 60%; color: $primary; }
    }
    """

    def __init__(self, *, widget_id: str | None = None) -> None:
        super().__init__(
            language="python",
            theme="css",
            soft_wrap=False,
            tab_behavior="indent",
            show_line_numbers=True,
            max_checkpoints=200,
            id=widget_id,
        )
        self.indent_width = WIDTH
        self.ribbon = Ribbon()

    def on_mount(self) -> None:
        """Take the colours of the app's theme, and follow it."""
        self._take_theme(self.app.current_theme)
        self.app.theme_changed_signal.subscribe(self, self._take_theme)

    def _take_theme(self, theme: Theme) -> None:
        self.register_theme(editor_theme(self.app.theme_variables))
        # The name stays the same, so that the watcher would not see new colours.
        self.theme = "css"
        self.theme = THEME

    def open(self, text: str) -> None:
        """Take a new text, with the cursor on the first `...` that waits for code."""
        self.ribbon.put((), "")
        self.load_text(text)
        place = next(
            ((row, line.index("...")) for row, line in enumerate(text.split("\n")) if "..." in line.split("#")[0]),
            (0, 0),
        )
        self.scroll_to(0, 0, animate=False, immediate=True)
        self.move_cursor(place)

    def scroll_cursor_visible(self, center: bool = False, animate: bool = False) -> Offset:
        """Bring the cursor into view; not before there is a view, or it would be brought to the edge of nothing."""
        return super().scroll_cursor_visible(center, animate) if self.size else Offset(0, 0)

    def replace_all(self, text: str) -> None:
        """Put another text in the place of all of it, so that undo brings the old one back."""
        self.replace(text, (0, 0), self.document.end)
        self.move_cursor((0, 0))

    # ---- the shape ribbon ---------------------------------------------------------------------------------------

    with_ribbon: reactive[bool] = reactive(True)
    """Whether lines show at their right what they made in the last run."""

    def show_shapes(self, shapes: Sequence[LineShape], code: str) -> None:
        """Take what a run of `code` made."""
        self.ribbon.put(shapes, code)
        self._follow_text()

    @on(TextArea.Changed)
    def _follow_text(self) -> None:
        self.ribbon.follow(self.document.lines)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """A line of code, with its ribbon over the empty cells at its right; what is offered stands over both."""
        return self.with_offers(y, self._with_ribbon(y, super().render_line(y)))

    def _with_ribbon(self, y: int, strip: Strip) -> Strip:
        row = self.scroll_offset.y + y
        if not self.with_ribbon or row >= self.document.line_count:
            return strip
        width = self.scrollable_content_region.width
        code = self.gutter_width + cell_len(self.document[row].expandtabs(WIDTH)) - self.scroll_offset.x
        found = self.ribbon.at(row, code, self.gutter_width, width)
        if found is None:
            return strip
        start, text = found
        strip = strip.adjust_cell_length(width, self.rich_style)
        _, under = next(iter(strip.crop(start, start + 1)), Segment(" ", self.rich_style))[:2]
        style = (under or Style()) + Style(color=self.get_component_rich_style("editor--ribbon").color)
        size = cell_len(text)
        return Strip.join([strip.crop(0, start), Strip([Segment(text, style)], size), strip.crop(start + size, width)])

    # ---- keys ---------------------------------------------------------------------------------------------------

    async def _on_key(self, event: events.Key) -> None:
        handled = self.takes_key(event.key)
        if handled:
            pass
        elif event.key == "enter":
            row, column = self.selection.start if self.selection.is_empty else min(self.selection)
            self._replace_via_keyboard("\n" + after_enter(self.document[row][:column]), *self.selection)
            handled = True
        elif event.key == "tab" and self.selection.start[0] != self.selection.end[0]:
            self.action_shift_lines(True)
            handled = True
        elif event.key == "backspace" and self.selection.is_empty:
            handled = self._delete_indent()
        elif event.key == "escape":
            handled = True  # it would move the focus; here it only stops runs, which the screen sees to
        if handled or await ran_at_once(self, event):
            event.stop()
            event.prevent_default()

    def _delete_indent(self) -> bool:
        """Go back one level where only spaces stand before the cursor."""
        row, column = self.cursor_location
        before = self.document[row][:column]
        if column < 2 or before.strip(" "):
            return False
        self._delete_via_keyboard((row, (column - 1) // WIDTH * WIDTH), (row, column))
        return True

    def _selected_rows(self) -> tuple[int, int]:
        """First and last row of the selection; a row in which it only ends before the first column is not meant."""
        start, end = sorted((self.selection.start, self.selection.end))
        last = end[0] - 1 if end[1] == 0 and end[0] > start[0] else end[0]
        return start[0], last

    def _replace_rows(self, first: int, last: int, lines: list[str]) -> None:
        selection = self.selection
        old = [self.document[row] for row in range(first, last + 1)]
        self.replace("\n".join(lines), (first, 0), (last, len(old[-1])))

        def moved(place: tuple[int, int]) -> tuple[int, int]:
            row, column = place
            if not first <= row <= last:
                return place
            line = lines[row - first]
            return row, max(0, min(len(line), column + len(line) - len(old[row - first]))) if column else 0

        self.selection = Selection(moved(selection.start), moved(selection.end))

    def action_shift_lines(self, deeper: bool) -> None:
        """Move the selected lines one level."""
        first, last = self._selected_rows()
        self._replace_rows(first, last, shifted([self.document[row] for row in range(first, last + 1)], deeper))

    def action_comment(self) -> None:
        """Make the selected lines comments, or code again."""
        first, last = self._selected_rows()
        self._replace_rows(first, last, commented([self.document[row] for row in range(first, last + 1)]))

    def action_to_edge(self, start: bool) -> None:
        """Go to the first or the last place of the text."""
        self.move_cursor((0, 0) if start else self.document.end)

    def action_move_line(self, by: int) -> None:
        """Exchange the line with its neighbour."""
        row, column = self.cursor_location
        other = row + by
        if not 0 <= other < self.document.line_count:
            return
        first, last = min(row, other), max(row, other)
        self.replace(f"{self.document[last]}\n{self.document[first]}", (first, 0), (last, len(self.document[last])))
        self.move_cursor((other, column))
