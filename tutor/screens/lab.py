"""An experiment as far as a learner got with it: which settings ran, which questions are answered."""

from __future__ import annotations

from typing import Any

import msgspec
from textual.content import Content

from tutor.keys import key
from tutor.lessons.model import Asked, ExperimentStep
from tutor.lessons.settings import Setting, all_settings, label
from tutor.screens.questions import Item, Question, what_is_missing
from tutor.widgets.choice_rows import OptionLine, with_code


class Kept(msgspec.Struct):
    """What progress keeps of an experiment."""

    tried: list[str] = []
    """Labels of the settings that ran."""
    checks_passed: bool = False
    picked: dict[str, list[int]] = {}
    """Numbers of the options that were picked, by the id of the question."""
    answered: list[str] = []
    """Ids of the questions that are answered right."""


class QuestionShown(msgspec.Struct, frozen=True):
    """What the Questions pane shows."""

    ask: Content
    options: tuple[OptionLine, ...] = ()
    reply: Content = Content("")
    several: bool = False
    locked: bool = False


class Lab:
    """Decides when the questions come, what a pick means, and when the experiment is passed."""

    def __init__(self, step: ExperimentStep, kept: Any = None) -> None:
        self.step = step
        try:
            self.kept = msgspec.convert(kept or {}, Kept)
        except msgspec.ValidationError:
            self.kept = Kept()
        known = [label(setting) for setting in all_settings(step)]
        self.kept.tried = [tried for tried in self.kept.tried if tried in known]
        self._questions = [question_of(asked) for asked in step.questions]
        self._show(next((number for number in range(len(step.questions)) if not self._settled(number)), 0))

    # ---- runs ---------------------------------------------------------------------------------------------------

    def note_run(self, setting: Setting, *, ended_like_solution: bool, passed: bool) -> None:
        """Note a run; one that did not end as the solution does is no try."""
        self.kept.checks_passed = self.kept.checks_passed or passed
        if ended_like_solution and label(setting) not in self.kept.tried:
            self.kept.tried.append(label(setting))

    @property
    def runs_missing(self) -> int:
        """How many settings have yet to run before the questions come."""
        return max(0, self.step.tries - len(self.kept.tried))

    @property
    def checks_done(self) -> bool:
        """Whether the checks passed once, or there are none."""
        return self.kept.checks_passed or not self.step.checks

    @property
    def open(self) -> bool:
        """Whether the questions are there."""
        return bool(self._questions) and self.checks_done and not self.runs_missing

    @property
    def done(self) -> bool:
        """Whether the experiment is passed."""
        return self.checks_done and self.answered

    @property
    def answered(self) -> bool:
        """Whether every question is answered right."""
        return all(self._settled(number) for number in range(len(self._questions)))

    @property
    def waiting(self) -> str:
        """What is missing before the questions come, and what to do; empty where nothing is."""
        if not self._questions or self.open or self.answered:
            return ""
        count = len(self._questions)
        come = "a question comes" if count == 1 else f"{count} questions come"
        if self.runs_missing and not self.kept.tried:
            return f"Choose a value, then press {key('F5')}.\nAfter runs with {self.step.tries} values, {come}."
        if self.runs_missing:
            more = "one more value" if self.runs_missing == 1 else f"{self.runs_missing} more values"
            return f"Now run it with {more}. Then {come}."
        return f"When the checks pass, {come}."

    @property
    def line(self) -> Content:
        """What to say after a run."""
        if self.open and not self.answered:
            return Content.assemble("Compare the runs.  ", (key("Alt+Q"), "bold $primary"), " shows the questions.")
        return Content(self.waiting)

    # ---- questions ----------------------------------------------------------------------------------------------

    @property
    def asked(self) -> Asked:
        """The question that is shown."""
        return self.step.questions[self.at]

    @property
    def picked(self) -> frozenset[int]:
        """What was picked of it."""
        return self._picked(self.at)

    def _picked(self, number: int) -> frozenset[int]:
        known = {item.number for item in self._questions[number].items}
        return frozenset(self.kept.picked.get(self.step.questions[number].id, ())) & known

    def _settled(self, number: int) -> bool:
        return self.step.questions[number].id in self.kept.answered

    def _show(self, number: int) -> None:
        """Bring a question to the front; of several picks, it is not said again what was wrong with them."""
        self.at = number
        self._judged = bool(self._questions) and (self._settled(number) or not self._questions[number].several)

    def pick(self, index: int) -> None:
        """Pick an option; of several right ones, take it or leave it."""
        if not self.open or self._settled(self.at):
            return
        question = self._questions[self.at]
        number = question.items[index].number
        picked = self.picked ^ {number} if question.several else self.picked | {number}
        self.kept.picked[self.asked.id] = sorted(picked)
        self._judged = False
        if not question.several:
            self.hand_in()

    def hand_in(self) -> None:
        """Have what was picked judged."""
        if self.open and self.picked:
            self._judged = True
            if self._questions[self.at].solved(self.picked) and not self._settled(self.at):
                self.kept.answered.append(self.asked.id)

    def reveal(self) -> bool:
        """Pick what is right of the first question that is open; whether there was one."""
        if not self.open or (self._settled(self.at) and not self.go_on()):
            return False
        self.kept.picked[self.asked.id] = sorted(self._questions[self.at].right)
        self.hand_in()
        return True

    def go_on(self) -> bool:
        """Go to the next question that is not answered; whether there is one."""
        after = [*range(self.at + 1, len(self._questions)), *range(self.at)]
        following = next((number for number in after if not self._settled(number)), None)
        if following is not None:
            self._show(following)
        return following is not None

    def shown(self) -> QuestionShown:
        """The question, its options, and what came of the picks."""
        if not self.open:
            return QuestionShown(Content.styled(self.waiting or "This experiment has no questions.", "$quiet"))
        question, settled = self._questions[self.at], self._settled(self.at)
        count = f"Question {self.at + 1} of {len(self._questions)}.  " if len(self._questions) > 1 else ""
        ask = Content.assemble((count, "bold $primary"), with_code(" ".join(self.asked.ask.split())))
        options = tuple(self._line(item, settled) for item in question.items)
        return QuestionShown(ask, options, self._reply(question, settled), question.several, settled)

    def _line(self, item: Item, settled: bool) -> OptionLine:
        shown = self._judged and item.number in self.picked
        mark = ("right" if item.correct else "wrong") if shown or (settled and item.correct) else ""
        return OptionLine(item.text, item.number in self.picked, mark, " ".join(item.say.split()) if mark else "")

    def _reply(self, question: Question, settled: bool) -> Content:
        if settled and not self.answered:
            return Content.assemble(
                ("That is right.  ", "bold"), ("Enter", "bold $primary"), " shows the next question."
            )
        if settled:
            return Content.assemble(("That is right.  ", "bold"), ("^N", "bold $primary"), " goes on.")
        if not self._judged or not self.picked:
            several = f"{len(question.right)} of these are right. Pick them by number, then press Enter."
            return Content.styled(several if question.several else "Press the number of your answer.", "$quiet")
        retry = what_is_missing(question, self.picked) if question.several else "Not that one. Compare the runs again."
        return Content.styled(retry, "$warning")


def question_of(asked: Asked) -> Question:
    """The options of a question, in the author's order."""
    items = tuple(Item(number, option.text, option.correct, option.say) for number, option in enumerate(asked.options))
    return Question(items, several=sum(item.correct for item in items) > 1)
