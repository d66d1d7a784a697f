"""The norm of the gradients at each step of an optimizer, as the trace tells it."""

from __future__ import annotations

import math

import pytest

from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Job, Limits, Report

pytestmark = pytest.mark.asyncio(loop_scope="module")
PROGRAM = """\
import torch
from torch import nn
x = torch.tensor([[3.0, 4.0]])
model = nn.Linear(2, 1, bias=False)
optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
for turn in range({turns}):
    optimizer.zero_grad()
    model(x).sum().backward()
    optimizer.step()
"""


async def norms(runtime: Runtime, code: str, **more: object) -> tuple[list[float | None], Report]:
    report = await runtime.run(Job(code=code, limits=Limits(time_s=30, cpu_s=30), **more))  # type: ignore[arg-type]
    assert report.error is None, report.error.text
    return [event.value for event in report.trace if event.kind == "step"], report


async def test_a_step_tells_the_norm_of_its_gradients(runtime: Runtime) -> None:
    seen, report = await norms(runtime, PROGRAM.format(turns=3))
    assert seen == pytest.approx([5.0, 5.0, 5.0])
    assert len(report.losses) == 3


async def test_long_loops_are_measured_ever_more_rarely(runtime: Runtime) -> None:
    seen, report = await norms(runtime, PROGRAM.format(turns=2000))
    assert None not in seen[:25]
    assert 100 < sum(value is not None for value in seen) <= 200
    assert len(report.losses) == 2000


async def test_measuring_is_not_seen_by_the_program(runtime: Runtime) -> None:
    code = PROGRAM.format(turns=1) + (
        "from torch.utils._python_dispatch import TorchDispatchMode\n"
        "names = []\n"
        "class Watch(TorchDispatchMode):\n"
        "    def __torch_dispatch__(self, function, types, args=(), kwargs=None):\n"
        "        names.append(str(function))\n"
        "        return function(*args, **(kwargs or {}))\n"
        "with Watch():\n"
        "    optimizer.step()\n"
        "from torch.profiler import profile\n"
        "with profile() as seen:\n"
        "    optimizer.step()\n"
        "names += [event.key for event in seen.key_averages()]\n"
        "assert not [name for name in names if 'norm' in name], names\n"
    )
    seen, _ = await norms(runtime, code)
    assert seen == [pytest.approx(5.0), None, None]


async def test_a_step_without_gradients_and_one_with_nan(runtime: Runtime) -> None:
    code = PROGRAM.format(turns=1) + (
        "optimizer.zero_grad()\noptimizer.step()\nmodel.weight.grad = model.weight.detach() * float('nan')\n"
        "optimizer.step()\n"
    )
    seen, _ = await norms(runtime, code)
    assert seen[1] is None
    assert seen[2] is not None
    assert math.isnan(seen[2])


async def test_counting_operations_does_not_count_the_measuring(runtime: Runtime) -> None:
    _, report = await norms(runtime, PROGRAM.format(turns=2), operations=True)
    assert not [name for name in report.operations if "norm" in name]
