"""The last step of drawing where the terminal can't show every glyph."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tutor.glyphs import ASCII


class AsciiFilter(LineFilter):
    """Draws ASCII in place of glyphs; what learners and courses write stays, unless the terminal can't show it."""

    def __init__(self, *, letters: bool) -> None:
        """`letters`: whether the terminal shows letters that are not ASCII."""
        super().__init__()
        self._letters = letters

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, as wide as they were."""
        return [
            segment if segment.text.isascii() else Segment(self._plain(segment.text), segment.style, segment.control)
            for segment in segments
        ]

    def _plain(self, text: str) -> str:
        plain = text.translate(ASCII)
        if self._letters or plain.isascii():
            return plain
        return "".join(each if each.isascii() else "?" * cell_len(each) for each in plain)
