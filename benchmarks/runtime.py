"""The runtime alone: Run to the first line, to the report and to the end of the clean-up, runs in a row, interrupts."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass

from benchmarks.common import CODE, PAUSE_S, ROUNDS, import_seconds
from benchmarks.table import Row, at_most
from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Job, Level, Outcome, Report, RunEvent, Started

INTERRUPTS = 15
PROGRAMS = {
    "while True: pass": "while True:\n    pass\n",
    "a training loop": """\
import torch
model = torch.nn.Linear(8, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
x = torch.ones(32, 8)
while True:
    optimizer.zero_grad()
    model(x).sum().backward()
    optimizer.step()
""",
    "a loop of large products": """\
import torch
x = torch.ones(500, 500)
while True:
    x @ x
""",
}
RUNNING_S = 0.3
"""How long a program has run when it is interrupted."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run, and the seconds from its report until nothing was left of it."""

    report: Report
    teardown_s: float


async def runs() -> list[Run]:
    """Runs of the same small program, with a pause between two in which the next process is prepared."""
    found = []
    async with Runtime(level=Level.FULL) as runtime:
        await runtime.run(Job(code=CODE))
        for _ in range(ROUNDS):
            await asyncio.sleep(PAUSE_S)
            report = await runtime.run(Job(code=CODE))
            assert report.outcome is Outcome.FINISHED, report
            ended = time.perf_counter()
            await asyncio.wait(runtime._cleaning)
            found.append(Run(report, time.perf_counter() - ended))
    return found


async def in_a_row() -> float:
    """Seconds a run takes, teardown and preparation of the next one included, when each begins as the last reports."""
    async with Runtime(level=Level.FULL) as runtime:
        await runtime.run(Job(code=CODE))
        began = time.perf_counter()
        for _ in range(ROUNDS):
            await runtime.run(Job(code=CODE))
        return (time.perf_counter() - began) / ROUNDS


async def interrupt_seconds(code: str) -> float:
    """The median time from `stop` to the report."""
    times = []
    async with Runtime(level=Level.FULL) as runtime:
        for _ in range(INTERRUPTS):
            started = asyncio.Event()

            def take(event: RunEvent, started: asyncio.Event = started) -> None:
                if isinstance(event, Started):
                    started.set()

            running = asyncio.create_task(runtime.run(Job(code=code), take))
            await started.wait()
            await asyncio.sleep(RUNNING_S)
            began = time.perf_counter()
            runtime.stop()
            report = await running
            times.append(time.perf_counter() - began)
            assert report.outcome is Outcome.INTERRUPTED, report
    return statistics.median(times)


def rows() -> list[Row]:
    """Each bound is a time; runs stand beside a cold start of torch, too."""
    parked = asyncio.run(runs())
    report_s = statistics.median(run.report.wall_s for run in parked)
    return [
        at_most("Run to first line", statistics.median(run.report.first_line_s for run in parked), 0.005),
        Row("Run to report", report_s, 'python -c "import torch"', import_seconds(), 0.02),
        at_most("Report to the end of its clean-up", statistics.median(run.teardown_s for run in parked), 0.05),
        at_most("Runs in a row, nothing parked, each", asyncio.run(in_a_row()), 0.05),
        *(
            at_most(f"Interrupt to report: {name}", asyncio.run(interrupt_seconds(code)), 0.1)
            for name, code in PROGRAMS.items()
        ),
    ]
