"""What an explanation costs beside the comparison of a large tensor, and what judging a right step costs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.table import Row
from tutor.checks import KINDS
from tutor.checks.base import Check, Tolerance
from tutor.checks.compare import compare
from tutor.checks.judge import judge
from tutor.runtime.protocol import Outcome, Report
from tutor.runtime.values import Observation, TensorValue, Variable

Array = np.ndarray[Any, Any]
SHAPE = (1000, 1000)
ROUNDS = 5
MORE = 0.1
"""Seconds that an explanation may take beyond the comparison."""
STEP = 0.005
"""Seconds that judging a step without a failure may take."""


def tensor(data: Array) -> TensorValue:
    """As the child exports it."""
    array = np.asarray(data, np.float32)
    return TensorValue(dtype="float32", shape=array.shape, data=array.tobytes())


def report(values: dict[str, TensorValue], **variables: TensorValue) -> Report:
    """A report of a run that came to its end."""
    return Report(
        outcome=Outcome.FINISHED,
        observations={name: Observation(probe=name, seen=value) for name, value in values.items()},
        variables=tuple(Variable(name=name, value=value) for name, value in variables.items()),
    )


def nearly(values: Array) -> Array:
    """The values with one near the end changed, so that a relation holds of almost all of them."""
    changed = np.array(values)
    changed.flat[-3] += 5
    return changed


def wrong_answers() -> dict[str, tuple[Array, Array]]:
    """Got and expected, by what makes it slow to see that nothing holds, or that something does."""
    rng = np.random.default_rng(0)
    values, others = rng.normal(size=SHAPE), rng.normal(size=SHAPE)
    row, deep = values.ravel(), values.reshape(100, 100, 100)
    classes = rng.integers(0, 3, SHAPE).astype(float)
    powers = np.exp(values)
    return {
        "unrelated numbers": (others, values),
        "unrelated numbers in one row": (others.ravel(), row),
        "rows in another order": (values[rng.permutation(1000)], values),
        "nearly rows in another order": (nearly(values[rng.permutation(1000)]), values),
        "one row in another order": (rng.permutation(row), row),
        "nearly one row in another order": (nearly(rng.permutation(row)), row),
        "one row, sorted": (np.sort(row), row),
        "nearly transposed": (nearly(values.T), values),
        "nearly transposed cube": (nearly(deep.transpose(2, 0, 1)), deep),
        "nearly negated": (nearly(-values), values),
        "nearly shifted": (nearly(values + 3), values),
        "nearly exp": (nearly(powers), values),
        "nearly softmax": (nearly(powers / powers.sum(1, keepdims=True)), values),
        "nearly softmax along the other dimension": (nearly(powers / powers.sum(0)), powers / powers.sum(1)[:, None]),
        "nearly in float16": (nearly(values.astype(np.float16)), values),
        "one number wrong": (nearly(values), values),
        "a part wrong": (np.concatenate((values[:700], others[700:])), values),
        "turned by many places": (np.roll(values, 500, 0), values),
        "unrelated classes": (rng.integers(0, 3, SHAPE).astype(float), classes),
        "nearly turned classes": (nearly(np.roll(classes, 500, 0)), classes),
        "zeros and ones": ((others > 0).astype(float), (values > 0).astype(float)),
        "zeros": (np.zeros(SHAPE), values),
        "mean wanted": (values, values.mean(0)),
        "unrelated column wanted": (values, others[0]),
        "paired": (values[0][:, None] - others[0], values[0] - others[0]),
    }


def seconds(work: Callable[[], object]) -> float:
    """Of the processor, whatever else runs beside: the median of some rounds."""
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return statistics.median(times)


def explanation_seconds(got: Array, expected: Array, variables: dict[str, TensorValue]) -> float:
    """How much longer the verdict on a wrong value takes than the comparison alone."""
    check = KINDS["equal"](id="y", expr="y")  # type: ignore[call-arg]
    a, b = tensor(got), tensor(expected)
    seen, wanted = report({"y": a}, **variables), report({"y": b})
    code = "import torch\ny = torch.randn(1000, 1000)\n"
    whole = seconds(lambda: judge((check,), (), seen, wanted, code=code, starter=""))
    return whole - seconds(lambda: compare(a, b, Tolerance()))


def right_step() -> Callable[[], object]:
    """The judgement of a step with nine checks that all pass, after a training of 300 turns."""
    from tutor.runtime.protocol import TraceEvent, TraceTotals

    small = tensor(np.random.default_rng(0).normal(size=(32, 8)))
    names = "abcdefgh"
    checks: list[Check] = [KINDS["equal"](id=name, expr=name) for name in names]  # type: ignore[call-arg]
    checks.append(KINDS["training"](id="training"))  # type: ignore[call-arg]
    kinds = ("zero_grad", "forward", "backward", "step")
    events = tuple(
        TraceEvent(kind, 0.0, line, value=1 / (turn + 1) if kind == "backward" else None, target=1)  # type: ignore[arg-type]
        for turn in range(300)
        for line, kind in enumerate(kinds, 4)
    )
    given = report(dict.fromkeys(names, small), **dict.fromkeys(names, small))
    totals = TraceTotals(counts=dict.fromkeys(kinds, 300), whole=len(events))
    run = Report(
        outcome=given.outcome,
        observations=given.observations,
        variables=given.variables,
        trace=events,
        totals=totals,
    )
    code = "x = 1\n" * 40
    assert all(verdict.passed for verdict in judge(checks, (), run, run, code=code, starter=""))
    return lambda: judge(checks, (), run, run, code=code, starter="")


def rows() -> list[Row]:
    """The slowest explanation, the median one, and a right step."""
    rng = np.random.default_rng(1)
    sides = {f"v{n}": tensor(rng.normal(size=(4096, 1) if n % 2 else (1, 4096))) for n in range(10)}
    explanation_seconds(*wrong_answers()["unrelated numbers"], {})
    times = {name: explanation_seconds(*pair, sides) for name, pair in wrong_answers().items()}
    slowest = max(times, key=lambda name: times[name])
    named = f"Explain 1,000,000 numbers, slowest: {slowest}"
    return [
        Row(named, times[slowest], "over comparing them, at most", MORE, 1.0),
        Row("Explain 1,000,000 numbers, median", statistics.median(times.values()), "the same", MORE, 1.0),
        Row("Judge a right step of nine checks", seconds(right_step()), "over the run, at most", STEP, 1.0),
    ]
