"""The lesson workspace: going from step to step, running, hints, the answer."""

from __future__ import annotations

import contextlib
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Mount

from tutor.keys import key
from tutor.lessons.model import ChoiceStep, CodeStep, PredictStep, ReadStep, StepRef
from tutor.progress import State
from tutor.runtime.choice import RuntimeFault
from tutor.runtime.protocol import Outcome
from tutor.screens import overview, words
from tutor.screens.code_desk import CodeDesk
from tutor.screens.hints import ANSWER_LINES, Hints
from tutor.screens.last_hint import LastHint
from tutor.screens.question_desk import QuestionDesk
from tutor.screens.workspace_trial import WorkspaceTrial
from tutor.widgets.results import LETTERS, NAMES, PURPOSES
from tutor.widgets.status_line import Cost, Environment

ELSEWHERE_S = 1.0
"""Seconds between two looks at what other programs wrote."""


def bound(key: str, action: str, name: str, tooltip: str) -> Binding:
    """A key of the workspace; it comes before the focused widget's, so that the editor swallows none of them."""
    return Binding(key, action, name, tooltip=tooltip, id=f"lesson.{action.split('(')[0]}", priority=True)


def view_key(key: str) -> Binding:
    """The key of one of the results' views."""
    name, tooltip = f"Show {NAMES[key]}", f"{NAMES[key]}: {PURPOSES[key]}"
    return Binding(f"alt+{LETTERS[key]}", f"tab('{key}')", name, tooltip=tooltip, id=f"lesson.tab_{key}", priority=True)


def size_key(key: str, border: str, by: int, name: str, tooltip: str) -> Binding:
    """A key that moves a border."""
    command = f"lesson.{name.lower().replace(' ', '_')}"
    return Binding(key, f"size('{border}', {by})", name, tooltip=tooltip, id=command, priority=True)


class Workspace(WorkspaceTrial):
    """One step at a time; ^N and ^B go along the course."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("f5,ctrl+r", "run", "Run", "Run your code and check it"),
        bound("escape", "stop", "Stop", "Stop the run"),
        bound("f2,ctrl+g", "hint", "Hint", "Show the next hint"),
        bound("f3", "answer", "Answer", "Show the answer (asks first)"),
        bound("f8,ctrl+o", "external", "Your editor", "Open your code in $VISUAL or $EDITOR"),
        bound("f10", "history", "History", "Bring back what you ran earlier"),
        bound("ctrl+f", "find", "Find", "Find words in your code"),
        bound("alt+f", "report", "Report a fault", "Write a file about a fault in this step"),
        bound("ctrl+n", "next", "Next step", "Go to the next step"),
        bound("ctrl+b", "back", "Step before", "Go to the step before"),
        bound("f4,ctrl+l", "map", "Course map", "Go back to the course map"),
        bound("f6", "pane(1)", "Next pane", "To the next pane: page, editor, results"),
        Binding(
            "shift+f6", "pane(-1)", "Pane before", tooltip="To the pane before", id="lesson.pane_back", priority=True
        ),
        bound("f7", "reset", "Reset step", "Forget what you did in this step (asks first)"),
        Binding(
            "alt+left",
            "value(-1)",
            "Value before",
            tooltip="Choose the value before",
            id="lesson.value_before",
            priority=True,
        ),
        Binding(
            "alt+right",
            "value(1)",
            "Next value",
            tooltip="Choose the next value",
            id="lesson.value_next",
            priority=True,
        ),
        size_key("alt+comma", "page_width", -1, "Page narrower", "Make the lesson page narrower, the desk wider"),
        size_key("alt+full_stop", "page_width", 1, "Page wider", "Make the lesson page wider, the desk narrower"),
        size_key("alt+minus", "editor_height", -1, "Editor lower", "Make the editor lower, the results higher"),
        size_key("alt+equals_sign", "editor_height", 1, "Editor higher", "Make the editor higher, the results lower"),
        bound("f9", "ribbon", "Shapes beside the code", "Show or hide what each line made, at its right"),
        bound("ctrl+t", "next_tab", "Next tab", "The views of the results in turn"),
        *(view_key(key) for key in NAMES),
    ]

    # ---- going to a step ----------------------------------------------------------------------------------------

    @on(Mount)
    async def open_first(self) -> None:
        """Open the step that was asked for."""
        await self.go(self.ref)
        self.set_interval(ELSEWHERE_S, self.desk.follow_elsewhere)

    async def go(self, ref: StepRef) -> None:
        """Open a step, and remember that the learner is there."""
        progress = self.services.progress
        self.trial_follows(ref)
        self.desk.close_step()
        new = progress.state(ref) is State.NEW
        self.ref, self.trying, self.failures = ref, False, progress.failures_since_pass(ref)
        progress.begin(ref)
        progress.set_position(ref)
        step = self.step
        lines = progress.kept(ref, ANSWER_LINES)
        self.hints = Hints(step, progress.hints_shown(ref), answer=progress.answer_shown(ref), lines=lines)
        self.last_hint = LastHint()
        self.set_class(self.at_code, "-code")
        self.set_class(self.at_question, "-question")
        self.set_class(new and self.at_code and self.narrow, "-page-over")
        await self.page.show(step.title, words.page_markdown(step), self.hints.asides())
        if self.at_code:
            assert isinstance(step, CodeStep | ReadStep)
            self.desk.open(ref, step)
        elif isinstance(step, ChoiceStep | PredictStep):
            self.questions.open(ref, step)
        self.set_sizes()
        self._last_at_desk = self.first_pane
        self.focus_first()
        self.status.cost = None
        self.refresh_lines()
        self.tell_warning()
        self._look_ahead()

    @work(group="ahead", name="looking ahead", exclusive=True, exit_on_error=False)
    async def _look_ahead(self) -> None:
        """Have the reference of this step and the options of the next one ready before they are wanted."""
        following = overview.neighbour(self.services.course, self.ref, 1)
        examiner = self.services.examiner
        if isinstance(self.step, CodeStep):
            await examiner.reference(self.step)
        if following is not None:
            step = self.services.course.lesson(following.lesson).step(following.step)
            if isinstance(step, PredictStep):
                await examiner.answer(step)
        self._learn_names()

    @work(group="names", name="looking up names", exit_on_error=False)
    async def _learn_names(self) -> None:
        """Find what the editor can offer, while nothing runs; it goes without where that fails."""
        known = self.services.names
        others = [worker for worker in self.workers if worker.group == "names" and worker.is_running]
        busy = self.desk.running or self.desk.evaluating or len(others) > 1
        if known is None or not known.wanted or busy:
            return
        with contextlib.suppress(RuntimeFault, OSError):
            await known.learn()
        self.desk.know_names()

    async def action_next(self) -> None:
        """Go on; a step that is only read is done by going on."""
        if await self.trial_goes_on():
            return
        if isinstance(self.step, ReadStep):
            self.services.progress.mark_passed(self.ref)
        following = overview.neighbour(self.services.course, self.ref, 1)
        if following is not None and following.lesson == self.ref.lesson:
            await self.go(following)
        else:
            self.finish_lesson(following)

    @work(group="end", name="the end of the lesson", exclusive=True, exit_on_error=False)
    async def finish_lesson(self, following: StepRef | None) -> None:
        """Say what was learned and what is still open, then go where the learner wants."""
        from tutor.screens.lesson_end import LessonEnd

        self.desk.flush()
        self.refresh_lines()
        states = self.services.progress.states()
        to = await self.app.push_screen_wait(LessonEnd(self.services.course, self.ref, following, states))
        if isinstance(to, StepRef):
            await self.go(to)
        elif to == "map":
            self.action_map()

    async def action_back(self) -> None:
        """Go to the step before."""
        before = overview.neighbour(self.services.course, self.ref, -1)
        if before is None:
            self.notify("This is the first step of the course.")
        else:
            await self.go(before)

    def action_map(self) -> None:
        """Leave for the course map."""
        self.desk.close_step()
        self.app.pop_screen()

    # ---- running ------------------------------------------------------------------------------------------------

    def action_run(self) -> None:
        """Run the code; in a predict step that is answered, open its program."""
        step = self.step
        if self.at_code:
            self.remove_class("-page-over")
            if self.page.has_focus and self.narrow:
                self.focus_pane(self.first_pane)
            self.desk.run()
        elif isinstance(step, PredictStep) and self.questions.settled:
            self.trying = True
            self.set_class(True, "-code")
            self.set_class(False, "-question")
            self.desk.open(self.ref, step)
            self.set_sizes()
            self.desk.editor.focus()
            self.desk.run()
        elif isinstance(step, PredictStep):
            self.notify("Say first what you expect; then the program can be run.")
        else:
            self.notify("There is no code to run in this step.")

    def action_ribbon(self) -> None:
        """Show or hide what each line made."""
        self.desk.toggle_ribbon()

    def action_stop(self) -> None:
        """End the run; without one, bring the editor back where the page covers it."""
        if self.desk.editor.close_list():
            return
        if self.desk.find_line.leave():
            self.desk.editor.focus()
        elif self.desk.running or self.desk.evaluating:
            self.desk.stop()
        elif self.desk.editor.close_signature() or self.desk.results.leave():
            return
        elif self.page_covers:
            self.action_pane(1)

    @on(CodeDesk.RunningChanged)
    def _running_changed(self) -> None:
        self.refresh_lines()
        if self.desk.running:
            self.workers.cancel_group(self, "names")  # so that the run has the machine for itself
        else:
            self._learn_names()

    @on(CodeDesk.WantsNext)
    async def _wants_next(self) -> None:
        await self.action_next()

    @on(CodeDesk.Ran)
    def _ran(self, event: CodeDesk.Ran) -> None:
        """Say how to go on."""
        if event.ref != self.ref:
            return
        self.status.cost = Cost(event.report.seconds, event.report.peak_mb, event.report.device)
        self.failures = self.services.progress.failures_since_pass(self.ref)
        if event.passed:
            self.desk.say(self._passed_words(), "good")
        elif event.counted and self.hints.offers(self.failures):
            self.desk.offer(Content.assemble((key("F2"), "bold $primary"), f" shows {self.hints.next_name}."))
        elif self.trying and event.report.outcome is not Outcome.INTERRUPTED and self.questions.comparison is not None:
            self.desk.say(self.questions.comparison)
        self.refresh_lines()
        self.tell_warning()

    def _passed_words(self) -> Content:
        in_trial = self.trial_words()
        if in_trial is not None:
            return in_trial
        following = overview.neighbour(self.services.course, self.ref, 1)
        to = "goes on."
        if following is not None and following.lesson == self.ref.lesson:
            to = f"goes on to “{self.services.course.lesson(following.lesson).step(following.step).title}”."
        return Content.assemble(("✓ Passed.  ", "bold $success"), (key("^N"), "bold $primary"), f" {to}")

    @on(CodeDesk.Solved)
    def _solved(self, event: CodeDesk.Solved) -> None:
        """An experiment's last question is answered."""
        if event.ref == self.ref:
            self.desk.passed = True
            self.desk.say(self._passed_words(), "good")
            self.refresh_lines()
            self.tell_warning()

    @on(QuestionDesk.Answered)
    def _answered(self) -> None:
        self.refresh_lines()
        self.tell_warning()

    def environment_changed(self, environment: Environment) -> None:
        """Follow torch while it loads."""
        if self.is_mounted and self.query(CodeDesk):
            self.desk.tick()
            self.questions.show_environment()

    def flush(self) -> None:
        """Save the draft."""
        self.desk.flush()


def preload() -> None:
    """Import what only the first use of the workspace would import, so that it opens at once."""
    import markdown_it
    import tree_sitter
    import tree_sitter_python
    from pygments.lexers.python import PythonLexer  # type: ignore[import-untyped]  # Pygments has no types

    for module in (markdown_it, tree_sitter, tree_sitter_python, PythonLexer):
        assert module is not None
