"""The path without a fork of a warm process: each run's own process loads torch ahead, and serves the same protocol."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.runtime.test_isolation import descendants
from tutor.runtime import levels
from tutor.runtime.client import Runtime, RuntimeFault
from tutor.runtime.protocol import Job, Level, Limits, Outcome, Report, ValueProbe
from tutor.runtime.values import PlainValue, TensorValue

pytestmark = pytest.mark.asyncio(loop_scope="module")
SMALL = Limits(time_s=2.0, cpu_s=5, memory_mb=200, output_kb=64, file_mb=4, scratch_mb=16)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def spare() -> AsyncIterator[Runtime]:
    async with Runtime(level=Level.SPARE) as started:
        yield started


async def run(runtime: Runtime, code: str) -> Report:
    return await runtime.run(Job(code=code, limits=SMALL, probes=(ValueProbe("x", "x"),)))


async def test_a_run_can_be_stopped_while_torch_loads_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It comes first, because later ones prepare processes of their own meanwhile.
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = set(descendants(os.getpid()))
    async with Runtime(level=Level.SPARE) as runtime:
        running = asyncio.create_task(run(runtime, "x = 1"))
        while not list(tmp_path.iterdir()):  # the process that loads torch has its folder
            await asyncio.sleep(0.01)
        runtime.stop()
        assert (await running).outcome is Outcome.INTERRUPTED
    assert set(descendants(os.getpid())) <= before
    assert not list(tmp_path.iterdir())


async def test_tensors_gradients_and_losses_come_back(spare: Runtime) -> None:
    code = (
        "import torch\nx = torch.tensor([4.0, 2.0], requires_grad=True)\nopt = torch.optim.SGD([x], lr=0.1)\n"
        "for _ in range(3):\n    opt.zero_grad()\n    loss = (x**2).sum()\n    loss.backward()\n    opt.step()\n"
        "print('done')\n"
    )
    report = await run(spare, code)
    assert (report.outcome, report.level, report.stdout) == (Outcome.FINISHED, Level.SPARE, "done\n")
    seen = report.observations["x"].seen
    assert isinstance(seen, TensorValue)
    assert seen.shape == (2,)
    assert report.losses == pytest.approx([20.0 * 0.64**k for k in range(3)])


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("while True: pass", Outcome.TIMED_OUT),
        ("import torch\nx = torch.zeros(2 * 10**9)", Outcome.OUT_OF_MEMORY),
        ("import os\nos._exit(0)", Outcome.ENDED_EARLY),
        ("import ctypes\nctypes.string_at(0)", Outcome.KILLED),
    ],
)
async def test_limits_hold(spare: Runtime, code: str, outcome: Outcome) -> None:
    assert (await run(spare, code)).outcome is outcome


async def test_each_run_has_a_process_of_its_own(spare: Runtime) -> None:
    first = await run(spare, "import os, builtins\nbuiltins.left = 1\nx = os.getpid()")
    second = await run(spare, "import os, builtins\nx = [os.getpid(), hasattr(builtins, 'left')]")
    seen = first.observations["x"].seen
    assert isinstance(seen, PlainValue)
    assert f"value={seen.value}," not in str(second.observations["x"])
    assert "value=False" in str(second.observations["x"])


async def test_the_next_process_loads_torch_while_this_one_runs(spare: Runtime) -> None:
    await run(spare, "x = 1")
    assert not spare.ready
    assert 0 < spare.loading_s < 60


async def test_a_level_that_is_not_there_is_an_error_or_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")  # no bwrap is found there
    async with Runtime(level=Level.JAIL) as strict:
        with pytest.raises(RuntimeFault, match="jail level can't be had: bubblewrap is not installed"):
            await strict.start()
    async with Runtime(level=Level.JAIL, strict=False) as lenient:
        info = await lenient.start()
    assert info.level is not Level.JAIL
    assert info.warning.startswith("The jail level can't be had")


async def test_a_device_that_is_not_there_is_an_error_or_a_warning() -> None:
    async with Runtime(device="mps") as strict:
        with pytest.raises(RuntimeFault, match=r"mps was asked for, but torch .* finds no such device"):
            await strict.start()
    async with Runtime(device="mps", strict=False) as lenient:
        info = await lenient.start()
        assert (info.level, info.devices) == (Level.SPARE, ("cpu",))
        assert info.warning.endswith("your code runs on the CPU.")
        report = await run(lenient, "import torch\nx = torch.ones(2)")
    assert (report.outcome, report.device) == (Outcome.FINISHED, "cpu")


async def test_a_process_that_drives_a_gpu_says_what_does_not_hold_it() -> None:
    off = {p.name for p in levels.protections(Level.SPARE, "", "cuda") if not p.on}
    assert off == {"files", "network"}


GUARDED = """
import os, sys
from tutor.runtime import guard, watch, wire
guard.PIDFD = watch.PROC = sys.argv[1] == "linux"
ours, theirs = wire.pair()
ours.send(wire.encode(wire.Watch(seconds=20, memory_mb=50, scratch_mb=1)))
pid = os.posix_spawn(sys.executable, [sys.executable, "-c", sys.argv[2]], dict(os.environ))
ended = guard.Guard(pid, theirs).watch()
print(ended.why, ended.code)
"""


@pytest.mark.parametrize("system", ["linux", "without pidfd and /proc"])
@pytest.mark.parametrize(
    ("code", "says"), [("raise SystemExit(3)", " 3"), ("x = bytearray(90 << 20)\nwhile True: pass", "memory -1")]
)
async def test_a_guard_needs_nothing_of_linux(system: str, code: str, says: str) -> None:
    command = [sys.executable, "-c", GUARDED, system, code]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == f"{says}\n"
