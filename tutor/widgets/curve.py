"""The Curve pane: the loss of each backward(), live while the program runs, over the curves of earlier runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.timer import Timer
from textual.widgets import Static

from tutor.keys import key
from tutor.widgets.curve_plot import STYLES, Legend, LossPlot
from tutor.widgets.formats import count, number
from tutor.widgets.loss_plot import smoothing_window
from tutor.widgets.loss_sentence import sentence
from tutor.widgets.overlay import SIGNS, Curve
from tutor.widgets.run_curves import RunCurves
from tutor.widgets.stretch import WHOLE, Stretch

FRAME_S, TYPING_FRAME_S = 0.1, 0.5
"""Seconds between two drawings while losses come in; and while somebody types, whom a drawing would keep waiting."""
TYPING_S = 0.5
"""So long after a key somebody still types."""

ZOOM = 2.0
"""So many times more steps, or fewer, are shown after one key."""
MOVE_SHARE = 0.5
"""The part of what is shown by which the arrow keys move it."""


class CurveView(Vertical, can_focus=True):
    """Draws the loss of this run over those of earlier ones, with a sentence that says the same.

    A run is known by its name, as an experiment's "lr=0.1", or else by what changed in its code.
    """

    BINDINGS = [
        Binding("l", "toggle_log", "Log scale", tooltip="Show the loss on a logarithmic scale", id="curve.log"),
        Binding("a", "toggle_average", "Average", tooltip="Show the moving average of the loss", id="curve.average"),
        Binding("plus,equals_sign", "zoom(-1)", "Zoom in", tooltip="Show fewer steps", id="curve.nearer"),
        Binding("minus", "zoom(1)", "Zoom out", tooltip="Show more steps", id="curve.farther"),
        Binding("left", "move(-1)", "Earlier steps", tooltip="Zoomed in: show earlier steps", id="curve.earlier"),
        Binding("right", "move(1)", "Later steps", tooltip="Zoomed in: show later steps", id="curve.later"),
        Binding("0", "whole", "All steps", tooltip="Show all steps again", id="curve.whole"),
    ]
    DEFAULT_CSS = """
    CurveView {
        height: 1fr;
        & > LossPlot { height: 1fr; }
        & > Legend { height: auto; max-height: 5; color: $text-muted; }
        & > #curve-sentence { height: auto; max-height: 4; }
    }
    """

    log_scale: reactive[bool] = reactive(False)
    smoothed: reactive[bool] = reactive(False)
    stretch: reactive[Stretch] = reactive(WHOLE)

    def __init__(self, **names: Any) -> None:
        """`names` are `id`, `classes` and `name`, as every widget takes them."""
        super().__init__(**names)
        self._curves = RunCurves()
        self._log_chosen = self._finished = self._begun = False
        self._drawn_at = 0.0
        self._timer: Timer | None = None
        self.frames = 0

    def compose(self) -> ComposeResult:
        """The plot, what its curves are, and the sentence."""
        yield LossPlot()
        yield Legend()
        yield Static(id="curve-sentence")

    def on_mount(self) -> None:
        """Say that there is no run yet."""
        self._draw()

    # ---- what the screen calls

    def clear(self, run: str = "", code: str = "") -> None:
        """Begin a new run; the losses of the last one, if it had any, become a curve behind it.

        `run` is what the run is known by; without it, what its code changes is said instead.
        """
        self._curves.begin(run, code)
        self._finished, self._begun, self.stretch = False, True, WHOLE
        self._draw()

    def forget(self) -> None:
        """Forget this run and those before it, as when another step opens."""
        self._curves.forget()
        self._finished = self._begun = self._log_chosen = False
        self.log_scale, self.stretch = False, WHOLE
        self._draw()

    def put_lists(self, lists: Mapping[str, Sequence[float]]) -> None:
        """Draw a program's own lists in place of its losses."""
        self._curves.put_lists(lists)

    def put_beside(self, lists: Mapping[str, Sequence[float]]) -> None:
        """Draw numbers that the program asked to have drawn beside its losses."""
        self._curves.put_beside(lists)

    def extend(self, losses: Sequence[float]) -> None:
        """Add losses; draws at most ten times a second, and twice while somebody types."""
        self._curves.losses.extend(losses)
        now = monotonic()
        typing = now - getattr(self.app, "typed_at", -math.inf) < TYPING_S
        wait = self._drawn_at + (TYPING_FRAME_S if typing else FRAME_S) - now
        if wait <= 0:
            self._draw()
        elif self._timer is None:
            self._timer = self.set_timer(wait, self._draw)

    def finish(self) -> None:
        """The run has ended: draw all of it and say what it shows."""
        self._finished = True
        if not self._log_chosen:
            self.log_scale = self._curves.wide()
        self._draw()

    # ---- drawing

    @property
    def losses(self) -> tuple[float, ...]:
        """The losses of this run."""
        return tuple(self._curves.losses)

    @property
    def earlier(self) -> tuple[Curve, ...]:
        """The curves behind that of this run."""
        return tuple(kept.curve for kept in self._curves.earlier)

    def action_toggle_log(self) -> None:
        """Switch between a linear and a logarithmic scale."""
        self._log_chosen = True
        self.log_scale = not self.log_scale

    def action_toggle_average(self) -> None:
        """Switch the moving average on or off."""
        self.smoothed = not self.smoothed

    def action_zoom(self, turns: int) -> None:
        """Show half or twice as many steps: the newest of a run that goes on, else those in the middle."""
        self._zoom(turns, 0.5 if self._finished else 1.0)

    def action_move(self, turns: int) -> None:
        """Show later or earlier steps."""
        self.stretch = self.stretch.moved(turns * MOVE_SHARE, self._curves.steps)

    def action_whole(self) -> None:
        """Show all steps."""
        self.stretch = WHOLE

    def leave(self) -> bool:
        """Show all steps; False where they are shown already."""
        zoomed = self.stretch != WHOLE
        self.action_whole()
        return zoomed

    def on_loss_plot_turned(self, event: LossPlot.Turned) -> None:
        """Zoom by the mouse wheel."""
        self._zoom(event.turns, event.share)

    def _zoom(self, turns: int, share: float) -> None:
        self.stretch = self.stretch.scaled(ZOOM**turns, self._curves.steps, share)

    def watch_stretch(self) -> None:
        """Draw other steps."""
        self._draw()

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
        losses, run = self._curves.losses, self._curves.run
        if self._finished:
            said = sentence(losses, self._curves.list_name)
        elif losses:
            first, last = number(losses[0], 3), number(losses[-1], 3)
            said = f"Step {count(len(losses))}: loss {last}, at first {first}."
        else:
            said = "Waiting for the first backward()." if self._begun else "Run your code to see its loss here."
        if run and self._begun:
            said = f"{self._curves.runs()[-1]}: {said[0].lower()}{said[1:]}"
        if self.log_scale and any(loss <= 0 for loss in losses):
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
        losses, earlier = self._curves.losses, self._curves.earlier
        window = smoothing_window(len(losses)) if self.smoothed else 0
        curves = [(kept.sign, kept.curve.values) for kept in earlier]
        plot = self.query_one(LossPlot)
        plot.put(losses, curves, self.log_scale, window, self.stretch)
        # Without a curve the sentence stands at the top.
        legend = self.query_one(Legend)
        plot.display = legend.display = len(losses) > 1 or bool(earlier)
        legend.put(self._legend(window))
        self.query_one("#curve-sentence", Static).update(Content(self.caption()))
        self.frames += 1

    def _legend(self, window: int) -> list[Content]:
        """What the curves are, where runs are compared with what they came to, and which keys change the drawing."""
        ends = self._curves.ends() if self._finished else []
        labels = self._curves.labels()
        *labels, here = [f"{label} → {end}" for label, end in zip(labels, ends, strict=True)] if ends else labels
        parts = []
        if len(self._curves.losses) > 1:
            parts.append(Content.styled(f"⠶ {here}", STYLES["current"]))
        for kept, label in zip(self._curves.earlier, labels, strict=True):
            parts.append(Content.styled(f"{SIGNS[kept.sign]} {label}", STYLES[SIGNS[kept.sign]]))
        if parts:
            log = "on" if self.log_scale else "off"
            average = f"of {window} steps" if window else "off"
            parts += [Content.assemble("log ", (key("L"), "bold"), f" {log}")]
            parts += [Content.assemble("average ", (key("A"), "bold"), f" {average}")]
            parts += [Content.assemble("zoom ", (f"{key('+')} {key('-')}", "bold"), f" {self._shown()}")]
        return parts

    def _shown(self) -> str:
        """Which steps are shown."""
        if self.stretch == WHOLE:
            return "off"
        first, last = self.stretch.ends(self._curves.steps)
        return f"steps {first:,}–{last:,} of {self._curves.steps:,}"
