"""Run to verdicts with torch ready, beside the start of a fresh Python that imports torch."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time

from benchmarks.table import Row
from tutor.checks import KINDS
from tutor.exercise import Examiner
from tutor.lessons.model import CodeStep
from tutor.runtime.client import Runtime

CODE = "import torch\nx = torch.ones(2, 3)\n"
ROUNDS = 50
IMPORTS = 3


def import_seconds() -> float:
    """`python -c "import torch"`, the whole process."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import torch"], check=True)
    return time.perf_counter() - began


async def run_to_verdicts() -> list[float]:
    """Each round as a learner has it: a little time passes between two runs, in which the next one is prepared."""
    check = KINDS["equal"](id="x", expr="x")  # type: ignore[call-arg]
    step = CodeStep(id="ones", title="Ones", task="", solution=CODE, checks=(check,))
    times = []
    async with Runtime() as runtime:
        examiner = Examiner(runtime)
        await examiner.attempt(step, CODE)
        for _ in range(ROUNDS):
            await asyncio.sleep(0.2)
            began = time.perf_counter()
            attempt = await examiner.attempt(step, CODE)
            times.append(time.perf_counter() - began)
            assert attempt.passed, attempt
    return times


def rows() -> list[Row]:
    """One row."""
    imports = statistics.median(import_seconds() for _ in range(IMPORTS))
    ours = statistics.median(asyncio.run(run_to_verdicts()))
    return [Row("Run to verdicts, x = torch.ones(2, 3), median of 50", ours, 'python -c "import torch"', imports, 0.02)]
