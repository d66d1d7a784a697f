"""Lines of a program being put in order: those that are used, then those that are put away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arrangement:
    """All lines in the order of the screen, of which the first `used` are the program."""

    lines: tuple[str, ...]
    used: int
    may_put_away: bool = False

    @property
    def program(self) -> str:
        """The used lines."""
        return "".join(f"{line}\n" for line in self.lines[: self.used])

    def moved(self, index: int, by: int) -> tuple[Arrangement, int]:
        """A line one place up (-1) or down (1), and where it then is; over the border it changes sides in its place."""
        if self.may_put_away and by > 0 and index == self.used - 1:
            return Arrangement(self.lines, self.used - 1, True), index
        if self.may_put_away and by < 0 and index == self.used:
            return Arrangement(self.lines, self.used + 1, True), index
        other = index + by
        if not 0 <= other < len(self.lines):
            return self, index
        lines = list(self.lines)
        lines[index], lines[other] = lines[other], lines[index]
        return Arrangement(tuple(lines), self.used, self.may_put_away), other

    def dragged(self, index: int, to: int | None) -> tuple[Arrangement, int]:
        """A line moved to the place of another one; with None, from the program over the border."""
        lines = self
        while to is None and index < lines.used and lines.may_put_away:
            lines, index = lines.moved(index, 1)
        while to is not None and index != to:
            lines, index = lines.moved(index, 1 if index < to else -1)
        return lines, index

    def toggled(self, index: int) -> Arrangement:
        """A line put away, above the others there, or brought back as the last of the program."""
        if not self.may_put_away:
            return self
        lines = [*self.lines[:index], *self.lines[index + 1 :]]
        used = self.used - 1 if index < self.used else self.used
        lines.insert(used, self.lines[index])
        return Arrangement(tuple(lines), used + (index >= self.used), True)

    def with_program(self, program: str) -> Arrangement:
        """The arrangement in which the program has these lines, as far as they are there; the others are put away.

        Where nothing can be put away, they follow at the end of the program.
        """
        left = Counter(self.lines)
        used: list[str] = []
        for line in (line.rstrip() for line in program.splitlines()):
            if left[line] > 0:
                left[line] -= 1
                used.append(line)
        rest = []
        for line in self.lines:
            if left[line] > 0:
                left[line] -= 1
                rest.append(line)
        return Arrangement((*used, *rest), len(used) if self.may_put_away else len(self.lines), self.may_put_away)


def arrangement(lines: Sequence[str], *, may_put_away: bool) -> Arrangement:
    """All lines used, in this order."""
    return Arrangement(tuple(lines), len(lines), may_put_away)
