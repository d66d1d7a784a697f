"""One runtime for all scripts of a file."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tutor.runtime.client import Runtime


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def runtime() -> AsyncIterator[Runtime]:
    async with Runtime() as running:
        yield running
