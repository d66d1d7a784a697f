"""What a lesson holds, in the order in which it is read: texts and programs, as notebooks and Markdown show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from tutor.lessons.model import (
    AnyStep,
    ChoiceStep,
    CodeStep,
    ExperimentStep,
    Lesson,
    Option,
    OrderStep,
    PredictStep,
    ReadStep,
)
from tutor.lessons.settings import first_setting, value_text

Kind = Literal["text", "setup", "snippet", "answer", "parameters", "check"]
_ANSWERS = ("Answer", "Solution")
"""The headings of what a student's version does not have."""


class Block(msgspec.Struct, frozen=True):
    """A piece of a lesson. `part` is its name within the step, unique there."""

    step: str
    part: str
    kind: Kind
    text: str
    title: str = ""
    """The heading under which it is folded away; empty for what is read at once."""


def blocks_of(lesson: Lesson, *, student: bool) -> Iterator[Block]:
    """The blocks of a lesson; for a student without solutions, and without what is right of a question."""
    goals = "".join(f"\n- {objective}" for objective in lesson.objectives)
    head = f"# {lesson.title}\n\n{lesson.summary}".rstrip()
    yield Block("", "lesson", "text", f"{head}\n{goals}".rstrip())
    for step in lesson.steps:
        for block in _of_step(step):
            if not (student and block.title in _ANSWERS):
                yield block


def _of_step(step: AnyStep) -> Iterator[Block]:
    title = f"## {step.title}\n\n"
    match step:
        case ReadStep():
            yield Block(step.id, "text", "text", title + step.text.rstrip())
            if step.run:
                yield Block(step.id, "run", "snippet", step.run)
        case ChoiceStep():
            yield Block(step.id, "ask", "text", title + _asked(step.ask, step.options))
            yield Block(step.id, "right", "text", _answers(step.options), "Answer")
        case PredictStep():
            yield Block(step.id, "ask", "text", f"{title}{step.ask.rstrip()}\n\nDecide before you run it.")
            yield Block(step.id, "run", "snippet", step.run)
            if step.say:
                yield Block(step.id, "say", "text", step.say.rstrip(), "Answer")
        case CodeStep():
            yield from _of_code(step, title)


def _of_code(step: CodeStep, title: str) -> Iterator[Block]:
    task = step.task.rstrip()
    if isinstance(step, OrderStep):
        task += "\n\nThe lines below are in the wrong order" + (", and some don't belong." if step.distractors else ".")
    yield Block(step.id, "task", "text", title + task)
    if isinstance(step, ExperimentStep):
        yield Block(step.id, "parameters", "parameters", _parameters(step))
    if step.setup.strip():
        yield Block(step.id, "setup", "setup", step.setup)
    yield Block(step.id, "answer", "answer", step.starter)
    if step.checks:
        yield Block(step.id, "check", "check", "")
    if isinstance(step, ExperimentStep):
        for number, question in enumerate(step.questions, 1):
            yield Block(step.id, f"question-{number}", "text", _asked(question.ask, question.options))
            yield Block(step.id, f"right-{number}", "text", _answers(question.options), "Answer")
    if step.hints:
        yield Block(
            step.id, "hints", "text", "\n".join(f"{n}. {hint.text}" for n, hint in enumerate(step.hints, 1)), "Hints"
        )
    yield Block(step.id, "solution", "text", f"```python\n{step.solution.rstrip()}\n```", "Solution")


def _parameters(step: ExperimentStep) -> str:
    chosen = first_setting(step)
    lines = []
    for name, values in step.parameters.items():
        others = ", ".join(value_text(value) for value in values if value != chosen[name])
        lines.append(f"{name} = {chosen[name]!r}  # try also: {others}")
    return "\n".join(lines)


def _asked(ask: str, options: Sequence[Option]) -> str:
    return ask.rstrip() + "\n\n" + "\n".join(f"{number}. {_in_a_list(o.text)}" for number, o in enumerate(options, 1))


def _answers(options: Sequence[Option]) -> str:
    said = [f"**{n}** is {'right' if o.correct else 'wrong'}. {o.say}".rstrip() for n, o in enumerate(options, 1)]
    return "\n\n".join(said)


def _in_a_list(text: str) -> str:
    return text.rstrip().replace("\n", "\n   ")
