"""The workspace during a test-out."""

from __future__ import annotations

from textual.content import Content

from tutor.keys import key
from tutor.lessons.model import StepRef
from tutor.screens.services import Services
from tutor.screens.trial import Trial, mark_known
from tutor.screens.workspace_answers import WorkspaceAnswers

HELPED = "With help it is no test any more. The lesson stays as it was, and you can go on in it."


class WorkspaceTrial(WorkspaceAnswers):
    """Leads through the steps of a test-out, and ends it where help is taken, or the learner goes elsewhere."""

    def __init__(self, services: Services, ref: StepRef, trial: Trial | None = None) -> None:
        super().__init__(services, ref)
        self.trial = trial

    @property
    def progress_line(self) -> tuple[Content, ...]:
        """What the test-out is at, where one goes on."""
        if self.trial is None:
            return super().progress_line
        return (Content.styled(self.trial.name, "bold $primary"),)

    def trial_follows(self, ref: StepRef) -> None:
        """A step is opened: one that the test-out does not ask for ends it."""
        if self.trial is not None and ref != self.trial.ref:
            self.end_trial("You left the test-out. The lesson stays as it was.")

    def help_shown(self) -> None:
        """A hint or an answer is shown."""
        super().help_shown()
        self.end_trial(HELPED)

    def end_trial(self, why: str) -> None:
        """End the test-out, if one goes on."""
        if self.trial is not None:
            self.trial = None
            self.notify(why)
            self.refresh_lines()

    async def trial_goes_on(self) -> bool:
        """Open the next step of a test-out, if the one that is open is passed; whether it did."""
        if self.trial is None or not self.desk.passed or self.trial.next is None:
            return False
        self.trial = self.trial.next
        await self.go(self.trial.ref)
        return True

    def trial_words(self) -> Content | None:
        """What to say after a step of a test-out was passed; its last one counts for the whole lesson."""
        if self.trial is None:
            return None
        if self.trial.next is not None:
            return Content.assemble(
                ("✓ Passed.  ", "bold $success"), (key("^N"), "bold $primary"), " goes on with the test-out."
            )
        lesson = self.services.course.lesson(self.ref.lesson)
        mark_known(self.services.progress, (StepRef(lesson.id, step.id) for step in lesson.steps))
        self.trial = None
        return Content.assemble(
            ("✓ You know this lesson.  ", "bold $success"), (key("F4"), "bold $primary"), " leads to the map."
        )
