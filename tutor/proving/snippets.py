"""Proving the steps that show a snippet: it runs, and a question about it has one right answer."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.exercise import Examiner, answer_text, predict_job
from tutor.lessons.model import Option, PredictStep, ReadStep
from tutor.proving.proof import Flaw, warning
from tutor.proving.said import ended
from tutor.runtime.protocol import Limits, Outcome, Report


async def prove_read(examiner: Examiner, step: ReadStep) -> list[Flaw]:
    """The snippet to be run comes to its end."""
    if not step.run:
        return []
    report = await examiner.run_snippet(step.run, files=step.files)
    if report.outcome is not Outcome.FINISHED:
        return [Flaw(message="the snippet does not run to its end", said=ended(report, Limits()), at=("run",))]
    return [*_slow(report)]


async def prove_predict(examiner: Examiner, step: PredictStep) -> list[Flaw]:
    """The snippet gives the same answer each time, and no distractor is that answer."""
    job = predict_job(step)
    reports = [await examiner.runtime.run(job, aside=True) for _ in range(2)]
    report = reports[0]
    if report.outcome not in (Outcome.FINISHED, Outcome.RAISED):
        return [Flaw(message="the snippet does not run to its end", said=ended(report, job.limits), at=("run",))]
    answer, again = (answer_text(step.of, one) for one in reports)
    if not answer:
        return [Flaw(message="the snippet gives no answer", said=ended(report, job.limits), at=("of",))]
    if answer != again:
        return [Flaw(message="the snippet gives another answer each time", said=f"{answer}\n{again}", at=("run",))]
    return [*_distractors(step, answer), *_slow(report)]


def _distractors(step: PredictStep, answer: str) -> Iterator[Flaw]:
    """Distractors that are the answer."""
    for number, one in enumerate(step.distractors):
        if (one.text if isinstance(one, Option) else one).strip() == answer:
            yield Flaw(
                message=f"the distractor {number + 1} is the right answer", said=answer, at=("distractors", number)
            )


def _slow(report: Report) -> Iterator[Flaw]:
    limits = Limits()
    if report.seconds > limits.time_s / 2:
        yield warning(f"the snippet runs for {report.seconds:.1f} s of {limits.time_s:g} s", at=("run",))
