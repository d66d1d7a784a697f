"""The runtime alone: Run to the learner's first line, and runs back to back, beside a cold start of torch."""

from __future__ import annotations

import asyncio
import statistics

from benchmarks.table import Row
from benchmarks.verdicts import CODE, ROUNDS, import_seconds
from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Job, Report


async def reports(pause_s: float) -> list[Report]:
    """Runs of the same small program, with a pause between two in which the next process is prepared."""
    async with Runtime() as runtime:
        await runtime.run(Job(code=CODE))
        found = []
        for _ in range(ROUNDS):
            await asyncio.sleep(pause_s)
            found.append(await runtime.run(Job(code=CODE)))
    return found


def rows() -> list[Row]:
    """Three rows."""
    cold = import_seconds()
    parked, close = asyncio.run(reports(0.2)), asyncio.run(reports(0.0))
    name = 'python -c "import torch"'
    return [
        Row("Run to first line, a process parked", statistics.median(r.first_line_s for r in parked), name, cold, 0.01),
        Row("Run to report, a process parked", statistics.median(r.wall_s for r in parked), name, cold, 0.02),
        Row("Run to report, back to back", statistics.median(r.wall_s for r in close), name, cold, 0.05),
    ]
