"""Which of the author's misconceptions hold for a run, and to which check each of them speaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from tutor.checks.base import Check, Finding, Status
from tutor.checks.syntax import line_of_use, parse
from tutor.runtime.protocol import Report


class Conditions(Protocol):
    """Conditions that must all hold, as tutor.lessons.model.When has them."""

    @property
    def fails(self) -> str | None: ...  # noqa: D102
    @property
    def relation(self) -> str | None: ...  # noqa: D102
    @property
    def error(self) -> str | None: ...  # noqa: D102
    @property
    def trace(self) -> str | None: ...  # noqa: D102
    @property
    def uses(self) -> str | None: ...  # noqa: D102
    @property
    def lacks(self) -> str | None: ...  # noqa: D102


class Misconception(Protocol):
    """The author's words for a wrong answer, as tutor.lessons.model.Misconception has them."""

    @property
    def when(self) -> Conditions: ...  # noqa: D102
    @property
    def say(self) -> str: ...  # noqa: D102


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """All that conditions may ask about."""

    findings: dict[str, Finding]
    checks: dict[str, Check]
    seen: Report
    code: str


def matching(misconceptions: Sequence[Misconception], situation: Situation) -> dict[str, str]:
    """Words by check id: for each check the first that holds of it, and at most one that names no check."""
    spoken: dict[str, str] = {}
    general = False
    readable = parse(situation.code) is not None
    for misconception in misconceptions:
        if not readable and misconception.when.error is None:
            continue  # nothing ran, and what the program uses or lacks can't be told
        named = misconception.when.fails
        if named is None and general:
            continue
        wrong = [key for key in ([named] if named else situation.findings) if _is_wrong(situation, key)]
        check = next((key for key in wrong if _holds(misconception.when, key, situation)), None)
        if check is None:
            continue
        general = general or named is None
        spoken.setdefault(check, misconception.say)
    return spoken


def _is_wrong(situation: Situation, check: str) -> bool:
    finding = situation.findings.get(check)
    return finding is not None and finding.status is Status.FAILED


def _holds(when: Conditions, check: str, situation: Situation) -> bool:
    """Whether all conditions but `fails` hold of a failed check."""
    code = situation.code
    return (
        (when.relation is None or when.relation == situation.findings[check].relation)
        and (when.error is None or when.error in _errors(check, situation))
        and (when.trace is None or when.trace in _faults(situation))
        and (when.uses is None or line_of_use(code, when.uses) is not None)
        and (when.lacks is None or line_of_use(code, when.lacks) is None)
    )


def _errors(check: str, situation: Situation) -> set[str]:
    """Types of the errors that the program, or what the check asked of it, ended in."""
    observed = [situation.seen.observations.get(probe.id) for probe in situation.checks[check].probes()]
    errors = [situation.seen.error, *(one.error for one in observed if one is not None)]
    return {error.type for error in errors if error is not None}


def _faults(situation: Situation) -> set[str]:
    from tutor.checks.contracts import contract_faults
    from tutor.checks.loop import faults

    seen, code = situation.seen, situation.code
    return {fault.id for fault in (*faults(seen, code), *contract_faults(seen, code))}
