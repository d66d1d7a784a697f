"""Which steps of a run its curve shows: all of them, or a stretch that was zoomed in on."""

from __future__ import annotations

from dataclasses import dataclass

LEAST = 4
"""Steps that a stretch has at least, where the run has as many."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many steps, up to the one numbered `last`; steps are counted from 1."""

    length: int | None = None
    """None for all steps."""
    last: int | None = None
    """None for the newest, however many come."""

    def ends(self, steps: int) -> tuple[int, int]:
        """The first and the last step that are shown of so many."""
        length = min(self.length or steps, steps)
        last = max(min(self.last or steps, steps), length)
        return last - length + 1, last

    def scaled(self, factor: float, steps: int, share: float) -> Stretch:
        """So many times as long; the step at `share` of it, from 0 at its first to 1 at its last, stays where it is."""
        first, last = self.ends(steps)
        length = max(LEAST, round((last - first + 1) * factor))
        if length >= steps:
            return WHOLE
        kept = first + share * (last - first)
        return _within(round(kept - share * (length - 1)), length, steps)

    def moved(self, share: float, steps: int) -> Stretch:
        """The same length, further on by `share` of it, or back."""
        if self.length is None:
            return self
        first, last = self.ends(steps)
        length = last - first + 1
        by = max(1, round(abs(share) * length))
        return _within(first + (by if share > 0 else -by), length, steps)


WHOLE = Stretch()
"""All steps."""


def _within(first: int, length: int, steps: int) -> Stretch:
    """The stretch that begins there, or as near as the run has steps; at the end of the run it stays at the end."""
    last = max(first, 1) + length - 1
    return Stretch(length, None if last >= steps else last)
