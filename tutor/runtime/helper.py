"""Processes that the tutor starts for itself, and its handles on those that they start in turn."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from tutor.runtime.places import PACKAGE, PACKAGES

_BOOT = "; ".join(
    (
        "import sys",
        "sys.path[:] = sys.argv[2:]",
        "from tutor.runtime import {module} as it",
        "it.main(*map(int, sys.argv[1].split(',')))",
    )
)
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "TZ")
_SET = {
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",  # a set has the same order in every run, and in the solution's
    "PYTORCH_NVML_BASED_CUDA_CHECK": "1",  # asking for CUDA must not start it before a fork
    "GLOO_SOCKET_IFNAME": "lo",
    "TORCHINDUCTOR_CPP_CACHE_PRECOMPILE_HEADERS": "0",  # they are larger than a run's folder, and used once
}


class LinkFault(Exception):
    """A helper process could not do its work, or is gone."""


class LevelFault(LinkFault):
    """The level can't be had on this machine."""


class Process(Protocol):
    """A supervisor, as the tutor can wait for it and end it."""

    @property
    def last_words(self) -> str:
        """What is known of its end."""

    async def ends_within(self, seconds: float) -> bool:
        """Whether it, and with it all that it watches, has ended by then."""

    def kill(self) -> None:
        """End it at once."""

    def close(self) -> None:
        """Let go of it."""


class ByHandle:
    """A process that another one has started, by its pidfd."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @property
    def last_words(self) -> str:
        """See Process."""
        return "the supervisor of a run ended at once"

    async def ends_within(self, seconds: float) -> bool:
        """See Process."""
        try:
            async with asyncio.timeout(seconds):
                await readable(self._handle)
        except TimeoutError:
            return False
        return True

    def kill(self) -> None:
        """See Process."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def close(self) -> None:
        """See Process."""
        os.close(self._handle)


class Helper:
    """A process that the tutor has started by itself, with a scrubbed environment."""

    def __init__(self, command: Sequence[str], passed: Sequence[int]) -> None:
        """Start it; it gets these descriptors. LinkFault where that fails."""
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        try:
            self._process = subprocess.Popen(
                command,
                env={**environment, **_SET},
                pass_fds=passed,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                start_new_session=True,  # Ctrl+C in the terminal is for the tutor, not for it
            )
        except OSError as error:
            self._errors.close()
            raise LinkFault(f"Python can't be started: {error}") from None

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    @property
    def last_words(self) -> str:
        """What it has written about its end."""
        descriptor = self._errors.fileno()
        size = os.fstat(descriptor).st_size
        return os.pread(descriptor, 4000, max(0, size - 4000)).decode(errors="replace") or "it ended without a word"

    async def ends_within(self, seconds: float) -> bool:
        """See Process."""
        return await asyncio.to_thread(_ends_within, self._process, seconds)

    def kill(self) -> None:
        """See Process; returns when it is gone."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """See Process."""
        self._errors.close()


def boot(python: str, module: str, descriptors: Sequence[int]) -> list[str]:
    """The command that starts a module of the runtime with these descriptors, and nothing of the user's around it."""
    return [
        python,
        "-s",
        "-P",
        "-B",
        "-c",
        _BOOT.format(module=module),
        ",".join(map(str, descriptors)),
        *import_path(),
    ]


async def readable(one: socket.socket | int) -> None:
    """Wait until something can be read from it, or it has ended."""
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


def _ends_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def import_path() -> list[str]:
    """Where the zygote imports from: this Python, its packages and our own, but no folder of a script or a user.

    Links are followed, as a sandbox shows what they lead to and not themselves.
    """
    roots = {Path(root).resolve() for root in (sys.prefix, sys.base_prefix)}
    ours = PACKAGE.parent
    entries = [(Path(entry).name, Path(entry).resolve()) for entry in sys.path if entry]
    kept = [
        entry
        for name, entry in entries
        if name in PACKAGES or entry == ours or not roots.isdisjoint((entry, *entry.parents))
    ]
    return [str(entry) for entry in (kept if ours in kept else [ours, *kept])]


def last_line(text: str) -> str:
    """The last line of a traceback: what went wrong."""
    return text.strip().splitlines()[-1] if text.strip() else "no reason was given"
