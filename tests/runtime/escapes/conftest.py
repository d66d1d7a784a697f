"""Prints the table of results when all have run."""

from __future__ import annotations

import msgspec
import pytest

from tests.runtime.escapes.ring import Trial
from tests.runtime.escapes.table import table


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A table for each user that the programs ran as."""
    by_user: dict[str, list[Trial]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == "escape" and getattr(report, "when", "") == "call":
                    user, trial = value
                    by_user.setdefault(user, []).append(msgspec.convert(trial, Trial))
    for user, trials in sorted(by_user.items()):
        terminalreporter.section(f"escapes {user}".rstrip())
        for line in table(trials, user):
            terminalreporter.write_line(line)
