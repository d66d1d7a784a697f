"""One input of a `call` check, what both functions gave for it, and in which cases the learner's is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import NamedTuple

from tutor.checks.call_words import call_text
from tutor.checks.compare import Mismatch
from tutor.runtime.values import CaseSeen, ErrorReport, TensorValue, Value


class Case(NamedTuple):
    """One input, and what both functions gave for it."""

    inputs: tuple[Value, ...]
    given: str
    got: CaseSeen
    wanted: CaseSeen


class Failure(NamedTuple):
    """A case in which the learner's function is wrong."""

    case: Case
    error: ErrorReport | None = None
    mismatch: Mismatch | None = None


def smallest(failures: Sequence[Failure]) -> Failure:
    """The case that is the best to look at."""
    return min(failures, key=weight)


def weight(failure: Failure) -> tuple[bool, int, int]:
    """Inputs with something in them first, then the smallest, then the shortest to read."""
    inputs = failure.case.inputs
    sizes = [prod(value.shape) if isinstance(value, TensorValue) else 1 for value in inputs]
    return 0 in sizes, sum(sizes), len(call_text("", inputs))
