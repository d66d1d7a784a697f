"""What every kind of check is, and the verdict that it gives."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, ClassVar

import msgspec

from tutor.runtime.protocol import Probe, Report


class Status(StrEnum):
    """What a check found; `could_not_judge` is the author's or our fault and is never counted against the learner."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_ATTEMPTED = "not_attempted"
    COULD_NOT_JUDGE = "could_not_judge"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What `judge` saw, before points and the author's words are added."""

    status: Status
    finding: str
    """One line: what was seen and, where the step allows it, what was wanted ("got 14, expected 7")."""
    why: str = ""
    """The verified explanation, one or two sentences; empty when nothing is known for sure."""
    next: str = ""
    """One thing to try."""
    relation: str | None = None
    """Id of the verified relation between got and expected ("scaled", "transposed")."""
    line: int | None = None
    """The line of the learner's code that it is about, where one is known."""

    @property
    def as_remark(self) -> str:
        """As it is said of a program that passed."""
        return " ".join(part for part in (f"It works, but {self.finding}.", self.why, self.next) if part)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The judgement of one check, as the learner reads it and as `check --json` prints it."""

    id: str
    kind: str
    title: str
    """What was checked, in the learner's terms: "x.grad"."""
    status: Status
    finding: str
    why: str = ""
    next: str = ""
    relation: str | None = None
    points: int = 1
    earned: int = 0
    hidden: bool = False

    @property
    def passed(self) -> bool:
        """Whether the check passed."""
        return self.status is Status.PASSED


class Tolerance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """|got - expected| <= atol + rtol * |expected|; None takes torch.testing.assert_close's default for the dtype."""

    rtol: float | None = None
    """How far a number may be off, as a part of the wanted one."""
    atol: float | None = None
    """How far a number may be off, whatever its size."""


class FieldFault(msgspec.Struct, frozen=True):
    """What is wrong with a part of a check's fields, for the place where the author wrote it."""

    path: tuple[str | int, ...]
    """Keys and places in lists that lead to it: ("generate", "x")."""
    message: str
    help: str = ""


class Check(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A check of a step. A kind is a subclass with its YAML fields, its `probes` and its `judge`.

    `probes` says what to observe in the learner's process and, by the same probes, in the solution's. `judge` is pure:
    plain data and numpy, no torch, no process, no clock. numpy is imported inside the functions that need it, so that
    loading a course stays light.
    """

    kind: ClassVar[str]
    relations: ClassVar[dict[str, str]] = {}
    """Relations that only this kind gives, beside those of tutor.checks.ids, each with its meaning."""

    id: str
    """Its name; without one, the expression, or else the kind."""
    points: Annotated[int, msgspec.Meta(ge=0)] = 1
    """What it counts."""
    hidden: bool = False
    """Whether it counts only in grading."""
    needs: tuple[str, ...] = ()
    """Ids of checks that come first; until they pass, this one waits."""
    say: str = ""
    """Your words when it fails."""
    tolerance: Tolerance = Tolerance()
    """How far numbers may be off in this check alone."""
    own_title: str = msgspec.field(default="", name="title")
    """The author's words for what is checked, in place of `title`."""

    @classmethod
    def faults(cls, data: dict[str, object]) -> Sequence[FieldFault]:
        """What is wrong with fields that have a form of their own; all is said before the check is made."""
        return ()

    @property
    def shown_title(self) -> str:
        """What a verdict says was checked: the author's words, else the kind's, else, where that is long, the id."""
        return self.own_title.strip() or (self.title if len(self.title) <= 40 else self.id)

    @property
    def title(self) -> str:
        """What is checked, in the learner's terms."""
        return self.id

    @property
    def counts_operations(self) -> bool:
        """Whether it looks at the operations that ran, so that the run has to count them."""
        return False

    def probes(self) -> tuple[Probe, ...]:
        """What to observe; probe ids must start with the check's own id."""
        return ()

    def judge(self, seen: Report, expected: Report, code: str) -> Finding:
        """Compare the learner's report with the solution's; both answer `probes`. `code` is the learner's."""
        raise NotImplementedError
