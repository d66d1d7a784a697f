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

from tutor.widgets.curve_plot import STYLES, Legend, LossPlot
from tutor.widgets.formats import count, number
from tutor.widgets.loss_plot import sentence, smoothing_window
from tutor.widgets.overlay import SIGNS, Curve, Overlay, what_differs

FRAME_S = 0.1
"""Seconds between two drawings while losses come in."""

RUN_BEFORE = "run before"
MOST_RUNS = 5
"""Runs that are compared stay up to this number, beside the present one."""
WIDE_RANGE = 1000
"""Runs that are compared stand on a log scale where their highest value is so many times their lowest."""


class CurveView(Vertical, can_focus=True):
    """Draws the loss of this run over those of earlier ones, with a sentence that says the same.

    Runs with a name (an experiment's "lr=0.1") are compared: five of them stay. Of others, only the run before does.
    """

    BINDINGS = [
        Binding("l", "toggle_log", "Log scale", tooltip="Show the loss on a logarithmic scale", id="curve.log"),
        Binding("a", "toggle_average", "Average", tooltip="Show the moving average of the loss", id="curve.average"),
    ]
    DEFAULT_CSS = """
    CurveView {
        height: 1fr;
        & > LossPlot { height: 1fr; }
        & > Legend { height: auto; max-height: 3; color: $text-muted; }
        & > #curve-sentence { height: auto; max-height: 4; }
    }
    """

    log_scale: reactive[bool] = reactive(False)
    smoothed: reactive[bool] = reactive(False)

    def __init__(self, **names: Any) -> None:
        """`names` are `id`, `classes` and `name`, as every widget takes them."""
        super().__init__(**names)
        self._losses: list[float] = []
        self._run = self._list = ""
        self._more: tuple[Curve, ...] = ()
        self._overlay = Overlay()
        self._log_chosen = False
        self._finished = False
        self._begun = False
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

    def clear(self, run: str = "") -> None:
        """Begin a new run; the losses of the last one, if it had any, become a curve behind it.

        `run` is what a run that is compared with others is known by.
        """
        self._keep_last()
        self._overlay.drop(run)
        self._run, self._list, self._losses, self._more = run, "", [], ()
        self._finished, self._begun = False, True
        self._draw()

    def _keep_last(self) -> None:
        """Keep what was drawn last as curves behind the next ones."""
        last = Curve(self._run or RUN_BEFORE, tuple(self._losses), self._own_name)
        self._overlay.keep([last, *self._more], MOST_RUNS if self._run else 1)

    @property
    def _own_name(self) -> str:
        """What the run's curve is called where the run has several."""
        return self._list if self._more else ""

    def _runs(self) -> list[str]:
        """What the runs of the earlier curves, and then this one, are known by: what differs between them."""
        return what_differs([*(kept.curve.run for kept in self._overlay.curves), self._run or "this run"])

    def _labels(self) -> list[str]:
        """The labels of the earlier curves, and then of this run's."""
        names = [*(kept.curve.name for kept in self._overlay.curves), self._own_name]
        return [f"{run} {name}".strip() for run, name in zip(self._runs(), names, strict=True)]

    def forget(self) -> None:
        """Forget this run and those before it, as when another step opens."""
        self._overlay.clear()
        self._run, self._list, self._losses, self._more = "", "", [], ()
        self._finished = self._begun = self._log_chosen = False
        self.log_scale = False
        self._draw()

    def put_lists(self, lists: Mapping[str, Sequence[float]]) -> None:
        """Draw a program's own lists in place of its losses; the first as the run's curve, the others beside it."""
        curves = [Curve(self._run, tuple(values), name if len(lists) > 1 else "") for name, values in lists.items()]
        self._losses = list(curves[0].values) if curves else []
        self._list = next(iter(lists), "")
        self._more = tuple(curves[1:])
        self._overlay.keep(self._more, MOST_RUNS)

    def put_beside(self, lists: Mapping[str, Sequence[float]]) -> None:
        """Draw numbers that the program asked to have drawn beside its losses, over the same width.

        A list with fewer numbers than there are losses, as one of each epoch, is drawn as steps; without losses, the
        first list is the run's curve.
        """
        if not self._losses:
            self.put_lists(lists)
            return
        length = len(self._losses)
        self._list = "loss"
        self._more = tuple(Curve(self._run, stretched(values, length), name) for name, values in lists.items())
        self._overlay.keep(self._more, MOST_RUNS)

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
        if self._run and not self._log_chosen and (not self._list or self._list.startswith("loss")):
            self.log_scale = range_is_wide([self._losses, *(kept.curve.values for kept in self._overlay.curves)])
        self._draw()

    # ---- drawing

    @property
    def losses(self) -> tuple[float, ...]:
        """The losses of this run."""
        return tuple(self._losses)

    @property
    def earlier(self) -> tuple[Curve, ...]:
        """The curves behind that of this run."""
        return tuple(kept.curve for kept in self._overlay.curves)

    def action_toggle_log(self) -> None:
        """Switch between a linear and a logarithmic scale."""
        self._log_chosen = True
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
        """The sentence under the curve; where runs are compared, a second one with their ends."""
        if self._finished:
            said = sentence(self._losses, self._list)
        elif self._losses:
            first, last = number(self._losses[0], 3), number(self._losses[-1], 3)
            said = f"Step {count(len(self._losses))}: loss {last}, at first {first}."
        else:
            said = "Waiting for the first backward()." if self._begun else "Run your code to see its loss here."
        if self._run and self._begun:
            said = f"{self._runs()[-1]}: {said[0].lower()}{said[1:]}{self._ends()}"
        if self.log_scale and any(loss <= 0 for loss in self._losses):
            said += " The log scale leaves out losses of zero and below."
        return said

    def _ends(self) -> str:
        """The last number of each curve, where there are some to compare."""
        curves = [kept.curve for kept in self._overlay.curves]
        if not (self._finished and curves and self._losses):
            return ""
        last = [*(curve.values[-1] for curve in curves), self._losses[-1]]
        labels = self._labels()
        between = "; " if any(", " in label for label in labels) else ", "
        ends = between.join(f"{label} {number(value, 3)}" for label, value in zip(labels, last, strict=True))
        return f"\nAt the end: {ends}."

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
        earlier = self._overlay.curves
        plot.put(self._losses, [(kept.sign, kept.curve.values) for kept in earlier], self.log_scale, window)
        # Without a curve the sentence stands at the top.
        legend = self.query_one(Legend)
        plot.display = legend.display = len(self._losses) > 1 or bool(earlier)
        legend.put(self._legend(window))
        self.query_one("#curve-sentence", Static).update(Content(self.caption()))
        self.frames += 1

    def _legend(self, window: int) -> list[Content]:
        """What the curves are, and which keys change the drawing."""
        *labels, here = self._labels()
        parts = []
        if len(self._losses) > 1:
            parts.append(Content.styled(f"⠶ {here}", STYLES["current"]))
        for kept, label in zip(self._overlay.curves, labels, strict=True):
            parts.append(Content.styled(f"{SIGNS[kept.sign]} {label}", STYLES[SIGNS[kept.sign]]))
        if parts:
            log = "on" if self.log_scale else "off"
            average = f"of {window} steps" if window else "off"
            parts += [Content.assemble("log ", ("L", "bold"), f" {log}")]
            parts += [Content.assemble("average ", ("A", "bold"), f" {average}")]
        return parts


def stretched(values: Sequence[float], length: int) -> tuple[float, ...]:
    """As many numbers as wanted, each as often as it takes to fill the whole width."""
    if len(values) >= length:
        return tuple(values)
    return tuple(values[place * len(values) // length] for place in range(length))


def range_is_wide(curves: Sequence[Sequence[float]]) -> bool:
    """Whether a linear scale would flatten all but the largest of the values."""
    values = [value for curve in curves for value in curve if math.isfinite(value)]
    return bool(values) and min(values) > 0 and max(values) > WIDE_RANGE * min(values)
