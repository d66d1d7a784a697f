"""`source`: what the program uses, or does without."""

from __future__ import annotations

from typing import ClassVar

from tutor.checks.base import Check, Finding
from tutor.checks.observed import failed, passed
from tutor.checks.syntax import first_loop, line_of_use, parse
from tutor.runtime.protocol import Report


class Source(Check, frozen=True, kw_only=True):
    """The program's syntax tree uses all of some names, and none of others.

    What it does: reads the names, dotted names and loops of the program; comments and texts do not count.
    Why it matters: "without a loop" or "with autograd" can't be seen in the result.
    Example: `{kind: source, uses: [torch.no_grad], avoids: [item], no_loops: true}`.
    Use instead: `equal` on values wherever the way does not matter.
    """

    kind: ClassVar[str] = "source"

    uses: tuple[str, ...] = ()
    """Names that must stand in it: "relu" in any form, "torch.relu" also under another import, "@", "dim="."""
    avoids: tuple[str, ...] = ()
    no_loops: bool = False
    """Whether loops and comprehensions are not allowed."""

    def __post_init__(self) -> None:
        if not (self.uses or self.avoids or self.no_loops):
            raise ValueError("a source check needs `uses`, `avoids` or `no_loops: true`")

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
        words = [f"`{name}`" for name in self.uses[:2]] if self.uses else []
        return passed(f"uses {' and '.join(words)}" if words else "written in the way that was asked for")
