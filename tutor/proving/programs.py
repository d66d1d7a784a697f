"""Proving the steps in which learners write code: which programs pass, and which fail with the words meant for them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from tutor.checks.base import Status
from tutor.checks.syntax import same_program
from tutor.exercise import Attempt, Examiner
from tutor.lessons.model import CodeStep, ExperimentStep, Wrong
from tutor.lessons.settings import Setting, all_settings, label
from tutor.plots import curves_of
from tutor.proving.proof import Flaw, Path, Severity, warning
from tutor.proving.said import ended, verdicts_text, words
from tutor.runtime.protocol import Outcome, Report

LONGEST_S = 5.0
"""Seconds that a right program may run: a learner waits for it."""
NO_PROGRAM = "raise NotImplementedError('no learner writes this')"
"""A starter that nothing equals: a program that is the starter is never judged."""


async def prove_code(examiner: Examiner, step: CodeStep, seeds: int) -> list[Flaw]:
    """What is wrong with a step; where its solution fails, nothing else is looked at."""
    flaws = await _solution(examiner, step, seeds)
    if any(flaw.severity is Severity.ERROR for flaw in flaws):
        return flaws
    for number, code in enumerate(step.also_correct):
        flaws += await _also_correct(examiner, step, seeds, number, code)
    if not step.checks:
        return flaws
    if not isinstance(step, ExperimentStep):
        flaws += await _starter(examiner, step)
    told: set[str] = set()
    for number, wrong in enumerate(step.wrong):
        flaws += await _wrong(examiner, step, number, wrong, told)
    for number, misconception in enumerate(step.misconceptions):
        if misconception.say.strip() not in told:
            flaws.append(warning("no wrong program is told these words", at=("misconceptions", number, "say")))
    return flaws


def reseeded(step: CodeStep, seeds: int) -> Iterator[CodeStep]:
    """The step with its own seed and with those after it."""
    for seed in range(step.seed, step.seed + seeds):
        yield structs.replace(step, seed=seed % 2**63)


# ---- programs that pass -----------------------------------------------------------------------------------------


async def _solution(examiner: Examiner, step: CodeStep, seeds: int) -> list[Flaw]:
    flaws: list[Flaw] = []
    settings: tuple[Setting | None, ...] = all_settings(step) if isinstance(step, ExperimentStep) else (None,)
    for setting in settings:
        where = f" with {label(setting)}" if setting else ""
        flaws += await _passes(examiner, step, step.solution, f"the solution{where}", ("solution",), setting)
        if any(flaw.severity is Severity.ERROR for flaw in flaws):
            return flaws
    for other in list(reseeded(step, seeds))[1:]:
        found = await _passes(examiner, other, step.solution, f"the solution with seed {other.seed}", ("solution",))
        errors = [flaw for flaw in found if flaw.severity is Severity.ERROR]  # what it takes has been said
        if errors:
            return [*flaws, *errors]
    return flaws


async def _also_correct(examiner: Examiner, step: CodeStep, seeds: int, number: int, code: str) -> list[Flaw]:
    at = ("also_correct", number)
    name = f"the program {number + 1} of `also_correct`"
    if same_program(code, step.solution):
        return [warning(f"{name} is the solution", at=at)]
    for other in reseeded(step, seeds):
        where = f" with seed {other.seed}" if other.seed != step.seed else ""
        flaws = await _passes(examiner, other, code, f"{name}{where}", at)
        if flaws:
            return flaws
    return []


async def _passes(
    examiner: Examiner, step: CodeStep, code: str, name: str, at: Path, setting: Setting | None = None
) -> list[Flaw]:
    """What is wrong where a program that must pass does not, or takes too much."""
    attempt = await examiner.attempt(structs.replace(step, starter=NO_PROGRAM), code, setting=setting, grading=True)
    report = attempt.report
    if step.checks and not attempt.passed:
        return [Flaw(message=f"{name} does not pass", said=verdicts_text(attempt, step), at=at)]
    if not step.checks and report.outcome is not Outcome.FINISHED:
        return [Flaw(message=f"{name} does not run to its end", said=ended(report, step.limits), at=at)]
    if isinstance(step, ExperimentStep) and not curves_of(step, report):
        return [Flaw(message=f"{name} leaves nothing to draw", said="Name a list of numbers in `plot`.", at=at)]
    return [*took(report, step, name, at)]


def took(report: Report, step: CodeStep, name: str, at: Path) -> Iterator[Flaw]:
    """What a right program takes too much of."""
    limits = step.limits
    if report.seconds > LONGEST_S:
        yield Flaw(message=f"{name} runs for {report.seconds:.1f} s; a step takes at most {LONGEST_S:.0f} s", at=at)
    elif report.seconds > limits.time_s / 2:
        yield warning(f"{name} runs for {report.seconds:.1f} s, more than half of its {limits.time_s:g} s", at=at)
    if report.peak_mb > limits.memory_mb / 2:
        used = f"{report.peak_mb:.0f} MB, more than half of its {limits.memory_mb} MB"
        yield warning(f"{name} takes {used}", at=at)


# ---- programs that fail -----------------------------------------------------------------------------------------


async def _starter(examiner: Examiner, step: CodeStep) -> list[Flaw]:
    """The starter as the checks see it: the learner may add a line that does nothing."""
    attempt = await examiner.attempt(structs.replace(step, starter=NO_PROGRAM), step.starter, grading=True)
    if attempt.report.outcome is Outcome.RUNTIME_FAULT:
        return [Flaw(message="the starter could not be run", said=attempt.report.detail, at=("starter",))]
    if attempt.passed:
        return [Flaw(message="the starter passes every check: there is nothing to do", at=("starter",))]
    return [*_unjudged(attempt, "the starter", ("starter",))]


async def _wrong(examiner: Examiner, step: CodeStep, number: int, wrong: Wrong, told: set[str]) -> list[Flaw]:
    """What is wrong with a wrong program; `told` takes what learners are told about it."""
    name, at = f"the wrong program {number + 1}", ("wrong", number)
    code, missing = wrong_code(step, wrong)
    if missing:
        return [Flaw(message=missing, at=(*at, "replace"))]
    attempt = await examiner.attempt(step, code, grading=True)
    if attempt.report.outcome is Outcome.RUNTIME_FAULT:
        return [Flaw(message=f"{name} could not be run", said=attempt.report.detail, at=at)]
    if attempt.passed:
        return [Flaw(message=f"{name} passes every check", said=code, at=at)]
    flaws = [*_unjudged(attempt, name, at)]
    failed = [verdict for verdict in attempt.verdicts if verdict.status is Status.FAILED]
    told |= {verdict.why for verdict in failed}
    if wrong.fails is not None and all(verdict.id != wrong.fails for verdict in failed):
        message = f"{name} does not fail the check `{wrong.fails}`"
        flaws.append(Flaw(message=message, said=verdicts_text(attempt, step), at=(*at, "fails")))
    if wrong.says is not None and not any(_plain(wrong.says) in _plain(words(verdict)) for verdict in failed):
        message = f"{name} fails without the words {' '.join(wrong.says.split())!r}"
        flaws.append(Flaw(message=message, said=verdicts_text(attempt, step), at=(*at, "says")))
    return flaws


def wrong_code(step: CodeStep, wrong: Wrong) -> tuple[str, str]:
    """The wrong program, and why it can't be made where it can't."""
    if wrong.replace is None:
        return wrong.code or "", ""
    old, new = wrong.replace
    count = step.solution.count(old) if old else 0
    if count != 1:
        times = "does not have" if count == 0 else f"has {count} times"
        return "", f"the solution {times} the text to be replaced, {old!r}"
    return step.solution.replace(old, new), ""


def _unjudged(attempt: Attempt, name: str, at: Path) -> Iterator[Flaw]:
    """Checks that could not judge a program: the fault is not the learner's."""
    for verdict in attempt.verdicts:
        if verdict.status is Status.COULD_NOT_JUDGE:
            yield Flaw(message=f"the check `{verdict.id}` can't judge {name}", said=words(verdict), at=at)


def _plain(text: str) -> str:
    """Text without the line breaks of its page."""
    return " ".join(text.split())
