"""The Trace pane: the training loop as it ran, a row for each turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tutor.checks.fault import Fault
from tutor.runtime.protocol import TraceEvent, TraceTotals
from tutor.widgets.row_list import RowList
from tutor.widgets.trace_rows import (
    Layout,
    Shown,
    details,
    heading,
    layout,
    line_of,
    next_bad,
    pieces,
    row_of_turn,
    shown,
    summary,
)
from tutor.widgets.turns import turns

NO_RUN = "Run your code to see its training loop here, turn by turn."
RUNNING = "The training loop is here when the run has ended."
NOTHING = "This run had no training loop: no backward(), no step, and no module was called."
Loop = tuple[Sequence[TraceEvent], TraceTotals, Sequence[Fault]]
LOW = 12
"""Panes lower than this have two lines of words, not four."""


class TraceList(RowList[Shown]):
    """The turns; only those in view are drawn."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"row--bad"}
    DEFAULT_CSS = """
    TraceList { height: 1fr; }
    TraceList > .row--bad { color: $error; text-style: bold; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.lay: Layout = layout((), 60)

    def draw_row(self, row: Shown, width: int, current: bool) -> list[tuple[str, str]]:
        """One turn."""
        return pieces(row, self.lay, current)


class TraceView(Vertical):
    """Shows the turns of a run, goes to any of them, and says what went wrong in it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "ask", "Go to turn", tooltip="Go to a turn by its number", id="trace.go"),
        Binding("n", "fault(1)", "Next fault", tooltip="Go to the next turn with a fault", id="trace.next"),
        Binding("p", "fault(-1)", "Fault before", tooltip="Go to the turn with a fault before", id="trace.before"),
    ]
    DEFAULT_CSS = """
    TraceView {
        height: 1fr;
        & > #trace-summary { height: auto; max-height: 2; }
        & > #trace-heading { height: 1; color: $text-muted; text-wrap: nowrap; }
        & > #trace-words { height: auto; max-height: 4; margin-top: 1; }
        & > #trace-goto { display: none; height: 1; border: none; padding: 0; background: $panel; }
        & > #trace-goto:focus { border: none; background-tint: transparent; }
        &.-low > #trace-words { max-height: 2; margin-top: 0; }
        &.-low > #trace-summary { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        &.-asking > #trace-goto { display: block; }
        &.-asking > #trace-words { display: none; }
        &.-empty > TraceList, &.-empty > #trace-heading, &.-empty > #trace-words { display: none; }
    }
    """

    class LineWanted(Message):
        """The learner wants to see a line of the code."""

        def __init__(self, line: int) -> None:
            super().__init__()
            self.line = line

    def __init__(self, **names: Any) -> None:
        """`names` are `id`, `classes` and `name`, as every widget takes them."""
        super().__init__(**names)
        self._coming: Loop | None = None
        self._totals = TraceTotals()
        self._faults: Sequence[Fault] = ()
        self._rows: list[Shown] = []
        self._message = NO_RUN
        self.add_class("-empty")

    def compose(self) -> ComposeResult:
        """The sentence, the rows, the words on one of them."""
        yield Static(id="trace-summary")
        yield Static(id="trace-heading", markup=False)
        yield TraceList()
        yield Static(id="trace-words")
        yield Input(placeholder="number of a turn, then Enter", id="trace-goto", compact=True, type="integer")

    def on_mount(self) -> None:
        """Say that there is no run yet."""
        self._update()

    @property
    def turn_list(self) -> TraceList:
        """The rows."""
        return self.query_one(TraceList)

    # ---- what the screen calls ----------------------------------------------------------------------------------

    def clear(self, message: str = NO_RUN) -> None:
        """Be empty, and say why."""
        self.show_trace((), TraceTotals(), ())
        self._message = message
        self._update()

    def show_trace(self, trace: Sequence[TraceEvent], totals: TraceTotals, faults: Sequence[Fault]) -> None:
        """Show the loop of a run; it is worked out when the pane is looked at."""
        self._coming = trace, totals, faults
        self._message = NOTHING
        if self.is_on_screen or not trace:
            self._update()

    def leave(self) -> bool:
        """Close the line that asks for a turn; False where it is not there."""
        if not self.has_class("-asking"):
            return False
        self.remove_class("-asking")
        self.turn_list.focus()
        return True

    # ---- keys ---------------------------------------------------------------------------------------------------

    def action_ask(self) -> None:
        """Ask for the number of a turn."""
        if self._rows:
            self.add_class("-asking")
            entry = self.query_one("#trace-goto", Input)
            entry.value = ""
            entry.focus()

    @on(Input.Submitted, "#trace-goto")
    def _go(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.isdecimal():
            self.turn_list.cursor = row_of_turn(self._rows, int(event.value[:12]))
        self.leave()

    def action_fault(self, by: int) -> None:
        """Go to the next turn with a fault, or to the one before."""
        place = next_bad(self._rows, self.turn_list.cursor, by)
        if place is None:
            self.app.notify("No turn of this run has a fault.")
        else:
            self.turn_list.cursor = place

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        line = line_of(event.row, self._faults)
        if line:
            self.post_message(self.LineWanted(line))

    @on(RowList.Highlighted)
    def _highlighted(self, event: RowList.Highlighted) -> None:
        event.stop()
        self._say(event.row)

    # ---- showing ------------------------------------------------------------------------------------------------

    def on_show(self) -> None:
        """Work out what came while the pane was hidden."""
        self._update()

    def on_resize(self, event: events.Resize) -> None:
        """Choose the words that fit."""
        self.set_class(event.size.height < LOW, "-low")
        self._lay_out()

    def _update(self) -> None:
        if self._coming is not None:
            (trace, self._totals, self._faults), self._coming = self._coming, None
            whole = self._totals.whole if self._totals.dropped else len(trace)
            self._rows = shown(turns(trace, whole), self._faults)
            self.turn_list.put(self._rows, next_bad(self._rows, -1, 1) or 0)
            self._lay_out()
        self.set_class(not self._rows, "-empty")
        text = summary(self._rows, self._totals, self._faults) if self._rows else Content(self._message)
        self.query_one("#trace-summary", Static).update(text if self._rows else text.stylize("$quiet"))

    def _lay_out(self) -> None:
        # The scrollbar takes a cell.
        self.turn_list.lay = layout(self._rows, max(40, self.size.width - 1))
        self.query_one("#trace-heading", Static).update(Content(heading(self.turn_list.lay)))
        self.turn_list.refresh()
        self._say(self.turn_list.current)

    def _say(self, row: Shown | None) -> None:
        said = details(row, self._faults, brief=self.has_class("-low"))
        self.query_one("#trace-words", Static).update(Content("\n").join(said))
