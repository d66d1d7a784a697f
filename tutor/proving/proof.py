"""What proving a step found: flaws, each with its place in the step, and what became of changed solutions."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from tutor.lessons.model import StepRef
from tutor.proving.mutants import Mutant

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
    line: int = 0
    """The line within that text, counted from 1; 0 for the text as a whole."""
    severity: Severity = Severity.ERROR


class Mutation(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the changes of one solution: those that change what it does."""

    noticed: int
    """How many made a check fail."""
    survived: tuple[Mutant, ...] = ()
    """Those that no check noticed; of these the author excused the ones that have a reason."""

    @property
    def mutants(self) -> int:
        """How many changes counted."""
        return self.noticed + len(self.survived)


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one step."""

    step: StepRef
    kind: str
    flaws: tuple[Flaw, ...] = ()
    mutation: Mutation | None = None
    """None where the solution was not changed."""
    seconds: float = 0.0
    """How long proving it took."""

    @property
    def passed(self) -> bool:
        """Whether nothing but warnings was found."""
        return all(flaw.severity is not Severity.ERROR for flaw in self.flaws)


def warning(message: str, said: str = "", at: Path = ()) -> Flaw:
    """A flaw that does not make the proof fail."""
    return Flaw(message=message, said=said, at=at, severity=Severity.WARNING)
