"""How runs end: whatever a program does, the right outcome within the limits, and the runtime goes on."""

from __future__ import annotations

import re

import msgspec
import pytest

from tutor.runtime.client import Runtime
from tutor.runtime.outcomes import sentence
from tutor.runtime.protocol import Job, Limits, Outcome, Report, ValueProbe
from tutor.runtime.values import ErrorReport, LoopCount, PlainValue, TensorValue

pytestmark = pytest.mark.asyncio(loop_scope="module")
SMALL = Limits(time_s=2.0, cpu_s=5, memory_mb=200, output_kb=64, file_mb=4, scratch_mb=16)


async def run(runtime: Runtime, code: str, limits: Limits = SMALL) -> Report:
    return await runtime.run(Job(code=code, limits=limits, probes=(ValueProbe("x", "x"),)))


ENDS = {
    "finishes": ("x = 1", Outcome.FINISHED),
    "raises": ("x = 1 / 0", Outcome.RAISED),
    "can not be parsed": ("x = (", Outcome.RAISED),
    "leaves by sys.exit": ("import sys\nx = 1\nsys.exit()", Outcome.FINISHED),
    "leaves by sys.exit with a code": ("import sys\nsys.exit(3)", Outcome.RAISED),
    "asks for input": ("x = input('name? ')", Outcome.RAISED),
    "loops without end": ("while True:\n    pass", Outcome.TIMED_OUT),
    "loops and catches interrupts": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        Outcome.TIMED_OUT,
    ),
    "sleeps without end": ("import time\ntime.sleep(1000)", Outcome.TIMED_OUT),
    "stops itself": ("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", Outcome.TIMED_OUT),
    "prints without end": ("while True:\n    print('line after line')", Outcome.OUTPUT_LIMIT),
    "makes a tensor of 8 GB": ("import torch\nx = torch.zeros(2 * 10**9)", Outcome.OUT_OF_MEMORY),
    "fills memory bit by bit": ("x = []\nwhile True:\n    x.append('y' * 50_000_000)", Outcome.OUT_OF_MEMORY),
    "writes a large file": ("open('large', 'wb').write(b'y' * (8 << 20))", Outcome.FILE_LIMIT),
    "fills its folder": (
        "import time\nfor i in range(8):\n    open(str(i), 'wb').write(b'y' * (3 << 20))\ntime.sleep(60)",
        Outcome.FILE_LIMIT,
    ),
    "leaves at once": ("import os\nos._exit(0)", Outcome.ENDED_EARLY),
    "becomes another program": ("import os\nos.execv('/bin/true', ['true'])", Outcome.ENDED_EARLY),
    "closes every descriptor": ("import os\nos.closerange(0, 256)\nx = 1", Outcome.ENDED_EARLY),
    "reads where it may not": ("import ctypes\nctypes.string_at(0)", Outcome.KILLED),
    "kills itself": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", Outcome.KILLED),
    "recurses without end": ("def f(): return f()\nf()", Outcome.RAISED),
    "forks without end": ("import os\nwhile True:\n    os.fork()", None),
    "starts threads without end": (
        "import threading, time\nwhile True:\n    threading.Thread(target=time.sleep, args=(60,)).start()",
        None,
    ),
    "writes noise to the report": ("import os\nos.write(3, b'\\xff' * 1000)\nx = 1", Outcome.PROTOCOL_ERROR),
    "writes a forged frame": (
        "import os\nos.write(3, (4).to_bytes(4, 'little') + b'abcd')\nx = 1",
        Outcome.PROTOCOL_ERROR,
    ),
}


@pytest.mark.parametrize(("code", "outcome"), ENDS.values(), ids=ENDS.keys())
async def test_a_program_that(runtime: Runtime, code: str, outcome: Outcome | None) -> None:
    limits = msgspec.structs.replace(SMALL, time_s=0.6) if outcome is Outcome.TIMED_OUT else SMALL
    report = await run(runtime, code, limits)
    if outcome is None:
        assert report.outcome not in (Outcome.FINISHED, Outcome.RUNTIME_FAULT)
    else:
        assert report.outcome is outcome, report
    assert report.wall_s < SMALL.time_s + 5
    assert bool(sentence(report, limits)) == (report.outcome is not Outcome.FINISHED)
    after = await run(runtime, "x = 6 * 7")
    assert after.observations["x"].seen == PlainValue(type="int", value=42)


async def test_processor_time_is_limited_apart_from_wall_time(runtime: Runtime) -> None:
    report = await run(runtime, "while True:\n    pass", Limits(time_s=10, cpu_s=1))
    assert report.outcome is Outcome.CPU_LIMIT


async def test_an_interrupted_loop_says_at_which_line_it_was(runtime: Runtime) -> None:
    report = await run(runtime, "x = 1\nwhile True:\n    x += 1\n", Limits(time_s=0.3))
    assert report.error is not None
    assert report.error.line in (2, 3)
    said = re.search(
        r"The loop in line 2 had gone round ([\d,]+) times\. It was at line [23]\.", sentence(report, SMALL)
    )
    assert said is not None
    assert int(said[1].replace(",", "")) > 10_000


@pytest.mark.parametrize(
    "code",
    [
        "import os\nfor _ in range(200):\n    if os.fork() == 0:\n        os.read(0, 1)\n        import time; time.sleep(20)",
        "import threading, time\nfor _ in range(200):\n"
        "    threading.Thread(target=time.sleep, args=(20,), daemon=True).start()",
    ],
    ids=["processes", "threads"],
)
async def test_the_limit_on_processes_has_an_outcome_and_words_of_its_own(runtime: Runtime, code: str) -> None:
    report = await run(runtime, code, msgspec.structs.replace(SMALL, time_s=20))
    assert report.outcome is Outcome.PROCESS_LIMIT
    assert sentence(report, SMALL).startswith("Your program could start no further process or thread: it may have 64")


async def test_of_several_loops_the_one_is_told_that_went_round_most() -> None:
    inner = LoopCount(line=3, times=300, last_line=4, kind="for", turns=3)
    outer = LoopCount(line=2, times=100, last_line=5, kind="while", turns=100)
    other = LoopCount(line=7, times=900, last_line=8, kind="for", turns=900)
    error = ErrorReport(type="KeyboardInterrupt", message="", line=4)
    report = Report(outcome=Outcome.TIMED_OUT, error=error, loops=(inner, outer, other))
    assert "The loop in line 2 had gone round 100 times." in sentence(report, SMALL)
    once = Report(outcome=Outcome.INTERRUPTED, error=error, loops=(LoopCount(line=2, times=1, last_line=9, turns=1),))
    assert sentence(once, SMALL) == "You stopped the run. It was at line 4. The loop in line 2 had gone round once."


async def test_tensors_and_streams_come_back(runtime: Runtime) -> None:
    code = "import sys, torch\nx = torch.ones(2, 3)\nprint('out')\nprint('err', file=sys.stderr)"
    report = await run(runtime, code)
    assert (report.stdout, report.stderr) == ("out\n", "err\n")
    seen = report.observations["x"].seen
    assert isinstance(seen, TensorValue)
    assert (seen.shape, seen.dtype) == ((2, 3), "float32")
    assert report.device == "cpu"
    assert 0 < report.first_line_s < report.wall_s


async def test_no_terminal_escape_comes_through(runtime: Runtime) -> None:
    code = "import sys\nprint('\\x1b[31mred\\x07\\x9b2J \\u202e')\nsys.stdout.buffer.write(b'\\xff\\n')\nx = 1"
    report = await run(runtime, code)
    assert report.stdout == "␛[31mred␇\\x9b2J \\u202e\n\ufffd\n"


async def test_runs_share_nothing(runtime: Runtime) -> None:
    await run(runtime, "import builtins, torch\nbuiltins.left = 1\ntorch.left = 1\nopen('left', 'w').close()\nx = 1")
    code = (
        "import builtins, os, torch\nx = hasattr(builtins, 'left') or hasattr(torch, 'left') or os.path.exists('left')"
    )
    report = await run(runtime, code)
    assert report.observations["x"].seen == PlainValue(type="bool", value=False)


async def test_the_same_seed_gives_the_same_numbers(runtime: Runtime) -> None:
    code = "import torch, random\nx = torch.rand(3).tolist() + [random.random()]"
    first, second = await run(runtime, code), await run(runtime, code)
    assert first.observations["x"] == second.observations["x"]


async def test_losses_of_a_loop_are_traced(runtime: Runtime) -> None:
    code = (
        "import torch\nx = torch.tensor(4.0, requires_grad=True)\nopt = torch.optim.SGD([x], lr=0.1)\n"
        "for _ in range(5):\n    opt.zero_grad()\n    loss = x**2\n    loss.backward()\n    opt.step()\n"
    )
    report = await run(runtime, code)
    assert report.losses == pytest.approx([16.0 * 0.64**k for k in range(5)])
    assert report.totals.counts["step"] == 5
