"""The table of results: program by level, with the outcome and whether it was held."""

from __future__ import annotations

from collections.abc import Iterable

from tests.runtime.escapes.ring import Trial


def table(trials: Iterable[Trial], user: str = "") -> list[str]:
    """The lines of the table: one for each program, one column for each level."""
    rows: dict[tuple[str, str], dict[str, Trial]] = {}
    for trial in trials:
        rows.setdefault((trial.family, trial.tries), {})[trial.level] = trial
    levels = sorted({level for row in rows.values() for level in row}, key=["full", "jail", "basic", "spare"].index)
    wide = max((len(tries) for _, tries in rows), default=0)
    lines = [f"{user:{wide + 11}}" + "".join(f"{level:20}" for level in levels)]
    for (family, tries), row in rows.items():
        cells = (_cell(row.get(level)) for level in levels)
        lines.append(f"{family:9}  {tries:{wide}}" + "".join(f"{cell:20}" for cell in cells))
    for level in levels:
        here = [row[level] for row in rows.values() if level in row]
        lines.append(f"{level}: {sum(not trial.problems for trial in here)} of {len(here)} held")
    return [line.rstrip() for line in lines]


def _cell(trial: Trial | None) -> str:
    if trial is None:
        return "-"
    return f"{'BROKEN' if trial.problems else 'held'} {trial.outcome}"
