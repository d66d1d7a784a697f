"""`torch-tutor check LESSON/STEP FILE`: run a file for a step and print the verdicts."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from tutor import paths
from tutor.checks.base import Status, Verdict
from tutor.cli import FAULT, FINDINGS, FINE, INTERRUPTED, UsageError
from tutor.cli.common import code_of, course_of, error_json, progress_of, step_of
from tutor.cli.common import print_json as write_json
from tutor.cli.session import place_of, require_torch, with_runtime
from tutor.exercise import Attempt, Examiner
from tutor.lessons.model import CodeStep, ExperimentStep, devices_of
from tutor.lessons.settings import Setting, label, with_values
from tutor.plots import curves_of
from tutor.runtime.client import Runtime
from tutor.runtime.outcomes import sentence
from tutor.runtime.protocol import Outcome, Place, Report

GLYPHS = {Status.PASSED: "✓", Status.FAILED: "✗", Status.NOT_ATTEMPTED: "·", Status.COULD_NOT_JUDGE: "?"}


def main(options: argparse.Namespace) -> int:
    """Run, judge, record, print."""
    course = course_of(options.course, options.language)
    ref, step = step_of(course, options.step)
    if not isinstance(step, CodeStep):
        raise UsageError(f"{ref} is a {step.kind} step: there is no code to check in it")
    require_torch(course)
    setting = setting_of(step, options.set)
    code = code_of(options.file)

    async def work(runtime: Runtime) -> Attempt:
        return await Examiner(runtime, paths.cache_dir()).attempt(step, code, setting=setting)

    lesson = course.lesson(ref.lesson)
    place = place_of(options)
    devices = devices_of(lesson, ref.step)
    if devices and place.device not in devices:
        place = Place(device=devices[0])
    attempt = with_runtime(work, place, sklearn=bool(lesson.requires.sklearn))
    progress = progress_of(course)
    report = attempt.report
    passed = passes(step, attempt)
    progress.record_attempt(
        ref,
        code=code,
        outcome=report.outcome,
        passed=passed,
        seconds=report.seconds,
        done=not isinstance(step, ExperimentStep),
    )
    progress.close()
    if options.json:
        own = {} if setting is None else {"setting": setting}
        write_json({**as_json(str(ref), attempt), "passed": passed, **own})
    else:
        print_attempt(step, attempt)
        if isinstance(step, ExperimentStep):
            print_curves(step, report, setting or {})
    return exit_code(attempt, passed=passed)


def setting_of(step: CodeStep, words: list[str]) -> Setting | None:
    """The values of an experiment's parameters; None for any other step, which takes none."""
    if isinstance(step, ExperimentStep):
        try:
            return with_values(step, words)
        except ValueError as error:
            raise UsageError(f"{error}.") from None
    if words:
        raise UsageError(f"{step.id} is a {step.kind} step: it has no parameters to set")
    return None


def passes(step: CodeStep, attempt: Attempt) -> bool:
    """Whether all checks passed; where an experiment has none, whether the program came to its end."""
    return attempt.passed or (not step.checks and attempt.report.outcome is Outcome.FINISHED)


def exit_code(attempt: Attempt, *, passed: bool) -> int:
    """0 all passed, 1 not, 3 where the fault is ours or the author's, 130 where it was stopped."""
    if attempt.report.outcome is Outcome.INTERRUPTED:
        return INTERRUPTED
    faulty = any(verdict.status is Status.COULD_NOT_JUDGE for verdict in attempt.verdicts)
    if attempt.report.outcome is Outcome.RUNTIME_FAULT or faulty:
        return FAULT
    return FINE if passed else FINDINGS


def as_json(step: str, attempt: Attempt) -> dict[str, Any]:
    """The attempt as `check --json` prints it."""
    report = attempt.report
    fields = ("id", "kind", "status", "finding", "relation", "next", "points", "earned")
    return {
        "step": step,
        "passed": attempt.passed,
        "outcome": report.outcome,
        "device": report.device,
        "device_name": report.device_name,
        "seconds": report.seconds,
        "verdicts": [{field: getattr(verdict, field) for field in fields} for verdict in attempt.verdicts],
        "stdout": report.stdout,
        "stderr": report.stderr,
        "error": error_json(report.error),
    }


def print_attempt(step: CodeStep, attempt: Attempt) -> None:
    """What the program wrote, how it ended, and a line or more a check."""
    report = attempt.report
    sys.stdout.write(report.stdout)
    sys.stderr.write(report.stderr)
    if report.outcome is not Outcome.FINISHED:
        print(sentence(report, step.limits))
    for verdict in attempt.verdicts:
        print_verdict(verdict)
    if attempt.verdicts:
        passed = sum(verdict.passed for verdict in attempt.verdicts)
        print(f"\n{passed} of {len(attempt.verdicts)} checks passed.")
    for remark in attempt.remarks:
        print(f"\n{remark.as_remark}")


def print_curves(step: ExperimentStep, report: Report, setting: Setting) -> None:
    """What the curves of an experiment's run show, a sentence each."""
    from tutor.widgets.loss_sentence import sentence as curve_sentence

    print(f"\n{label(setting)}")
    for name, numbers in curves_of(step, report).items():
        print(curve_sentence(numbers, name))
    if step.questions:
        print("Compare with other values; the questions are asked in the tutor.")


def print_verdict(verdict: Verdict) -> None:
    """One verdict, with its explanation and its next action below it."""
    print(f"{GLYPHS[verdict.status]} {verdict.title}: {verdict.finding}")
    for mark, text in (("  │ ", verdict.why), ("  → ", verdict.next)):
        if text and not verdict.passed:
            print("\n".join(mark + line for line in text.splitlines()))
