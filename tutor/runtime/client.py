"""The tutor's side of the runtime: a zygote that loads torch in the background, and one run after the other.

Nothing here imports torch, and nothing that a learner's program does raises: a run always ends in a Report.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Self

from tutor.runtime import wire
from tutor.runtime.places import PACKAGE, PACKAGES
from tutor.runtime.protocol import Job, Level, Limits, Outcome, Report, RunEvent, RuntimeInfo
from tutor.runtime.running import Running, Slot

LEVEL_VARIABLE = "TORCH_TUTOR_LEVEL"
"""Environment variable that asks for a level; a level that can't be had is then an error."""
_BOOT = "import sys; sys.path[:] = sys.argv[2:]; from tutor.runtime import zygote; zygote.main(int(sys.argv[1]))"
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "TZ")
_SET = {
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTORCH_NVML_BASED_CUDA_CHECK": "1",  # asking for CUDA must not start it before a fork
}
_CLOSING_S = 3.0


class RuntimeFault(Exception):
    """The runtime can't start: torch can't be imported, or the level asked for can't be had."""


class Runtime:
    """Runs jobs, each in a new process that is locked down and has torch ready. Belongs to one event loop."""

    def __init__(
        self, *, level: Level | None = None, sklearn: bool = False, device: str = "cpu", python: str = sys.executable
    ) -> None:
        self._asked = level
        self._preload = ("sklearn",) if sklearn else ()
        self.device = device
        self._python = python
        self._zygote: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._complaints: IO[bytes] | None = None
        self._starting: asyncio.Task[RuntimeInfo] | None = None
        self._began = 0.0
        self._parking: asyncio.Task[Slot] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._asking = asyncio.Lock()
        self._one_run = asyncio.Lock()
        self._running: Running | None = None
        self.info: RuntimeInfo | None = None

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
        if self._zygote is not None and self._zygote.poll() is not None:
            self._forget()
        if self._starting is None or (self._starting.done() and not self.ready):
            self._starting = asyncio.create_task(self._start())
        return await asyncio.shield(self._starting)

    async def _start(self) -> RuntimeInfo:
        self._began = time.perf_counter()
        level = self._level()
        ours, theirs = wire.pair()
        ours.setblocking(False)
        self._control = ours
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the zygote
        try:
            self._zygote = self._spawn(theirs)
        except OSError as error:
            raise RuntimeFault(f"Python can't be started: {error}") from None
        finally:
            theirs.close()
        loop = asyncio.get_running_loop()
        ours.send(wire.encode(wire.Config(level=level, preload=self._preload)))
        message = await self._hear(await loop.sock_recv(ours, wire.LARGEST))
        if not isinstance(message, wire.Ready):
            raise RuntimeFault("torch was not loaded")
        self.info = RuntimeInfo(
            torch_version=message.torch_version,
            python_version=message.python_version,
            level=level,
            protections=message.protections,
            load_s=self.loading_s,
        )
        self._park(Limits())
        return self.info

    def _level(self) -> Level:
        asked = os.environ.get(LEVEL_VARIABLE, "")
        if self._asked is not None or not asked:
            return self._asked or Level.BASIC
        try:
            return Level(asked)
        except ValueError:
            known = ", ".join(level.value for level in Level)
            raise RuntimeFault(f"{LEVEL_VARIABLE} is {asked!r}; it can be {known}") from None

    def _spawn(self, theirs: socket.socket) -> subprocess.Popen[bytes]:
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return subprocess.Popen(
            [self._python, "-I", "-B", "-c", _BOOT, str(theirs.fileno()), *import_path()],
            env={**environment, **_SET},
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._complaints,
            start_new_session=True,  # Ctrl+C in the terminal is for the tutor, not for it
        )

    async def _hear(self, data: bytes) -> wire.FromZygote:
        """A message of the zygote; its complaint as RuntimeFault."""
        if data:
            message = wire.from_zygote(data)
            if not isinstance(message, wire.Fault):
                return message
            text = message.text
        else:
            text = self._complaint()
        raise RuntimeFault(f"The process that runs code could not start: {last_line(text)}")

    def _complaint(self) -> str:
        if self._complaints is None:
            return ""
        self._complaints.seek(0)
        return self._complaints.read()[-4000:].decode(errors="replace") or "it ended without a word"

    def _forget(self) -> None:
        """Drop a zygote that has ended, so that a new one can be started."""
        self.info = None
        self._starting = None
        if self._parking is not None:
            self._parking.cancel()
            self._parking = None
        for thing in (self._control, self._complaints):
            if thing is not None:
                thing.close()
        self._zygote = self._control = self._complaints = None

    async def close(self) -> None:
        """Stop what runs and end every process; may be called twice."""
        self.stop()
        if self._starting is not None and not self._starting.done():
            self._starting.cancel()
        parking, self._parking = self._parking, None
        if parking is not None:
            with contextlib.suppress(asyncio.CancelledError, OSError, RuntimeFault):
                await (await parking).end()
        if self._ending:
            await asyncio.wait(self._ending)
        if self._control is not None:
            self._control.close()
        if self._zygote is not None:
            await asyncio.to_thread(_wait_or_kill, self._zygote)
        self._forget()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # ---- runs ---------------------------------------------------------------------------------------------------

    async def run(self, job: Job, on_event: Callable[[RunEvent], None] | None = None) -> Report:
        """Run a job; events come in the event loop, output at most 20 times a second for each stream."""
        async with self._one_run:
            began = time.perf_counter()
            try:
                slot = await self._slot(job.limits)
            except (RuntimeFault, OSError) as fault:
                return Report(outcome=Outcome.RUNTIME_FAULT, detail=last_line(str(fault)))
            level = self.info.level if self.info else Level.BASIC
            self._running = Running(job, slot, level, time.perf_counter() if began < self._began else began, on_event)
            try:
                return await self._running.report()
            except OSError as error:
                return Report(outcome=Outcome.RUNTIME_FAULT, detail=f"The run could not be handed over: {error}")
            finally:
                self._running = None
                self._end(slot)
                self._park(job.limits)

    def stop(self) -> None:
        """Interrupt the current run; where it does not end by itself, it is killed."""
        if self._running is not None:
            self._running.stop(Outcome.INTERRUPTED)

    async def _slot(self, limits: Limits) -> Slot:
        """A parked slot of the right size; a zygote that has died is started again, once."""
        for attempt in (1, 2):
            await self.start()
            parking, self._parking = self._parking, None
            try:
                slot = await (parking or self._new_slot(request_for(limits)))
                if slot.request == request_for(limits):
                    return slot
                self._end(slot)
                return await self._new_slot(request_for(limits))
            except (OSError, RuntimeFault, asyncio.CancelledError):
                if attempt == 2 or not await self._has_died():
                    raise
                self._forget()
        raise RuntimeFault("unreachable")

    async def _has_died(self) -> bool:
        """Whether the zygote is gone, or about to be."""
        if self._zygote is None:
            return True
        with contextlib.suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(self._zygote.wait, 0.5)
        return self._zygote.poll() is not None

    def _park(self, limits: Limits) -> None:
        """Prepare the next process while the learner reads."""
        if self._parking is None and self._control is not None:
            self._parking = asyncio.create_task(self._new_slot(request_for(limits)))
            self._parking.add_done_callback(_seen)

    def _end(self, slot: Slot) -> None:
        ending = asyncio.create_task(slot.end())
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def _new_slot(self, request: wire.SlotRequest) -> Slot:
        async with self._asking:
            if self._control is None:
                raise RuntimeFault("the process that runs code is gone")
            self._control.send(wire.encode(request))
            data, descriptors = await _receive(self._control)
        if not isinstance(await self._hear(data), wire.SlotMade):
            raise RuntimeFault("no process was prepared")
        slot = Slot(request, descriptors)
        try:
            await slot.parked()
        except OSError as error:
            self._end(slot)
            raise RuntimeFault(f"The protections could not be put on: {last_line(str(error))}") from None
        return slot


def request_for(limits: Limits) -> wire.SlotRequest:
    """What of the limits is fixed before the job is known."""
    return wire.SlotRequest(scratch_mb=limits.scratch_mb, processes=limits.processes)


def import_path() -> list[str]:
    """Where the zygote imports from: this Python, its packages and our own, but no folder of a script or a user."""
    roots = {Path(root).resolve() for root in (sys.prefix, sys.base_prefix)}
    entries = [Path(entry) for entry in sys.path if entry]
    ours = PACKAGE.parent
    kept = [
        entry
        for entry in entries
        if entry.name in PACKAGES or entry == ours or not roots.isdisjoint((entry.resolve(), *entry.resolve().parents))
    ]
    return [str(entry) for entry in (kept if ours in kept else [ours, *kept])]


def last_line(text: str) -> str:
    """The last line of a traceback: what went wrong."""
    return text.strip().splitlines()[-1] if text.strip() else "no reason was given"


def _seen(task: asyncio.Task[Slot]) -> None:
    """Take note of an error, so that it is not reported as lost; the next run meets and tells it."""
    if not task.cancelled():
        task.exception()


def _wait_or_kill(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_CLOSING_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


async def _receive(control: socket.socket) -> tuple[bytes, list[int]]:
    """The next datagram and the descriptors that came with it."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Future[None] = loop.create_future()

    def readable() -> None:
        if not arrived.done():
            arrived.set_result(None)

    loop.add_reader(control, readable)
    try:
        await arrived
    finally:
        loop.remove_reader(control)
    data, descriptors, _, _ = socket.recv_fds(control, wire.LARGEST, 3)
    return data, list(descriptors)
