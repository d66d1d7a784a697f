"""The top line: where you are, and how far."""

from __future__ import annotations

from collections.abc import Sequence

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

    def __init__(self, paths: Sequence[Content], rights: Sequence[Content]) -> None:
        """`paths` and `rights` are versions of the two sides, each the longest first; what fits best is shown."""
        super().__init__()
        self._paths, self._rights = tuple(paths), tuple(rights)

    def put(self, paths: Sequence[Content], rights: Sequence[Content]) -> None:
        """Take new contents."""
        self._paths, self._rights = tuple(paths), tuple(rights)
        self.refresh()

    def render(self) -> Content:
        """Both sides, the path cut where it must be."""
        named = [Content.assemble((NAME, "bold"), "   ", path) for path in self._paths]
        return two_sides([*named, *self._paths[-1:]], self._rights, self.content_size.width)


def two_sides(lefts: Sequence[Content], rights: Sequence[Content], width: int) -> Content:
    """The first pair that fits, shorter lefts being tried before shorter rights; if none does, the last left is cut."""
    for right in rights or (Content(""),):
        for left in lefts:
            room = width - left.cell_length - right.cell_length
            if room >= GAP:
                return Content.assemble(left, " " * room, right)
    right = rights[-1] if rights else Content("")
    left = lefts[-1].truncate(max(0, width - right.cell_length - GAP), ellipsis=True) if lefts else Content("")
    return Content.assemble(left, " " * max(0, width - left.cell_length - right.cell_length), right)
