"""Two hundred runs, twenty hostile ones among them, four at a time: none is lost, and nothing is left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.runtime.escapes import processes_seen
from tests.runtime.escapes.escape import Escape, holding_at, value_of
from tests.runtime.escapes.programs import ALL
from tests.runtime.escapes.ring import Ring
from tutor.runtime.client import RuntimeFault
from tutor.runtime.levels import FORKED
from tutor.runtime.protocol import Level, Outcome

RUNS, EVERY, AT_ONCE = 200, 10, 4


@pytest.mark.parametrize("level", FORKED)
async def test_none_is_lost_and_nothing_is_left(level: Level) -> None:
    before = processes_seen.open_descriptors(), processes_seen.mounts()
    try:
        ring = await Ring.opened(level)
    except RuntimeFault as fault:
        if level is FORKED[-1]:
            raise
        pytest.skip(str(fault))
    hostile = holding_at(level, (escape for _, escape in ALL))
    chosen = hostile[:: len(hostile) // (RUNS // EVERY)][: RUNS // EVERY]
    wrong: list[str] = []

    async def harmless(number: int) -> None:
        report = await ring.report_of(f"x = {number}")
        if (report.outcome, value_of(report)) != (Outcome.FINISHED, number):
            wrong.append(f"run {number}: {report.outcome} {report.detail} {value_of(report)}")

    async def attack(escape: Escape) -> None:
        report = await ring.let_loose(escape)
        if report.outcome is Outcome.RUNTIME_FAULT:
            wrong.append(f"{escape.tries}: {report.detail}")

    def work(number: int) -> Callable[[], Awaitable[None]]:
        if number % EVERY:
            return lambda: harmless(number)
        return lambda: attack(chosen[number // EVERY])

    await in_turn([work(number) for number in range(RUNS)])
    assert len(chosen) == RUNS // EVERY
    assert wrong == []
    assert await ring.close() == ()
    assert processes_seen.open_descriptors() - before[0] == set()
    assert processes_seen.mounts() == before[1]


async def in_turn(works: list[Callable[[], Awaitable[None]]]) -> None:
    """Do all, a few at a time, in their order."""

    async def worker() -> None:
        while works:
            await works.pop(0)()

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
