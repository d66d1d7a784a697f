"""The tutor's side of the runtime: a zygote that loads torch in the background, and a new process for every run.

Nothing here imports torch, and nothing that a learner's program does raises: a run always ends in a Report.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Self

import msgspec

from tutor.runtime import levels, wire
from tutor.runtime.link import LevelFault, LinkFault, Slot, Zygote, last_line
from tutor.runtime.protocol import Job, Level, Limits, Outcome, Report, RunEvent, RuntimeInfo
from tutor.runtime.running import Running

LEVEL_VARIABLE = "TORCH_TUTOR_LEVEL"
"""Environment variable that asks for a level; a level that can't be had is then an error."""

PARK_AFTER_S = 0.03
"""How long after a report the next process is prepared."""


class RuntimeFault(Exception):
    """The runtime can't start: torch can't be imported, or the level asked for can't be had."""


class _Turn:
    """One call of `run`, from its first moment on, so that it can be stopped also while it waits."""

    def __init__(self) -> None:
        self.began = time.perf_counter()
        self.stopped: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.running: Running | None = None

    def stop(self) -> None:
        if self.running is not None:
            self.running.stop(Outcome.INTERRUPTED)
        elif not self.stopped.done():
            self.stopped.set_result(None)


class Runtime:
    """Runs jobs, each in a new process that is locked down and has torch ready. Belongs to one event loop."""

    def __init__(
        self, *, level: Level | None = None, sklearn: bool = False, device: str = "cpu", python: str = sys.executable
    ) -> None:
        self._asked = level
        self._preload = ("sklearn",) if sklearn else ()
        self._python = python
        self.device = device
        self.info: RuntimeInfo | None = None
        self._zygote: Zygote | None = None
        self._starting: asyncio.Task[RuntimeInfo] | None = None
        self._began = 0.0
        self._parking: asyncio.Task[Slot] | None = None
        self._turns: set[_Turn] = set()
        self._cleaning: set[asyncio.Task[None]] = set()

    # ---- its life -----------------------------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """Whether torch is loaded."""
        return self.info is not None

    @property
    def loading_s(self) -> float:
        """Seconds since loading began; 0 where it has not."""
        return time.perf_counter() - self._began if self._began else 0.0

    async def start(self) -> RuntimeInfo:
        """Load torch, or wait until it is loaded; raises RuntimeFault where that fails."""
        if self.ready and self._zygote is not None and not self._zygote.alive:
            self._forget()
        if self._starting is None or (self._starting.done() and not self.ready):
            self._starting = asyncio.create_task(self._start())
            self._starting.add_done_callback(_seen)
        return await asyncio.shield(self._starting)

    async def _start(self) -> RuntimeInfo:
        self._began = time.perf_counter()
        asked = self._level()
        wanted = (asked,) if asked is not None else levels.BUILT
        failures: list[str] = []
        for level in wanted:
            try:
                return await self._start_at(level, "; ".join(failures))
            except LevelFault as fault:
                failures.append(f"the {level.value} level can't be had: {fault}")
            except LinkFault as fault:
                raise RuntimeFault(str(fault)) from None
        why = "; ".join(failures)
        raise RuntimeFault(why[:1].upper() + why[1:])

    def _level(self) -> Level | None:
        asked = os.environ.get(LEVEL_VARIABLE, "")
        if self._asked is not None or not asked:
            return self._asked
        try:
            return Level(asked)
        except ValueError:
            known = ", ".join(level.value for level in levels.BUILT)
            raise RuntimeFault(f"{LEVEL_VARIABLE} is {asked!r}; it can be {known}") from None

    async def _start_at(self, level: Level, not_stronger: str) -> RuntimeInfo:
        config = wire.Config(level=level, preload=self._preload, not_stronger=not_stronger)
        zygote = self._zygote = Zygote.spawn(self._python, config)
        try:
            ready = await zygote.ready()
        except BaseException:
            self._zygote = None
            self._later(zygote.close(at_once=True))
            raise
        self.info = RuntimeInfo(
            torch_version=ready.torch_version,
            python_version=ready.python_version,
            level=level,
            protections=ready.protections,
            load_s=self.loading_s,
        )
        self._park(_request(Limits()))
        return self.info

    def _forget(self) -> None:
        """Drop the zygote, so that a new one can be started, and clear up after it."""
        zygote, self._zygote = self._zygote, None
        parking, self._parking = self._parking, None
        self.info = self._starting = None
        if parking is not None:
            self._later(_end_parked(parking))
        if zygote is not None:
            self._later(zygote.close())

    async def close(self) -> None:
        """Stop what runs and end every process; may be called twice."""
        self.stop()
        if self._starting is not None and not self._starting.done():
            self._starting.cancel()
            await asyncio.wait([self._starting])
        self._forget()
        while self._cleaning:
            await asyncio.wait(self._cleaning)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # ---- runs ---------------------------------------------------------------------------------------------------

    async def run(self, job: Job, on_event: Callable[[RunEvent], None] | None = None) -> Report:
        """Run a job; events come in the event loop, output at most 20 times a second for each stream."""
        turn = _Turn()
        self._turns.add(turn)
        try:
            return await self._run(job, turn, on_event)
        except (RuntimeFault, LinkFault, OSError, msgspec.DecodeError) as fault:
            return self._no_run(turn, Outcome.RUNTIME_FAULT, last_line(str(fault)))
        finally:
            self._turns.discard(turn)

    async def _run(self, job: Job, turn: _Turn, on_event: Callable[[RunEvent], None] | None) -> Report:
        if self.device != "cpu" and job.device == "cpu":
            job = msgspec.structs.replace(job, device=self.device)
        slot = await self._slot(_request(job.limits), turn)
        if slot is None:
            return self._no_run(turn, Outcome.INTERRUPTED)
        level = self.info.level if self.info else levels.BUILT[-1]
        try:
            turn.running = Running(job, slot, level, turn.began, on_event)
            return await turn.running.report()
        finally:
            self._later(slot.end())
            # Preparing the next process takes a processor, which the learner's verdicts are wanted from first.
            asyncio.get_running_loop().call_later(PARK_AFTER_S, self._park, slot.request)

    def _no_run(self, turn: _Turn, outcome: Outcome, detail: str = "") -> Report:
        level = self.info.level if self.info else levels.BUILT[-1]
        return Report(outcome=outcome, detail=detail, level=level, wall_s=time.perf_counter() - turn.began)

    def stop(self) -> None:
        """Interrupt the current run; where it does not end by itself, it is killed."""
        for turn in self._turns:
            turn.stop()

    async def _slot(self, request: wire.SlotRequest, turn: _Turn) -> Slot | None:
        """A parked slot of the right size, None where the run was stopped; a dead zygote is started again, once."""
        for attempt in (1, 2):
            getting = asyncio.create_task(self._get(request))
            try:
                await asyncio.wait((getting, turn.stopped), return_when=asyncio.FIRST_COMPLETED)
            except asyncio.CancelledError:
                self._later(_end_parked(getting))
                raise
            if turn.stopped.done():
                self._later(_end_parked(getting))
                return None
            try:
                return getting.result()
            except LinkFault:
                if attempt == 2 or (self._zygote is not None and not await self._zygote.ends_soon()):
                    raise
                self._forget()
        return None

    async def _get(self, request: wire.SlotRequest) -> Slot:
        await self.start()
        parking, self._parking = self._parking, None
        if parking is not None:
            slot = await parking
            if slot.request == request:
                return slot
            self._later(slot.end())
        if self._zygote is None:
            raise LinkFault("The process that runs code is gone.")
        return await self._zygote.slot(request)

    def _park(self, request: wire.SlotRequest) -> None:
        """Prepare the next process while the learner reads."""
        if self._parking is None and self._zygote is not None and self.ready:
            self._parking = asyncio.create_task(self._zygote.slot(request))
            self._parking.add_done_callback(_seen)

    def _later(self, work: Coroutine[None, None, None]) -> None:
        """Clear up in the background; `close` waits for it."""
        task = asyncio.create_task(work)
        self._cleaning.add(task)
        task.add_done_callback(self._cleaning.discard)


def _request(limits: Limits) -> wire.SlotRequest:
    """What of the limits is fixed before the job is known."""
    return wire.SlotRequest(scratch_mb=limits.scratch_mb, processes=limits.processes)


async def _end_parked(parking: asyncio.Task[Slot]) -> None:
    """End a slot that nobody needs any more, once it is there."""
    await asyncio.wait([parking])
    if not parking.cancelled() and parking.exception() is None:
        await parking.result().end()


def _seen(task: asyncio.Task[Slot] | asyncio.Task[RuntimeInfo]) -> None:
    """Take note of an error, so that it is not reported as lost; the next run meets and tells it."""
    if not task.cancelled():
        task.exception()
