"""Where code is written and run: the editor, the results, the draft."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence

from textual import on, work
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from tutor.checks.fault import Fault
from tutor.lessons.model import CodeStep, PredictStep, ReadStep, StepRef
from tutor.runtime.protocol import Limits, Outcome, Output, Report, RunEvent
from tutor.screens import console_words, words
from tutor.screens.services import Attempted, Services
from tutor.widgets.console import ConsoleView
from tutor.widgets.editor import CodeEditor
from tutor.widgets.results import Results
from tutor.widgets.run_line import RunLine
from tutor.widgets.trace import TraceView

DRAFT_S = 0.5
"""Seconds without a key after which the draft is saved."""
TICK_S = 0.2
LIVE_S = 0.6
"""Seconds after which a run counts as one that takes its time: then what moves is shown."""

RunStep = CodeStep | ReadStep | PredictStep


class CodeDesk(Vertical):
    """Runs the learner's code, one run at a time, and keeps the draft."""

    class Ran(Message):
        """A run ended; `passed` is None where nothing was checked, and `counted` says whether it was an attempt."""

        def __init__(self, ref: StepRef, report: Report, passed: bool | None, counted: bool) -> None:
            super().__init__()
            self.ref, self.report, self.passed, self.counted = ref, report, passed, counted

    class RunningChanged(Message):
        """A run began or ended."""

    class WantsNext(Message):
        """The learner clicked the line that offers the next step."""

    def __init__(self, services: Services) -> None:
        super().__init__(id="code-desk")
        self.services = services
        self.ref: StepRef | None = None
        self.step: RunStep | None = None
        self.running = False
        self.passed = False
        self._saved = ""
        self._offer = Content("")
        self._runs = 0
        self._began = 0.0
        self._clock: Timer | None = None
        self._save_timer: Timer | None = None

    def compose(self) -> Iterable[Widget]:
        """Editor above results."""
        yield CodeEditor(widget_id="editor")
        yield Results(widget_id="results")

    @property
    def editor(self) -> CodeEditor:
        """The editor."""
        return self.query_one(CodeEditor)

    @property
    def results(self) -> Results:
        """The results."""
        return self.query_one(Results)

    # ---- opening a step -----------------------------------------------------------------------------------------

    def open(self, ref: StepRef, step: RunStep) -> None:
        """Take a step: its draft, or its starter, and empty results."""
        self.close_step()
        self.ref, self.step, self.passed = ref, step, False
        progress = self.services.progress
        text = progress.draft(ref)
        self._saved = starter_of(step) if text is None else text
        self.editor.open(self._saved)
        self.editor.with_ribbon = self.services.with_ribbon
        if isinstance(step, CodeStep):
            message = words.PASSED_BEFORE if progress.state(ref).done else words.RUN_FIRST
        else:
            message = words.RUN_SNIPPET
        self.services.prepare(ref)
        missing = self.services.missing_device(ref)
        self.results.open(
            with_checks=isinstance(step, CodeStep), message=f"{missing}\n{message}" if missing else message
        )

    def toggle_ribbon(self) -> None:
        """Show or hide what each line made."""
        self.services.with_ribbon = self.editor.with_ribbon = not self.editor.with_ribbon
        if not self.editor.with_ribbon:
            self.app.notify("The shapes beside your code are hidden.")

    def close_step(self) -> None:
        """Save the draft and end a run, as another step comes."""
        self.flush()
        if self.running or self.evaluating:
            self.services.runtime.stop()
        self.services.runtime.let_go()
        self.ref = self.step = None

    # ---- the draft ----------------------------------------------------------------------------------------------

    @on(CodeEditor.Changed)
    def _typed(self, event: CodeEditor.Changed) -> None:
        event.stop()
        if self._save_timer is None:
            self._save_timer = self.set_timer(DRAFT_S, self.flush)
        else:
            self._save_timer.reset()

    def flush(self) -> None:
        """Save the draft now, if it changed."""
        if self._save_timer is not None:
            self._save_timer.stop()
            self._save_timer = None
        if self.ref is not None and self.is_mounted and self.editor.text != self._saved:
            self._saved = self.editor.text
            self.services.progress.save_draft(self.ref, self._saved)

    # ---- running ------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Run what the editor holds."""
        if self.ref is None or self.step is None:
            return
        if self.running:
            self.app.notify("Your program is still running. Esc stops it.")
            return
        self.flush()
        self.running, self.passed, self._began = True, False, time.monotonic()
        self._runs += 1
        self.results.begin()
        self.results.console.close(console_words.RUNNING)
        self._clock = self.set_interval(TICK_S, self.tick)
        self.tick()
        self.post_message(self.RunningChanged())
        self._work(self.ref, self.step, self.editor.text)

    def stop(self) -> None:
        """End the run."""
        if self.running:
            self.services.runtime.stop()
            self.results.line.say("Stopping …")
        elif self.evaluating:
            self.services.runtime.stop()

    def tick(self) -> None:
        """Say how long the run has been at it, and show what moves."""
        if not self.running or self.ref is None:
            return
        if not self.services.runtime.ready:
            self.results.line.say(
                f"torch is loading, {self.services.runtime.loading_s:.0f} s. Your code runs right after."
            )
            self._began = time.monotonic()
            return
        seconds = time.monotonic() - self._began
        if seconds >= TICK_S:
            self.results.line.say(f"Running, {seconds:.1f} s.  Esc stops it.")
        if seconds >= LIVE_S:
            self.results.show_live()

    @work(group="run", name="Your run", exit_on_error=False)
    async def _work(self, ref: StepRef, step: RunStep, code: str) -> None:
        """Run, judge, record, show; what belongs to a step that was left is not shown."""

        def take(event: RunEvent) -> None:
            if self.ref == ref:
                self.results.take(event)

        examiner = self.services.examiner
        if isinstance(step, CodeStep):
            attempt = await examiner.attempt(step, code, take)
            self._end()
            self._record(ref, code, attempt)
            if self.ref == ref:
                self.editor.show_shapes(attempt.report.line_shapes, code)
                self._show_attempt(step, attempt)
                counted = words.counts(attempt)
                self.post_message(self.Ran(ref, attempt.report, attempt.passed, counted))
                await self._show_loop(ref, attempt.report, code)
        else:
            report = await examiner.run_snippet(code, take)
            self._end()
            if self.ref == ref:
                self.editor.show_shapes(report.line_shapes, code)
                self._show_report(report)
                self.post_message(self.Ran(ref, report, None, counted=False))
                await self._show_loop(ref, report, code)

    def _end(self) -> None:
        self.running = False
        if self._clock is not None:
            self._clock.stop()
            self._clock = None
        if self.services.runtime.has_program:
            self.results.console.open()
        else:
            self.results.console.close(console_words.NOT_KEPT)
        self.post_message(self.RunningChanged())

    def _record(self, ref: StepRef, code: str, attempt: Attempted) -> None:
        if words.counts(attempt):
            report = attempt.report
            self.services.progress.record_attempt(
                ref, code=code, outcome=report.outcome, passed=attempt.passed, seconds=report.seconds
            )

    def _show_attempt(self, step: CodeStep, attempt: Attempted) -> None:
        results, report = self.results, attempt.report
        self._show_streams(report)
        results.finish(attempt.verdicts, words.headline(attempt, step.limits), report.variables)
        self.passed = attempt.passed
        if report.outcome is Outcome.INTERRUPTED:
            results.line.say("Stopped.")
            return
        results.line.say("")
        results.select("checks")

    def _show_report(self, report: Report) -> None:
        results = self.results
        self._show_streams(report)
        ending = ""
        if report.outcome is not Outcome.FINISHED:
            ending = words.explained_ending(report, Limits())
            results.output.note(ending)
        results.finish((), "", report.variables)
        results.line.say("")
        if ending or not results.has_curve:
            results.select("output")

    async def _show_loop(self, ref: StepRef, report: Report, code: str) -> None:
        """Show the training loop; its faults are looked for beside the screen."""
        runs = self._runs
        found = await asyncio.to_thread(loop_faults, report, code) if report.trace else ()
        if self.ref == ref and self._runs == runs:
            self.results.show_trace(report.trace, report.totals, found)

    @on(TraceView.LineWanted)
    def _line_wanted(self, event: TraceView.LineWanted) -> None:
        event.stop()
        self.editor.move_cursor((event.line - 1, 0))
        self.editor.focus()

    def _show_streams(self, report: Report) -> None:
        output = self.results.output
        stopped = report.outcome is Outcome.INTERRUPTED  # its traceback is of the interrupt, not of the program
        if report.error is not None and report.error.text and not stopped:
            output.append("stderr", report.error.text)
        if not (report.stdout or report.stderr or report.error):
            output.note("Your program printed nothing.")

    @on(Worker.StateChanged)
    def _failed(self, event: Worker.StateChanged) -> None:
        """A run that broke on our side: say so; the learner's code has no part in it."""
        event.stop()
        if event.state is WorkerState.ERROR and event.worker.group == "console":
            self.results.console.close(f"The tutor met a fault: {event.worker.error}")
        elif event.state is WorkerState.ERROR:
            self._end()
            self.results.line.say("Your code could not be run; that is not its fault.", "bad")
            self.results.verdicts.message(f"The tutor met a fault: {event.worker.error}\n\nPress F5 to try again.")
            self.results.select("checks" if self.results.with_checks else "output")
            self.app.notify(str(event.worker.error), title="The run failed", severity="error", markup=False)

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
            else:
                console.close(console_words.GONE)
            self.post_message(self.RunningChanged())

    # ---- what the screen may add --------------------------------------------------------------------------------

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

    @on(RunLine.Clicked)
    def _clicked(self, event: RunLine.Clicked) -> None:
        event.stop()
        if self.passed:
            self.post_message(self.WantsNext())


def loop_faults(report: Report, code: str) -> Sequence[Fault]:
    """The faults of a run's training loop; imports what looks for them only now."""
    from tutor.checks.loop import faults

    return faults(report, code)


def starter_of(step: RunStep) -> str:
    """The text that the editor starts with."""
    return step.starter if isinstance(step, CodeStep) else step.run or ""
