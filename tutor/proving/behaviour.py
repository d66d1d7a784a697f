"""What a run did, in a form in which two runs of the same program are equal: without lines, times and addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from tutor.runtime.protocol import Outcome, Report

_ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
_LEFT_OUT = {
    "error": {"line", "frames", "involved", "text"},
    "tensor": {"grad_fn"},
    "trace": {"at", "line", "target"},
    "optimizer": {"line", "target"},
    "call": {"line"},
}
"""Fields that differ between programs which do the same."""


class Behaviour(msgspec.Struct, frozen=True):
    """What can be seen of a run, part by part."""

    parts: Mapping[str, Any]

    def without(self, unsteady: set[str]) -> Behaviour:
        """The same without some parts."""
        return Behaviour({name: part for name, part in self.parts.items() if name not in unsteady})


def behaviour(report: Report) -> Behaviour:
    """What a run printed, did in its training, left in its variables and answered to the probes."""
    parts: dict[str, Any] = {
        "outcome": report.outcome if report.outcome is not Outcome.RAISED else Outcome.FINISHED,
        "error": _plain(report.error),
        "stdout": report.stdout,
        **_trace(report),
        "counts": report.totals.counts,
        "optimizers": [_plain(one) for one in report.optimizers],
        "operations": report.operations,
    }
    parts |= {f"variable {variable.name}": _plain(variable.value) for variable in report.variables}
    parts |= {f"probe {name}": _plain(seen) for name, seen in report.observations.items()}
    return Behaviour(parts)


def unsteady(one: Behaviour, other: Behaviour) -> set[str]:
    """The parts that differ between two runs of the same program: they tell nothing of a change."""
    names = one.parts.keys() | other.parts.keys()
    return {name for name in names if one.parts.get(name, ...) != other.parts.get(name, ...)}


def _trace(report: Report) -> dict[str, Any]:
    """The events of the training, kind by kind: an order that counts shows in their losses and gradients."""
    kinds = {event.kind for event in report.trace}
    return {f"trace {kind}": [_plain(event) for event in report.trace if event.kind == kind] for kind in kinds}


def _plain(value: Any) -> Any:
    """Plain data of a report's value; nan is a text there, so that it is equal to itself."""
    if isinstance(value, msgspec.Struct):
        left_out = _LEFT_OUT.get(_form(value), set())
        fields = (field for field in value.__struct_fields__ if field not in left_out)
        return {field: _plain(getattr(value, field)) for field in fields}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, str):
        return _ADDRESS.sub("0x", value)
    return value if value == value else "nan"


def _form(value: msgspec.Struct) -> str:
    """What `_LEFT_OUT` calls a type."""
    names = {
        "ErrorReport": "error",
        "TensorValue": "tensor",
        "TraceEvent": "trace",
        "OptimizerInfo": "optimizer",
        "EvaluationCall": "call",
    }
    return names.get(type(value).__name__, "")
