"""A program on a pseudo-terminal: what it draws is read, and keys are sent."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

PATIENCE_S = 60.0
_READ = 1 << 16


class Terminal:
    """Runs a command on a terminal of 120×36; use it in a `with` block, which ends the command."""

    def __init__(self, command: list[str], home: str) -> None:
        Path(home, "settings.toml").write_text("tour = false\n")
        self.began = time.perf_counter()
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", TORCH_TUTOR_HOME=home)
            os.execv(command[0], command)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        self._command = command

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._master)

    def send(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def wait_for(self, seen: bytes | Callable[[bytes], bool]) -> float:
        """The time (of perf_counter) at which what is drawn from now on holds `seen`, or satisfies it."""
        drawn = b""
        until = time.perf_counter() + PATIENCE_S
        while not (seen in drawn if isinstance(seen, bytes) else seen(drawn)):
            left = until - time.perf_counter()  # of the whole, so that what draws all the time does not wait for ever
            more = self._read(left) if left > 0 else b""
            if not more:
                raise RuntimeError(f"{self._command} did not draw {seen!r}: {drawn[-500:]!r}")
            drawn += more
        return time.perf_counter()

    def drain(self, seconds: float) -> bytes:
        """All that is drawn within this time."""
        drawn = b""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            drawn += self._read(left)
        return drawn

    def _read(self, seconds: float) -> bytes:
        ready, _, _ = select.select([self._master], [], [], seconds)
        return os.read(self._master, _READ) if ready else b""
