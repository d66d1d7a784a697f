"""All checks of a step against one run: what ran, what was attempted, then each check, then the author's words."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tutor.checks.base import Check, Finding, Status, Verdict
from tutor.checks.misconceptions import Misconception, Situation, matching
from tutor.checks.observed import NOT_REACHED, explained, failed, first_line, not_attempted
from tutor.checks.syntax import same_program
from tutor.runtime.protocol import Outcome, Report

__all__ = ["Misconception", "diagnose", "judge"]

_ENDED = {
    Outcome.TIMED_OUT: ("the run took too long and was stopped", "A loop that does not end is the usual cause."),
    Outcome.CPU_LIMIT: ("the run used too much of the processor", "A loop that does not end is the usual cause."),
    Outcome.OUT_OF_MEMORY: ("the run needed too much memory", "Look for a shape that is larger than you meant."),
    Outcome.OUTPUT_LIMIT: ("the run printed too much", "Print less, or only every hundredth step."),
    Outcome.FILE_LIMIT: ("the run wrote too much to files", "Write less."),
    Outcome.PROCESS_LIMIT: ("the run could start no further process or thread", "Start fewer, and wait for their end."),
    Outcome.KILLED: ("the run was ended by the system", "Run it again; try smaller sizes."),
    Outcome.ENDED_EARLY: ("the program left before its end", "Remove what ends it, such as `os._exit` or `exit()`."),
    Outcome.PROTOCOL_ERROR: ("the program disturbed its own report", "Remove what writes to other open files."),
}
"""Finding and next action of a run that did not come to its end."""


_OF_THE_WHOLE = ("training", "stdout")
"""Kinds that look at the run as a whole, so that its early end is their first reason."""


def judge(
    checks: Sequence[Check],
    misconceptions: Sequence[Misconception],
    seen: Report,
    expected: Report,
    *,
    code: str,
    starter: str,
) -> tuple[Verdict, ...]:
    """One verdict a check, in the order of the checks; at least one is not passed unless the program did its work."""
    findings = _findings(checks, seen, expected, code, starter)
    if not same_program(code, starter):
        findings = _in_the_authors_words(checks, findings, misconceptions, seen, code)
    return tuple(_verdict(check, findings[check.id]) for check in checks)


def diagnose(report: Report, code: str) -> tuple[Finding, ...]:
    """What a run shows without any expected value: faults of its training loop, contracts it breaks."""
    from tutor.checks.contracts import contract_faults
    from tutor.checks.loop import faults

    contracts = contract_faults(report, code)
    broken = {fault.id for fault in contracts}
    found = [fault for fault in faults(report, code) if not broken & _FOLLOWS.get(fault.id, set())]
    return tuple(failed(f.finding, f.why, f.next, f.id, f.line) for f in (*found, *contracts))


_FOLLOWS = {"loss-flat": {"one-output-cross-entropy"}, "stuck-at-mean": {"target-shape-broadcast"}}
"""Faults of the loss that are left out where the contract that was broken explains them."""


def _findings(checks: Sequence[Check], seen: Report, expected: Report, code: str, starter: str) -> dict[str, Finding]:
    if seen.outcome is Outcome.RUNTIME_FAULT:
        fault = Finding(status=Status.COULD_NOT_JUDGE, finding="the program could not be run", why=seen.detail)
        return dict.fromkeys((check.id for check in checks), fault)
    if seen.outcome is Outcome.INTERRUPTED:
        return dict.fromkeys((check.id for check in checks), not_attempted("you stopped the run"))
    if same_program(code, starter):
        unchanged = not_attempted("your program is as it was given", "Change it, then run it again.")
        return dict.fromkeys((check.id for check in checks), unchanged)
    if seen.outcome in _ENDED:
        finding, next_ = _ENDED[seen.outcome]
        return dict.fromkeys((check.id for check in checks), failed(finding, next=next_))
    findings = _Judging(checks, seen, expected, code).all()
    if seen.error is not None and not any(check.kind == "raises" for check in checks):
        findings = _after_an_error(checks, findings, seen)
    return findings


class _Judging:
    """Each check once, those that it needs first."""

    def __init__(self, checks: Sequence[Check], seen: Report, expected: Report, code: str) -> None:
        self.checks = {check.id: check for check in checks}
        self.seen, self.expected, self.code = seen, expected, code
        self.findings: dict[str, Finding] = {}
        self.asked: set[str] = set()

    def all(self) -> dict[str, Finding]:
        for check in self.checks.values():
            self.of(check)
        return self.findings

    def of(self, check: Check) -> Finding:
        if check.id in self.findings:
            return self.findings[check.id]
        self.asked.add(check.id)
        for need in check.needs:
            if need not in self.checks or need in self.asked - self.findings.keys():
                continue  # the loader refuses unknown needs and circles
            if self.of(self.checks[need]).status is not Status.PASSED:
                waits = not_attempted(f"comes after `{self.checks[need].shown_title}`, which is not right yet")
                return self.findings.setdefault(check.id, waits)
        return self.findings.setdefault(check.id, check.judge(self.seen, self.expected, self.code))


def _after_an_error(checks: Sequence[Check], findings: dict[str, Finding], seen: Report) -> dict[str, Finding]:
    """A program that stopped never passes as a whole; the error is explained once."""
    error = seen.error
    if error is None or not findings:
        return findings
    why, next_ = explained(error)
    not_passed = [key for key, finding in findings.items() if finding.status is not Status.PASSED]
    where = f" in line {error.line}" if error.line is not None else ""
    if not not_passed:
        last = list(findings)[-1]
        return {
            **findings,
            last: failed(f"then the program stopped{where}: {first_line(error)}", why, next_, line=error.line),
        }
    untold = [key for key in not_passed if findings[key].relation == NOT_REACHED]
    untold += [c.id for c in checks if c.kind in _OF_THE_WHOLE and c.id in not_passed and not findings[c.id].why]
    if untold:
        first = findings[untold[0]]
        why = why or f"{first_line(error, 200)}."
        findings = {**findings, untold[0]: msgspec.structs.replace(first, why=why, next=next_)}
    return findings


def _in_the_authors_words(
    checks: Sequence[Check],
    findings: dict[str, Finding],
    misconceptions: Sequence[Misconception],
    seen: Report,
    code: str,
) -> dict[str, Finding]:
    """Failed checks with the author's words: a misconception that holds, else the check's own `say`.

    Both speak of values: a run that was cut short has none, a check that the program never came to no wrong one.
    """
    if seen.outcome in _ENDED:
        return findings
    spoken = {
        check.id: msgspec.structs.replace(finding, why=check.say.strip(), next="")
        for check in checks
        if check.say and (finding := findings[check.id]).status is Status.FAILED and finding.relation != NOT_REACHED
    }
    situation = Situation(findings=findings, checks={check.id: check for check in checks}, seen=seen, code=code)
    for check, say in matching(misconceptions, situation).items():
        spoken[check] = msgspec.structs.replace(findings[check], why=say.strip(), next="")
    return {**findings, **spoken}


def _verdict(check: Check, finding: Finding) -> Verdict:
    return Verdict(
        id=check.id,
        kind=check.kind,
        title=check.shown_title,
        status=finding.status,
        finding=finding.finding,
        why=finding.why,
        next=finding.next,
        relation=finding.relation,
        points=check.points,
        earned=check.points if finding.status is Status.PASSED else 0,
        hidden=check.hidden,
    )
