"""What watching costs: a training loop of small steps in the runtime, watched and not watched, one after the other."""

from __future__ import annotations

import asyncio
import statistics

from benchmarks.table import Row
from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Job, Limits

STEPS, PAIRS = 2000, 21
TRAINING = f"""\
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(32, 8)
y = x.sum(1, keepdim=True)
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
loss_fn = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for step in range({STEPS}):
    optimizer.zero_grad()
    predicted = model(x)
    loss = loss_fn(predicted, y)
    loss.backward()
    optimizer.step()
"""


async def seconds() -> tuple[list[float], list[float]]:
    """Seconds of the program, watched and not watched, in pairs of which each other one begins with the other."""
    watched, plain = [], []
    async with Runtime() as runtime:
        for number in range(PAIRS + 1):
            times = {}
            for trace in (True, False) if number % 2 else (False, True):
                report = await runtime.run(Job(code=TRAINING, limits=Limits(time_s=60, cpu_s=60), trace=trace))
                if report.error is not None:
                    raise RuntimeError(report.error.text)
                times[trace] = report.seconds
            if number:  # the first pair warms up
                watched.append(times[True])
                plain.append(times[False])
    return watched, plain


def rows() -> list[Row]:
    """One row: the median of the ratios of the pairs, shown on the median of what is not watched."""
    watched, plain = asyncio.run(seconds())
    base = statistics.median(plain)
    ratio = statistics.median(a / b for a, b in zip(watched, plain, strict=True))
    what = f"{STEPS} small training steps, traced"
    return [Row(what, base * ratio, "the same, not watched", base, 1.05)]
