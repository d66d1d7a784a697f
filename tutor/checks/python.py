"""`python`: a function of the course's own file judges what was observed, in a sandbox of its own."""

from __future__ import annotations

import re
from typing import ClassVar

import msgspec

from tutor.checks.base import Check, FieldFault, Finding
from tutor.checks.observed import could_not_judge, failed, got_of, passed
from tutor.runtime.protocol import Probe, PythonProbe, Report, ValueProbe
from tutor.runtime.values import CallsSeen, EvaluationSeen, ModuleSeen, PlainValue, Value

_USE = re.compile(r"\s*(?P<path>[^:]+\.py)\s*:\s*(?P<name>[A-Za-z_]\w*)\s*")
HELP = "write the file and the function: `checks.py:name`"


class Python(Check, frozen=True, kw_only=True):
    """A function of your own returns nothing, and the check passes, or a text, and that is what the learner reads.

    What it does: after the learner's program and the solution have run, calls your function with what was observed, as
    plain tensors, arrays and numbers. It runs in a sandbox of its own, apart from the tutor and from the learner's
    program, within the limits of the step.
    Why it matters: some tasks have many right answers, and only a program can tell them from the wrong ones.
    Example: `{kind: python, use: "checks.py:is_orthogonal", observe: [q]}`.
    Use instead: any other kind that can say it; those explain, and need no code of yours.
    """

    kind: ClassVar[str] = "python"

    use: str
    """A file, relative to the course file, and a function in it: "checks.py:is_orthogonal"."""
    observe: tuple[str, ...] = ()
    """The expressions whose values the function is given."""
    program: str = msgspec.field(default="", name="x-program")
    """The text of the file, as the loader read it."""
    file: str = msgspec.field(default="", name="x-file")
    """Where the file is."""

    @classmethod
    def faults(cls, data: dict[str, object]) -> list[FieldFault]:
        """A `use` that names no file and function."""
        use = data.get("use")
        if not isinstance(use, str) or _USE.fullmatch(use):
            return []
        return [FieldFault(("use",), f"`use` can't be `{use[:40]}`", HELP)]

    @property
    def path(self) -> str:
        """The path of the file, as the author wrote it."""
        match = _USE.fullmatch(self.use)
        return match["path"].strip() if match else ""

    @property
    def function(self) -> str:
        """The name of the function."""
        match = _USE.fullmatch(self.use)
        return match["name"] if match else ""

    @property
    def title(self) -> str:
        """What is looked at."""
        return ", ".join(self.observe) or self.function.replace("_", " ")

    def probes(self) -> tuple[Probe, ...]:
        """The values that the function is given."""
        return tuple(ValueProbe(f"{self.id}#{place}", expr) for place, expr in enumerate(self.observe))

    def question(self, seen: Report, expected: Report, code: str) -> PythonProbe | None:
        """What the function is to be asked; None where something that it needs was not observed."""
        values, wanted = self._values(seen), self._values(expected)
        if len(values) < len(self.observe):
            return None
        return PythonProbe(
            id=self.id,
            name=self.function,
            values=values,
            expected=wanted,
            stdout=seen.stdout,
            code=code,
            losses=seen.losses,
        )

    def _values(self, report: Report) -> dict[str, Value]:
        found = {}
        for place, expr in enumerate(self.observe):
            observation = report.observations.get(f"{self.id}#{place}")
            value = observation.seen if observation is not None else None
            if value is not None and not isinstance(value, ModuleSeen | CallsSeen | EvaluationSeen):
                found[expr] = value
        return found

    def judge(self, seen: Report, expected: Report, code: str) -> Finding:
        """Read the answer of the function, which the examiner put among the observations."""
        for place, expr in enumerate(self.observe):
            got = got_of(seen, f"{self.id}#{place}", expr, code)
            if isinstance(got, Finding):
                return got
        observation = seen.observations.get(self.id)
        if observation is None:
            return could_not_judge(f"`{self.use}` gave no answer")
        error, answer = observation.error, observation.seen
        if error is not None:
            line = f", line {error.line}," if error.line is not None else ""
            message = f": {error.message}" if error.message else ""
            return could_not_judge(f"{self.path}{line} raised {error.type}{message}"[:200])
        if isinstance(answer, PlainValue) and (answer.value is None or isinstance(answer.value, str)):
            return (
                failed(answer.value.strip())
                if isinstance(answer.value, str) and answer.value.strip()
                else passed("as asked for")
            )
        return could_not_judge(f"`{self.function}` in {self.path} must return nothing, or a text")
