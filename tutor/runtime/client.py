"""The tutor's side of the runtime: a zygote that loads torch in the background, and a new process for every run.

Nothing here imports torch, and nothing that a learner's program does raises: a run always ends in a Report.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Self

import msgspec

from tutor.runtime import choice, levels, wire
from tutor.runtime.choice import LEVEL_VARIABLE, RuntimeFault
from tutor.runtime.console import Console
from tutor.runtime.helper import LevelFault, LinkFault, last_line
from tutor.runtime.link import Slot, Zygote
from tutor.runtime.protocol import Answer, Job, Level, Limits, Outcome, Output, Report, RunEvent, RuntimeInfo
from tutor.runtime.running import Running
from tutor.runtime.spares import Spares
from tutor.runtime.turn import Turn

__all__ = ["LEVEL_VARIABLE", "Runtime", "RuntimeFault"]

PARK_AFTER_S = 0.03
"""How long after a report the next process is prepared."""


class Runtime:
    """Runs jobs, each in a new process that is locked down and has torch ready. Belongs to one event loop."""

    def __init__(
        self,
        *,
        level: Level | None = None,
        strict: bool = True,
        sklearn: bool = False,
        device: str = "cpu",
        python: str = sys.executable,
    ) -> None:
        """With `strict`, a level or a device that was asked for and can't be had is an error, else a warning in `info`.

        Without `level`, the variable TORCH_TUTOR_LEVEL asks for one, else it is the strongest that works.
        """
        self._asked = level
        self._strict = strict
        self._preload: tuple[str, ...] = ("sklearn",) if sklearn else ()
        self._python = python
        self.device = device
        self.info: RuntimeInfo | None = None
        self._source: Zygote | Spares | None = None
        self._starting: asyncio.Task[RuntimeInfo] | None = None
        self._began = 0.0
        self._parking: asyncio.Task[Slot] | None = None
        self._loading: asyncio.Task[Slot] | None = None
        """The preparation that loads more than there was."""
        self._turns: set[Turn] = set()
        self._console: Console | None = None
        self._cleaning: set[asyncio.Task[None]] = set()

    # ---- its life -----------------------------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """Whether torch is loaded, for the next run too, and all that was asked for."""
        loading = self._parking if self._waits_for_torch else self._loading
        return self.info is not None and (loading is None or loading.done())

    @property
    def _waits_for_torch(self) -> bool:
        """Whether each run's own process loads torch."""
        return self.info is not None and self.info.level is Level.SPARE

    @property
    def loading_s(self) -> float:
        """Seconds since loading began; 0 where it has not."""
        return time.perf_counter() - self._began if self._began else 0.0

    def preload(self, module: str) -> None:
        """Have this loaded for all runs from now on: "sklearn", whose import takes seconds and much memory."""
        if module in self._preload:
            return
        self._preload = (*self._preload, module)
        if self.info is not None and self._source is not None:
            parking, self._parking = self._parking, None
            if parking is not None:
                self._later(_end_parked(parking))
            self._began = time.perf_counter()
            self._park(self._request(Limits()))
            self._loading = self._parking

    async def start(self) -> RuntimeInfo:
        """Load torch, or wait until it is loaded; raises RuntimeFault where that fails."""
        if self.info is not None and self._source is not None and not self._source.alive:
            self._forget()
        if self._starting is None or (self._starting.done() and self.info is None):
            self._starting = asyncio.create_task(self._start())
            self._starting.add_done_callback(_seen)
        return await asyncio.shield(self._starting)

    async def _start(self) -> RuntimeInfo:
        self._began = time.perf_counter()
        asked = choice.asked_level(self._asked)
        failures: list[str] = []
        for level in choice.wanted(asked, self.device, strict=self._strict):
            try:
                info = await self._start_at(level, "; ".join(failures))
            except LevelFault as fault:
                failures.append(f"the {level.value} level can't be had: {fault}")
            except LinkFault as fault:
                raise RuntimeFault(str(fault)) from None
            else:
                if asked not in (None, level):
                    info = msgspec.structs.replace(info, warning=choice.sentence(failures))
                return self._with_device(info)
        raise RuntimeFault(choice.sentence(failures))

    def _with_device(self, info: RuntimeInfo) -> RuntimeInfo:
        """The same with a warning where the device that was asked for is not there."""
        if self.device in info.devices:
            self.info = info
            return info
        why = f"{self.device} was asked for, but torch {info.torch_version} finds no such device here"
        if self._strict:
            self._forget()
            raise RuntimeFault(f"{why}.")
        self.info = msgspec.structs.replace(info, warning=f"{why}; your code runs on the CPU.")
        return self.info

    async def _start_at(self, level: Level, not_stronger: str) -> RuntimeInfo:
        request = self._request(Limits())
        config = wire.Config(level=level, device=self.device, request=request, not_stronger=not_stronger)
        alone = level is Level.SPARE
        source = Spares(self._python, config, request) if alone else Zygote.spawn(self._python, config)
        self._source = source
        try:
            ready = await source.ready()
        except BaseException:
            self._source = None
            self._later(source.close(at_once=True))
            raise
        self.info = RuntimeInfo(
            torch_version=ready.torch_version,
            python_version=ready.python_version,
            level=level,
            protections=ready.protections,
            devices=ready.devices,
            load_s=self.loading_s,
        )
        self._park(self._request(Limits()))
        return self.info

    def _forget(self) -> None:
        """Drop the zygote, so that a new one can be started, and clear up after it."""
        source, self._source = self._source, None
        parking, self._parking = self._parking, None
        self.info = self._starting = None
        self.let_go()
        if parking is not None:
            self._later(_end_parked(parking))
        if source is not None:
            self._later(source.close())

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

    async def run(self, job: Job, on_event: Callable[[RunEvent], None] | None = None, *, aside: bool = False) -> Report:
        """Run a job; events come in the event loop, output at most 20 times a second for each stream.

        The finished program that `evaluate` works in is let go, unless this run is made `aside` of it.
        """
        turn = Turn()
        self._turns.add(turn)
        if not aside:
            self.let_go()
        try:
            return await self._run(job, turn, on_event)
        except (RuntimeFault, LinkFault, OSError, msgspec.DecodeError) as fault:
            return self._no_run(turn, Outcome.RUNTIME_FAULT, last_line(str(fault)))
        finally:
            self._turns.discard(turn)

    async def _run(self, job: Job, turn: Turn, on_event: Callable[[RunEvent], None] | None) -> Report:
        if self.device != "cpu" and job.device == "cpu":
            job = msgspec.structs.replace(job, device=self.device)
        report = await self._run_in_slot(job, turn, on_event)
        if turn.running is not None and turn.running.was_lost:
            report = await self._run_in_slot(job, turn, on_event)
        return report

    async def _run_in_slot(self, job: Job, turn: Turn, on_event: Callable[[RunEvent], None] | None) -> Report:
        slot = await self._slot(self._request(job.limits), turn)
        if slot is None:
            return self._no_run(turn, Outcome.INTERRUPTED)
        if self._waits_for_torch:  # which takes seconds, so the next process begins now
            self._park(slot.request)
        level = self.info.level if self.info else levels.BUILT[-1]
        try:
            turn.running = Running(job, slot, level, turn.began, on_event)
            return await turn.running.report()
        finally:
            if job.console and turn.running is not None and turn.running.reported:
                self.let_go()
                self._console = Console(slot, job.limits)
            else:
                self._later(slot.end())
            if not self._waits_for_torch:
                # Preparing the next process takes a processor, which the learner's verdicts are wanted from first.
                asyncio.get_running_loop().call_later(PARK_AFTER_S, self._park, slot.request)

    async def evaluate(self, code: str, on_output: Callable[[Output], None] | None = None) -> Answer:
        """Run code in the finished program of the last job that asked for a console, until the next run."""
        console = self._console
        if console is None:
            return Answer(outcome=Outcome.ENDED_EARLY, detail="there is no finished run")
        answer = await console.evaluate(code, on_output)
        if console is self._console and not console.alive:
            self.let_go()
        return answer

    @property
    def has_program(self) -> bool:
        """Whether there is a finished program to evaluate code in."""
        return self._console is not None

    def let_go(self) -> None:
        """End the finished program that a console was for."""
        console, self._console = self._console, None
        if console is not None:
            self._later(console.end())

    def _no_run(self, turn: Turn, outcome: Outcome, detail: str = "") -> Report:
        level = self.info.level if self.info else levels.BUILT[-1]
        return Report(outcome=outcome, detail=detail, level=level, wall_s=time.perf_counter() - turn.began)

    def stop(self) -> None:
        """Interrupt the current run; where it does not end by itself, it is killed."""
        for turn in self._turns:
            turn.stop()
        if self._console is not None:
            self._console.stop()

    async def _slot(self, request: wire.SlotRequest, turn: Turn) -> Slot | None:
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
                if attempt == 2 or (self._source is not None and not await self._source.ends_soon()):
                    raise
                self._forget()
        return None

    async def _get(self, request: wire.SlotRequest) -> Slot:
        await self.start()
        parking, self._parking = self._parking, None
        if parking is not None:
            slot = await parking
            if slot.fits(request, sized=self.info is not None and self.info.level is Level.FULL):
                return slot
            self._later(slot.end())
        if self._source is None:
            raise LinkFault("The process that runs code is gone.")
        return await self._source.slot(request)

    def _park(self, request: wire.SlotRequest) -> None:
        """Prepare the next process while the learner reads."""
        if self._parking is None and self._source is not None and self.info is not None:
            if self._waits_for_torch:
                self._began = time.perf_counter()
            self._parking = asyncio.create_task(self._source.slot(request))
            self._parking.add_done_callback(_seen)

    def _request(self, limits: Limits) -> wire.SlotRequest:
        """What has to be fixed before the job is known."""
        return wire.SlotRequest(scratch_mb=limits.scratch_mb, processes=limits.processes, preload=self._preload)

    def _later(self, work: Coroutine[None, None, None]) -> None:
        """Clear up in the background; `close` waits for it."""
        task = asyncio.create_task(work)
        self._cleaning.add(task)
        task.add_done_callback(self._cleaning.discard)


async def _end_parked(parking: asyncio.Task[Slot]) -> None:
    """End a slot that nobody needs any more, once it is there."""
    await asyncio.wait([parking])
    if not parking.cancelled() and parking.exception() is None:
        await parking.result().end()


def _seen(task: asyncio.Task[Slot] | asyncio.Task[RuntimeInfo]) -> None:
    """Take note of an error, so that it is not reported as lost; the next run meets and tells it."""
    if not task.cancelled():
        task.exception()
