"""Run to verdicts with torch ready, beside a warm ipykernel and the start of a fresh Python that imports torch."""

from __future__ import annotations

import asyncio
import statistics
import time

from benchmarks.common import CODE, PAUSE_S, ROUNDS, import_seconds
from benchmarks.kernel import Kernel
from benchmarks.table import Row
from tutor.checks import KINDS
from tutor.exercise import Examiner
from tutor.lessons.model import CodeStep
from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Level


async def run_to_verdicts(kernel: Kernel) -> tuple[list[float], list[float]]:
    """The tutor and the kernel in turn, so that both meet the same noise."""
    check = KINDS["equal"](id="x", expr="x")  # type: ignore[call-arg]
    step = CodeStep(id="ones", title="Ones", task="", solution=CODE, checks=(check,))
    ours, theirs = [], []
    async with Runtime(level=Level.FULL) as runtime:
        examiner = Examiner(runtime)
        await examiner.attempt(step, CODE)
        kernel.round_trip(CODE)
        for _ in range(ROUNDS):
            await asyncio.sleep(PAUSE_S)
            began = time.perf_counter()
            attempt = await examiner.attempt(step, CODE)
            ours.append(time.perf_counter() - began)
            assert attempt.passed, attempt
            await asyncio.sleep(PAUSE_S)
            theirs.append(kernel.round_trip(CODE))
    return ours, theirs


def rows() -> list[Row]:
    """Two rows of the same runs."""
    with Kernel() as kernel:
        ours, theirs = (statistics.median(times) for times in asyncio.run(run_to_verdicts(kernel)))
    what = f"Run to verdicts, x = torch.ones(2, 3), median of {ROUNDS}"
    return [
        Row(what, ours, "ipykernel, warm, execute to idle", theirs, 1.0),
        Row(what, ours, 'python -c "import torch"', import_seconds(), 0.02),
    ]
