"""The parts of the Curve pane: the drawing, and the line that says what its curves are."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tutor.widgets.formats import MUTED
from tutor.widgets.loss_plot import Role, Row, draw, smooth
from tutor.widgets.overlay import SIGNS

STYLES: dict[Role, str] = {
    "frame": MUTED,
    "current": "bold $primary",
    **dict(zip(SIGNS, ("$secondary", "$accent", "$success", "$warning", "$quiet"), strict=True)),
}


class Legend(Widget):
    """Short texts one beside the other, in as many rows as they take; none is torn apart."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: Sequence[Content] = ()

    def put(self, parts: Sequence[Content]) -> None:
        """Take new texts."""
        self._parts = parts
        self.refresh(layout=True)

    def rows(self, width: int) -> list[Content]:
        """The rows at this width."""
        rows: list[Content] = []
        for part in self._parts:
            if rows and rows[-1].cell_length + 3 + part.cell_length <= width:
                rows[-1] = Content.assemble(rows[-1], "   ", part)
            else:
                rows.append(part)
        return rows

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as the texts take."""
        return len(self.rows(width))

    def render(self) -> Content:
        """The rows as one text."""
        return Content("\n").join(row.truncate(self.content_size.width) for row in self.rows(self.content_size.width))


class LossPlot(Widget):
    """The curves, as large as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._current: Sequence[float] = ()
        self._earlier: Sequence[tuple[int, Sequence[float]]] = ()
        self._log = False
        self._window = 0

    def put(
        self, current: Sequence[float], earlier: Sequence[tuple[int, Sequence[float]]], log: bool, window: int
    ) -> None:
        """Take the curves, earlier ones with their signs; `window` is that of the moving average, 0 for none."""
        self._current, self._earlier, self._log, self._window = current, earlier, log, window
        self.refresh()

    def rows(self, size: Size) -> list[Row]:
        """The rows of the plot at this size."""
        current, earlier = self._current, self._earlier
        if self._window:
            current = smooth(current, self._window)
            earlier = [(sign, smooth(values, self._window)) for sign, values in earlier]
        if len(current) < 2:
            current = ()
        return draw(current, earlier, width=size.width, height=size.height, log=self._log)

    def render(self) -> Content:
        """The rows as one text."""
        lines = [Content.assemble(*((piece.text, STYLES[piece.role]) for piece in row)) for row in self.rows(self.size)]
        return Content("\n").join(lines)

    def on_resize(self, event: events.Resize) -> None:
        """Draw at the new size."""
        self.refresh()
