"""What a supervisor does while a run goes on: it watches the learner's process, and ends it where it has to."""

from __future__ import annotations

import os
import select
import signal
import socket
import time

from tutor.runtime import watch, wire

TICK_S = 0.1
"""How often memory is looked at."""
PIDFD = hasattr(os, "pidfd_open")
"""Whether the end of a process can be waited for with other things; where not, it is looked for at every tick."""
_FOLDER_EVERY = 5
"""A scratch folder on a disk is walked once in so many looks."""


class Guard:
    """Watches one learner's process until it has ended or has to.

    `scratch` is a folder on a disk that is to be kept small; `mounts` are file systems in memory, which count as such.
    """

    def __init__(self, pid: int, tutor: socket.socket, *, scratch: str = "", mounts: tuple[str, ...] = ()) -> None:
        self._pid = pid
        self._tutor = tutor
        self._scratch = scratch
        self._mounts = mounts
        self._shared = watch.resident(pid)
        self._peak_at_start = watch.peak(pid)
        self._orders: wire.Watch | None = None
        self._deadline = 0.0
        self._looks = self._most = 0

    def watch(self) -> wire.Ended:
        """Wait for the end, bring it about where a limit is passed, and say how it came."""
        poll = select.poll()
        poll.register(self._tutor, select.POLLIN)
        handle = os.pidfd_open(self._pid) if PIDFD else -1
        if PIDFD:
            poll.register(handle, select.POLLIN)
        why = ""
        ended = 0
        while not why and not ended:
            ready = dict(poll.poll(int(TICK_S * 1000) if self._orders or not PIDFD else None))
            if self._tutor.fileno() in ready:
                why = self._hear()
            if handle in ready or not PIDFD:
                ended, status, usage = os.wait4(self._pid, os.WNOHANG)
            if not ended:
                why = why or self._look()
        if not ended:
            os.kill(self._pid, signal.SIGKILL)
            _, status, usage = os.wait4(self._pid, 0)
        if PIDFD:
            os.close(handle)
        peak = max(self._most, usage.ru_maxrss * 1024 - self._peak_at_start)
        return wire.Ended(
            why="" if ended else why,
            code=os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1,
            signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
            cpu_s=usage.ru_utime + usage.ru_stime,
            peak_mb=peak / watch.MB,
        )

    def _hear(self) -> str:
        try:
            data = self._tutor.recv(wire.LARGEST)
        except ConnectionResetError:
            data = b""
        if not data:
            return "the tutor is gone"
        match wire.to_supervisor(data):
            case wire.Watch() as orders:
                self._orders = orders
                self._deadline = time.monotonic() + orders.seconds
            case wire.Interrupt():
                _signal_group(self._pid, signal.SIGINT)
            case wire.Kill():
                return "killed"
        return ""

    def _look(self) -> str:
        orders = self._orders
        if orders is None:
            return ""
        if time.monotonic() > self._deadline:
            return "time"
        self._looks += 1
        pids = watch.descendants(os.getpid())
        used = watch.tree_memory(pids, self._shared) + watch.mounts_used(self._mounts)
        self._most = max(self._most, used)
        if used > orders.memory_mb * watch.MB:
            return "memory"
        if not self._scratch or self._looks % _FOLDER_EVERY:
            return ""
        return "scratch" if watch.folder_used(self._scratch, pids) > orders.scratch_mb * watch.MB else ""


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return  # it has ended meanwhile
