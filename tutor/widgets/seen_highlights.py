"""Highlighting of the rows that are seen: a key in a long text costs no more than one in a short text."""

from __future__ import annotations

from textual.strip import Strip
from textual.widgets import TextArea


class SeenHighlights(TextArea):
    """A TextArea without soft wrap that asks the syntax tree for what it draws.

    Textual's own asks for the whole text after each change, which takes most of a key's time in 150 lines.
    """

    _lit = range(0)
    """The rows whose highlights are known."""

    def _build_highlight_map(self) -> None:
        self._line_cache.clear()
        self._highlights.clear()
        self._lit = range(0)

    def render_line(self, y: int) -> Strip:
        """A line of text; the first one after a change finds the highlights of all that is in sight."""
        row = self.scroll_offset.y + y
        if row not in self._lit and row < self.document.line_count:
            self._light(row)
        return super().render_line(y)

    def _light(self, row: int) -> None:
        top = self.scroll_offset.y
        self._lit = rows = range(min(row, top), max(row + 1, top + self.size.height))
        self._highlights.clear()
        if self._highlight_query is None:
            return
        captures = self.document.query_syntax_tree(self._highlight_query, (rows.start, 0), (rows.stop, 0))
        for name, nodes in captures.items():
            for node in nodes:
                first, start = node.start_point
                last, end = node.end_point
                for at in range(max(first, rows.start), min(last + 1, rows.stop)):
                    self._highlights[at].append((start if at == first else 0, end if at == last else None, name))
