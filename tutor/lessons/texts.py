"""What a translation of a course or lesson may say: the texts of the original, by id or by their place in a list."""

from __future__ import annotations

from tutor.lessons.model import Strict


class OptionText(Strict, frozen=True, kw_only=True):
    """An option or distractor in another language; what is left out stays as it is."""

    text: str | None = None
    """The answer itself."""
    say: str | None = None
    """Why it is right or wrong."""


class CheckText(Strict, frozen=True, kw_only=True):
    """The author's words of a check in another language."""

    title: str | None = None
    """What the learner reads as its name."""
    say: str | None = None
    """The words when it fails."""


class QuestionText(Strict, frozen=True, kw_only=True):
    """A question of an experiment in another language."""

    ask: str | None = None
    """The question."""
    options: tuple[str | OptionText | None, ...] = ()
    """The answers in the order of the original; `null` leaves one as it is."""


class StepText(Strict, frozen=True, kw_only=True):
    """The texts of a step in another language; which there are depends on its kind."""

    title: str | None = None
    """The step's title."""
    text: str | None = None
    """What a read step says, as Markdown."""
    task: str | None = None
    """What the learner is to make, as Markdown."""
    ask: str | None = None
    """The question of a choice or predict step."""
    say: str | None = None
    """What is shown after the right answer of a predict step."""
    options: tuple[str | OptionText | None, ...] = ()
    """The options in the order of the original; `null` leaves one as it is."""
    distractors: tuple[str | OptionText | None, ...] = ()
    """The wrong answers in the order of the original; `null` leaves one as it is."""
    hints: tuple[str | None, ...] = ()
    """The hints in the order of the original; `null` leaves one as it is."""
    misconceptions: tuple[str | None, ...] = ()
    """The words of the misconceptions in the order of the original; `null` leaves one as it is."""
    checks: dict[str, str | CheckText] = {}
    """The words of checks by their ids: a text is `say`."""
    questions: tuple[QuestionText | None, ...] = ()
    """The questions of an experiment in the order of the original; `null` leaves one as it is."""


class LessonText(Strict, frozen=True, kw_only=True):
    """The texts of a lesson in another language."""

    title: str | None = None
    """The lesson's title."""
    summary: str | None = None
    """One sentence that says what it is about."""
    objectives: tuple[str | None, ...] = ()
    """What the learner can do at the end, in the order of the original; `null` leaves one as it is."""
    steps: dict[str, StepText] = {}
    """The texts of the steps by their ids."""


class CourseText(Strict, frozen=True, kw_only=True):
    """The texts of a course in another language."""

    title: str | None = None
    """The course's title."""
    description: str | None = None
    """What it is about."""
    lessons: dict[str, LessonText] = {}
    """The texts of lessons by their ids; those of a lesson with a translation of its own stand there."""
