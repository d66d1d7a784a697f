"""The lesson workspace: going from step to step, running, hints, the answer."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Mount

from tutor.lessons.model import ChoiceStep, CodeStep, PredictStep, ReadStep, StepRef
from tutor.progress import State
from tutor.runtime.protocol import Outcome
from tutor.screens import overview, words
from tutor.screens.code_desk import CodeDesk
from tutor.screens.hints import Hints
from tutor.screens.last_hint import NOTHING, LastHint
from tutor.screens.question_desk import QuestionDesk
from tutor.screens.workspace_panes import WorkspacePanes
from tutor.widgets.lesson_page import Aside
from tutor.widgets.results import LETTERS, NAMES, PURPOSES
from tutor.widgets.status_line import Cost, Environment


def bound(key: str, action: str, name: str, tooltip: str) -> Binding:
    """A key of the workspace; it comes before the focused widget's, so that the editor swallows none of them."""
    return Binding(key, action, name, tooltip=tooltip, id=f"lesson.{action.split('(')[0]}", priority=True)


def view_key(key: str) -> Binding:
    """The key of one of the results' views."""
    name, tooltip = f"Show {NAMES[key]}", f"{NAMES[key]}: {PURPOSES[key]}"
    return Binding(f"alt+{LETTERS[key]}", f"tab('{key}')", name, tooltip=tooltip, id=f"lesson.tab_{key}", priority=True)


class Workspace(WorkspacePanes):
    """One step at a time; ^N and ^B go along the course."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("f5,ctrl+r", "run", "Run", "Run your code and check it"),
        bound("escape", "stop", "Stop", "Stop the run"),
        bound("f2,ctrl+g", "hint", "Hint", "Show the next hint"),
        bound("f3", "answer", "Answer", "Show the answer (asks first)"),
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
        bound("f9", "ribbon", "Shapes", "Show or hide what each line made, at its right"),
        bound("ctrl+t", "next_tab", "Next tab", "The views of the results in turn"),
        *(view_key(key) for key in NAMES),
    ]

    # ---- going to a step ----------------------------------------------------------------------------------------

    @on(Mount)
    async def open_first(self) -> None:
        """Open the step that was asked for."""
        await self.go(self.ref)

    async def go(self, ref: StepRef) -> None:
        """Open a step, and remember that the learner is there."""
        progress = self.services.progress
        self.desk.close_step()
        new = progress.state(ref) is State.NEW
        self.ref, self.trying, self.failures = ref, False, progress.failures_since_pass(ref)
        progress.begin(ref)
        progress.set_position(ref)
        step = self.step
        self.hints = Hints(step, progress.hints_shown(ref), answer=progress.answer_shown(ref))
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

    async def action_next(self) -> None:
        """Go on; a step that is only read is done by going on."""
        if isinstance(self.step, ReadStep):
            self.services.progress.mark_passed(self.ref)
        following = overview.neighbour(self.services.course, self.ref, 1)
        if following is not None and following.lesson == self.ref.lesson:
            await self.go(following)
        else:
            self.finish_lesson(following)

    @work(group="end", name="the end of the lesson", exit_on_error=False)
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
        if self.desk.running or self.desk.evaluating:
            self.desk.stop()
        elif self.desk.results.leave():
            return
        elif self.page_covers:
            self.action_pane(1)

    @on(CodeDesk.RunningChanged)
    def _running_changed(self) -> None:
        self.refresh_lines()

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
            self.desk.offer(Content.assemble(("F2", "bold $primary"), f" shows {self.hints.next_name}."))
        elif self.trying and event.report.outcome is not Outcome.INTERRUPTED and self.questions.comparison is not None:
            self.desk.say(self.questions.comparison)
        self.refresh_lines()
        self.tell_warning()

    def _passed_words(self) -> Content:
        following = overview.neighbour(self.services.course, self.ref, 1)
        to = "goes on."
        if following is not None and following.lesson == self.ref.lesson:
            to = f"goes on to “{self.services.course.lesson(following.lesson).step(following.step).title}”."
        return Content.assemble(("✓ Passed.  ", "bold $success"), ("^N", "bold $primary"), f" {to}")

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

    # ---- hints, answer, reset -----------------------------------------------------------------------------------

    async def action_hint(self) -> None:
        """Show one hint more."""
        aside = self.hints.next_hint()
        if aside is not None:
            self.desk.take_back()
            self.services.progress.show_hint(self.ref)
            await self._show_aside(aside)
        elif isinstance(self.step, CodeStep) and self.failures and not self.desk.running:
            self._try_changes(self.ref, self.step, self.desk.text)
        else:
            self.notify(self.hints.why_no_hint)

    @work(group="last hint", name="trying small changes", exclusive=True, exit_on_error=False)
    async def _try_changes(self, ref: StepRef, step: CodeStep, code: str) -> None:
        """After the last hint: find out which small change of the learner's program passes."""

        def on_try(number: int) -> None:
            if self.ref == ref:
                self.desk.say(f"Trying small changes of your program, {number + 1} …")

        aside = await self.last_hint.next(self.services.examiner, step, code, on_try)
        if self.ref != ref:
            return
        self.desk.say("")
        if aside is None:
            self.notify(NOTHING)
        else:
            await self._show_aside(aside)

    async def _show_aside(self, aside: Aside) -> None:
        if self.at_code:
            self.set_class(self.narrow, "-page-over")
            if self.narrow:
                self.page.focus()
        await self.page.add(aside)
        self.refresh_lines()

    @work(group="confirm", name="the answer", exit_on_error=False)
    async def action_answer(self) -> None:
        """Show the answer, after asking."""
        from tutor.screens.confirm import Confirm

        if isinstance(self.step, ReadStep):
            self.notify("There is nothing to answer in this step.")
        elif isinstance(self.step, CodeStep) and self.step.reference:
            self.notify("This is a student's version of the course: it has no answers.")
        elif self.hints.answer_shown and self.at_code:
            title = "Put the lines in this order?" if self.desk.in_order else "Put the answer into the editor?"
            question = Confirm(title, "Undo (^Z) brings back what you have.", yes="Put it in", no="Leave it")
            if await self.app.push_screen_wait(question):
                self.desk.replace_all(self.hints.solution)
        elif self.desk.lab_begins and not self.desk.question_waits:
            self.notify("There is nothing to answer now.")
        elif self.at_question and self.questions.settled:
            self.notify("The answer is there already.")
        else:
            detail = "The step then counts as passed with the answer shown. A hint (F2) may be enough."
            if await self.app.push_screen_wait(Confirm("Show the answer?", detail, yes="Show it", no="Not yet")):
                await self._reveal()

    async def _reveal(self) -> None:
        if self.at_question:
            self.questions.reveal()
            return
        if self.desk.question_waits:
            self.desk.reveal()
            return
        self.services.progress.show_answer(self.ref)
        await self._show_aside(self.hints.answer())

    @work(group="confirm", name="reset", exit_on_error=False)
    async def action_reset(self) -> None:
        """Forget this step, after asking."""
        from tutor.screens.confirm import Confirm

        detail = "Your text goes back to the starter; hints, answer and state are forgotten."
        if await self.app.push_screen_wait(Confirm("Reset this step?", detail, yes="Reset", no="Keep it")):
            ref = self.ref
            self.desk.close_step()
            self.services.progress.reset_step(ref)
            await self.go(ref)

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
