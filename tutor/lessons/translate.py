"""A course with the texts of a translation in place of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from tutor.lessons.model import AnyStep, ChoiceStep, CodeStep, Course, Lesson, Option, PredictStep
from tutor.lessons.texts import CourseText, LessonText, OptionText, QuestionText, StepText

T = TypeVar("T", bound=msgspec.Struct)
N = TypeVar("N")


def translated(course: Course, text: CourseText, lessons: Mapping[str, LessonText]) -> Course:
    """The course with these texts, lessons by their ids; what has no translation keeps its own."""
    own = {**text.lessons, **lessons}
    made = tuple(_lesson(lesson, own[lesson.id]) if lesson.id in own else lesson for lesson in course.lessons)
    return _with(msgspec.structs.replace(course, lessons=made), title=text.title, description=text.description)


def _lesson(lesson: Lesson, text: LessonText) -> Lesson:
    steps = tuple(_step(step, text.steps[step.id]) if step.id in text.steps else step for step in lesson.steps)
    objectives = _each(lesson.objectives, text.objectives)
    made = msgspec.structs.replace(lesson, steps=steps, objectives=objectives)
    return _with(made, title=text.title, summary=text.summary)


def _step(step: AnyStep, text: StepText) -> AnyStep:
    """A step with the texts that its kind has."""
    plain = {name: getattr(text, name) for name in ("title", "text", "task", "ask", "say") if hasattr(step, name)}
    made = _with(step, **plain)
    match made:
        case ChoiceStep():
            return msgspec.structs.replace(made, options=_options(made.options, text.options))
        case PredictStep():
            pairs = zip(made.distractors, _padded(text.distractors, made.distractors), strict=True)
            return msgspec.structs.replace(made, distractors=tuple(_distractor(one, new) for one, new in pairs))
        case CodeStep():
            return _code_step(made, text)
        case _:
            return made


def _code_step(step: CodeStep, text: StepText) -> CodeStep:
    hints = zip(step.hints, _padded(text.hints, step.hints), strict=True)
    words = zip(step.misconceptions, _padded(text.misconceptions, step.misconceptions), strict=True)
    checks = []
    for check in step.checks:
        new = text.checks.get(check.id)
        if isinstance(new, str):
            check = msgspec.structs.replace(check, say=new)
        elif new is not None:
            check = _with(check, say=new.say, own_title=new.title)
        checks.append(check)
    more = {"questions": _questions(questions, text.questions)} if (questions := getattr(step, "questions", ())) else {}
    return msgspec.structs.replace(
        step,
        hints=tuple(_with(hint, text=new) for hint, new in hints),
        misconceptions=tuple(_with(one, say=new) for one, new in words),
        checks=tuple(checks),
        **more,
    )


def _questions(questions: Sequence[Any], texts: Sequence[QuestionText | None]) -> tuple[Any, ...]:
    """The questions of an experiment."""
    asked = []
    for question, new in zip(questions, _padded(texts, questions), strict=True):
        if isinstance(new, QuestionText):
            options = _options(question.options, new.options)
            question = msgspec.structs.replace(_with(question, ask=new.ask), options=options)
        asked.append(question)
    return tuple(asked)


def _options(options: tuple[Option, ...], texts: Sequence[str | OptionText | None]) -> tuple[Option, ...]:
    return tuple(_option(one, new) for one, new in zip(options, _padded(texts, options), strict=True))


def _option(option: Option, new: str | OptionText | None) -> Option:
    if new is None:
        return option
    return _with(option, text=new) if isinstance(new, str) else _with(option, text=new.text, say=new.say)


def _distractor(one: str | Option, new: str | OptionText | None) -> str | Option:
    """A wrong answer, which an author may write as a text alone."""
    if isinstance(new, str) and isinstance(one, str):
        return new
    return one if new is None else _option(Option(text=one) if isinstance(one, str) else one, new)


def _each(own: tuple[str, ...], new: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(text if other is None else other for text, other in zip(own, _padded(new, own), strict=True))


def _padded(new: Sequence[N], own: Sequence[object]) -> list[N | None]:
    """As many texts as the original has; None where there is none."""
    return [*new, *[None] * len(own)][: len(own)]


def _with(value: T, **texts: str | None) -> T:
    """A value with those texts that are there."""
    given = {name: text for name, text in texts.items() if text is not None}
    return msgspec.structs.replace(value, **given) if given else value
