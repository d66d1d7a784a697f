"""Where code is run: a run, its results, the console."""

from __future__ import annotations

import time
from collections.abc import Sequence

from textual import on, work
from textual.message import Message
from textual.timer import Timer
from textual.worker import Worker, WorkerState

from tutor.checks.base import Verdict
from tutor.keys import key
from tutor.lessons.model import CodeStep, ExperimentStep, StepRef
from tutor.lessons.settings import label
from tutor.runtime.protocol import Limits, Outcome, Report, RunEvent
from tutor.screens import console_words, words
from tutor.screens.lab_desk import LabDesk
from tutor.screens.services import Attempted, Services
from tutor.screens.writing_desk import RunStep
from tutor.widgets.parameters import ParameterRows
from tutor.widgets.run_line import RunLine

TICK_S = 0.2
LIVE_S = 0.6
"""Seconds after which a run counts as one that takes its time: then what moves is shown."""


class CodeDesk(LabDesk):
    """Runs the learner's code, one run at a time."""

    class Ran(Message):
        """A run ended; `passed` is None where nothing was checked, and `counted` says whether it was an attempt."""

        def __init__(self, ref: StepRef, report: Report, passed: bool | None, counted: bool) -> None:
            super().__init__()
            self.ref, self.report, self.passed, self.counted = ref, report, passed, counted

    class WantsNext(Message):
        """The learner clicked the line that offers the next step."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.running = False
        self.passed = False
        self.last: tuple[Report, Sequence[Verdict]] | None = None
        """The last run of the step and its verdicts, if there was one."""
        self._began = 0.0
        self._clock: Timer | None = None

    # ---- opening a step -----------------------------------------------------------------------------------------

    def open(self, ref: StepRef, step: RunStep) -> None:
        """Take a step: its draft, or its starter, and empty results."""
        self.close_step()
        self.ref, self.step, self.passed, self.last = ref, step, False, None
        self.open_program()
        self.open_lab()
        self.editor.with_ribbon = self.services.settings.values.shapes
        message = words.before_run(step, done=self.services.progress.state(ref).done)
        self.services.prepare(ref)
        missing = self.services.missing_device(ref)
        self.results.open(
            with_checks=isinstance(step, CodeStep) and bool(step.checks),
            with_questions=isinstance(step, ExperimentStep) and bool(step.questions),
            message=f"{missing}\n{message}" if missing else message,
        )
        self.show_question()

    def toggle_ribbon(self) -> None:
        """Show or hide what each line made."""
        self.editor.with_ribbon = not self.editor.with_ribbon
        self.services.settings.change(shapes=self.editor.with_ribbon)
        if not self.editor.with_ribbon:
            self.app.notify("The shapes beside your code are hidden.")

    def close_step(self) -> None:
        """Save the draft and end a run, as another step comes."""
        self.flush()
        if self.running or self.evaluating:
            self.services.runtime.stop()
        self.services.runtime.let_go()
        self.ref = self.step = None

    # ---- running ------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Run what the editor holds."""
        if self.ref is None or self.step is None:
            return
        if self.running:
            self.app.notify(f"Your program is still running. {key('Esc')} stops it.")
            return
        self.flush()
        self.editor.close_list()
        self.running, self.passed, self._began = True, False, time.monotonic()
        self._runs += 1
        plots = isinstance(self.step, ExperimentStep) and bool(self.step.plot)
        self.results.begin(label(self.setting or {}), self.text, draws_losses=not plots)
        self.results.console.close(console_words.RUNNING)
        self._clock = self.set_interval(TICK_S, self.tick)
        self.tick()
        self.post_message(self.RunningChanged())
        self._work(self.ref, self.step, self.text)

    @on(ParameterRows.RunWanted)
    def _run_wanted(self, event: ParameterRows.RunWanted) -> None:
        event.stop()
        self.run()

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
            self.results.line.say(f"Running, {seconds:.1f} s.  {key('Esc')} stops it.")
        if seconds >= LIVE_S and self.services.settings.values.motion == "full":
            self.results.show_live()

    @work(group="run", name="Your run", exit_on_error=False)
    async def _work(self, ref: StepRef, step: RunStep, code: str) -> None:
        """Run, judge, record, show; what belongs to a step that was left is not shown."""

        def take(event: RunEvent) -> None:
            if self.ref == ref:
                self.results.take(event)

        examiner, lab, setting = self.services.examiner, self.lab, self.setting
        if isinstance(step, CodeStep):
            attempt = await examiner.attempt(step, code, take, setting=setting)
            if lab is not None and setting is not None:
                await self.note_run(ref, lab, setting, attempt)
            self._end()
            self._record(ref, step, code, attempt)
            if self.ref == ref:
                self.last = attempt.report, attempt.verdicts
                self.editor.show_shapes(attempt.report.line_shapes, code)
                self.know_variables(attempt.report.variables)
                self._show_attempt(step, attempt)
                counted = words.counts(attempt)
                passed = attempt.passed if lab is None else lab.done
                self.post_message(self.Ran(ref, attempt.report, passed, counted))
                self._show_loop(ref, attempt.report, code)
        else:
            report = await examiner.run_snippet(code, take, step.files)
            self._end()
            if self.ref == ref:
                self.last = report, ()
                self.editor.show_shapes(report.line_shapes, code)
                self.know_variables(report.variables)
                self._show_report(report)
                self.post_message(self.Ran(ref, report, None, counted=False))
                self._show_loop(ref, report, code)

    def _end(self) -> None:
        self.running = False
        if self._clock is not None:
            self._clock.stop()
            self._clock = None
        if self.services.runtime.has_program:
            self.results.console.open()
        else:
            self.results.console.close(console_words.not_kept())
        self.post_message(self.RunningChanged())

    def _record(self, ref: StepRef, step: CodeStep, code: str, attempt: Attempted) -> None:
        report = attempt.report
        only_looked_at = not step.checks and report.outcome is Outcome.FINISHED
        if words.counts(attempt) or only_looked_at:
            self.services.progress.record_attempt(
                ref,
                code=code,
                outcome=report.outcome,
                passed=attempt.passed or only_looked_at,
                seconds=report.seconds,
                done=not isinstance(step, ExperimentStep),
            )

    def _show_attempt(self, step: CodeStep, attempt: Attempted) -> None:
        results, report = self.results, attempt.report
        if isinstance(step, ExperimentStep):
            self.show_curves(step, report)
        if not step.checks:
            self._show_report(report)
        else:
            self._show_streams(report)
            results.show_plots(report.plots)
            headline = words.headline(attempt, step.limits)
            results.finish(attempt.verdicts, headline, report.variables, attempt.differences)
        self.passed = attempt.passed if self.lab is None else self.lab.done
        if report.outcome is Outcome.INTERRUPTED:
            results.line.say("Stopped.")
            return
        compares = self.lab is not None and (attempt.passed or not step.checks)
        results.line.say(self.lab.line if self.lab is not None and compares else "")
        if step.checks and not compares:
            results.select("checks")
        elif results.has_curve and report.outcome is Outcome.FINISHED:
            results.select("curve")

    def _show_report(self, report: Report) -> None:
        results = self.results
        self._show_streams(report)
        ending = ""
        if report.outcome is not Outcome.FINISHED:
            ending = words.explained_ending(report, Limits())
            results.output.note(ending)
        results.show_plots(report.plots)
        results.finish((), "", report.variables)
        results.line.say("")
        if results.with_plots and not ending:
            results.select("plots")
        elif ending or not results.has_curve:
            results.select("output")

    def _show_streams(self, report: Report) -> None:
        output = self.results.output
        stopped = report.outcome is Outcome.INTERRUPTED  # its traceback is of the interrupt, not of the program
        if report.error is not None and report.error.text and not stopped:
            output.append("stderr", report.error.text)
        if not (report.stdout or report.stderr or report.error):
            output.note("Your program printed nothing.")

    @on(Worker.StateChanged)
    def _failed(self, event: Worker.StateChanged) -> None:
        """Something broke on our side: say so; the learner's code has no part in it."""
        event.stop()
        if event.state is not WorkerState.ERROR:
            return
        fault = event.worker.error
        if event.worker.group == "console":
            self.results.console.close(f"The tutor met a fault: {fault}")
        elif event.worker.group == "run":
            self._end()
            self.results.line.say("Your code could not be run; that is not its fault.", "bad")
            self.results.verdicts.message(f"The tutor met a fault: {fault}\n\nPress {key('F5')} to try again.")
            self.results.select("checks" if self.results.with_checks else "output")
        self.app.notify(str(fault), title=f"{event.worker.name} failed", severity="error", markup=False)

    # ---- what the screen may add --------------------------------------------------------------------------------

    @on(RunLine.Clicked)
    def _clicked(self, event: RunLine.Clicked) -> None:
        event.stop()
        if self.passed:
            self.post_message(self.WantsNext())
        elif self.question_waits:
            self.results.choose("questions")
            self.results.take_focus()
