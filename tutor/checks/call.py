"""`call`: a function of the learner's gives what the solution's gives, input for input."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from tutor.checks.base import Check, FieldFault, Finding
from tutor.checks.call_types import HELP, argument, arguments
from tutor.checks.observed import could_not_judge, failed, not_attempted, passed, seen_of, wanted_of
from tutor.checks.syntax import empty_function
from tutor.runtime.protocol import CallCase, CallProbe, Probe, Report
from tutor.runtime.values import CallsSeen, EvaluationSeen, ModuleSeen


class Call(Check, frozen=True, kw_only=True):
    """A function gives what the solution's function gives, on inputs that you name and on many that are generated.

    What it does: calls both functions on the same inputs, small ones first: random numbers, negative and large ones,
    ties, zeros, size 1, nothing at all. Where they differ, the smallest input is shown with both results, what holds
    between the two on every input, and the kind of input on which the function fails. Inputs are copies; what the
    function prints does not count. Generated inputs for which the solution itself raises, and edges for which it gives
    nan or inf, are left out.
    Why it matters: a function that is right for one example may be wrong for an empty batch or a negative number.
    Example: `{kind: call, expr: normalize, generate: {x: "float[n, m]"}, args: ["torch.zeros(2, 3)"]}`.
    Use instead: `equal` on `f(3)` where one input is enough, `module` for an nn.Module.
    """

    kind: ClassVar[str] = "call"

    expr: str
    """What is called: the name of a function, or any expression that gives one."""
    args: tuple[str, ...] = ()
    """Inputs as they stand between the brackets of a call: "torch.ones(2), dim=0"."""
    generate: dict[str, str] = {}
    """The arguments in order, and what they are: "float[n, m]", "0 <= long[n] < m", "bool[...]", "int"."""
    seeds: Annotated[int, msgspec.Meta(ge=0, le=200)] = 12
    """How many random inputs there are, beside the edges."""

    def __post_init__(self) -> None:
        if not self.args and not self.generate:
            raise ValueError('a call check needs `args`, or `generate` such as `{x: "float[n]"}`')
        arguments(tuple(self.generate.values()))

    @classmethod
    def faults(cls, data: dict[str, object]) -> list[FieldFault]:
        """What is wrong with a kind of argument, at its place."""
        generate = data.get("generate")
        found = []
        for name, text in generate.items() if isinstance(generate, dict) else ():
            try:
                argument(text if isinstance(text, str) else "")
            except ValueError as error:
                found.append(FieldFault(("generate", name), str(error), HELP))
        return found

    @property
    def title(self) -> str:
        """The function, as it is called."""
        return f"{self.expr}({', '.join(self.generate)})" if self.generate else self.expr

    @property
    def cases(self) -> tuple[CallCase, ...]:
        """The inputs: those that are named, then the generated ones."""
        from tutor.checks.call_cases import cases

        return (*(CallCase(given=text) for text in self.args), *cases(self.generate, self.seeds))

    def probes(self) -> tuple[Probe, ...]:
        """One call for each input."""
        return (CallProbe(self.id, self.expr, self.cases),)

    def judge(self, seen: Report, expected: Report, code: str) -> Finding:
        """Compare case by case, then explain what the failing ones have in common."""
        from tutor.checks.values import describe

        wanted = wanted_of(expected, self.id, self.expr)
        if isinstance(wanted, Finding):
            return wanted
        cases = self.cases
        if not isinstance(wanted, CallsSeen) or len(wanted.cases) != len(cases):
            return could_not_judge(f"the solution's `{self.expr}` is no function")
        got = seen_of(seen, self.id, self.expr, code)
        empty = empty_function(code, f"{self.expr}()")
        if empty is not None:
            next_ = "Write what it does, and return the result."
            return not_attempted(f"the function in line {empty} is still empty", next_)
        if isinstance(got, Finding):
            return got
        if not isinstance(got, CallsSeen) or len(got.cases) != len(cases):
            what = "something else" if isinstance(got, CallsSeen | EvaluationSeen | ModuleSeen) else describe(got)
            return failed(f"got {what}, expected a function", relation="not-a-function")
        return self._compared(got, wanted, code)

    def _compared(self, got: CallsSeen, wanted: CallsSeen, code: str) -> Finding:
        from tutor.checks.call_judge import Calls

        calls = Calls(self.expr, tuple(self.generate), self.cases, got, wanted, self.tolerance, code)
        if not calls.counted:
            return could_not_judge(f"the solution's `{self.expr}` gives no result for any of the inputs")
        return calls.finding() or passed(f"right on {len(calls.counted)} inputs")
