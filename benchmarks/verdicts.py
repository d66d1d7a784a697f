"""Run to verdicts with torch ready, beside a warm ipykernel and the start of a fresh Python that imports torch."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time

from benchmarks.kernel import Kernel
from benchmarks.table import Row
from tutor.checks import KINDS
from tutor.exercise import Examiner
from tutor.lessons.model import CodeStep
from tutor.runtime.client import Runtime

CODE = "import torch\nx = torch.ones(2, 3)\n"
ROUNDS = 50
IMPORTS = 3
PAUSE_S = 0.2
"""A little time passes between two runs, in which the next process is prepared, as it does for a learner who reads."""


def import_seconds() -> float:
    """`python -c "import torch"`, the whole process."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import torch"], check=True)
    return time.perf_counter() - began


async def run_to_verdicts(kernel: Kernel) -> tuple[list[float], list[float]]:
    """The tutor and the kernel in turn, so that both meet the same noise."""
    check = KINDS["equal"](id="x", expr="x")  # type: ignore[call-arg]
    step = CodeStep(id="ones", title="Ones", task="", solution=CODE, checks=(check,))
    ours, theirs = [], []
    async with Runtime() as runtime:
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
    imports = statistics.median(import_seconds() for _ in range(IMPORTS))
    with Kernel() as kernel:
        ours, theirs = (statistics.median(times) for times in asyncio.run(run_to_verdicts(kernel)))
    what = "Run to verdicts, x = torch.ones(2, 3), median of 50"
    return [
        Row(what, ours, "ipykernel, warm, execute to idle", theirs, 1.0),
        Row(what, ours, 'python -c "import torch"', imports, 0.02),
    ]
