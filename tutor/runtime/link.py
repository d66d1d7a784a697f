"""The tutor's handles on its own helper processes: the zygote, and the slots that it forks."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import Self

import msgspec

from tutor.runtime import bubblewrap, watch, wire
from tutor.runtime.helper import ByHandle, Helper, LevelFault, LinkFault, Process, boot, last_line, readable
from tutor.runtime.protocol import Level

_PATIENCE_S = 3.0
_END_S = 7.0


class Slot:
    """A process that was prepared for one run: the learner's socket, the supervisor's, and the supervisor itself."""

    def __init__(
        self, request: wire.SlotRequest, learner: socket.socket, supervisor: socket.socket, process: Process
    ) -> None:
        self.request = request
        self.learner = learner
        self.supervisor = supervisor
        self.ready: wire.Ready | None = None
        self._process = process
        self._scratch = ""
        self.learner.setblocking(False)
        self.supervisor.setblocking(False)

    def fits(self, request: wire.SlotRequest, *, sized: bool) -> bool:
        """Whether it is what was asked for; `sized`: its scratch folder has a size of its own, and is not watched."""
        return (
            self.request.processes == request.processes
            and {*self.request.preload} >= {*request.preload}
            and not (sized and self.request.scratch_mb != request.scratch_mb)
        )

    async def parked(self) -> None:
        """Wait until the process is locked down; LinkFault with the reason where it could not be."""
        try:
            data = await asyncio.get_running_loop().sock_recv(self.supervisor, wire.LARGEST)
        except OSError:
            data = b""
        message = wire.from_supervisor(data) if data else wire.Fault(self._process.last_words)
        if not isinstance(message, wire.Parked):
            raise LinkFault(f"No process could be prepared: {last_line(getattr(message, 'text', ''))}")
        self.ready = message.ready
        self._scratch = message.scratch

    def tell(self, message: msgspec.Struct) -> None:
        """Send the supervisor a message; where it has ended meanwhile, nothing is to be said."""
        with contextlib.suppress(OSError):
            self.supervisor.send(wire.encode(message))

    async def end(self) -> None:
        """End what still runs, wait until nothing is left of it, and close."""
        self.learner.close()
        self.tell(wire.Kill())
        try:
            if not await self._process.ends_within(_END_S):
                self._process.kill()
                await self._process.ends_within(_END_S)
        finally:
            self.supervisor.close()
            self._process.close()
            if self._scratch:
                await asyncio.to_thread(watch.remove_tree, self._scratch)


class Zygote:
    """A process that loads torch and forks slots."""

    def __init__(self, helper: Helper, control: socket.socket) -> None:
        self._helper = helper
        self._control = control
        self._asking = asyncio.Lock()
        self._scratch_root = ""

    @classmethod
    def spawn(cls, python: str, config: wire.Config) -> Self:
        """Start it and give it its configuration."""
        try:
            around = bubblewrap.command() if config.level is Level.JAIL else []
        except OSError as error:
            raise LevelFault(str(error)) from None
        ours, theirs = wire.pair()
        ours.setblocking(False)
        with theirs:
            try:
                helper = Helper([*around, *boot(python, "zygote", [theirs.fileno()])], [theirs.fileno()])
            except LinkFault:
                ours.close()
                raise
        with contextlib.suppress(OSError):  # it is gone already; `ready` says why
            ours.send(wire.encode(config))
        return cls(helper, ours)

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._helper.alive

    async def ready(self) -> wire.Ready:
        """Wait until torch is loaded."""
        try:
            data = await asyncio.get_running_loop().sock_recv(self._control, wire.LARGEST)
        except ConnectionResetError:  # it ended before it had read its configuration
            data = b""
        message = self._heard(data)
        if not isinstance(message, wire.Ready):
            raise LinkFault("torch was not loaded")
        self._scratch_root = message.scratch_root
        return message

    async def slot(self, request: wire.SlotRequest) -> Slot:
        """A new slot, locked down and parked. Not to be cancelled: the answer would be taken for the next one's."""
        async with self._asking:
            try:
                self._control.send(wire.encode(request))
                await readable(self._control)
                data, descriptors, _, _ = socket.recv_fds(self._control, wire.LARGEST, 3)
            except OSError as error:
                raise LinkFault(f"The process that runs code is gone: {error}") from None
        if not isinstance(self._heard(data), wire.SlotMade):
            raise LinkFault("no process was prepared")
        learner, supervisor, handle = descriptors
        slot = Slot(request, socket.socket(fileno=learner), socket.socket(fileno=supervisor), ByHandle(handle))
        try:
            await slot.parked()
        except LinkFault:
            await slot.end()
            raise
        return slot

    def _heard(self, data: bytes) -> wire.FromZygote:
        """A message of the zygote; its complaint, or its last words, as an exception."""
        words = "" if data else self._helper.last_words
        message = wire.from_zygote(data) if data else wire.Fault(words, level=words.startswith("bwrap: "))
        if not isinstance(message, wire.Fault):
            return message
        if message.level:
            raise LevelFault(last_line(message.text))
        raise LinkFault(f"The process that runs code could not go on: {last_line(message.text)}")

    async def ends_soon(self) -> bool:
        """Whether it is gone, or about to be."""
        return await self._helper.ends_within(0.5)

    async def close(self, *, at_once: bool = False) -> None:
        """End it, by a closed socket unless at once, and what it would leave behind if it was killed."""
        if not at_once:
            try:
                async with asyncio.timeout(_PATIENCE_S), self._asking:  # whoever still waits for an answer gets it
                    self._control.close()
            except TimeoutError:
                at_once = True
        if at_once or not await self._helper.ends_within(_PATIENCE_S):
            await asyncio.to_thread(self._helper.kill)
        async with self._asking:
            self._control.close()
        self._helper.close()
        if self._scratch_root:
            await asyncio.to_thread(watch.remove_tree, self._scratch_root)
