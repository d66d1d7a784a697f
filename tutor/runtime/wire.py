"""What the tutor and its own helper processes (zygote, supervisor) say to each other: small JSON datagrams.

None of it crosses into the learner's code; the learner's messages are those of `protocol`.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable

import msgspec

from tutor.runtime.protocol import Level, Limits, Protection

DATAGRAMS = socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_DGRAM
LARGEST = 1 << 16


class SlotRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Prepare a process for one run with these sizes (they are fixed before the job is known)."""

    scratch_mb: int
    processes: int
    preload: tuple[str, ...] = ()
    """What to have imported besides torch: "sklearn"."""


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """The first thing a zygote hears."""

    level: Level
    device: str = "cpu"
    request: SlotRequest = SlotRequest(scratch_mb=Limits().scratch_mb, processes=Limits().processes)
    """What a process that serves a single run is to be prepared for, and a zygote its first."""
    child: str = "tutor.runtime.child"
    """The module whose `serve` runs a job."""
    not_stronger: str = ""
    """Why a stronger level could not be had, where one was tried."""


class Ready(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The zygote has torch loaded."""

    torch_version: str
    python_version: str
    devices: tuple[str, ...] = ("cpu",)
    protections: tuple[Protection, ...] = ()
    scratch_root: str = ""
    """Folder that holds the scratch folders of the runs, where they are on the machine's disk."""


class Fault(msgspec.Struct, frozen=True, tag=True):
    """A helper process could not do its work."""

    text: str
    level: bool = False
    """Whether it is the level that can't be had on this machine; a weaker one may be."""


class SlotMade(msgspec.Struct, frozen=True, tag=True):
    """Comes with three descriptors: the learner's socket, the supervisor's socket, a pidfd of the supervisor."""

    pid: int


class Parked(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The learner's process is locked down and waits for its job."""

    ready: Ready | None = None
    """Where it has loaded torch by itself."""
    scratch: str = ""
    """Its folder, where that is on the machine's disk."""


class Watch(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The run begins: watch it. The client ends the run sooner than `seconds`, unless it is gone."""

    seconds: float
    memory_mb: int
    scratch_mb: int


class Interrupt(msgspec.Struct, frozen=True, tag=True):
    """Send SIGINT to the learner's processes."""


class Kill(msgspec.Struct, frozen=True, tag=True):
    """End the learner's processes now."""


class Ended(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """How the learner's process ended, from wait4."""

    why: str = ""
    """What the supervisor ended it for: "memory", "scratch", "time", "killed", or nothing."""
    code: int = -1
    signal: int = 0
    cpu_s: float = 0.0
    peak_mb: float = 0.0


FromZygote = Ready | Fault | SlotMade
FromSupervisor = Parked | Fault | Ended
ToSupervisor = Watch | Interrupt | Kill

_encoder = msgspec.json.Encoder()


def encode(message: msgspec.Struct | None) -> bytes:
    """One datagram."""
    return _encoder.encode(message)


ready: Callable[[bytes], Ready | None] = msgspec.json.Decoder(Ready | None).decode
config: Callable[[bytes], Config] = msgspec.json.Decoder(Config).decode
slot_request: Callable[[bytes], SlotRequest] = msgspec.json.Decoder(SlotRequest).decode
from_zygote: Callable[[bytes], FromZygote] = msgspec.json.Decoder(FromZygote).decode
from_supervisor: Callable[[bytes], FromSupervisor] = msgspec.json.Decoder(FromSupervisor).decode
to_supervisor: Callable[[bytes], ToSupervisor] = msgspec.json.Decoder(ToSupervisor).decode
"""Each reads one datagram; msgspec.DecodeError for anything else."""


def pair() -> tuple[socket.socket, socket.socket]:
    """Two connected datagram sockets."""
    return socket.socketpair(socket.AF_UNIX, DATAGRAMS)
