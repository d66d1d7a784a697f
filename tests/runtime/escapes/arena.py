"""One ring for every level that the machine has; a program is tried at all of them at once."""

from __future__ import annotations

import asyncio

from tests.runtime.escapes.escape import Escape, holding_at
from tests.runtime.escapes.ring import Ring, Trial
from tutor.runtime.client import RuntimeFault
from tutor.runtime.levels import FORKED


async def opened(missing: list[str]) -> list[Ring]:
    """A ring for each level that is a sandbox (a spare process loads torch for every run, and holds no stranger).

    Why a stronger level can't be had on this machine goes to `missing`; the weakest has to be there.
    """
    rings: list[Ring] = []
    try:
        for level in FORKED:
            try:
                rings.append(await Ring.opened(level))
            except RuntimeFault as fault:
                if level is FORKED[-1]:
                    raise
                missing.append(str(fault))
    except BaseException:
        await closed(rings)
        raise
    return rings


async def tried(rings: list[Ring], family: str, escape: Escape) -> list[Trial]:
    """Try one program in every ring that has to withstand it."""
    held = [ring for ring in rings if holding_at(ring.level, [escape])]
    return list(await asyncio.gather(*(ring.tried(family, escape) for ring in held)))


async def closed(rings: list[Ring]) -> list[Trial]:
    """End every ring; what is left of each."""
    left = await asyncio.gather(*(ring.close() for ring in rings))
    return [Trial("end", "leaves nothing", ring.level.value, "", what) for ring, what in zip(rings, left, strict=True)]
