"""The top line: where you are, and how far."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

NAME = "torch-tutor"
GAP = 2
"""Least empty cells between the two sides."""


class TopLine(Widget):
    """One line: the program's name and a path at the left, progress at the right."""

    DEFAULT_CSS = """
    TopLine {
        height: 1;
        dock: top;
        background: $panel;
        padding: 0 1;
    }
    """

    def __init__(self, path: Content, *rights: Content) -> None:
        """`rights` are versions of the right side, the longest first; the first that leaves room is shown."""
        super().__init__()
        self._path = path
        self._rights = rights

    def put(self, path: Content, *rights: Content) -> None:
        """Take new contents."""
        self._path, self._rights = path, rights
        self.refresh()

    def render(self) -> Content:
        """Both sides, the path cut where it must be."""
        return two_sides(Content.assemble((NAME, "bold"), "   ", self._path), self._rights, self.content_size.width)


def two_sides(left: Content, rights: tuple[Content, ...], width: int) -> Content:
    """`left` and the first of `rights` that fits beside it; if none does, the last one beside what fits of `left`."""
    for right in rights:
        room = width - left.cell_length - right.cell_length
        if room >= GAP:
            return Content.assemble(left, " " * room, right)
    right = rights[-1] if rights else Content("")
    room = max(0, width - right.cell_length - GAP)
    left = left.truncate(room, ellipsis=True)
    return Content.assemble(left, " " * max(0, width - left.cell_length - right.cell_length), right)
