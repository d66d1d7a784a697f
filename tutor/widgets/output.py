"""The Output pane: what the program prints, as it prints it."""

from __future__ import annotations

from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from tutor.widgets.formats import plural, size_text
from tutor.widgets.output_buffer import Line, OutputBuffer, Stream, fold

GUTTERS: dict[Stream, str] = {
    "stdout": "  ",
    "stderr": "│ ",
    "note": "· ",
    "input": "› ",
    "more": "… ",
    "value": "  ",
    "error": "✗ ",
    "next": "→ ",
}
"""What stands before each row, so that the streams differ without colour too."""

_BARS = ("stderr", "error", "next")


def wrapped(line: Line, width: int) -> list[tuple[Stream, str]]:
    """A line in rows: the program's broken anywhere, as a terminal does, the tutor's at words."""
    if line.stream not in _BARS[1:]:
        return [(line.stream, row) for row in fold(line.text, width)]
    first, *rest = [row.plain.rstrip() for row in Content(line.text).wrap(width)] or [""]
    return [(line.stream, first), *(("value", row) for row in rest)]


class OutputView(ScrollView, can_focus=True):
    """The last lines of stdout and stderr; follows the end unless you scroll up."""

    ALLOW_SELECT = True
    COMPONENT_CLASSES = {f"output--{part}" for part in (*GUTTERS, "stderr-bar", "error-bar", "next-bar")}
    DEFAULT_CSS = """
    OutputView {
        height: 1fr;
        background: transparent;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        & > .output--stdout { color: $foreground; }
        & > .output--stderr { color: $foreground; }
        & > .output--stderr-bar { color: $error; text-style: bold; }
        & > .output--note { color: $text-muted; text-style: italic; }
        & > .output--input, & > .output--more { color: $primary; }
        & > .output--value { color: $foreground; }
        & > .output--error, & > .output--next { color: $foreground; }
        & > .output--error-bar { color: $error; text-style: bold; }
        & > .output--next-bar { color: $primary; text-style: bold; }
    }
    """

    class Rewrapped(Message):
        """The lines take other rows than before, as at another width."""

    def __init__(self, **names: Any) -> None:
        """`names` are `id`, `classes` and `name`, as every widget takes them."""
        super().__init__(**names)
        self.buffer = OutputBuffer()
        self._rows: list[tuple[Stream, str]] = []
        self._row_counts: list[int] = []
        self._wrapped_at = 0
        self._following = True

    def clear(self) -> None:
        """Forget all output."""
        self.buffer.clear()
        self._following = True
        self._rewrap()

    def append(self, stream: Stream, text: str) -> None:
        """Add a piece of output."""
        self._changed(*self.buffer.append(stream, text))

    def line(self, stream: Stream, text: str) -> None:
        """Add whole lines, whatever stood before them."""
        self._changed(*self.buffer.line(stream, text))

    def note(self, text: str) -> None:
        """Add a line that the program did not write."""
        self._changed(*self.buffer.note(text))

    @property
    def rows(self) -> list[str]:
        """The rows as they are drawn, from the first that is kept."""
        return [GUTTERS[stream] + text for stream, text in self._all_rows()]

    def _all_rows(self) -> list[tuple[Stream, str]]:
        return [*self._dropped_rows(), *self._rows]

    def _dropped_rows(self) -> list[tuple[Stream, str]]:
        """The line that says what was dropped, if anything was."""
        buffer = self.buffer
        if not buffer.dropped_characters:
            return []
        size = size_text(buffer.dropped_characters)
        text = f"{plural(buffer.dropped_lines, 'earlier line')} dropped ({size}); the end is kept."
        return [("note", row) for row in fold(text, self._text_width)]

    @property
    def _text_width(self) -> int:
        return max(1, self.scrollable_content_region.width - 2)

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew at another width, and keep the end in view at another height."""
        if self._text_width != self._wrapped_at:
            self._rewrap()
        elif self._following:
            self._go_to(self.max_scroll_y)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Follow the end from now on, or no longer: wherever the last scrolling led."""
        super().watch_scroll_y(old_value, new_value)
        self._following = round(new_value) >= self.max_scroll_y

    def _go_to(self, row: int) -> None:
        # The scrollbar comes with the next layout, and without one Textual scrolls by force only.
        self.scroll_to(y=row, animate=False, immediate=True, force=True)

    def _rewrap(self) -> None:
        """Wrap every line at the present width."""
        self._rows, self._row_counts = [], []
        self._wrapped_at = self._text_width
        self._wrap_from(0)
        self._update_size(0)
        self.post_message(self.Rewrapped())

    def _wrap_from(self, first: int) -> None:
        """Wrap the lines from index `first` on; those before it are wrapped already."""
        lines = self.buffer.lines
        for index in range(first, len(lines)):
            rows = wrapped(lines[index], self._wrapped_at)
            self._row_counts.append(len(rows))
            self._rows.extend(rows)

    def _changed(self, dropped: int, first: int) -> None:
        """Bring the rows up to date after `dropped` lines left at the front and those from `first` on changed."""
        if not self._wrapped_at:
            return
        gone = sum(self._row_counts[:dropped])
        del self._row_counts[:dropped]
        stale = sum(self._row_counts[first:])
        del self._row_counts[first:]
        del self._rows[:gone]
        if stale:
            del self._rows[-stale:]
        self._wrap_from(first)
        self._update_size(gone)

    def _update_size(self, gone: int) -> None:
        """Tell the scrollbar, and keep the end or, where `gone` rows left above them, the rows being read in view."""
        following, reading = self._following, self.scroll_offset.y - gone
        self.virtual_size = Size(0, len(self._dropped_rows()) + len(self._rows))
        if following:
            self._go_to(self.max_scroll_y)
        elif gone:
            self._go_to(max(0, reading))
        self._following = following
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row of the pane."""
        row = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        dropped = self._dropped_rows()
        if row >= len(dropped) + len(self._rows):
            return Strip.blank(width, self.rich_style)
        stream, text = dropped[row] if row < len(dropped) else self._rows[row - len(dropped)]
        segments = [
            Segment(GUTTERS[stream], self._style(f"{stream}-bar" if stream in _BARS else stream)),
            *self._text_segments(text, row, self._style(stream)),
        ]
        return Strip(segments).adjust_cell_length(width, self.rich_style).apply_offsets(0, row)

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"output--{part}")

    def _text_segments(self, text: str, row: int, style: Style) -> list[Segment]:
        """The text of a row, with the part that the mouse has selected marked."""
        span = self.text_selection.get_span(row) if self.text_selection is not None else None
        if span is None:
            return [Segment(text, style)]
        start, end = max(0, span[0] - 2), len(text) if span[1] == -1 else max(0, span[1] - 2)
        marked = style + self.screen.get_component_rich_style("screen--selection")
        return [Segment(text[:start], style), Segment(text[start:end], marked), Segment(text[end:], style)]

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text, as it stands on the screen but without the gutters."""
        rows = [" " * 2 + text for _, text in self._all_rows()]
        lines = selection.extract("\n".join(rows)).split("\n")
        return "\n".join(line.removeprefix("  ") for line in lines), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw a changed selection."""
        self.refresh()
