"""The workspace's help: hints, the answer, earlier versions of the code, the learner's own editor, beginning anew."""

from __future__ import annotations

from textual import work
from textual.app import SuspendNotSupported

from tutor.keys import key
from tutor.lessons.model import CodeStep, ReadStep, StepRef
from tutor.screens.hints import ANSWER_LINES, Hints
from tutor.screens.last_hint import LastHint, nothing
from tutor.screens.own_editor import EditorFault, edited
from tutor.screens.workspace_sizes import WorkspaceSizes
from tutor.widgets.lesson_page import Aside


class WorkspaceAnswers(WorkspaceSizes):
    """What a learner does who wants help, or wants back what was there."""

    hints: Hints
    last_hint: LastHint
    failures: int

    async def go(self, ref: StepRef) -> None:
        """Open a step."""
        raise NotImplementedError

    @work(group="report", name="the report of a fault", exclusive=True, exit_on_error=False)
    async def action_report(self) -> None:
        """Write to a file what is wrong with the step, in the learner's words, with what its author needs."""
        from tutor import fault_report, paths
        from tutor.screens.report_fault import ReportFault

        words = await self.app.push_screen_wait(ReportFault(self.step.title))
        if words is None:
            return
        report, verdicts = self.desk.last or (None, ())
        found = fault_report.Found(
            words=words,
            code=self.desk.text if self.at_code else "",
            report=report,
            verdicts=tuple(verdicts),
            place=self.status.place,
        )
        text = fault_report.fault_text(self.services.course, self.ref, self.step, found)
        try:
            path = fault_report.write(paths.data_dir() / "faults", self.ref, text)
        except OSError as error:
            self.notify(f"The file could not be written: {error}", severity="error", markup=False)
        else:
            self.notify(f"Give this file to the author:\n{path}", title="Written", markup=False, timeout=30)

    def help_shown(self) -> None:
        """Called when a hint or an answer is shown."""

    async def action_hint(self) -> None:
        """Show one hint more."""
        aside = self.hints.next_hint()
        if aside is not None:
            self.help_shown()
            self.desk.take_back()
            self.services.progress.show_hint(self.ref)
            await self._show_aside(aside)
        elif isinstance(self.step, CodeStep) and self.failures and not self.desk.running:
            self.help_shown()
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
            self.notify(nothing())
        else:
            await self._show_aside(aside)

    async def _show_aside(self, aside: Aside) -> None:
        if self.at_code:
            self.set_class(self.narrow, "-page-over")
            if self.narrow:
                self.page.focus()
        await self.page.add(aside)
        self.refresh_lines()

    @work(group="confirm", name="the answer", exclusive=True, exit_on_error=False)
    async def action_answer(self) -> None:
        """Show the answer, after asking."""
        from tutor.screens.confirm import Confirm

        if isinstance(self.step, ReadStep):
            self.notify("There is nothing to answer in this step.")
        elif isinstance(self.step, CodeStep) and self.step.reference:
            self.notify("This is a student's version of the course: it has no answers.")
        elif self.hints.answer_shown and self.at_code and self.hints.reveals_more:
            await self._tell_answer()
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
            detail = f"The step then counts as passed with the answer shown. A hint ({key('F2')}) may be enough."
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
        self.help_shown()
        await self._tell_answer()

    async def _tell_answer(self) -> None:
        """One line more of the answer; lines that only have to be put in order are known, and come at once."""
        aside = self.hints.answer(None if self.desk.in_order else self.desk.text)
        self.services.progress.keep(self.ref, ANSWER_LINES, self.hints.lines)
        await self._show_aside(aside)

    @work(group="confirm", name="reset", exclusive=True, exit_on_error=False)
    async def action_reset(self) -> None:
        """Forget this step, after asking."""
        from tutor.screens.confirm import Confirm

        detail = "Your text goes back to the starter; hints, answer and state are forgotten."
        if await self.app.push_screen_wait(Confirm("Reset this step?", detail, yes="Reset", no="Keep it")):
            ref = self.ref
            self.desk.close_step()
            self.services.progress.reset_step(ref)
            await self.go(ref)

    # ---- the code as it was, and elsewhere ----------------------------------------------------------------------

    @work(group="confirm", name="the history", exclusive=True, exit_on_error=False)
    async def action_history(self) -> None:
        """Bring back what was run earlier; undo takes it away again."""
        from tutor.screens.history import History

        versions = self.services.progress.history(self.ref)
        if not self.at_code or not versions:
            self.notify("You have run nothing in this step yet.")
            return
        chosen = await self.app.push_screen_wait(History(versions, self.desk.text))
        if chosen is not None:
            self.desk.replace_all(chosen)
            self.desk.writing.focus()

    def action_find(self) -> None:
        """Look for words in the code."""
        if self.at_code and not self.desk.in_order:
            self.desk.find_line.open()

    def action_external(self) -> None:
        """Open the code in the learner's own editor, and take what comes back."""
        if not self.at_code or self.desk.in_order:
            self.notify("There is no code to edit in this step.")
            return
        self.desk.flush()
        try:
            with self.app.suspend():
                text = edited(self.desk.text, f"{self.ref.lesson}-{self.ref.step}.py")
        except SuspendNotSupported:
            self.notify("Your own editor needs a terminal to itself, which a browser, for one, can't give it.")
        except EditorFault as fault:
            self.notify(str(fault), severity="warning")
        else:
            if text != self.desk.text:
                self.desk.replace_all(text)
        self.desk.editor.focus()
