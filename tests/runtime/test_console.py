"""The console: what is evaluated in a finished program, until the next run."""

from __future__ import annotations

import pytest

from tutor.checks.equal import Equal
from tutor.exercise import Examiner
from tutor.lessons.model import CodeStep, PredictStep
from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Job, Limits, Outcome, Output
from tutor.runtime.values import TensorValue

pytestmark = pytest.mark.asyncio(loop_scope="module")
SMALL = Limits(time_s=5.0, memory_mb=200, output_kb=64)
PROGRAM = "import torch\nw = torch.ones(2, 3, requires_grad=True)\nloss = (w * 2).sum()\nloss.backward()\nseen = []\n"


async def begin(runtime: Runtime, code: str = PROGRAM) -> None:
    report = await runtime.run(Job(code=code, limits=SMALL, console=True))
    assert report.outcome in (Outcome.FINISHED, Outcome.RAISED), report


async def test_an_expression_is_answered_with_its_value(runtime: Runtime) -> None:
    await begin(runtime)
    answer = await runtime.evaluate("w.grad")
    assert (answer.outcome, answer.error) == (Outcome.FINISHED, None)
    assert answer.text == "tensor([[2., 2., 2.],\n        [2., 2., 2.]])"
    assert isinstance(answer.value, TensorValue)
    assert answer.value.shape == (2, 3)


async def test_statements_print_and_leave_their_names(runtime: Runtime) -> None:
    await begin(runtime)
    heard: list[Output] = []
    answer = await runtime.evaluate("half = w / 2\nprint('made')\nhalf.shape", heard.append)
    assert (answer.stdout, answer.text) == ("made\n", "torch.Size([2, 3])")
    assert [one.text for one in heard] == ["made\n"]
    assert "half" in [variable.name for variable in answer.variables]
    assert (await runtime.evaluate("None")).text == ""
    assert (await runtime.evaluate("half.sum().item()")).text == "3.0"


async def test_an_error_names_its_line_and_the_program_stays(runtime: Runtime) -> None:
    await begin(runtime)
    answer = await runtime.evaluate("a = 1\na / 0")
    assert answer.error is not None
    assert (answer.outcome, answer.error.type, answer.error.frames[-1].line) == (Outcome.RAISED, "ZeroDivisionError", 2)
    assert answer.error.frames[-1].part == "console"
    wrong = await runtime.evaluate("w.grad +")
    assert wrong.error is not None
    assert wrong.error.type == "SyntaxError"
    assert (await runtime.evaluate("a")).text == "1"


async def test_a_program_that_failed_can_be_looked_into(runtime: Runtime) -> None:
    await begin(runtime, "rows = [1, 2]\nrows[5]\n")
    assert (await runtime.evaluate("rows")).text == "[1, 2]"


async def test_an_endless_evaluation_is_stopped_and_the_program_stays(runtime: Runtime) -> None:
    await begin(runtime)
    code = "print('on')\nwhile True: pass"
    answer = await runtime.evaluate(code, lambda _: runtime.stop())
    assert answer.outcome is Outcome.INTERRUPTED
    assert (await runtime.evaluate("1 + 1")).text == "2"


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("import os\nos._exit(0)", Outcome.ENDED_EARLY),
        ("import ctypes\nctypes.string_at(0)", Outcome.KILLED),
        ("while True: print('line after line')", Outcome.OUTPUT_LIMIT),
        ("import os\nos.write(3, b'\\xff' * 1000)", Outcome.PROTOCOL_ERROR),
        ("more = torch.zeros(10**9)", Outcome.OUT_OF_MEMORY),
    ],
)
async def test_limits_hold_for_an_evaluation_too(runtime: Runtime, code: str, outcome: Outcome) -> None:
    await begin(runtime)
    assert (await runtime.evaluate(code)).outcome is outcome
    await begin(runtime)
    assert (await runtime.evaluate("1 + 1")).text == "2"


async def test_the_next_run_ends_the_console(runtime: Runtime) -> None:
    await begin(runtime)
    await runtime.run(Job(code="x = 1"))
    answer = await runtime.evaluate("w")
    assert (answer.outcome, answer.detail) == (Outcome.ENDED_EARLY, "there is no finished run")


async def test_no_escape_reaches_the_terminal_from_a_value(runtime: Runtime) -> None:
    await begin(runtime, "class Evil:\n    def __repr__(self): return '\\x1b[2J'\nevil = Evil()\n")
    assert (await runtime.evaluate("evil")).text == "␛[2J"


async def test_a_run_aside_leaves_the_console(runtime: Runtime) -> None:
    await begin(runtime)
    report = await runtime.run(Job(code="x = 1"), aside=True)
    assert (report.outcome, runtime.has_program) == (Outcome.FINISHED, True)
    assert (await runtime.evaluate("w.shape")).text == "torch.Size([2, 3])"
    runtime.let_go()
    assert not runtime.has_program
    assert (await runtime.evaluate("w")).outcome is Outcome.ENDED_EARLY


async def test_an_evaluation_that_kills_the_program_is_known(runtime: Runtime) -> None:
    await begin(runtime)
    assert runtime.has_program
    await runtime.evaluate("import os\nos._exit(0)")
    assert not runtime.has_program


async def test_only_a_watched_attempt_stays_for_the_console(runtime: Runtime) -> None:
    step = CodeStep(
        id="one", title="One", task="Make `y`.", starter="", solution="y = 1", checks=(Equal(id="y", expr="y"),)
    )
    examiner = Examiner(runtime)
    await examiner.attempt(step, "y = 2", lambda _: None)
    assert (await runtime.evaluate("y")).text == "2"
    await examiner.attempt(step, "y = 3")
    await examiner.answer(PredictStep(id="two", title="Two", ask="?", run="y = 4", of="value(y)", distractors=("1",)))
    assert (await runtime.evaluate("y")).text == "2"
