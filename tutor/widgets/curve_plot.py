"""The parts of the Curve pane: the drawing, and the line that says what its curves are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from tutor.widgets.formats import MUTED
from tutor.widgets.loss_plot import Role, Row, draw, smooth
from tutor.widgets.overlay import SIGNS
from tutor.widgets.stretch import WHOLE, Stretch

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
        if parts != self._parts:
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


AXIS_CELLS = 7
"""About as many cells at the left of a plot are its axis."""


class LossPlot(Widget):
    """The curves, as large as there is room."""

    @dataclass
    class Turned(Message):
        """The mouse wheel was turned over the plot, at `share` of its width; up is negative."""

        turns: int
        share: float

    def __init__(self) -> None:
        super().__init__()
        self._current: Sequence[float] = ()
        self._earlier: Sequence[tuple[int, Sequence[float]]] = ()
        self._log = False
        self._window = 0
        self._stretch = WHOLE

    def put(
        self,
        current: Sequence[float],
        earlier: Sequence[tuple[int, Sequence[float]]],
        log: bool,
        window: int,
        stretch: Stretch,
    ) -> None:
        """Take the curves, earlier ones with their signs; `window` is that of the moving average, 0 for none."""
        self._current, self._earlier, self._log, self._window = current, earlier, log, window
        self._stretch = stretch
        self.refresh()

    def rows(self, size: Size) -> list[Row]:
        """The rows of the plot at this size."""
        current, earlier = self._current, self._earlier
        if self._window:
            current = smooth(current, self._window)
            earlier = [(sign, smooth(values, self._window)) for sign, values in earlier]
        if len(current) < 2:
            current = ()
        return draw(current, earlier, width=size.width, height=size.height, log=self._log, stretch=self._stretch)

    def render(self) -> Content:
        """The rows as one text."""
        lines = [Content.assemble(*((piece.text, STYLES[piece.role]) for piece in row)) for row in self.rows(self.size)]
        return Content("\n").join(lines)

    def on_resize(self, event: events.Resize) -> None:
        """Draw at the new size."""
        self.refresh()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Zoom in on the step under the pointer."""
        self._turned(event, -1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Zoom out from it."""
        self._turned(event, 1)

    def _turned(self, event: events.MouseEvent, turns: int) -> None:
        event.stop()
        share = (event.x - AXIS_CELLS) / max(1, self.size.width - AXIS_CELLS - 1)
        self.post_message(self.Turned(turns, max(0.0, min(1.0, share))))
