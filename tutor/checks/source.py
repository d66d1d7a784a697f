"""`source`: what the program uses, or does without."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from tutor.checks.base import Check, Finding
from tutor.checks.observed import could_not_judge, failed, passed
from tutor.checks.operations import computing, operation_name, operations
from tutor.checks.syntax import first_loop, line_of_use, parse
from tutor.runtime.protocol import Report

_FACTOR = re.compile(r"\s*(\d+(?:\.\d+)?)\s*x\s*")


class Ran(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Operations that must run, must not run, and how many may run in all."""

    uses: tuple[str, ...] = ()
    """Operations of torch by any of their names: "matmul" is `@`, `torch.mm`, `einsum` and `nn.Linear`, too."""
    avoids: tuple[str, ...] = ()
    """Operations that must not run."""
    at_most: Annotated[int, msgspec.Meta(ge=0)] | str | None = None
    """How many in all, views left out: a number, or `2x`, so many times what the solution runs. A loop over elements
    runs an operation for each of them, however it is written."""

    def __post_init__(self) -> None:
        if not self.uses and not self.avoids and self.at_most is None:
            raise ValueError("`operations` needs `uses`, `avoids` or `at_most`")
        if isinstance(self.at_most, str) and not _FACTOR.fullmatch(self.at_most):
            raise ValueError("`at_most` is a number, or `2x`, so many times what the solution runs")

    def limit(self, of_solution: int) -> float | None:
        """How many operations may run."""
        if not isinstance(self.at_most, str):
            return self.at_most
        match = _FACTOR.fullmatch(self.at_most)
        return float(match[1]) * of_solution if match else None


class Source(Check, frozen=True, kw_only=True):
    """The program's syntax tree uses all of some names and none of others; or the operations that ran do.

    What it does: reads the names, dotted names and loops of the program; comments and texts do not count. With
    `operations`, looks at what torch really ran on behalf of the learner's code, by its dispatcher, also inside of a
    `call` check; what runs in backward, in an optimizer's step or to fill parameters does not count.
    Why it matters: "without a loop" or "with autograd" can't be seen in the result, and a name can be spelled in many
    ways.
    Example: `{kind: source, uses: [torch.no_grad], avoids: [item], no_loops: true}`, or
    `{kind: source, operations: {uses: [matmul], avoids: [softmax], at_most: 2x}}`.
    Use instead: `equal` on values wherever the way does not matter.
    """

    kind: ClassVar[str] = "source"

    uses: tuple[str, ...] = ()
    """Names that must stand in it: "relu" in any form, "torch.relu" also under another import, "@", "dim="."""
    avoids: tuple[str, ...] = ()
    """Names that must not stand in it."""
    no_loops: bool = False
    """Whether loops and comprehensions are not allowed."""
    operations: Ran | None = None
    """What torch must, or must not, run on behalf of the learner's code."""

    def __post_init__(self) -> None:
        if not (self.uses or self.avoids or self.no_loops or self.operations):
            raise ValueError("a source check needs `uses`, `avoids`, `no_loops: true` or `operations`")

    @property
    def counts_operations(self) -> bool:
        """Whether the operations of the run are asked for."""
        return self.operations is not None

    @property
    def title(self) -> str:
        """What is looked at."""
        return "your code"

    def judge(self, seen: Report, expected: Report, code: str) -> Finding:
        """Look for what must and must not be there."""
        if parse(code) is None:
            return failed("the program is not valid Python yet")
        for name in self.uses:
            if line_of_use(code, name) is None:
                return failed(f"your code does not use `{name}`", next=f"This task asks for `{name}`.")
        for name in self.avoids:
            line = line_of_use(code, name)
            if line is not None:
                return failed(
                    f"line {line} uses `{name}`", next=f"This task asks for a way without `{name}`.", line=line
                )
        loop = first_loop(code) if self.no_loops else None
        if loop is not None:
            next_ = "Let one operation work on the whole tensor."
            return failed(f"line {loop} has a loop, and the task asks for none", next=next_, line=loop)
        if self.operations is not None:
            found = _ran(self.operations, operations(seen), operations(expected))
            if found is not None:
                return found
        words = [f"`{name}`" for name in self.uses[:2]] if self.uses else []
        return passed(f"uses {' and '.join(words)}" if words else "written in the way that was asked for")


def _ran(wanted: Ran, seen: dict[str, int], expected: dict[str, int]) -> Finding | None:
    """What is wrong with the operations that ran."""
    for name in wanted.uses:
        family = operation_name(name)
        if family not in expected:
            return could_not_judge(f"the solution runs no `{name}`")
        if family not in seen:
            next_ = f"This task asks for `{name}`, however you write it."
            return failed(f"no `{name}` was run by your code", next=next_, relation="operation-missing")
    for name in wanted.avoids:
        count = seen.get(operation_name(name), 0)
        if count:
            times = "once" if count == 1 else f"{count} times"
            next_ = f"This task asks for a way without `{name}`."
            return failed(f"your code ran `{name}` {times}", next=next_, relation="operation-used")
    mine, theirs = computing(seen), computing(expected)
    total, limit = sum(mine.values()), wanted.limit(sum(theirs.values()))
    if limit is not None and total > limit:
        most = max(mine, key=lambda name: mine[name])
        why = f"Most often `{most}`: {mine[most]} times. The solution runs {sum(theirs.values())} in all."
        next_ = "Where a loop runs the same operation again and again, let one work on the whole tensor."
        return failed(f"{total} operations ran, expected at most {limit:.0f}", why, next_, "too-many-operations")
    return None
