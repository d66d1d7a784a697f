"""Processes that load torch ahead, each for one run: what stands in for a zygote where a fork of it is not safe."""

from __future__ import annotations

import asyncio
import contextlib

import msgspec

from tutor.runtime import wire
from tutor.runtime.helper import Helper, LinkFault, boot
from tutor.runtime.link import Slot


class Spares:
    """Starts processes that load torch and park; it answers as a `Zygote` does."""

    def __init__(self, python: str, config: wire.Config, request: wire.SlotRequest) -> None:
        self._python = python
        self._config = config
        self._first: asyncio.Task[Slot] = asyncio.create_task(self._fresh(request))
        self._taken = False

    @property
    def alive(self) -> bool:
        """Whether processes can be started; there is nothing that could have died."""
        return True

    async def ready(self) -> wire.Ready:
        """Wait until the first of them has torch loaded."""
        slot = await asyncio.shield(self._first)
        if slot.ready is None:
            raise LinkFault("torch was not loaded")
        return slot.ready

    async def slot(self, request: wire.SlotRequest) -> Slot:
        """A process with torch loaded, locked down as far as this machine allows, and parked."""
        if not self._taken:
            first = await self._first
            self._taken = True
            if first.fits(request, sized=False):
                return first
            await first.end()
        return await self._fresh(request)

    async def ends_soon(self) -> bool:
        """Whether it is about to be gone, so that another one is to be made; never."""
        return False

    async def close(self, *, at_once: bool = False) -> None:
        """End the first process, where nobody took it."""
        if self._taken:
            return
        if at_once:
            self._first.cancel()
        with contextlib.suppress(LinkFault, asyncio.CancelledError):
            await (await self._first).end()

    async def _fresh(self, request: wire.SlotRequest) -> Slot:
        learner, learners = wire.pair()
        supervisor, supervisors = wire.pair()
        with learners, supervisors:
            passed = [learners.fileno(), supervisors.fileno()]
            try:
                helper = Helper(boot(self._python, "spare", passed), passed)
            except LinkFault:
                learner.close()
                supervisor.close()
                raise
        slot = Slot(request, learner, supervisor, helper)
        slot.tell(msgspec.structs.replace(self._config, request=request))
        try:
            await slot.parked()
        except BaseException:
            await asyncio.shield(asyncio.create_task(slot.end()))
            raise
        return slot
