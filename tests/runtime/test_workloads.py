"""What lessons on the whole workflow need of the sandbox: workers, processes that talk, a compiler."""

from __future__ import annotations

import shutil

import pytest

from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Job, Level, Limits, Outcome, Report

pytestmark = pytest.mark.asyncio(loop_scope="module")

WORKERS = """
import torch
from torch.utils.data import DataLoader, TensorDataset
data = TensorDataset(torch.arange(64.0).view(32, 2), torch.arange(32))
print(sum(int(labels.sum()) for _, labels in DataLoader(data, batch_size=8, num_workers=2)))
"""
GLOO = """
import os, torch
import torch.distributed as dist
import torch.multiprocessing as mp
def work(rank):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29511")
    dist.init_process_group("gloo", rank=rank, world_size=2)
    x = torch.tensor([rank + 1.0])
    dist.all_reduce(x)
    os.write(1, f"{x.item():g}\\n".encode())
    dist.destroy_process_group()
processes = [mp.get_context("fork").Process(target=work, args=(rank,)) for rank in range(2)]
for process in processes: process.start()
for process in processes: process.join()
"""
SPAWN = """
import torch
import torch.multiprocessing as mp
def work(queue):
    queue.put(torch.ones(3).sum().item())
if __name__ == "__main__":
    context = mp.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=work, args=(queue,))
    process.start()
    print(queue.get())
    process.join()
"""
COMPILED = """
import torch
double = torch.compile(lambda x: x * 2 + 1, {how})
print(double(torch.ones(3)).tolist())
"""


async def run(runtime: Runtime, code: str, **limits: float) -> Report:
    return await runtime.run(Job(code=code, limits=Limits(time_s=90, cpu_s=120, **limits)))  # type: ignore[arg-type]


@pytest.mark.parametrize(("code", "says"), [(WORKERS, "496\n"), (GLOO, "3\n3\n"), (SPAWN, "3.0\n")])
@pytest.mark.parametrize("level", [Level.FULL, Level.JAIL])
async def test_several_processes_work_together(level: Level, code: str, says: str) -> None:
    async with Runtime(level=level, strict=False) as runtime:
        report = await run(runtime, code)
        if level is report.level:
            assert (report.outcome, report.stdout) == (Outcome.FINISHED, says), report


async def test_the_basic_level_is_for_one_process_and_says_so_at_once() -> None:
    async with Runtime(level=Level.BASIC) as runtime:
        report = await run(runtime, WORKERS)
    assert report.outcome is Outcome.RAISED
    assert report.wall_s < 30


async def test_a_function_is_compiled_for_the_eager_backend(runtime: Runtime) -> None:
    report = await run(runtime, COMPILED.format(how="backend='eager', fullgraph=True"))
    assert (report.outcome, report.stdout) == (Outcome.FINISHED, "[3.0, 3.0, 3.0]\n"), report


@pytest.mark.skipif(not shutil.which("g++"), reason="this machine has no compiler")
async def test_a_function_is_compiled_to_machine_code_where_there_is_a_compiler() -> None:
    async with Runtime() as runtime:
        report = await run(runtime, COMPILED.format(how="fullgraph=True"))
    assert (report.outcome, report.stdout) == (Outcome.FINISHED, "[3.0, 3.0, 3.0]\n"), report
