"""The curves of a run: the lists that an experiment names, or else the losses that the trace saw."""

from __future__ import annotations

import struct

from tutor.lessons.model import CodeStep, ExperimentStep
from tutor.runtime.protocol import Report, ValueProbe
from tutor.runtime.values import TensorValue

MOST_POINTS = 100_000
_EXPRESSION = (
    '__import__("torch").tensor([float(each.detach() if hasattr(each, "detach") else each) for each in {name}]'
    '[:{most}], dtype=__import__("torch").float64)'
)


def plot_probe(name: str) -> ValueProbe:
    """What observes a list of numbers, or of tensors with one number each, as one tensor."""
    return ValueProbe(_probe_id(name), _EXPRESSION.format(name=name, most=MOST_POINTS))


def curves_of(step: CodeStep, report: Report) -> dict[str, tuple[float, ...]]:
    """The numbers to draw by name, in order; "" names the losses of the trace. What was no such list is left out."""
    if not isinstance(step, ExperimentStep) or not step.plot:
        return {"": report.losses} if report.losses else {}
    found = {name: numbers_in(report, name) for name in step.plot}
    return {name: numbers for name, numbers in found.items() if numbers}


def numbers_in(report: Report, name: str) -> tuple[float, ...]:
    """The numbers of a list that was observed; none where it was no list of numbers."""
    observation = report.observations.get(_probe_id(name))
    seen = observation.seen if observation is not None else None
    if not isinstance(seen, TensorValue) or seen.data is None or seen.dtype != "float64" or len(seen.data) % 8:
        return ()
    return struct.unpack(f"<{len(seen.data) // 8}d", seen.data)


def _probe_id(name: str) -> str:
    """An id that no check has: it is no expression."""
    return f"plot: {name}"
