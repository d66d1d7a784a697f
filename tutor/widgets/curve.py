"""The Curve pane: the loss of each backward(), live while the program runs."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from tutor.widgets.formats import MUTED, count, number
from tutor.widgets.loss_plot import Role, Row, draw, sentence, smooth, smoothing_window

FRAME_S = 0.1
"""Seconds between two drawings while losses come in."""

STYLES: dict[Role, str] = {"frame": MUTED, "current": "bold $primary", "previous": "$secondary"}


class CurveView(Vertical, can_focus=True):
    """Draws the loss of this run over that of the run before, with one sentence that says the same."""

    BINDINGS = [
        Binding("l", "toggle_log", "Log scale", tooltip="Show the loss on a logarithmic scale", id="curve.log"),
        Binding("a", "toggle_average", "Average", tooltip="Show the moving average of the loss", id="curve.average"),
    ]
    DEFAULT_CSS = """
    CurveView {
        height: 1fr;
        & > LossPlot { height: 1fr; }
        & > #curve-keys { height: 1; color: $text-muted; text-wrap: nowrap; }
        & > #curve-sentence { height: auto; max-height: 2; }
    }
    """

    log_scale: reactive[bool] = reactive(False)
    smoothed: reactive[bool] = reactive(False)

    def __init__(self, **names: Any) -> None:
        """`names` are `id`, `classes` and `name`, as every widget takes them."""
        super().__init__(**names)
        self._losses: list[float] = []
        self._previous: tuple[float, ...] = ()
        self._finished = False
        self._begun = False
        self._drawn_at = 0.0
        self._timer: Timer | None = None
        self.frames = 0

    def compose(self) -> ComposeResult:
        """The plot, the line of keys and the sentence."""
        yield LossPlot()
        yield Static(id="curve-keys")
        yield Static(id="curve-sentence")

    def on_mount(self) -> None:
        """Say that there is no run yet."""
        self._draw()

    # ---- what the screen calls

    def clear(self) -> None:
        """Begin a new run; the losses of the last one, if it had any, become the curve behind it."""
        self.keep_previous()
        self._losses = []
        self._finished, self._begun = False, True
        self._draw()

    def keep_previous(self) -> None:
        """Keep the present losses as the curve behind the next ones."""
        if len(self._losses) > 1:
            self._previous = tuple(self._losses)

    def forget(self) -> None:
        """Forget this run and the one before it, as when another step opens."""
        self._losses, self._previous = [], ()
        self._finished = self._begun = False
        self._draw()

    def extend(self, losses: Sequence[float]) -> None:
        """Add losses; draws at most ten times a second."""
        self._losses.extend(losses)
        wait = self._drawn_at + FRAME_S - monotonic()
        if wait <= 0:
            self._draw()
        elif self._timer is None:
            self._timer = self.set_timer(wait, self._draw)

    def finish(self) -> None:
        """The run has ended: draw all of it and say what it shows."""
        self._finished = True
        self._draw()

    # ---- drawing

    @property
    def losses(self) -> tuple[float, ...]:
        """The losses of this run."""
        return tuple(self._losses)

    @property
    def previous(self) -> tuple[float, ...]:
        """The losses of the run before."""
        return self._previous

    def action_toggle_log(self) -> None:
        """Switch between a linear and a logarithmic scale."""
        self.log_scale = not self.log_scale

    def action_toggle_average(self) -> None:
        """Switch the moving average on or off."""
        self.smoothed = not self.smoothed

    def watch_log_scale(self) -> None:
        """Draw at the new scale."""
        self._draw()

    def watch_smoothed(self) -> None:
        """Draw the moving average, or the losses themselves."""
        self._draw()

    def on_show(self) -> None:
        """Catch up with what came in while the pane was hidden."""
        self._draw()

    def caption(self) -> str:
        """The sentence under the curve."""
        if self._finished:
            said = sentence(self._losses)
        elif self._losses:
            first, last = number(self._losses[0], 3), number(self._losses[-1], 3)
            said = f"Step {count(len(self._losses))}: loss {last}, at first {first}."
        else:
            said = "Waiting for the first backward()." if self._begun else "Run your code to see its loss here."
        if self.log_scale and any(loss <= 0 for loss in self._losses):
            said += " The log scale leaves out losses of zero and below."
        return said

    def _draw(self) -> None:
        """Bring the plot and the texts up to date."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._drawn_at = monotonic()
        if not self.is_mounted:
            return
        window = smoothing_window(len(self._losses)) if self.smoothed else 0
        plot = self.query_one(LossPlot)
        plot.put(self._losses, self._previous, self.log_scale, window)
        # Without a curve the sentence stands at the top.
        keys = self.query_one("#curve-keys", Static)
        plot.display = keys.display = max(len(self._losses), len(self._previous)) > 1
        keys.update(self._keys(window))
        self.query_one("#curve-sentence", Static).update(Content(self.caption()))
        self.frames += 1

    def _keys(self, window: int) -> Content:
        """What the two curves are, and which keys change the drawing."""
        parts: list[Content | str] = []
        if len(self._losses) > 1:
            parts.append(Content.styled("⠶ this run", STYLES["current"]))
        if len(self._previous) > 1:
            parts.append(Content.styled("· run before", STYLES["previous"]))
        if parts:
            log = "on" if self.log_scale else "off"
            average = f"of {window} steps" if window else "off"
            parts += [Content.assemble("log ", ("L", "bold"), f" {log}")]
            parts += [Content.assemble("average ", ("A", "bold"), f" {average}")]
        return Content("   ").join(parts)


class LossPlot(Widget):
    """The two curves, as large as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._current: Sequence[float] = ()
        self._previous: Sequence[float] = ()
        self._log = False
        self._window = 0

    def put(self, current: Sequence[float], previous: Sequence[float], log: bool, window: int) -> None:
        """Take the curves; `window` is that of the moving average, 0 for none."""
        self._current, self._previous, self._log, self._window = current, previous, log, window
        self.refresh()

    def rows(self, size: Size) -> list[Row]:
        """The rows of the plot at this size."""
        curves = (self._current, self._previous)
        if self._window:
            curves = (smooth(curves[0], self._window), smooth(curves[1], self._window))
        if len(curves[0]) < 2:
            curves = ((), curves[1])
        return draw(*curves, width=size.width, height=size.height, log=self._log)

    def render(self) -> Content:
        """The rows as one text."""
        lines = [Content.assemble(*((piece.text, STYLES[piece.role]) for piece in row)) for row in self.rows(self.size)]
        return Content("\n").join(lines)

    def on_resize(self, event: events.Resize) -> None:
        """Draw at the new size."""
        self.refresh()
