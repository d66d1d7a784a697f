"""What a probe saw on both sides, and words for what it could not see."""

from __future__ import annotations

import ast
import re

import msgspec

from tutor.checks.base import Finding, Status
from tutor.checks.syntax import empty_function, only_placeholders, parse, returns_nothing
from tutor.runtime.protocol import Report
from tutor.runtime.values import (
    CallsSeen,
    ErrorReport,
    EvaluationSeen,
    ModuleSeen,
    OtherValue,
    PlainValue,
    Seen,
    Value,
)

NOT_REACHED = "not-reached"
"""The relation of a check whose name was not made because the program stopped before."""
UNDEFINED = re.compile(r"name '(\w+)' is not defined")


class Pair(msgspec.Struct, frozen=True):
    """What one probe saw in the learner's program and in the solution."""

    got: Value | ModuleSeen
    expected: Value | ModuleSeen


def failed(
    finding: str, why: str = "", next: str = "", relation: str | None = None, line: int | None = None
) -> Finding:
    """A finding of a failed check."""
    return Finding(status=Status.FAILED, finding=finding, why=why, next=next, relation=relation, line=line)


def passed(finding: str) -> Finding:
    """A finding of a passed check."""
    return Finding(status=Status.PASSED, finding=finding)


def not_attempted(finding: str, next: str = "") -> Finding:
    """A finding where there is nothing to judge yet."""
    return Finding(status=Status.NOT_ATTEMPTED, finding=finding, next=next)


def could_not_judge(finding: str) -> Finding:
    """A finding where the course, not the learner, is at fault."""
    return Finding(status=Status.COULD_NOT_JUDGE, finding=finding, why="This is a fault of the course, not yours.")


def got_of(report: Report, probe: str, expr: str, code: str) -> Value | ModuleSeen | Finding:
    """The value that the learner's program has for `expr`, or the finding that says why there is none."""
    seen = seen_of(report, probe, expr, code)
    return failed(f"`{expr}` was not observed") if isinstance(seen, CallsSeen | EvaluationSeen) else seen


def seen_of(report: Report, probe: str, expr: str, code: str) -> Seen | Finding:
    """What a probe saw in the learner's program, or the finding that says why it saw nothing."""
    observation = report.observations.get(probe)
    if observation is None:
        return failed(f"`{expr}` was not observed", "The run ended before it could be looked at.")
    seen, error = observation.seen, observation.error
    nothing = isinstance(seen, PlainValue) and seen.value is None
    empty = empty_function(code, expr) if nothing or error is not None else None
    if empty is not None:
        return not_attempted(
            f"the function in line {empty} is still empty", "Write what it does, and return the result."
        )
    if error is not None:
        return absent(error, expr, report, code)
    if seen is None:
        return failed(f"`{expr}` was not observed")
    if unfilled(seen, expr, code):
        text = "..." if isinstance(seen, OtherValue) else "None"
        return not_attempted(f"`{expr}` is still `{text}`", f"Put your own expression in place of `{text}`.")
    return seen


def expected_of(report: Report, probe: str, expr: str) -> Value | ModuleSeen | Finding:
    """The value that the solution has for `expr`, or the finding that it has none."""
    seen = wanted_of(report, probe, expr)
    return could_not_judge(f"the solution has no `{expr}`") if isinstance(seen, CallsSeen | EvaluationSeen) else seen


def wanted_of(report: Report, probe: str, expr: str) -> Seen | Finding:
    """What a probe saw in the solution, or the finding that it saw nothing."""
    observation = report.observations.get(probe)
    if observation is None or observation.seen is None:
        error = observation.error if observation is not None else None
        reason = f": {error.type}" if error is not None else ""
        return could_not_judge(f"the solution has no `{expr}`{reason}")
    return observation.seen


def both(seen: Report, expected: Report, probe: str, expr: str, code: str) -> Pair | Finding:
    """What both sides have for `expr`, or the finding that says which of them has nothing, and why."""
    wanted = expected_of(expected, probe, expr)
    if isinstance(wanted, Finding):
        return wanted
    got = got_of(seen, probe, expr, code)
    return got if isinstance(got, Finding) else Pair(got, wanted)


def absent(error: ErrorReport, expr: str, report: Report, code: str) -> Finding:
    """Why an expression has no value in the learner's program."""
    match = UNDEFINED.search(error.message) if error.type == "NameError" else None
    if match is not None and match[1] in names_of(expr):
        if report.error is not None:
            finding = f"`{match[1]}` was not made: {stopped(report.error, code)}"
            return failed(finding, relation=NOT_REACHED, line=report.error.line)
        return not_attempted(f"there is no `{match[1]}` yet", f"Make a variable or function named `{match[1]}`.")
    finding = f"`{expr}` raised {first_line(error)}"
    silent = returns_nothing(code, expr) if "NoneType" in error.message else None
    if silent is not None:
        why = f"The function in line {silent} has no `return` with a value, so calling it gives None."
        return failed(finding, why, "Return the result at its end.", "no-return", silent)
    return failed(finding, *explained(error), line=error.line)


def explained(error: ErrorReport) -> tuple[str, str]:
    """Why and next of an error that is known; empty texts for any other."""
    from tutor.checks.errors import explain_error

    known = explain_error(error)
    return (known.why, known.next) if known is not None else ("", "")


def stopped(error: ErrorReport, code: str) -> str:
    """Where and why a program stopped: "line 5 raised TypeError"."""
    if parse(code) is None:
        return f"line {error.line} can't be read, so nothing ran" if error.line is not None else "nothing ran"
    return f"line {error.line} raised {error.type}" if error.line is not None else f"the program raised {error.type}"


def first_line(error: ErrorReport, limit: int = 100) -> str:
    """Type and message of an error in one short line."""
    message = next(iter(error.message.strip().splitlines()), "")
    text = f"{error.type}: {message}" if message else error.type
    return text if len(text) <= limit else text[: limit - 1] + "…"


def names_of(expr: str) -> set[str]:
    """The names that an expression reads."""
    try:
        tree = ast.parse(expr.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def unfilled(seen: Seen, expr: str, code: str) -> bool:
    """Whether a variable still is the placeholder, `None` or `...`, that the program gives it, and nothing else."""
    if isinstance(seen, PlainValue):
        return seen.value is None and only_placeholders(code, expr)
    return isinstance(seen, OtherValue) and seen.type.lower() == "ellipsis" and only_placeholders(code, expr)
