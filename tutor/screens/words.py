"""What the workspace says to the learner, and which runs count; no Textual in it."""

from __future__ import annotations

from tutor.checks.base import Status
from tutor.keys import key
from tutor.lessons.model import ChoiceStep, CodeStep, ExperimentStep, OrderStep, PredictStep, ReadStep, Step
from tutor.runtime.protocol import Limits, Outcome, Report
from tutor.screens.services import Attempted

NOT_COUNTED = (Outcome.RUNTIME_FAULT, Outcome.INTERRUPTED)
"""Outcomes that say nothing of the learner's code."""

RUN_FIRST = "Press {} to run your code. What the checks find stands here."
RUN_SNIPPET = "Press {} to run the program."
ORDER_FIRST = (
    "Put the lines in order: Alt+↑ and Alt+↓ move the one that is pointed at, or drag it. Then press {}."
    " What the checks find stands here."
)
PUT_AWAY = "Some lines don't belong: Space puts one away, and brings it back."
TRY_FIRST = "Choose a value above (← →), then press {}."
PASSED_BEFORE = "You have passed this step. {} runs your code again."


def before_run(step: Step, *, done: bool) -> str:
    """What stands in place of results before the first run."""
    return _before_run(step, done).format(key("F5"))


def _before_run(step: Step, done: bool) -> str:
    match step:
        case ExperimentStep():
            return TRY_FIRST
        case CodeStep() if done:
            return PASSED_BEFORE
        case OrderStep():
            return f"{ORDER_FIRST}\n{PUT_AWAY}" if step.distractors else ORDER_FIRST
        case CodeStep():
            return RUN_FIRST
        case _:
            return RUN_SNIPPET


def device_missing(wanted: tuple[str, ...], have: str) -> str:
    """What a step says that needs a device which is not there; empty where nothing is missing."""
    if not wanted or have in wanted:
        return ""
    needs = " or ".join(wanted)
    return f"This lesson needs {needs}; your code runs on {have}. Start with `torch-tutor --device {wanted[0]}`."


_MOST_GIVEN = 8
"""Lines after the learner's code that the page shows; more are for the checks, and tell the learner little."""
TRIED_BY = "*After your code, {} lines of the course run, which try out what you wrote.*"


def page_markdown(step: Step) -> str:
    """The text of the lesson page."""
    match step:
        case ReadStep():
            return step.text
        case ChoiceStep():
            return step.ask
        case PredictStep():
            return f"{step.ask.rstrip()}\n\n{fenced(step.run)}"
        case CodeStep():
            parts = [step.task.rstrip()]
            if step.setup.strip():
                parts.append(f"*This runs before your code:*\n\n{fenced(step.setup)}")
            if given := step.given.strip():
                lines = given.count("\n") + 1
                parts.append(
                    f"*This runs after your code:*\n\n{fenced(step.given)}"
                    if lines <= _MOST_GIVEN
                    else TRIED_BY.format(lines)
                )
            return "\n\n".join(parts)
        case _:
            raise TypeError(f"no page for a step of kind {step.kind}")


def fenced(code: str, language: str = "python") -> str:
    """The code as a Markdown block, behind a fence longer than any in it."""
    fence = "```"
    while fence in code:
        fence += "`"
    return f"{fence}{language}\n{code.strip(chr(10))}\n{fence}"


def counts(attempt: Attempted) -> bool:
    """Whether a run says something of the learner's code: no fault of ours or the author's, no untouched starter."""
    if attempt.report.outcome in NOT_COUNTED:
        return False
    if attempt.passed or attempt.report.outcome is not Outcome.FINISHED:
        return True
    return any(verdict.status is Status.FAILED for verdict in attempt.verdicts)


def headline(attempt: Attempted, limits: Limits) -> str:
    """What stands above the verdicts: how a run ended that did not finish, or remarks on one that passed."""
    if attempt.report.outcome is Outcome.INTERRUPTED:
        return ""
    if attempt.report.outcome is not Outcome.FINISHED:
        return ending(attempt.report, limits)
    return "\n".join(remark.as_remark for remark in attempt.remarks)


def ending(report: Report, limits: Limits) -> str:
    """How a run ended, in a sentence."""
    from tutor.runtime.outcomes import sentence

    return sentence(report, limits)


def explained_ending(report: Report, limits: Limits) -> str:
    """How a run ended that no check looks at; where it raised a known error, what that means."""
    words = ending(report, limits)
    if report.error is None:
        return words
    from tutor.checks.errors import explain_error

    known = explain_error(report.error)
    return " ".join(part for part in (words, known.why, known.next) if part) if known else words
