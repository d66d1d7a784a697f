"""Proving many steps at once, on several runtimes; the proofs come in the order of the course."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence

import msgspec
from msgspec import structs

from tutor.exercise import Examiner
from tutor.lessons.model import AnyStep, CodeStep, Lesson, PredictStep, ReadStep, StepRef
from tutor.proving.mutate import mutate
from tutor.proving.programs import prove_code
from tutor.proving.proof import Flaw, Proof, warning
from tutor.proving.snippets import prove_predict, prove_read
from tutor.runtime.client import Runtime

SEEDS = 3
"""How many seeds right programs are run with."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How thoroughly steps are proved."""

    seeds: int = SEEDS
    mutate: bool = False
    """Whether to change the solutions and see that checks notice."""


async def prove_step(examiner: Examiner, lesson: Lesson, step: AnyStep, plan: Plan) -> Proof:
    """All that is wrong with a step, found by running its programs."""
    began = time.monotonic()
    proof = Proof(step=StepRef(lesson.id, step.id), kind=step.kind)
    needed = {*lesson.requires.devices, *(step.devices if isinstance(step, CodeStep) else ())}
    if needed and not needed & {*(await examiner.runtime.start()).devices}:
        lack = f"not proved: it needs {' or '.join(sorted(needed))}, which this machine does not have"
        return structs.replace(proof, flaws=(warning(lack),))
    flaws = await _flaws(examiner, step, plan)
    proof = structs.replace(proof, flaws=tuple(flaws))
    if plan.mutate and proof.passed and isinstance(step, CodeStep) and step.checks:
        mutation, found = await mutate(examiner, step)
        proof = structs.replace(proof, mutation=mutation, flaws=(*flaws, *found))
    return structs.replace(proof, seconds=time.monotonic() - began)


async def _flaws(examiner: Examiner, step: AnyStep, plan: Plan) -> list[Flaw]:
    match step:
        case ReadStep():
            return await prove_read(examiner, step)
        case PredictStep():
            return await prove_predict(examiner, step)
        case CodeStep():
            return await prove_code(examiner, step, plan.seeds)
        case _:
            return []  # nothing runs in it


async def prove(
    work: Sequence[tuple[Lesson, AnyStep]], runtimes: Sequence[Runtime], plan: Plan
) -> AsyncIterator[Proof]:
    """The proofs of steps in their order, each as soon as it and those before it are there.

    The first runtime begins alone. The others join in while steps wait that nobody has begun, started one after the
    other, as only one torch is loaded at a time; RuntimeFault where the first one can't be started.
    """
    first, *others = runtimes
    await first.start()
    waiting = deque(enumerate(work))
    proofs: list[asyncio.Future[Proof]] = [asyncio.get_running_loop().create_future() for _ in work]

    async def worker(runtime: Runtime) -> None:
        while waiting:
            number, (lesson, step) = waiting.popleft()
            try:  # each with an examiner of its own: it keeps the reports that it compares with
                proofs[number].set_result(await prove_step(Examiner(runtime), lesson, step, plan))
            except Exception as error:  # goes to whoever waits for this proof
                proofs[number].set_exception(error)
                return

    async def join() -> None:
        for runtime in others:
            if waiting:
                await runtime.start()
                workers.append(asyncio.create_task(worker(runtime)))

    workers = [asyncio.create_task(worker(first))]
    joining = asyncio.create_task(join())  # one that can't be started leaves the work to those that are there
    try:
        for proof in proofs:
            yield await proof
    finally:
        for one in (joining, *workers):
            one.cancel()
        await asyncio.gather(joining, *workers, return_exceptions=True)
        for proof in proofs:
            if proof.done() and not proof.cancelled():
                proof.exception()  # of those that nobody waited for
