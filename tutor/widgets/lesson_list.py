"""The list of the course map."""

from __future__ import annotations

from tutor.widgets.map_rows import MapRow, Pieces, pieces
from tutor.widgets.row_list import RowList


class LessonList(RowList[MapRow]):
    """Where to go on, then the lessons; or what a search found."""

    words: tuple[str, ...] = ()
    """What was searched for."""

    def draw_row(self, row: MapRow, width: int, current: bool) -> Pieces:
        """The row as pieces."""
        return pieces(row, width, current, self.words)
