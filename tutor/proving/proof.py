"""What proving a step found: flaws, each with its place in the step, and what became of changed solutions."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from tutor.lessons.model import StepRef

Path = tuple[str | int, ...]
"""Keys and places in lists that lead from a step to a part of it: ("wrong", 0)."""


class Severity(StrEnum):
    """An error makes the proof fail, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Flaw(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that does not hold of a step."""

    message: str
    """One line: "the solution fails on seed 2"."""
    said: str = ""
    """What the learner would read, or how the run ended; several lines."""
    at: Path = ()
    severity: Severity = Severity.ERROR


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one step."""

    step: StepRef
    kind: str
    flaws: tuple[Flaw, ...] = ()
    seconds: float = 0.0
    """How long proving it took."""

    @property
    def passed(self) -> bool:
        """Whether nothing but warnings was found."""
        return all(flaw.severity is not Severity.ERROR for flaw in self.flaws)


def warning(message: str, said: str = "", at: Path = ()) -> Flaw:
    """A flaw that does not make the proof fail."""
    return Flaw(message=message, said=said, at=at, severity=Severity.WARNING)
