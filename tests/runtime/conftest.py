"""A runtime for the tests of a module, at every level that this machine has."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tutor.runtime.client import Runtime, RuntimeFault
from tutor.runtime.levels import FORKED
from tutor.runtime.protocol import Level


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=FORKED, ids=str)
async def runtime(request: pytest.FixtureRequest) -> AsyncIterator[Runtime]:
    """A runtime at one level after the other; only the strongest may be missing on a machine."""
    level: Level = request.param
    async with Runtime(level=level) as started:
        try:
            await started.start()
        except RuntimeFault as fault:
            if level is FORKED[-1]:
                raise
            pytest.skip(str(fault))
        yield started
