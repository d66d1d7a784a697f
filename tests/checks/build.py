"""Small builders of reports, values and checks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from tutor.checks import KINDS
from tutor.checks.base import Check, Verdict
from tutor.checks.judge import diagnose, judge
from tutor.runtime.protocol import OptimizerInfo, Outcome, Report, TraceEvent, TraceTotals
from tutor.runtime.values import (
    ErrorReport,
    LayerInfo,
    ModuleSeen,
    ModuleValue,
    Observation,
    ParameterInfo,
    PlainValue,
    SequenceValue,
    Stats,
    TensorValue,
    Value,
    Variable,
)


def tensor(data: Any, dtype: str = "float32", **fields: Any) -> TensorValue:
    array = np.asarray(data, dtype=bool if dtype == "bool" else dtype)
    numbers = array.real.astype(np.float64).ravel()
    finite = numbers[np.isfinite(numbers)]
    stats = Stats(
        minimum=float(finite.min()) if finite.size else None,
        maximum=float(finite.max()) if finite.size else None,
        mean=float(finite.mean()) if finite.size else None,
        std=float(finite.std()) if finite.size else None,
        nans=int(np.isnan(numbers).sum()),
        infinities=int(np.isinf(numbers).sum()),
    )
    return TensorValue(dtype=dtype, shape=array.shape, data=array.tobytes(), stats=stats, **fields)


def value(data: Any) -> Any:
    """Python data as the child exports it; values of the protocol as they are."""
    if isinstance(data, list | tuple):
        return SequenceValue(type=type(data).__name__, length=len(data), items=tuple(value(item) for item in data))
    if data is None or isinstance(data, bool | int | float | str):
        return PlainValue(type=type(data).__name__, value=data)
    if isinstance(data, np.ndarray):
        return tensor(data, str(data.dtype))
    return data


def report(
    seen: dict[str, Any] | None = None,
    *,
    outcome: Outcome = Outcome.FINISHED,
    variables: dict[str, Any] | None = None,
    trace: tuple[TraceEvent, ...] = (),
    **fields: Any,
) -> Report:
    """A report; in `seen`, an ErrorReport is the error that the probe ended in."""
    observations = {}
    for name, data in (seen or {}).items():
        failed = isinstance(data, ErrorReport)
        answer = Observation(probe=name, error=data) if failed else Observation(probe=name, seen=value(data))
        observations[name] = answer
    counts: dict[str, int] = {}
    for event in trace:
        counts[event.kind] = counts.get(event.kind, 0) + 1
    if fields.get("error") is not None and outcome is Outcome.FINISHED:
        outcome = Outcome.RAISED
    return Report(
        outcome=outcome,
        observations=observations,
        variables=tuple(Variable(name=name, value=value(data)) for name, data in (variables or {}).items()),
        trace=trace,
        totals=TraceTotals(counts=counts, whole=len(trace)),
        **fields,
    )


def missing(name: str) -> ErrorReport:
    return ErrorReport(type="NameError", message=f"name '{name}' is not defined")


def check(kind: str, **fields: Any) -> Check:
    return KINDS[kind](**{"id": fields.get("expr", kind), **fields})


def misconception(say: str, **when: str) -> Any:
    names = ("fails", "relation", "error", "trace", "uses", "lacks")
    return SimpleNamespace(say=say, when=SimpleNamespace(**{name: when.get(name) for name in names}))


def judged(
    one: Check, seen: Report, expected: Report | None = None, code: str = "x = 1", *misconceptions: Any
) -> Verdict:
    """The verdict of one check alone."""
    reference = expected if expected is not None else report()
    return judge((one,), misconceptions, seen, reference, code=code, starter="pass")[0]


def compared(got: Any, wanted: Any, code: str = "y = 1", expr: str = "y", **fields: Any) -> Verdict:
    """The verdict of `equal` on two values."""
    own = {name: fields.pop(name) for name in ("variables", "trace") if name in fields}
    one = check("equal", expr=expr, **fields)
    return judged(one, report({expr: got}, **own), report({expr: wanted}), code)


def loop(*turn: str, turns: int = 5, losses: list[float] | None = None, training: bool = True, **fields: Any) -> Report:
    """A report of a loop whose turn has these kinds of events, one a line from line 4 on."""
    events = tuple(
        TraceEvent(
            kind,  # type: ignore[arg-type]
            0.0,
            line,
            "SGD" if kind in ("step", "zero_grad") else "Net",
            value=(losses or [1.0 / (k + 1) for k in range(turns)])[k] if kind == "backward" else None,
            training=training if kind == "forward" else None,
            grad=True if kind == "forward" else None,
            target={"step": 1, "zero_grad": 1, "forward": 2}.get(kind, k + 1),
        )
        for k in range(turns)
        for line, kind in enumerate(turn, 4)
    )
    return report(trace=(*fields.pop("before", ()), *events, *fields.pop("after", ())), **fields)


def optimizer(parameters: int = 2, moved: int = 2, line: int = 3) -> OptimizerInfo:
    return OptimizerInfo(target=1, type="SGD", line=line, parameters=parameters, moved=moved)


def module(
    *layers: str | tuple[str, str], type: str = "Sequential", shapes: tuple[tuple[int, ...], ...] = (), **fields: Any
) -> ModuleValue:
    """A module of these layers; a pair is a type and its text."""
    pairs = [(layer, "") if isinstance(layer, str) else layer for layer in layers]
    parameters = fields.pop(
        "parameters", tuple(ParameterInfo(name=f"{n}.weight", shape=shape) for n, shape in enumerate(shapes))
    )
    count = sum(int(np.prod(p.shape)) for p in parameters)
    infos = tuple(LayerInfo(name=str(n), type=kind, text=text) for n, (kind, text) in enumerate(pairs))
    given = {"training": True, "parameter_count": count, "trainable_count": count, **fields}
    return ModuleValue(type=type, layers=infos, parameters=parameters, **given)


def seen_module(of: ModuleValue, output: Value | None = None, **fields: Any) -> ModuleSeen:
    return ModuleSeen(module=of, output=output, **fields)


def raised_by(code: str, names: dict[str, Any]) -> ErrorReport:
    """What a program really raises."""
    try:
        exec(compile(code, "lesson.py", "exec"), dict(names))
    except BaseException as error:
        message = str(error.args[0]) if isinstance(error, SyntaxError) else str(error)
        return ErrorReport(type=type(error).__name__, message=message)
    raise AssertionError(f"nothing was raised: {code}")


PASSED = "passed"


def outcome(one: Any, got: Any, wanted: Any = None, code: str = "x = 1", **fields: Any) -> str:
    """The finding of a check on one observed value; "passed" where it passed."""
    expected = report({one.id: got if wanted is None else wanted})
    found = judged(one, report({one.id: got}, **fields), expected, code)
    return PASSED if found.passed else found.finding


TURN = ("zero_grad", "forward", "backward", "step")
NAN, INF = float("nan"), float("inf")


def faults_found(seen: Report, code: str = "") -> list[str | None]:
    return [finding.relation for finding in diagnose(seen, code)]


def event(kind: str, line: int = 1, **fields: Any) -> TraceEvent:
    return TraceEvent(kind, 0.0, line, **{"name": "Net", "target": 2, **fields})  # type: ignore[arg-type]
