"""The Plots pane: what the program asked to have drawn, one plot at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static

from tutor.runtime.plot import Plot
from tutor.widgets.formats import MUTED
from tutor.widgets.loss_plot import Row
from tutor.widgets.plot_rows import draw, sentence

COLOURS = ("$secondary", "$primary", "$success", "$warning", "$accent", "$error", "$foreground")
NOTHING = "Nothing was drawn. A program draws with tutor_scatter, tutor_regions, tutor_confusion or tutor_plot."


def style_of(role: str) -> str:
    """The style of a piece; what lies on the land of a class is bold, the land itself is not."""
    if role.startswith("class"):
        return f"bold {COLOURS[int(role[5:]) % len(COLOURS)]}"
    if role.startswith("land"):
        return f"{COLOURS[int(role[4:]) % len(COLOURS)]} 50%"
    return {"right": "bold $success", "wrong": "bold $error"}.get(role, MUTED)


class PlotArea(Widget):
    """The drawing, as large as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._plot: Plot | None = None

    def put(self, plot: Plot | None) -> None:
        """Take another plot."""
        self._plot = plot
        self.refresh()

    def rows(self, size: Size) -> list[Row]:
        """The rows at this size."""
        return draw(self._plot, size.width, size.height) if self._plot is not None else []

    def render(self) -> Content:
        """The rows as one text."""
        lines = [
            Content.assemble(*((piece.text, style_of(piece.role)) for piece in row)) for row in self.rows(self.size)
        ]
        return Content("\n").join(lines)

    def on_resize(self, event: events.Resize) -> None:
        """Draw at the new size."""
        self.refresh()


class PlotsView(Vertical, can_focus=True):
    """Left and right go from plot to plot."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "turn(1)", "Next plot", tooltip="Look at the next plot", id="plots.next"),
        Binding("p", "turn(-1)", "Plot before", tooltip="Look at the plot before", id="plots.before"),
    ]
    DEFAULT_CSS = """
    PlotsView {
        height: 1fr;
        & > #plot-name { height: auto; }
        & > PlotArea { height: 1fr; }
        & > #plot-sentence { height: auto; max-height: 4; }
    }
    """

    def __init__(self, **names: Any) -> None:
        """`names` are `id`, `classes` and `name`, as every widget takes them."""
        super().__init__(**names)
        self._plots: Sequence[Plot] = ()
        self._at = 0

    def compose(self) -> ComposeResult:
        """The name, the drawing, the sentence."""
        yield Static(id="plot-name")
        yield PlotArea()
        yield Static(id="plot-sentence", markup=False)

    def on_mount(self) -> None:
        """Say that there is nothing yet."""
        self.show_plots(())

    def show_plots(self, plots: Sequence[Plot]) -> None:
        """Take the plots of a run, the first in front."""
        self._plots, self._at = plots, 0
        self._show()

    def action_turn(self, by: int) -> None:
        """Go to the plot beside."""
        if self._plots:
            self._at = (self._at + by) % len(self._plots)
            self._show()

    def _show(self) -> None:
        plot = self._plots[self._at] if self._plots else None
        self.query_one(PlotArea).put(plot)
        name = Content.styled(plot.name or plot.kind, "bold $primary") if plot is not None else Content("")
        if len(self._plots) > 1:
            turn = f"   {self._at + 1} of {len(self._plots)}   "
            name = Content.assemble(name, (turn, "$quiet"), ("N", "bold"), (" next", "$quiet"))
        self.query_one("#plot-name", Static).update(name)
        said = sentence(plot) if plot is not None else NOTHING
        self.query_one("#plot-sentence", Static).update(said)
