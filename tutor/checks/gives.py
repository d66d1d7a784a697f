"""Which relations the verdict of a check can have, so that a misconception that waits for another one is found."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tutor.checks.ids import FAULTS, RELATIONS

_NAMED = {"not-reached", "no-return"}
"""Of every kind that evaluates an expression in the learner's program."""
_GRADIENTS = {name for name in RELATIONS if name.startswith("grad-")}
_FUNCTIONS = {name for name in RELATIONS if name.startswith("only-")} | {
    *("not-a-function", "wrong-signature", "prints-not-returns", "no-error", "changes-input")
}
_OPERATIONS = {"operation-missing", "operation-used", "too-many-operations"}
_STATES = {"has-grad", "no-grad", "not-registered"}
_VALUES = set(RELATIONS) - _GRADIENTS - _FUNCTIONS - _OPERATIONS - _STATES

_BY_KIND: dict[str, set[str]] = {
    "equal": _VALUES,
    "tensor": _NAMED | {"has-grad", "no-grad"},
    "call": _VALUES | _FUNCTIONS,
    "module": _NAMED | {"not-registered", "no-grad"},
    "training": set(FAULTS),
    "evaluation": _NAMED | {"train-mode-in-eval", "grad-in-eval", "evaluated-on-training-data"},
    "metric": _NAMED,
    "stdout": set(),
    "source": _OPERATIONS,
    "raises": set(),
    "python": _NAMED,
}


def relations_of(kind: str, fields: Mapping[str, object]) -> Collection[str] | None:
    """The relations that a failed check of this kind, with these fields, may have; None where that is not known."""
    if kind == "grad":
        return _NAMED | {"no-grad", "nan", "inf"} if fields.get("loss") is not None else _VALUES | _GRADIENTS
    known = _BY_KIND.get(kind)
    if kind == "equal" and str(fields.get("expr", "")).strip().endswith(".grad"):
        return _VALUES | _GRADIENTS
    if kind == "source" and not fields.get("operations"):
        return ()
    return known
