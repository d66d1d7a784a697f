"""What a judged run says to the learner, as text."""

from __future__ import annotations

from tutor.checks.base import Status, Verdict
from tutor.exercise import Attempt
from tutor.lessons.model import CodeStep
from tutor.runtime.outcomes import sentence
from tutor.runtime.protocol import Limits, Outcome, Report

_GLYPHS = {Status.PASSED: "✓", Status.FAILED: "✗", Status.NOT_ATTEMPTED: "·", Status.COULD_NOT_JUDGE: "?"}
_LONGEST = 2000


def ended(report: Report, limits: Limits) -> str:
    """How a run ended, with the error of its program; empty where it came to its end."""
    if report.outcome is Outcome.FINISHED:
        return ""
    error = f"{report.error.type}: {report.error.message}" if report.error is not None else ""
    return "\n".join(part for part in (sentence(report, limits), error) if part)[:_LONGEST]


def words(verdict: Verdict) -> str:
    """All that a verdict tells."""
    return "\n".join(part for part in (verdict.finding, verdict.why, verdict.next) if part)


def verdict_lines(verdict: Verdict) -> str:
    """One verdict as the learner reads it, with the check's id where it is shown under another name."""
    rest = [f"  {line}" for part in (verdict.why, verdict.next) for line in part.splitlines()]
    name = verdict.title if verdict.title == verdict.id else f"{verdict.title} ({verdict.id})"
    return "\n".join((f"{_GLYPHS[verdict.status]} {name}: {verdict.finding}", *rest))


def verdicts_text(attempt: Attempt, step: CodeStep) -> str:
    """How the run ended and each check that did not pass."""
    failed = [verdict_lines(verdict) for verdict in attempt.verdicts if not verdict.passed]
    return "\n".join(part for part in (ended(attempt.report, step.limits), *failed) if part)
