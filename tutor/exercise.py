"""A learner's code against a step: the job, the run, the reference, the judgement.

The reference is the report of the author's solution: the same job and the same probes, run in a process of its own.
Nothing of it reaches the learner's process.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import msgspec
from msgspec import structs

from tutor import __version__
from tutor.checks.base import Finding, Status, Verdict
from tutor.checks.difference import Difference, differences
from tutor.checks.python import Python
from tutor.lessons.model import CodeStep, ExperimentStep, OrderStep, PredictStep
from tutor.lessons.references import report_in
from tutor.lessons.settings import Setting, assignments, first_setting
from tutor.order_words import in_order_words
from tutor.plots import plot_probe
from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Job, JobFile, Outcome, Probe, Report, RunEvent, ValueProbe
from tutor.runtime.values import ErrorReport, Observation, PlainValue

OnEvent = Callable[[RunEvent], None] | None

SHOWN = "shown"
"""Id of the probe that a predict step asks."""


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a learner's code and what the checks say of it."""

    report: Report
    verdicts: tuple[Verdict, ...]
    remarks: tuple[Finding, ...] = ()
    """What the run shows that no check asked for; only when all checks passed."""
    differences: tuple[Difference, ...] = ()
    """The tensors that failed checks compared, beside the solution's."""

    @property
    def passed(self) -> bool:
        """Whether every check passed, and there was at least one."""
        return bool(self.verdicts) and all(verdict.passed for verdict in self.verdicts)


def job_of(step: CodeStep, code: str, setting: Setting | None = None) -> Job:
    """The run of `code` in a step, with everything observed that its checks ask for.

    In an experiment with that setting, or the first one; it stands in a line of its own above the setup, so that the
    learner's lines keep their numbers.
    """
    setup = step.setup
    if isinstance(step, ExperimentStep):
        setup = f"{assignments(setting or first_setting(step))}\n{setup}"
    return Job(
        code=code,
        setup=setup,
        given=step.given,
        probes=distinct_probes(step),
        files=step.files,
        limits=step.limits,
        seed=step.seed,
        threads=step.threads,
        operations=any(check.counts_operations for check in step.checks),
    )


def for_learners(step: CodeStep) -> CodeStep:
    """The step without its hidden checks, which count in grading only; one that has no others keeps them."""
    hidden = {check.id for check in step.checks if check.hidden}
    if not hidden or len(hidden) == len(step.checks):
        return step
    checks = tuple(
        structs.replace(check, needs=tuple(need for need in check.needs if need not in hidden))
        for check in step.checks
        if check.id not in hidden
    )
    return structs.replace(step, checks=checks)


def watched(job: Job, on_event: OnEvent) -> Job:
    """The job with what only those want who watch its run: graphs, and the finished program, to be looked into."""
    return job if on_event is None else structs.replace(job, console=True, graphs=True)


def distinct_probes(step: CodeStep) -> tuple[Probe, ...]:
    """The probes of all checks, and of the lists that an experiment draws, each id once."""
    probes = {probe.id: probe for check in step.checks for probe in check.probes()}
    drawn = step.plot if isinstance(step, ExperimentStep) else ()
    return (*probes.values(), *(plot_probe(name) for name in drawn))


class Examiner:
    """Runs and judges steps, one at a time, on one runtime. References are kept in memory and in `cache_dir`."""

    def __init__(self, runtime: Runtime, cache_dir: Path | None = None) -> None:
        self.runtime = runtime
        self._cache_dir = cache_dir
        self._references: dict[str, Report] = {}
        self._one_at_a_time = asyncio.Lock()

    async def attempt(
        self,
        step: CodeStep,
        code: str,
        on_event: OnEvent = None,
        *,
        setting: Setting | None = None,
        grading: bool = False,
    ) -> Attempt:
        """Run the learner's code, then judge it against the solution's report.

        `setting` holds the parameters of an experiment, for both; without it, their first values are taken. A run that
        somebody watches stays for the console. Hidden checks count in `grading` only.
        """
        step = step if grading else for_learners(step)
        report = await self._run(watched(job_of(step, code, setting), on_event), on_event)
        if report.outcome in (Outcome.RUNTIME_FAULT, Outcome.INTERRUPTED):
            return Attempt(report=report, verdicts=())
        expected = await self._expected(step, setting)
        report = await self._with_answers(step, report, expected, code)
        verdicts = await asyncio.to_thread(judge_step, step, report, expected, code)
        attempt = Attempt(
            report=report, verdicts=verdicts, differences=differences(step.checks, verdicts, report, expected)
        )
        if not attempt.passed or not report.trace:
            return attempt
        return structs.replace(attempt, remarks=await asyncio.to_thread(remarks_on, step, report, expected, code))

    async def _with_answers(self, step: CodeStep, seen: Report, expected: Report, code: str) -> Report:
        """The report with what the course's own functions say of it; each file runs in a process of its own."""
        jobs = own_jobs(step, seen, expected, code)
        observations = dict(seen.observations)
        for job in jobs:
            answers = await self._run(job, None)
            for probe in job.probes:
                observations[probe.id] = answers.observations.get(probe.id) or _no_answer(probe.id, answers)
        return structs.replace(seen, observations=observations) if jobs else seen

    async def reference(self, step: CodeStep, setting: Setting | None = None) -> Report:
        """The solution's report, as learners are judged by it, one for each setting of an experiment."""
        return await self._expected(for_learners(step), setting)

    async def _expected(self, step: CodeStep, setting: Setting | None) -> Report:
        """What to compare with: the report of the solution, which a student's version brings along."""
        if step.reference:
            usual = first_setting(step) if isinstance(step, ExperimentStep) else None
            return report_in(step.reference, setting or usual)
        return await self._reference(job_of(step, step.solution, setting))

    async def answer(self, step: PredictStep) -> str:
        """The right answer of a predict step, computed by running its snippet."""
        report = await self._reference(predict_job(step))
        return answer_text(step.of, report)

    async def run_snippet(self, code: str, on_event: OnEvent = None, files: tuple[JobFile, ...] = ()) -> Report:
        """Run code that nothing is checked of, with a step's data files beside it."""
        return await self._run(watched(Job(code=code, files=files), on_event), on_event)

    async def _run(self, job: Job, on_event: OnEvent) -> Report:
        async with self._one_at_a_time:
            return await self.runtime.run(job, on_event, aside=not job.console)

    async def _reference(self, job: Job) -> Report:
        info = await self.runtime.start()
        key = hashlib.sha256(msgspec.msgpack.encode((job, info.torch_version, __version__))).hexdigest()
        async with self._one_at_a_time:
            report = self._references.get(key) or read_report(self._cache_dir, key)
            if report is None:
                report = await self.runtime.run(job, aside=True)
                if report.outcome in (Outcome.FINISHED, Outcome.RAISED):
                    write_report(self._cache_dir, key, report)
        if report.outcome in (Outcome.FINISHED, Outcome.RAISED):
            self._references[key] = report
        return report


def own_jobs(step: CodeStep, seen: Report, expected: Report, code: str) -> list[Job]:
    """A job for each of the course's own files that has something to judge."""
    if seen.outcome not in (Outcome.FINISHED, Outcome.RAISED):
        return []
    asked: dict[str, tuple[str, list[Probe]]] = {}
    for check in step.checks:
        question = check.question(seen, expected, code) if isinstance(check, Python) else None
        if isinstance(check, Python) and question is not None:
            asked.setdefault(check.path, (check.program, []))[1].append(question)
    return [
        Job(
            code=program,
            filename=PurePosixPath(path).name,
            probes=tuple(probes),
            files=step.files,
            limits=step.limits,
            seed=step.seed,
            variables=False,
        )
        for path, (program, probes) in asked.items()
    ]


def _no_answer(probe: str, answers: Report) -> Observation:
    """The answer of a function that did not come to give one: how its run ended."""
    error = answers.error or ErrorReport(type=answers.outcome.value.replace("_", " "), message=answers.detail)
    return Observation(probe=probe, error=error)


def judge_step(step: CodeStep, seen: Report, expected: Report, code: str) -> tuple[Verdict, ...]:
    """Judge one run; imports the judge, and with it numpy, only now."""
    from tutor.checks.judge import judge

    verdicts = judge(step.checks, step.misconceptions, seen, expected, code=code, starter=step.starter)
    return in_order_words(verdicts, seen.error) if isinstance(step, OrderStep) else verdicts


def remarks_on(step: CodeStep, seen: Report, expected: Report, code: str) -> tuple[Finding, ...]:
    """What is not right about the training loop of a program that passes, and is not so in the solution's either."""
    from tutor.checks.loop import faults

    known = {fault.id for fault in faults(expected, step.solution)}
    return tuple(
        Finding(status=Status.PASSED, finding=fault.finding, why=fault.why, next=fault.next, line=fault.line)
        for fault in faults(seen, code)
        if fault.id not in known
    )


# ---- predict steps ----------------------------------------------------------------------------------------------


def predict_job(step: PredictStep) -> Job:
    """The run of a predict step's snippet, with its `of` observed as text."""
    match = re.fullmatch(r"(shape|value)\((.*)\)", step.of.strip(), re.DOTALL)
    if match is None:
        return Job(code=step.run, files=step.files)
    what, expr = match.groups()
    text = f"str(tuple(({expr}).shape))" if what == "shape" else f"repr({expr})"
    return Job(code=step.run, files=step.files, probes=(ValueProbe(SHOWN, text),))


def answer_text(of: str, report: Report) -> str:
    """What the snippet gave, as the learner picks it; an error is an answer, too."""
    raised = f"raises {report.error.type}" if report.error is not None else ""
    if of.strip() == "stdout":
        return "\n".join(part for part in (report.stdout.strip(), raised) if part)
    return raised or probe_text(report.observations.get(SHOWN))


def probe_text(observation: Observation | None) -> str:
    """The text that the probe saw; the name of the error where it raised one."""
    if observation is None:
        return ""
    if observation.error is not None:
        return f"raises {observation.error.type}"
    seen = observation.seen
    return str(seen.value) if isinstance(seen, PlainValue) else ""


# ---- the cache of references ------------------------------------------------------------------------------------


def read_report(folder: Path | None, key: str) -> Report | None:
    """A kept report; None where there is none that can be read."""
    if folder is None:
        return None
    try:
        return msgspec.msgpack.decode((folder / f"{key}.report").read_bytes(), type=Report)
    except (OSError, msgspec.DecodeError):
        return None


def write_report(folder: Path | None, key: str, report: Report) -> None:
    """Keep a report; a folder that can't be written only costs the time to run the solution again."""
    if folder is None:
        return
    whole = folder / f"{key}.report"
    part = folder / f"{key}.{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.write_bytes(msgspec.msgpack.encode(report))
        part.replace(whole)
    except OSError:
        return
