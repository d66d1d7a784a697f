"""What checks may ask of a run beyond values: calls, operations, rows that a model saw, an author's own function."""

from __future__ import annotations

import struct
import time

import msgspec
import pytest

from tutor.exercise import Examiner
from tutor.lessons.load import load_course
from tutor.lessons.model import CodeStep
from tutor.runtime.client import Runtime
from tutor.runtime.protocol import (
    CallCase,
    CallProbe,
    EvaluationProbe,
    Job,
    Limits,
    Outcome,
    PythonProbe,
    Report,
    ValueProbe,
)
from tutor.runtime.values import CallsSeen, EvaluationSeen, MappingValue, PlainValue, TensorValue

pytestmark = pytest.mark.asyncio(loop_scope="module")


def vector(*numbers: float) -> TensorValue:
    data = struct.pack(f"<{len(numbers)}f", *numbers)
    return TensorValue(dtype="float32", shape=(len(numbers),), data=data)


def calls(report: Report) -> CallsSeen:
    seen = report.observations["f"].seen
    assert isinstance(seen, CallsSeen), report
    return seen


async def test_a_call_that_hangs_is_bounded_by_the_time_of_the_run(runtime: Runtime) -> None:
    cases = tuple(CallCase(given=str(number)) for number in range(5))
    code = "def f(x):\n    try:\n        while x: pass\n    except Exception: pass\n    return x"
    job = Job(code=code, probes=(CallProbe("f", "f", cases),), limits=Limits(time_s=0.5))
    began = time.perf_counter()
    report = await runtime.run(job)
    assert report.outcome is Outcome.TIMED_OUT
    assert time.perf_counter() - began < 5


async def test_calls_are_silent_see_the_seed_and_leave_the_program_alone(runtime: Runtime) -> None:
    code = "import torch\ncount = 0\ndef f(x):\n    print('loud')\n    return x + torch.rand(1)\nx = torch.zeros(2)"
    cases = (CallCase(args=(vector(1.0),)), CallCase(args=(vector(1.0),)), CallCase(given="x.add_(1)"))
    report = await runtime.run(Job(code=code, probes=(CallProbe("f", "f", cases), ValueProbe("v", "torch.rand(1)"))))
    seen = calls(report)
    assert report.stdout == ""
    assert all(case.printed for case in seen.cases)
    assert seen.cases[0].output == seen.cases[1].output


async def test_operations_of_the_learner_are_counted_and_those_of_torch_itself_are_not(runtime: Runtime) -> None:
    setup = "import torch\nw = torch.ones(2, requires_grad=True)\nadam = torch.optim.Adam([w])\nbefore = w.exp()"
    code = "def f(x):\n    return x.tanh()\nw.register_hook(lambda g: g.cosh())\n(w * w).sum().backward()\nadam.step()\nprint(w)\nlayer = torch.nn.Linear(2, 2)"
    given = "y = w.sigmoid()\nz = f(w)"
    probes = (CallProbe("f", "f", (CallCase(args=(vector(1.0),)),)), ValueProbe("v", "w.cos()"))
    report = await runtime.run(Job(setup=setup, code=code, given=given, probes=probes, operations=True))
    assert report.outcome is Outcome.FINISHED, report.stderr
    computing = {name: count for name, count in report.operations.items() if name not in ("empty", "detach")}
    assert computing == {"mul": 1, "sum": 1, "tanh": 2}
    assert (await runtime.run(Job(setup=setup, code=code))).operations == {}


LOOP = """
import torch
model, other = torch.nn.Linear(2, 1), torch.nn.Linear(2, 1)
x, new = torch.arange(12.0).reshape(6, 2), -torch.ones(3, 2)
for batch in x[:4].split(2):
    model(new)
    (model(batch) ** 2).sum().backward()
with torch.inference_mode():
    model.eval()
    model(torch.cat([x, new])); other(new)
"""


async def test_rows_of_training_are_told_from_rows_of_evaluation(runtime: Runtime) -> None:
    probes = (EvaluationProbe("e", "model", "new"), EvaluationProbe("l", "model", "[x, new]"))
    report = await runtime.run(Job(code=LOOP, probes=probes))
    seen, listed = (report.observations[name].seen for name in "el")
    assert isinstance(seen, EvaluationSeen), report
    assert isinstance(listed, EvaluationSeen), report
    assert (seen.trained, seen.rows, seen.rows_trained) == (4, 1, 0)
    early, late = seen.calls
    assert (early.line, early.training, early.grad, early.late, early.calls, early.of_data) == (
        6,
        True,
        True,
        False,
        2,
        1,
    )
    assert (late.line, late.training, late.grad, late.late, late.rows, late.of_training) == (
        10,
        False,
        False,
        True,
        7,
        4,
    )
    assert (listed.rows, listed.rows_trained) == (7, 4)


async def test_an_author_s_function_gets_the_values_as_they_were(runtime: Runtime) -> None:
    code = "def f(seen):\n    x = seen.values['x']\n    return f'{x.tolist()} {x.dtype} {seen.values[\"m\"]} {seen.losses}'"
    values = {
        "x": vector(1.0, 2.0),
        "m": MappingValue(type="dict", length=1, items=(("a", PlainValue(type="int", value=1)),)),
    }
    probe = PythonProbe(id="f", name="f", values=values, losses=(0.5,))
    report = await runtime.run(Job(code=code, filename="checks.py", probes=(probe,)))
    assert report.observations["f"].seen == PlainValue(type="str", value="[1.0, 2.0] torch.float32 {'a': 1} [0.5]")


COURSE = """\
format: 1
id: own
title: Own
steps:
  - id: s
    kind: code
    task: Make `y`.
    starter: y = ...
    solution: y = 1
    limits: {time_s: 1}
    checks:
      - {kind: python, id: fails, use: "checks.py:fails", observe: [y]}
      - {kind: python, id: hangs, use: "slow.py:hangs"}
"""


async def test_the_author_s_faults_are_not_the_learner_s(
    runtime: Runtime, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("own")
    (folder / "course.yaml").write_text(COURSE)
    (folder / "checks.py").write_text(
        "def fails(seen):\n    if seen.values['y'] == 2:\n        seen.nothing\n    return None\n"
    )
    (folder / "slow.py").write_text("def hangs(seen):\n    while True: pass\n")
    step = load_course(folder / "course.yaml").lessons[0].steps[0]
    assert isinstance(step, CodeStep)
    fails, hangs = (await Examiner(runtime).attempt(step, "y = 2\nfails = lambda seen: None")).verdicts
    assert (fails.status, fails.finding[:40]) == ("could_not_judge", "checks.py, line 3, raised AttributeError")
    assert (hangs.status, hangs.finding[:9]) == ("could_not_judge", "slow.py, ")
    only = msgspec.structs.replace(step, checks=step.checks[:1])
    assert (await Examiner(runtime).attempt(only, "y = 1 + 0")).passed
