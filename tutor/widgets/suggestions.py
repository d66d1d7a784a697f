"""The list of names at the cursor: which is chosen, where it stands, how its rows look; the editor draws it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from rich.cells import cell_len, set_cell_size
from textual.geometry import Region, Size

from tutor.completion.names import Suggestions
from tutor.completion.places import Named

MOST_ROWS = 8
WIDEST_NAME, WIDEST_SIGNATURE = 28, 44
MARK = "›"
"""Before the chosen name."""
SIGNS = {"m": "module", "c": "class"}

Piece = tuple[str, str]
"""A text and the part of the look that it has: "name", "here", "mark" or "dim"."""


class SuggestionList(msgspec.Struct, frozen=True, kw_only=True):
    """Names to choose from; a new one is made when something changes."""

    found: Suggestions
    row: int
    """The row of the text in which the cursor stands."""
    asked: bool = False
    """Whether the learner asked for it."""
    chosen: int = 0
    moved: bool = False
    """Whether the learner has moved in it, which gives Enter to it."""
    first: int = 0
    """The number of the name in the top row."""
    width: int = 0

    def move(self, by: int) -> SuggestionList:
        """The list with another name chosen, round the ends."""
        chosen = (self.chosen + by) % len(self.found.names)
        first = min(max(self.first, chosen - MOST_ROWS + 1), chosen)
        return msgspec.structs.replace(self, chosen=chosen, first=first, moved=True)

    def narrowed(self, found: Suggestions) -> SuggestionList:
        """The list after another letter; it stays as wide as it is."""
        return SuggestionList(found=found, row=self.row, asked=self.asked, width=self.width)

    @property
    def name(self) -> Named:
        """The chosen one."""
        return self.found.names[self.chosen]

    @property
    def height(self) -> int:
        """Rows."""
        return min(MOST_ROWS, len(self.found.names))

    def region(self, view: Size, gutter: int, cursor: tuple[int, int], taken: int | None) -> Region | None:
        """Where it stands in a view, below the cursor or above it; None where there is no room.

        `cursor` is the cell of the beginning of the name; `taken` a row that is not to be covered.
        """
        x, y = cursor
        below = view.height - 1 - y - (taken is not None and taken > y)
        above = y - (taken is not None and taken < y)
        height = min(self.height, max(below, above))
        width = min(self.width or width_of(self.found.names), view.width - gutter)
        if height < 1 or width < 8 or not 0 <= y < view.height:
            return None
        left = max(gutter, min(x - 2, view.width - width))
        return Region(left, y + 1 if below >= height else y - height, width, height)

    def top(self, height: int) -> int:
        """The number of the name in the first of so many rows."""
        return max(0, min(max(self.first, self.chosen - height + 1), self.chosen, len(self.found.names) - height))

    def at(self, number: int) -> SuggestionList:
        """The list with that name chosen."""
        return msgspec.structs.replace(self, chosen=number)

    def pieces(self, line: int, height: int, width: int) -> list[Piece]:
        """The look of one of its `height` rows."""
        number = self.top(height) + line
        one = self.found.names[number]
        here = number == self.chosen
        room = min(WIDEST_NAME, width - 3, max(cell_len(each.name) for each in self.found.names))
        name = set_cell_size(cut(one.name, room), room)
        beside = set_cell_size(f"  {cut(_beside(one), width - room - 5)}", width - room - 2)
        return [(f"{MARK if here else ' '} ", "mark"), (name, "here" if here else "name"), (beside, "dim")]


def width_of(names: Sequence[Named]) -> int:
    """Cells that names and signatures would like to have."""
    name = max(min(WIDEST_NAME, cell_len(one.name)) for one in names)
    signature = max(min(WIDEST_SIGNATURE, cell_len(_beside(one))) for one in names)
    return 2 + name + (2 + signature if signature else 0) + 1


def _beside(one: Named) -> str:
    """What stands beside a name: its signature, or what it is."""
    if one.forms:
        return one.forms[0]
    return SIGNS.get(one.kind, "") or (one.gives.rpartition(".")[2] if one.kind == "v" else "")


def cut(text: str, width: int) -> str:
    """The text in at most so many cells, with a sign where something is missing."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1) + "…" if width > 0 else ""
