"""The results of a run: a line that says how it stands, and the tabs Checks, Output, Tensors and Curve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Tab, Tabs

from tutor.checks.base import Verdict
from tutor.runtime.protocol import Output, RunEvent, TraceBatch
from tutor.runtime.values import Variable
from tutor.widgets.curve import CurveView
from tutor.widgets.output import OutputView
from tutor.widgets.run_line import RunLine
from tutor.widgets.tensors import TensorsView
from tutor.widgets.verdicts import VerdictsView

NAMES = {"checks": "Checks", "output": "Output", "tensors": "Tensors", "curve": "Curve"}
"""The tabs in order."""


class Results(Vertical):
    """Four views of one run. The learner's choice of a tab holds until the run ends."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "neighbour(-1)", "Tab to the left", show=False),
        Binding("right", "neighbour(1)", "Tab to the right", show=False),
    ]

    def __init__(self, *, widget_id: str | None = None) -> None:
        super().__init__(id=widget_id)
        self.with_checks = True
        self.chosen_by_learner = False
        self.has_output = self.has_curve = False

    def compose(self) -> ComposeResult:
        """The line, the tabs, the views."""
        yield RunLine()
        yield Tabs(*(Tab(name, id=f"tab-{key}") for key, name in NAMES.items()))
        with ContentSwitcher(initial="checks"):
            yield VerdictsView(id="checks")
            yield OutputView(id="output")
            yield TensorsView(id="tensors")
            yield CurveView(id="curve")

    # ---- parts --------------------------------------------------------------------------------------------------

    @property
    def line(self) -> RunLine:
        """The line above the tabs."""
        return self.query_one(RunLine)

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
    def active(self) -> str:
        """Which view is on."""
        return self.query_one(ContentSwitcher).current or "checks"

    # ---- tabs ---------------------------------------------------------------------------------------------------

    def select(self, key: str) -> None:
        """Bring a view to the front."""
        self.query_one(Tabs).active = f"tab-{key}"
        self.query_one(ContentSwitcher).current = key

    def choose(self, key: str) -> None:
        """Bring a view to the front because the learner wants it."""
        self.chosen_by_learner = True
        self.select(key)

    @on(Tabs.TabActivated)
    def _activated(self, event: Tabs.TabActivated) -> None:
        event.stop()
        key = (event.tab.id or "").removeprefix("tab-")
        if key != self.active:
            self.choose(key)

    @property
    def tabs(self) -> list[str]:
        """The views that this step has."""
        return [key for key in NAMES if key != "checks" or self.with_checks]

    def action_neighbour(self, by: int) -> None:
        """Go to the tab beside."""
        had_focus = self.has_focus_within
        tabs = self.tabs
        self.choose(tabs[(tabs.index(self.active) + by) % len(tabs)])
        if had_focus:
            self.take_focus()

    def take_focus(self) -> None:
        """Focus the view that is on."""
        view = self.query_one(f"#{self.active}")
        target = (
            view if view.can_focus else next((child for child in view.walk_children(Widget) if child.focusable), None)
        )
        (target or self.query_one(Tabs)).focus()

    def label(self, key: str, extra: str = "") -> None:
        """Set what stands beside a tab's name."""
        name = NAMES[key]
        self.query_one(f"#tab-{key}", Tab).label = Content(f"{name} {extra}".rstrip())

    # ---- a run --------------------------------------------------------------------------------------------------

    def open(self, *, with_checks: bool, message: str) -> None:
        """Be empty, as for a step that was just opened."""
        self.with_checks = with_checks
        tabs = self.query_one(Tabs)
        (tabs.show if with_checks else tabs.hide)("tab-checks")
        self._clear()
        self.curve.forget()
        self.verdicts.message(message)
        if not with_checks:
            self.output.note(message)
        self.select("checks" if with_checks else "output")

    def begin(self) -> None:
        """Be ready for a new run."""
        self.chosen_by_learner = False
        self._clear()
        self.curve.clear()
        self.verdicts.message("")

    def _clear(self) -> None:
        self.has_output = self.has_curve = False
        self.line.say("")
        self.output.clear()
        self.query_one(TensorsView).show(())
        for key in NAMES:
            self.label(key)

    def take(self, event: RunEvent) -> None:
        """Show what comes in while the program runs."""
        if isinstance(event, Output):
            self.has_output = True
            self.output.append(event.stream, event.text)
        elif isinstance(event, TraceBatch):
            losses = [e.value for e in event.events if e.kind == "backward" and e.value is not None]
            if losses:
                self.has_curve = True
                self.curve.extend(losses)

    def show_live(self) -> None:
        """In a run that takes its time, show what is moving."""
        if not self.chosen_by_learner and (self.has_curve or self.has_output):
            self.select("curve" if self.has_curve else "output")

    def finish(self, verdicts: Sequence[Verdict], headline: str, variables: Sequence[Variable]) -> None:
        """Show what a run that ended left behind."""
        self.curve.finish()
        self.query_one(TensorsView).show(variables)
        if variables:
            self.label("tensors", str(len(variables)))
        shown = [verdict for verdict in verdicts if not verdict.hidden]
        if verdicts:
            self.verdicts.show(verdicts, headline)
            self.label("checks", f"{sum(verdict.passed for verdict in shown)}/{len(shown)}")
        elif headline:
            self.verdicts.message(headline)
