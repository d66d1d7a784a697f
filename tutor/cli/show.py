"""`torch-tutor show LESSON/STEP`: a step's text and starter, in plain text."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from tutor.cli import FINE
from tutor.cli.common import course_of, step_of
from tutor.lessons.model import AnyStep, ChoiceStep, CodeStep, PredictStep, ReadStep


def main(options: argparse.Namespace) -> int:
    """Print the step."""
    course = course_of(options.course, options.language)
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
            yield from (f"  {number}. {option.text}" for number, option in enumerate(step.options, 1))
        case PredictStep():
            yield step.ask.rstrip()
            yield from code_lines("What does this give?", step.run)
        case CodeStep():
            yield step.task.rstrip()
            if step.setup:
                yield from code_lines("This has run before your code:", step.setup)
            yield from code_lines("Start from:", step.starter)
            yield ""
            yield f"Check your file with: torch-tutor check {lesson_id}/{step.id} FILE"


def code_lines(heading: str, code: str) -> Iterator[str]:
    """A heading and the code below it."""
    if code.strip():
        yield f"\n{heading}\n"
        yield from (f"    {line}".rstrip() for line in code.rstrip().splitlines())
