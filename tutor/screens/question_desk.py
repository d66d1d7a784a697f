"""Where questions are answered: choice and predict steps."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on, work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from tutor.keys import key
from tutor.lessons.model import ChoiceStep, PredictStep, StepRef
from tutor.screens.questions import Item, Question, choice_question, predict_question, said_and_was, what_is_missing
from tutor.screens.services import Services
from tutor.widgets.choice_rows import OptionLine, with_code
from tutor.widgets.choices import LOW, Choices
from tutor.widgets.status_line import Environment, loading_text

NO_ANSWER = "The program of this question could not be run, so it can't be asked. ^N goes on."


class QuestionDesk(VerticalScroll, can_focus=False):
    """Options, and what becomes of a pick."""

    class Answered(Message):
        """The question is settled; `right` says whether by a right pick."""

        def __init__(self, ref: StepRef, right: bool) -> None:
            super().__init__()
            self.ref, self.right = ref, right

    def __init__(self, services: Services) -> None:
        super().__init__(id="question-desk")
        self.services = services
        self.ref: StepRef | None = None
        self.step: ChoiceStep | PredictStep | None = None
        self.question: Question | None = None
        self.picked: frozenset[int] = frozenset()
        self.judged = False
        self.settled = False

    def compose(self) -> Iterable[Widget]:
        """What to do, the options, what came of it."""
        yield Static(id="instruction")
        yield Choices()
        yield Static(id="reply")

    @property
    def choices(self) -> Choices:
        """The options."""
        return self.query_one(Choices)

    # ---- opening ------------------------------------------------------------------------------------------------

    def open(self, ref: StepRef, step: ChoiceStep | PredictStep) -> None:
        """Take a step; the options of a predict step come when its program has run."""
        self.ref, self.step, self.question = ref, step, None
        self.picked, self.judged, self.settled = frozenset(), False, False
        self.choices.put(())
        self._reply("")
        if isinstance(step, ChoiceStep):
            self._take(choice_question(ref, step))
        else:
            self.show_environment()
            self._find_answer(ref, step)

    def show_environment(self) -> None:
        """While the options wait for torch, say so."""
        if self.question is None and isinstance(self.step, PredictStep):
            runtime = self.services.runtime
            waiting = loading_text(Environment(loading_s=runtime.loading_s)) + ". The options come right after."
            self._instruct("The program runs once for the options …" if runtime.ready else waiting)

    @work(group="answer", name="the answer", exclusive=True, exit_on_error=False)
    async def _find_answer(self, ref: StepRef, step: PredictStep) -> None:
        answer = await self.services.examiner.answer(step)
        if self.ref == ref:
            if answer.strip():
                self._take(predict_question(ref, step, answer))
            else:
                self._instruct(NO_ANSWER)

    @on(Worker.StateChanged)
    def _failed(self, event: Worker.StateChanged) -> None:
        event.stop()
        if event.state is WorkerState.ERROR:
            self._instruct(f"{NO_ANSWER}\n\n{event.worker.error}")

    def _take(self, question: Question) -> None:
        """Show the options, and the answer that was given earlier."""
        assert self.ref is not None
        self.question = question
        known = frozenset(item.number for item in question.items)
        self.picked = frozenset(self.services.progress.choice(self.ref)) & known
        self.settled = self.services.progress.state(self.ref).done
        self.judged = self.settled or (bool(self.picked) and not question.several)
        self._show()
        self.choices.focus()

    # ---- picking ------------------------------------------------------------------------------------------------

    @on(Choices.Picked)
    def _pick(self, event: Choices.Picked) -> None:
        event.stop()
        if self.question is None or self.ref is None or self.settled:
            return
        number = self.question.items[event.index].number
        if self.question.several:
            self.picked = self.picked ^ {number}
            self.judged = False
            self._save()
            self._show()
        else:
            self.picked = self.picked | {number}
            self._save()
            self._judge()

    @on(Choices.HandedIn)
    def _hand_in(self, event: Choices.HandedIn) -> None:
        event.stop()
        if self.question is not None and not self.settled:
            if self.picked:
                self._judge()
            else:
                self._reply("Pick by number or with Space first, then press Enter.")

    def _save(self) -> None:
        if self.ref is not None:
            self.services.progress.save_choice(self.ref, self.picked)

    def _judge(self) -> None:
        """Say of each pick whether it holds, and settle the question if the picks do."""
        assert self.question is not None
        assert self.ref is not None
        self.judged = True
        if self.question.solved(self.picked):
            right = bool(self.picked & self.question.right)
            if not right:
                self.services.progress.show_answer(self.ref)
            self._settle(right)
        self._show()

    def reveal(self) -> None:
        """Show the right answer because the learner asked for it."""
        if self.question is None or self.ref is None or self.settled:
            return
        self.services.progress.show_answer(self.ref)
        self.picked = self.picked | self.question.right
        self._save()
        self.judged = True
        self._settle(right=False)
        self._show()

    def _settle(self, right: bool) -> None:
        assert self.ref is not None
        self.settled = True
        self.services.progress.mark_passed(self.ref)
        self.post_message(self.Answered(self.ref, right))

    # ---- showing ------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        question = self.question
        if question is None:
            return
        self._instruct(self._instruction(question))
        lines = [self._line(question, item) for item in question.items]
        self.choices.put(lines, several=question.several, locked=self.settled)
        self._reply(self._words(question))
        # Twice: the reply gets its new height only with the next layout.
        self.call_after_refresh(self.call_after_refresh, self._bring_reply_into_view)

    def _bring_reply_into_view(self) -> None:
        if self.judged:
            self.scroll_to_widget(self.query_one("#reply"), animate=False)

    def _instruction(self, question: Question) -> str:
        if self.settled:
            return "Your answer"
        if question.several:
            return f"{len(question.right)} of these are right. Pick them by number, then press Enter."
        return "What do you expect? Press its number." if question.once else "Press the number of your answer."

    def _line(self, question: Question, item: Item) -> OptionLine:
        shown = self.judged and item.number in self.picked
        reveal = self.settled and item.correct
        mark = ("right" if item.correct else "wrong") if shown or reveal else ""
        return OptionLine(item.text, item.number in self.picked, mark, " ".join(item.say.split()) if mark else "")

    def _words(self, question: Question) -> Content:
        if not self.judged:
            return Content("")
        if not self.settled:
            retry = what_is_missing(question, self.picked) if question.several else "Not that one. Have another look."
            return Content.styled(retry, "$warning")
        right = bool(self.picked & question.right) and self.ref is not None and not self._answer_shown()
        parts: list[Content] = []
        if question.once:
            parts.append(Content.styled("As you said.", "bold") if right else self._compared(question))
        elif right:
            parts.append(Content.styled("That is right.", "bold"))
        if isinstance(self.step, PredictStep) and self.step.say.strip():
            parts.append(with_code(" ".join(self.step.say.split())))
        going = Content.assemble((key("^N"), "bold $primary"), " goes on.")
        if question.once:
            going = Content.assemble(going, "  ", (key("F5"), "bold $primary"), " opens the program, to try things.")
        return Content("\n" if self.app.size.height < LOW else "\n\n").join([*parts, going])

    def _compared(self, question: Question) -> Content:
        """What was predicted above what it was."""
        both = said_and_was(question, self.picked)
        if both is None or both[0] == both[1]:
            return Content.styled("It gives what is marked ✓.", "bold")
        dim = "$quiet"
        return Content.assemble(("You said  ", dim), (both[0], "$error"), ("\nIt gives  ", dim), (both[1], "$success"))

    @property
    def comparison(self) -> Content | None:
        """What was predicted and what it is, in one line, for the run that follows; None where nothing was."""
        both = said_and_was(self.question, self.picked) if self.question and self.question.once else None
        if not self.settled or both is None or (both[0] == both[1] and self._answer_shown()):
            return None
        said, was = both
        mark = ("✓ ", "bold $success") if said == was else ("✗ ", "bold $error")
        dim = "$quiet"
        return Content.assemble(mark, ("You said ", dim), said, ("; it is ", dim), (was, "bold"))

    def _answer_shown(self) -> bool:
        return self.ref is not None and self.services.progress.answer_shown(self.ref)

    def _instruct(self, text: str) -> None:
        self.query_one("#instruction", Static).update(Content(text))

    def _reply(self, text: Content | str) -> None:
        self.query_one("#reply", Static).update(text)
