"""`torch-tutor show LESSON/STEP`: a step's text and starter, in plain text."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from tutor.cli import FINE
from tutor.cli.common import course_of, step_of
from tutor.lessons.model import (
    AnyStep,
    ChoiceStep,
    CodeStep,
    ExperimentStep,
    Option,
    OrderStep,
    PredictStep,
    ReadStep,
)
from tutor.lessons.settings import first_setting, value_text


def main(options: argparse.Namespace) -> int:
    """Print the step."""
    course = course_of(options.course)
    ref, step = step_of(course, options.step)
    print(f"{course.lesson(ref.lesson).title} › {step.title}   ({step.kind})\n")
    print("\n".join(lines_of(ref.lesson, step)))
    return FINE


def lines_of(lesson_id: str, step: AnyStep) -> Iterator[str]:
    """The text of a step; code is indented by four spaces, so that it can be told from the prose."""
    match step:
        case ReadStep():
            yield step.text.rstrip()
            if step.run:
                yield from code_lines("Run it:", step.run)
        case ChoiceStep():
            yield step.ask.rstrip()
            yield ""
            yield from option_lines(step.options)
        case PredictStep():
            yield step.ask.rstrip()
            yield from code_lines("What does this give?", step.run)
        case CodeStep():
            yield step.task.rstrip()
            if step.setup:
                yield from code_lines("This has run before your code:", step.setup)
            yield from own_lines(step)
            yield ""
            yield f"Check your file with: torch-tutor check {lesson_id}/{step.id} FILE{settings_words(step)}"
            yield from question_lines(step)


def own_lines(step: CodeStep) -> Iterator[str]:
    """What there is to begin with: a program, lines to put in order, parameters to choose."""
    if isinstance(step, ExperimentStep):
        yield "\nRun it with several of these values:\n"
        for name, values in step.parameters.items():
            yield f"    {name} = {', '.join(value_text(value) for value in values)}"
    heading = "Put these lines in order:" if isinstance(step, OrderStep) else "Start from:"
    if isinstance(step, OrderStep) and step.distractors:
        count = len(step.distractors)
        heading = f"Put these lines in order; {'one does' if count == 1 else f'{count} do'} not belong:"
    yield from code_lines(heading, step.starter)


def settings_words(step: CodeStep) -> str:
    """How a file is run with values of the learner's choice."""
    if not isinstance(step, ExperimentStep):
        return ""
    return "".join(f" --set {name}={value_text(value)}" for name, value in first_setting(step).items())


def question_lines(step: CodeStep) -> Iterator[str]:
    """What an experiment asks when it has run."""
    for question in step.questions if isinstance(step, ExperimentStep) else ():
        yield f"\n{question.ask.rstrip()}\n"
        yield from option_lines(question.options)


def option_lines(options: Sequence[Option]) -> Iterator[str]:
    """The options of a question, with their numbers."""
    yield from (f"  {number}. {option.text}" for number, option in enumerate(options, 1))


def code_lines(heading: str, code: str) -> Iterator[str]:
    """A heading and the code below it."""
    if code.strip():
        yield f"\n{heading}\n"
        yield from (f"    {line}".rstrip() for line in code.rstrip().splitlines())
