"""What the console says of an evaluation; no Textual in it."""

from __future__ import annotations

from tutor.keys import key
from tutor.runtime.protocol import Answer, Limits, Outcome
from tutor.runtime.values import ErrorReport
from tutor.widgets.output_buffer import Stream

RUNNING = "Your program is running. When it has ended, its names are here."
_MESSAGE = 300


def gone() -> str:
    """What the console says when the program has ended."""
    return f"Your program is gone. {key('F5')} runs it again."


def not_kept() -> str:
    """What it says after a run that has nothing left to look into."""
    return f"This run left no program to look into. {key('F5')} runs it again."


def answer_lines(code: str, answer: Answer) -> list[tuple[Stream, str]]:
    """The value, or what went wrong and what to try; each a line or two."""
    lines: list[tuple[Stream, str]] = []
    if answer.text:
        lines.append(("value", answer.text))
    if answer.outcome is Outcome.INTERRUPTED:
        lines.append(("note", "Stopped."))
    elif answer.error is not None and answer.outcome is Outcome.RAISED:
        lines += _error_lines(code, answer.error)
    elif answer.outcome is not Outcome.FINISHED:
        lines.append(("error", _ending(answer)))
    return lines


def _error_lines(code: str, error: ErrorReport) -> list[tuple[Stream, str]]:
    from tutor.checks.errors import explain_error

    message = next(iter(error.message.strip().splitlines()), "")
    text = f"{error.type}: {message[:_MESSAGE]}".rstrip(": ")
    frame = error.frames[-1] if error.frames else None
    if frame is not None and frame.part != "console":
        text = f"in line {frame.line} of your program: {text}"
    elif frame is not None and "\n" in code:
        text = f"in line {frame.line}: {text}"
    known = explain_error(error)
    lines: list[tuple[Stream, str]] = [("error", text)]
    if known is not None and (known.next or known.why):
        lines.append(("next", (known.next or known.why).replace("`", "")))
    return lines


def _ending(answer: Answer) -> str:
    from tutor.runtime.console import TIME_S
    from tutor.runtime.outcomes import sentence

    return sentence(answer, Limits(time_s=TIME_S)).replace("Your program", "It", 1)
