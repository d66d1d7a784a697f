"""The tutor's handles on its own helper processes: the zygote, and the slots that it forks."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Self

import msgspec

from tutor.runtime import bubblewrap, watch, wire
from tutor.runtime.places import PACKAGE, PACKAGES
from tutor.runtime.protocol import Level

_BOOT = "import sys; sys.path[:] = sys.argv[2:]; from tutor.runtime import zygote; zygote.main(int(sys.argv[1]))"
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "TZ")
_SET = {
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",  # a set has the same order in every run, and in the solution's
    "PYTORCH_NVML_BASED_CUDA_CHECK": "1",  # asking for CUDA must not start it before a fork
    "GLOO_SOCKET_IFNAME": "lo",
}
_PATIENCE_S = 3.0
_END_S = 7.0


class LinkFault(Exception):
    """A helper process could not do its work, or is gone."""


class LevelFault(LinkFault):
    """The level can't be had on this machine."""


class Slot:
    """A process that was prepared for one run: the learner's socket, the supervisor's, and a handle of the latter."""

    def __init__(self, request: wire.SlotRequest, descriptors: list[int]) -> None:
        self.request = request
        self.learner = socket.socket(fileno=descriptors[0])
        self.supervisor = socket.socket(fileno=descriptors[1])
        self._handle = descriptors[2]
        self.learner.setblocking(False)
        self.supervisor.setblocking(False)

    async def parked(self) -> None:
        """Wait until the process is locked down; LinkFault with the reason where it could not be."""
        try:
            data = await asyncio.get_running_loop().sock_recv(self.supervisor, wire.LARGEST)
        except OSError:
            data = b""
        message = wire.from_supervisor(data) if data else wire.Fault("the supervisor of a run ended at once")
        if not isinstance(message, wire.Parked):
            raise LinkFault(f"The protections could not be put on: {last_line(getattr(message, 'text', ''))}")

    def tell(self, message: msgspec.Struct) -> None:
        """Send the supervisor a message; where it has ended meanwhile, nothing is to be said."""
        with contextlib.suppress(OSError):
            self.supervisor.send(wire.encode(message))

    async def end(self) -> None:
        """End what still runs, wait until nothing is left of it, and close."""
        self.learner.close()
        self.tell(wire.Kill())
        try:
            if not await self._ends_within(_END_S):
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._handle, signal.SIGKILL)
                await self._ends_within(_END_S)
        finally:
            self.supervisor.close()
            os.close(self._handle)

    async def _ends_within(self, seconds: float) -> bool:
        """Whether the supervisor, and with it all that it watches, has ended by then."""
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[None] = loop.create_future()
        loop.add_reader(self._handle, _settle, ended)
        try:
            async with asyncio.timeout(seconds):
                await ended
        except TimeoutError:
            return False
        finally:
            loop.remove_reader(self._handle)
        return True


class Zygote:
    """A process that loads torch and forks slots."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket, errors: int) -> None:
        self._process = process
        self._control = control
        self._errors = errors
        self._asking = asyncio.Lock()
        self._scratch_root = ""

    @classmethod
    def spawn(cls, python: str, config: wire.Config) -> Self:
        """Start it with a scrubbed environment and give it its configuration."""
        try:
            around = bubblewrap.command() if config.level is Level.JAIL else []
        except OSError as error:
            raise LevelFault(str(error)) from None
        ours, theirs = wire.pair()
        ours.setblocking(False)
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        with tempfile.TemporaryFile() as errors, theirs:
            try:
                process = subprocess.Popen(
                    [*around, python, "-s", "-P", "-B", "-c", _BOOT, str(theirs.fileno()), *import_path()],
                    env={**environment, **_SET},
                    pass_fds=(theirs.fileno(),),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=errors,
                    start_new_session=True,  # Ctrl+C in the terminal is for the tutor, not for it
                )
            except OSError as error:
                ours.close()
                raise LinkFault(f"Python can't be started: {error}") from None
            ours.send(wire.encode(config))
            return cls(process, ours, os.dup(errors.fileno()))

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    async def ready(self) -> wire.Ready:
        """Wait until torch is loaded."""
        message = self._heard(await asyncio.get_running_loop().sock_recv(self._control, wire.LARGEST))
        if not isinstance(message, wire.Ready):
            raise LinkFault("torch was not loaded")
        self._scratch_root = message.scratch_root
        return message

    async def slot(self, request: wire.SlotRequest) -> Slot:
        """A new slot, locked down and parked. Not to be cancelled: the answer would be taken for the next one's."""
        async with self._asking:
            try:
                self._control.send(wire.encode(request))
                await _readable(self._control)
                data, descriptors, _, _ = socket.recv_fds(self._control, wire.LARGEST, 3)
            except OSError as error:
                raise LinkFault(f"The process that runs code is gone: {error}") from None
        if not isinstance(self._heard(data), wire.SlotMade):
            raise LinkFault("no process was prepared")
        slot = Slot(request, list(descriptors))
        try:
            await slot.parked()
        except LinkFault:
            await slot.end()
            raise
        return slot

    def _heard(self, data: bytes) -> wire.FromZygote:
        """A message of the zygote; its complaint, or its last words, as an exception."""
        words = "" if data else self._last_words()
        message = wire.from_zygote(data) if data else wire.Fault(words, level=words.startswith("bwrap: "))
        if not isinstance(message, wire.Fault):
            return message
        if message.level:
            raise LevelFault(last_line(message.text))
        raise LinkFault(f"The process that runs code could not go on: {last_line(message.text)}")

    def _last_words(self) -> str:
        size = os.fstat(self._errors).st_size
        return os.pread(self._errors, 4000, max(0, size - 4000)).decode(errors="replace") or "it ended without a word"

    async def ends_soon(self) -> bool:
        """Whether it is gone, or about to be."""
        return await asyncio.to_thread(_ends_within, self._process, 0.5)

    async def close(self, *, at_once: bool = False) -> None:
        """End it, by a closed socket unless at once, and what it would leave behind if it was killed."""
        if not at_once:
            try:
                async with asyncio.timeout(_PATIENCE_S), self._asking:  # whoever still waits for an answer gets it
                    self._control.close()
            except TimeoutError:
                at_once = True
        if at_once or not await asyncio.to_thread(_ends_within, self._process, _PATIENCE_S):
            self._process.kill()
            await asyncio.to_thread(self._process.wait)
        async with self._asking:
            self._control.close()
        os.close(self._errors)
        if self._scratch_root:
            await asyncio.to_thread(watch.remove_tree, self._scratch_root)


def _ends_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


async def _readable(one: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    arrived: asyncio.Future[None] = loop.create_future()
    loop.add_reader(one, _settle, arrived)
    try:
        await arrived
    finally:
        loop.remove_reader(one)


def _settle(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


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
