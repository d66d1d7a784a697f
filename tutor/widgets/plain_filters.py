"""The last step of drawing where there are to be no colours, or the terminal can't show every glyph."""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from tutor.glyphs import ASCII

DEFAULT = Style(color="default", bgcolor="default")
REVERSED = Style(color="default", bgcolor="default", reverse=True)


@lru_cache(1024)
def without_colours(style: Style) -> Style:
    """A style in the terminal's own two colours; a ground of its own becomes reversed letters."""
    ground = style.bgcolor is not None and not style.bgcolor.is_default
    return style + (REVERSED if ground else DEFAULT)


class NoColours(LineFilter):
    """Takes all colours away, and keeps what they set off (https://no-color.org)."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments without colours."""
        return [
            segment if segment.style is None else Segment(segment.text, without_colours(segment.style), segment.control)
            for segment in segments
        ]


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
