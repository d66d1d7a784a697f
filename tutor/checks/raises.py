"""`raises`: the program ends in the error that the task asks for."""

from __future__ import annotations

import re
from typing import ClassVar

from tutor.checks.base import Check, Finding
from tutor.checks.observed import explained, failed, first_line, passed
from tutor.runtime.protocol import Report


class Raises(Check, frozen=True, kw_only=True):
    """The program raised this type of error, with a message that matches.

    What it does: compares the type's name, and searches the message for a regular expression.
    Why it matters: some tasks are about provoking an error and reading it.
    Example: `{kind: raises, error: RuntimeError, matches: does not require grad}`.
    Use instead: `equal` on a value that the program keeps after catching the error.
    """

    kind: ClassVar[str] = "raises"

    error: str
    """The name of its type: RuntimeError."""
    matches: str | None = None
    """A regular expression that is searched for in its message."""

    def __post_init__(self) -> None:
        if not self.error.strip():
            raise ValueError("`error` must name the type of an error, such as `RuntimeError`")
        if self.matches is not None:
            try:
                re.compile(self.matches)
            except re.error as error:
                raise ValueError(f"`matches` is no regular expression: {error}") from None

    @property
    def title(self) -> str:
        """The type of the error."""
        return self.error

    def judge(self, seen: Report, expected: Report, code: str) -> Finding:
        """Compare type and message."""
        error = seen.error
        if error is None:
            return failed(f"the program ran to its end, expected {self.error}")
        if error.type != self.error:
            return failed(f"got {first_line(error)}, expected {self.error}", *explained(error), line=error.line)
        if self.matches is not None and not re.search(self.matches, error.message):
            finding = f"{self.error}, but for another reason than the one asked for"
            return failed(finding, *explained(error), line=error.line)
        return passed(f"raised in line {error.line}" if error.line is not None else "raised")
