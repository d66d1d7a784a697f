"""What the runtime survives, and what it leaves behind: nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.runtime.test_isolation import descendants
from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Job, Limits, Outcome, Started

pytestmark = pytest.mark.asyncio(loop_scope="module")
CODE = Job(code="x = 6 * 7\nprint(x)", limits=Limits(time_s=10))

ALONE = """
import asyncio, sys
from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Job, Level, Limits, Started
async def main():
    runtime = Runtime(level=Level(sys.argv[1]))
    def said(event):
        if isinstance(event, Started):
            print("running", flush=True)
    await runtime.run(Job(code="import os\\nif os.fork() == 0: os.setsid()\\nwhile True: pass", limits=Limits(time_s=300)), said)
asyncio.run(main())
"""


async def end(pids: Iterable[int]) -> None:
    """Kill processes that belong to a runtime of these tests, and wait until they are gone."""
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    while any(alive(pid) for pid in pids):
        await asyncio.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def test_a_zygote_that_died_is_started_again(runtime: Runtime) -> None:
    await runtime.run(CODE)
    await end(descendants(os.getpid()))
    report = await runtime.run(CODE)
    assert (report.outcome, report.stdout) == (Outcome.FINISHED, "42\n")


async def test_a_zygote_that_dies_during_a_run_ends_it_and_not_the_runtime(runtime: Runtime) -> None:
    def kill_all(event: object) -> None:
        if isinstance(event, Started):
            for pid in descendants(os.getpid()):
                os.kill(pid, signal.SIGKILL)

    report = await runtime.run(Job(code="while True: pass"), kill_all)
    assert report.outcome in (Outcome.RUNTIME_FAULT, Outcome.KILLED, Outcome.ENDED_EARLY)
    assert (await runtime.run(CODE)).outcome is Outcome.FINISHED


async def test_a_prepared_process_that_died_is_not_missed(runtime: Runtime) -> None:
    await runtime.run(CODE)
    await asyncio.sleep(0.5)  # the next process is prepared
    prepared = max(descendants(os.getpid()))
    os.kill(prepared, signal.SIGKILL)
    report = await runtime.run(CODE)
    assert (report.outcome, report.stdout) == (Outcome.FINISHED, "42\n")


SKLEARN = Job(code="import sys\nprint('sklearn.datasets' in sys.modules)", limits=Limits(time_s=10))


async def test_what_a_lesson_needs_besides_torch_is_loaded_when_it_is_asked_for(runtime: Runtime) -> None:
    async with Runtime(level=runtime.info.level if runtime.info else None) as own:
        assert (await own.run(SKLEARN)).stdout == "False\n"
        own.preload("sklearn")
        assert not own.ready
        assert (await own.run(SKLEARN)).stdout == "True\n"
        assert own.ready
        assert (await own.run(SKLEARN)).stdout == "True\n"


async def test_two_runtimes_do_not_meet(runtime: Runtime) -> None:
    level = runtime.info.level if runtime.info else None
    async with Runtime(level=level) as other:
        reports = await asyncio.gather(*(one.run(CODE) for one in (runtime, other) for _ in range(4)))
    assert {report.stdout for report in reports} == {"42\n"}


async def test_a_run_that_is_cancelled_leaves_nothing(runtime: Runtime) -> None:
    await runtime.run(CODE)
    running = asyncio.create_task(runtime.run(Job(code="import time\ntime.sleep(60)")))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (await runtime.run(CODE)).outcome is Outcome.FINISHED


async def test_nothing_is_left_when_the_tutor_is_killed(runtime: Runtime) -> None:
    assert runtime.info is not None
    command = [sys.executable, "-c", ALONE, runtime.info.level]
    tutor = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert tutor.stdout is not None
    assert await tutor.stdout.readline() == b"running\n"
    below = descendants(tutor.pid)
    assert len(below) >= 3
    tutor.kill()
    await tutor.wait()
    async with asyncio.timeout(20):
        while any(alive(pid) for pid in below):
            await asyncio.sleep(0.02)
