"""The results of a run: a line that says how it stands, and the views of it, one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from tutor.checks.base import Verdict
from tutor.checks.difference import Difference
from tutor.checks.fault import Fault
from tutor.runtime.plot import Plot
from tutor.runtime.protocol import Output, RunEvent, TraceBatch, TraceEvent, TraceTotals
from tutor.runtime.values import Variable
from tutor.widgets.console import ConsoleView
from tutor.widgets.curve import CurveView
from tutor.widgets.graph import GraphView
from tutor.widgets.output import OutputView
from tutor.widgets.plots import PlotsView
from tutor.widgets.quiz import QuizView
from tutor.widgets.run_line import RunLine
from tutor.widgets.tab_line import Tab, TabLine
from tutor.widgets.tensors import TensorsView
from tutor.widgets.trace import RUNNING, TraceView
from tutor.widgets.verdicts import VerdictsView

NAMES = {
    "checks": "Checks",
    "output": "Output",
    "tensors": "Tensors",
    "curve": "Curve",
    "plots": "Plots",
    "questions": "Questions",
    "trace": "Trace",
    "graph": "Graph",
    "console": "Console",
}
"""The tabs in order."""

LETTERS = {
    "checks": "c",
    "output": "o",
    "tensors": "t",
    "curve": "u",
    "plots": "p",
    "questions": "q",
    "trace": "r",
    "graph": "g",
    "console": "n",
}
"""With Alt, the key of each; the letter is underlined in its name."""

PURPOSES = {
    "checks": "what each check found, and why",
    "output": "what your program printed",
    "tensors": "its variables, with shapes and statistics",
    "curve": "its losses",
    "plots": "what your program asked to have drawn",
    "questions": "what you saw in an experiment",
    "trace": "the training loop, turn by turn",
    "graph": "what a tensor was computed from, and the layers of a module",
    "console": "try things in the finished program",
}
"""What each is for, for the list of keys."""


class Results(Vertical):
    """The views of one run. The learner's choice of a tab holds until the run ends."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "neighbour(-1)", "Tab to the left", show=False),
        Binding("right", "neighbour(1)", "Tab to the right", show=False),
    ]

    def __init__(self, *, widget_id: str | None = None) -> None:
        super().__init__(id=widget_id)
        self.with_checks, self.with_questions, self.with_plots = True, False, False
        self.draws_losses = True
        self.chosen_by_learner = False
        self.has_output = self.has_curve = False
        self._extras: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """The line, the tabs, the views."""
        yield RunLine()
        yield TabLine(())
        with ContentSwitcher(initial="checks"):
            yield VerdictsView(id="checks")
            yield OutputView(id="output")
            yield TensorsView(id="tensors")
            yield CurveView(id="curve")
            yield PlotsView(id="plots")
            yield QuizView(id="questions")
            yield TraceView(id="trace")
            yield GraphView(id="graph")
            yield ConsoleView(id="console")

    # ---- parts --------------------------------------------------------------------------------------------------

    @property
    def line(self) -> RunLine:
        """The line above the tabs."""
        return self.query_one(RunLine)

    @property
    def tab_line(self) -> TabLine:
        """The names of the views."""
        return self.query_one(TabLine)

    @property
    def verdicts(self) -> VerdictsView:
        """The Checks pane."""
        return self.query_one(VerdictsView)

    @property
    def output(self) -> OutputView:
        """The Output pane."""
        return self.query_one(OutputView)

    @property
    def curve(self) -> CurveView:
        """The Curve pane."""
        return self.query_one(CurveView)

    @property
    def trace(self) -> TraceView:
        """The Trace pane."""
        return self.query_one(TraceView)

    @property
    def quiz(self) -> QuizView:
        """The Questions pane."""
        return self.query_one(QuizView)

    @property
    def graph(self) -> GraphView:
        """The Graph pane."""
        return self.query_one(GraphView)

    @property
    def console(self) -> ConsoleView:
        """The Console pane."""
        return self.query_one(ConsoleView)

    @property
    def active(self) -> str:
        """Which view is on."""
        return self.query_one(ContentSwitcher).current or "checks"

    # ---- tabs ---------------------------------------------------------------------------------------------------

    def select(self, key: str) -> None:
        """Bring a view to the front; the focus stays in the results if it was there."""
        had_focus = self.has_focus_within
        self.query_one(ContentSwitcher).current = key
        self.tab_line.active = key
        if had_focus:
            self.take_focus()

    def choose(self, key: str) -> None:
        """Bring a view to the front because the learner wants it."""
        self.chosen_by_learner = True
        self.select(key)

    @on(TabLine.Chosen)
    def _clicked_tab(self, event: TabLine.Chosen) -> None:
        event.stop()
        self.choose(event.key)
        self.take_focus()

    @property
    def tabs(self) -> list[str]:
        """The views that this step has."""
        there = {"checks": self.with_checks, "questions": self.with_questions, "plots": self.with_plots}
        return [key for key in NAMES if there.get(key, True)]

    def action_neighbour(self, by: int) -> None:
        """Go to the tab beside."""
        tabs = self.tabs
        self.choose(tabs[(tabs.index(self.active) + by) % len(tabs)])

    def take_focus(self) -> None:
        """Focus the view that is on."""
        view = self.query_one(f"#{self.active}")
        inside = (child for child in view.walk_children(Widget) if child.focusable and child.display)
        target = view if view.can_focus else next(inside, self.tab_line)
        target.focus()

    def on_descendant_focus(self) -> None:
        """Mark where the keys go."""
        self.tab_line.lit = self.has_focus_within

    def on_descendant_blur(self) -> None:
        """Mark where the keys go."""
        self.tab_line.lit = self.has_focus_within

    def leave(self) -> bool:
        """Leave what was begun in the view with the focus; False where nothing was."""
        if not self.has_focus_within:
            return False
        match self.active:
            case "console":
                return self.console.abandon()
            case "trace":
                return self.trace.leave()
            case "curve":
                return self.curve.leave()
            case _:
                return False

    def label(self, key: str, extra: str = "") -> None:
        """Set what stands beside a tab's name."""
        self._extras[key] = extra
        self.tab_line.put([Tab(key, NAMES[key], self._extras.get(key, ""), LETTERS[key]) for key in self.tabs])

    # ---- a run --------------------------------------------------------------------------------------------------

    def open(self, *, with_checks: bool, message: str, with_questions: bool = False) -> None:
        """Be empty, as for a step that was just opened."""
        self.with_checks, self.with_questions = with_checks, with_questions
        self._clear()
        self.output.clear()
        self.curve.forget()
        self.console.close(forget=True)
        self.trace.clear()
        self.graph.clear()
        self.verdicts.message(message)
        if not with_checks:
            self.output.note(message)
        self.select("checks" if with_checks else "output")

    def begin(self, run: str = "", code: str = "", *, draws_losses: bool = True) -> None:
        """Be ready for a new run; `run` is its name, where it has one, or else its `code` is compared with others."""
        self.chosen_by_learner = False
        self.draws_losses = draws_losses
        self._clear()
        if run:
            self.output.note(f"With {run}:")
        else:
            self.output.clear()
        self.curve.clear(run, code)
        self.trace.clear(RUNNING)
        self.verdicts.message("")

    def _clear(self) -> None:
        self.has_output = self.has_curve = False
        self.line.say("")
        self.query_one(TensorsView).show(())
        self.show_plots(())
        for key in NAMES:
            self.label(key)

    def take(self, event: RunEvent) -> None:
        """Show what comes in while the program runs."""
        if isinstance(event, Output):
            self.has_output = True
            self.output.append(event.stream, event.text)
        elif isinstance(event, TraceBatch) and self.draws_losses:
            losses = [e.value for e in event.events if e.kind == "backward" and e.value is not None]
            if losses:
                self.has_curve = True
                self.curve.extend(losses)

    def show_live(self) -> None:
        """In a run that takes its time, show what is moving."""
        if not self.chosen_by_learner and (self.has_curve or self.has_output):
            self.select("curve" if self.has_curve else "output")

    def finish(
        self,
        verdicts: Sequence[Verdict],
        headline: str,
        variables: Sequence[Variable],
        differences: Sequence[Difference] = (),
    ) -> None:
        """Show what a run that ended left behind."""
        self.curve.finish()
        self.show_variables(variables, differences)
        shown = [verdict for verdict in verdicts if not verdict.hidden]
        if verdicts:
            self.verdicts.show(verdicts, headline)
            self.label("checks", f"{sum(verdict.passed for verdict in shown)}/{len(shown)}")
        elif headline:
            self.verdicts.message(headline)

    def show_trace(self, trace: Sequence[TraceEvent], totals: TraceTotals, faults: Sequence[Fault]) -> None:
        """Show the training loop of a run, and the faults that it has."""
        self.trace.show_trace(trace, totals, faults)
        self.label("trace", "✗" if faults else "")

    def show_plots(self, plots: Sequence[Plot]) -> None:
        """Show what the program asked to have drawn: curves beside the losses, the rest in a view of their own."""
        curves = {plot.name or "plot": plot.y for plot in plots if plot.kind == "curve" and plot.y}
        if curves:
            self.has_curve = True
            self.curve.put_beside(curves)
        drawn = [plot for plot in plots if plot.kind != "curve"]
        self.with_plots = bool(drawn)
        self.query_one(PlotsView).show_plots(drawn)
        self.label("plots", str(len(drawn)) if len(drawn) > 1 else "")
        if not drawn and self.active == "plots":
            self.select(self.tabs[0])

    def show_variables(self, variables: Sequence[Variable], differences: Sequence[Difference] = ()) -> None:
        """Show the program's variables, as they are now."""
        self.query_one(TensorsView).show(variables, differences)
        self.label("tensors", str(len(variables)) if variables else "")
