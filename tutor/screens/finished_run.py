"""What can be done with a run that has ended: its program asked in the console, its loop and its graphs looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual import on, work
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from tutor.checks.fault import Fault
from tutor.checks.graph_cuts import Cuts
from tutor.completion.names import Names
from tutor.lessons.model import StepRef
from tutor.runtime.protocol import Output, Report
from tutor.runtime.values import Variable
from tutor.screens import console_words
from tutor.screens.services import Services
from tutor.widgets.console import ConsoleView
from tutor.widgets.editor import CodeEditor
from tutor.widgets.graph import GraphView
from tutor.widgets.results import Results
from tutor.widgets.trace import TraceView


class FinishedRun(Vertical):
    """An editor and the results of its last run."""

    class RunningChanged(Message):
        """A run, or an evaluation in the console, began or ended."""

    def __init__(self, services: Services, *, widget_id: str) -> None:
        super().__init__(id=widget_id)
        self.services = services
        self.ref: StepRef | None = None
        self._runs = 0
        self._offer = Content("")
        self._variables: tuple[Variable, ...] = ()
        self._setup = ""
        """What runs before the learner's lines."""

    @property
    def editor(self) -> CodeEditor:
        """The editor."""
        return self.query_one(CodeEditor)

    @property
    def results(self) -> Results:
        """The results."""
        return self.query_one(Results)

    # ---- names for the editor -----------------------------------------------------------------------------------

    def know_variables(self, variables: Sequence[Variable]) -> None:
        """Have the editor offer these, the variables of the last run, besides torch's names."""
        self._variables = tuple(variables)
        self.know_names()

    def know_names(self) -> None:
        """Have the editor offer what is known by now."""
        known = self.services.names
        names = Names(known.atlas if known is not None else None, self._variables, self._setup)
        self.editor.names = names
        self.results.console.names = names

    # ---- the loop and the graphs --------------------------------------------------------------------------------

    @work(group="look", name="Looking at the run", exit_on_error=False)
    async def _show_loop(self, ref: StepRef, report: Report, code: str) -> None:
        """Show the training loop and the graphs; what there is to say of them is worked out beside the screen."""
        runs = self._runs
        found, cuts = await asyncio.to_thread(looked_into, report, code)
        if self.ref == ref and self._runs == runs:
            self.results.show_trace(report.trace, report.totals, found)
            lines = {shape.name: shape.line for shape in report.line_shapes}
            self.results.graph.show_graphs(report.graphs, report.variables, cuts, lines)

    @on(TraceView.LineWanted)
    @on(GraphView.LineWanted)
    def _line_wanted(self, event: TraceView.LineWanted | GraphView.LineWanted) -> None:
        event.stop()
        self.go_to_line(event.line)

    def go_to_line(self, line: int) -> None:
        """Put the cursor on a line of the program, counted from 1."""
        self.editor.move_cursor((line - 1, 0))
        self.editor.focus()

    # ---- the console --------------------------------------------------------------------------------------------

    @property
    def evaluating(self) -> bool:
        """Whether something is evaluated in the console."""
        return self.results.console.busy

    @on(ConsoleView.Entered)
    def _entered(self, event: ConsoleView.Entered) -> None:
        event.stop()
        self.post_message(self.RunningChanged())
        self._evaluate(event.code)

    @work(group="console", name="The console", exit_on_error=False)
    async def _evaluate(self, code: str) -> None:
        """Evaluate in the program of the last run; what comes when that is gone is not shown."""
        console, runtime, ref, runs = self.results.console, self.services.runtime, self.ref, self._runs

        def still_there() -> bool:
            return self.ref == ref and self._runs == runs

        def hear(output: Output) -> None:
            if still_there():
                console.add([(output.stream, output.text)])

        answer = await runtime.evaluate(code, hear)
        if still_there():
            console.add(console_words.answer_lines(code, answer))
            if runtime.has_program:
                console.finished()
                self.results.show_variables(answer.variables)
                self.know_variables(answer.variables)
            else:
                console.close(console_words.gone())
            self.post_message(self.RunningChanged())

    # ---- the line above the results -----------------------------------------------------------------------------

    def say(self, text: Content | str, look: str = "") -> None:
        """Show a text in the line above the results."""
        self.results.line.say(text, look)

    def offer(self, text: Content) -> None:
        """Show a text in that line until what it offers is taken."""
        self._offer = text
        self.say(text, "bad")

    def take_back(self) -> None:
        """Clear the line, if an offer stands there."""
        if self.results.line.text is self._offer:
            self.say("")


def looked_into(report: Report, code: str) -> tuple[Sequence[Fault], Cuts]:
    """The faults of a run's training loop, and where it cut its graphs; imports what looks for them only now."""
    from tutor.checks.graph_cuts import graph_cuts
    from tutor.checks.loop import faults

    return faults(report, code) if report.trace else (), graph_cuts(report, code)
