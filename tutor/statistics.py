"""Plain figures of what a learner has done: steps, runs, days, and the time between runs."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable

import msgspec

PAUSE_S = 600.0
"""A longer time between two runs was spent elsewhere."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a course or lesson."""

    runs: int
    passed_runs: int
    minutes: int
    """The time between runs that followed each other within ten minutes."""
    days: int
    """Days on which something ran."""
    days_in_a_row: int
    """Days in a row that end today or yesterday."""


def figures(attempts: Iterable[tuple[float, bool]], today: datetime.date) -> Figures:
    """The figures of runs, each with its time in seconds since 1970 and whether it passed."""
    runs = sorted(attempts)
    gaps = (later - earlier for (earlier, _), (later, _) in itertools.pairwise(runs))
    days = {datetime.date.fromtimestamp(at) for at, _ in runs}
    return Figures(
        runs=len(runs),
        passed_runs=sum(passed for _, passed in runs),
        minutes=round(sum(gap for gap in gaps if gap <= PAUSE_S) / 60),
        days=len(days),
        days_in_a_row=_in_a_row(days, today),
    )


def _in_a_row(days: set[datetime.date], today: datetime.date) -> int:
    one = datetime.timedelta(days=1)
    day = today if today in days else today - one
    count = 0
    while day in days:
        count += 1
        day -= one
    return count
