"""Questions with options: in which order they stand, and what a pick means; no Textual in it."""

from __future__ import annotations

import random

import msgspec

from tutor.lessons.model import ChoiceStep, Option, PredictStep, StepRef


class Item(msgspec.Struct, frozen=True):
    """An option; `number` is what progress keeps of it, whatever the order on the screen."""

    number: int
    text: str
    correct: bool
    say: str


class Question(msgspec.Struct, frozen=True):
    """The options in the order of the screen. `once`: the first pick counts, and shows the right one."""

    items: tuple[Item, ...]
    several: bool = False
    once: bool = False

    @property
    def right(self) -> frozenset[int]:
        """Numbers of the right options."""
        return frozenset(item.number for item in self.items if item.correct)

    def solved(self, picked: frozenset[int]) -> bool:
        """Whether the picks settle the question: all right ones and no other, or any pick of one that counts once."""
        if self.once:
            return bool(picked)
        return picked == self.right if self.several else bool(picked & self.right)


def choice_question(ref: StepRef, step: ChoiceStep) -> Question:
    """The question of a choice step."""
    items = [Item(number, option.text, option.correct, option.say) for number, option in enumerate(step.options)]
    return Question(shuffled(items, ref) if step.shuffle else tuple(items), several=step.several)


def predict_question(ref: StepRef, step: PredictStep, answer: str) -> Question:
    """The question of a predict step: number 0 is the computed answer."""
    items = [Item(0, answer, True, "")]
    for number, distractor in enumerate(step.distractors, 1):
        text, say = (distractor.text, distractor.say) if isinstance(distractor, Option) else (distractor, "")
        if text.strip() != answer.strip():
            items.append(Item(number, text, False, say))
    return Question(shuffled(items, ref), once=True)


def shuffled(items: list[Item], ref: StepRef) -> tuple[Item, ...]:
    """The items in an order that depends only on the step."""
    mixed = sorted(items, key=lambda item: item.number)
    random.Random(str(ref)).shuffle(mixed)
    return tuple(mixed)


def what_is_missing(question: Question, picked: frozenset[int]) -> str:
    """A sentence on picks of several that do not settle the question; names none of the options."""
    wrong, missing = len(picked - question.right), len(question.right - picked)
    if wrong:
        return "One of your picks does not hold." if wrong == 1 else f"{wrong} of your picks do not hold."
    return "So far right; one more is right too." if missing == 1 else f"So far right; {missing} more are right too."


def said_and_was(question: Question, picked: frozenset[int]) -> tuple[str, str] | None:
    """What the learner predicted, and what it was; None where nothing was said, or one of them has several lines."""
    said = [item.text.strip() for item in question.items if item.number in picked]
    was = [item.text.strip() for item in question.items if item.correct]
    if len(said) != 1 or len(was) != 1 or "\n" in said[0] + was[0]:
        return None
    return said[0], was[0]
