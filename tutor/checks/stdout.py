"""`stdout`: what the program printed."""

from __future__ import annotations

import re
from typing import ClassVar

from tutor.checks.base import Check, Finding
from tutor.checks.observed import failed, passed
from tutor.runtime.protocol import Report

_SHOWN = 48


class Stdout(Check, frozen=True, kw_only=True):
    """The printed text contains, equals or matches; with none of the three, it equals what the solution prints.

    What it does: looks at standard output; spaces at the ends of lines and empty lines at the end do not count.
    Why it matters: some tasks are about what is shown.
    Example: `{kind: stdout, contains: "torch.float32"}`.
    Use instead: `equal` for a value; printed numbers are rounded.
    """

    kind: ClassVar[str] = "stdout"

    contains: str | None = None
    """A part of the text."""
    equals: str | None = None
    """The whole text."""
    matches: str | None = None
    """A regular expression that is searched for; `^` and `$` are ends of lines."""

    def __post_init__(self) -> None:
        if self.matches is not None:
            try:
                re.compile(self.matches, re.MULTILINE)
            except re.error as error:
                raise ValueError(f"`matches` is no regular expression: {error}") from None

    @property
    def title(self) -> str:
        """What is looked at."""
        return "printed text"

    def judge(self, seen: Report, expected: Report, code: str) -> Finding:
        """Look at the text, in the order contains, equals, matches."""
        text = tidy(seen.stdout)
        if not text and (self.contains or self.equals or self.matches or expected.stdout.strip()):
            return failed("nothing was printed", next="Show the result with `print(...)`.")
        if self.contains is not None and tidy(self.contains) not in text:
            return failed(f"the text lacks {_short(self.contains)}")
        wanted = self.equals
        if wanted is None and self.contains is None and self.matches is None:
            wanted = expected.stdout
        if wanted is not None and (difference := first_difference(text, tidy(wanted))):
            return failed(difference)
        if self.matches is not None and not re.search(self.matches, text, re.MULTILINE):
            return failed("the text does not have the form that was asked for")
        return passed("as expected")


def tidy(text: str) -> str:
    """The text without spaces at the ends of lines and without empty lines at its end."""
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n")


def first_difference(got: str, expected: str) -> str:
    """The first line that differs, in words; empty where none does."""
    have, want = got.split("\n"), expected.split("\n")
    for number, (a, b) in enumerate(zip(have, want, strict=False), start=1):
        if a != b:
            where = f"line {number}: " if max(len(have), len(want)) > 1 else ""
            return f"{where}got {_short(a)}, expected {_short(b)}"
    if len(have) == len(want):
        return ""
    return f"{_lines(len(have))}, expected {len(want)}"


def _lines(count: int) -> str:
    return f"{count} line" if count == 1 else f"{count} lines"


def _short(text: str) -> str:
    shown = repr(text)
    return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"
