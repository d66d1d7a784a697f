"""Two real terminals to drive the program in: a pseudo-terminal with an emulator, and tmux."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import pty
import select
import shlex
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pyte

PATIENCE_S = 60.0
"""How long something may take on a busy machine before a test gives up."""


_SERVERS = itertools.count()


class Emulated:
    """The program on a pseudo-terminal, its screen kept by pyte."""

    def __init__(self, command: list[str], columns: int, lines: int, environment: dict[str, str]) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
            os.execve(command[0], command, environment)

    def text(self) -> str:
        """What is on the screen after a short look for news."""
        while select.select([self._master], [], [], 0.05)[0]:
            try:
                news = os.read(self._master, 65536)
            except OSError:
                break
            if not news:
                break
            # pyte does not know the private form of SGR that Textual asks the keyboard protocol with
            self._stream.feed(news.replace(b"\x1b[>1u", b"").replace(b"\x1b[<u", b""))
        return "\n".join(self._screen.display)

    def send(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def resize(self, columns: int, lines: int) -> None:
        """Make the window larger or smaller."""
        self._screen.resize(lines, columns)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def click(self, words: str) -> None:
        """Click on the first place where the words stand."""
        row, line = next((row, line) for row, line in enumerate(self.text().split("\n"), 1) if words in line)
        place = f"0;{line.index(words) + 1};{row}"
        self.send(f"\x1b[<{place}M\x1b[<{place}m")

    def kill(self) -> None:
        """End it at once, as kill -9 does."""
        os.kill(self.pid, signal.SIGKILL)

    def wait_for_end(self) -> None:
        """Wait until the program has left by itself."""
        deadline = time.monotonic() + PATIENCE_S
        while not os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            self.text()
            if time.monotonic() > deadline:
                raise AssertionError(f"the program did not end:\n{self.text()}")

    def close(self) -> None:
        """End it and collect it."""
        with contextlib.suppress(ProcessLookupError):
            self.kill()
        os.waitpid(self.pid, 0)
        os.close(self._master)


class Tmux:
    """The program in a tmux server of its own."""

    def __init__(self, command: list[str], columns: int, lines: int, environment: dict[str, str]) -> None:
        self._socket = Path(environment["TORCH_TUTOR_HOME"]) / f"tmux{next(_SERVERS)}"  # an old one may linger
        self._socket.parent.mkdir(parents=True, exist_ok=True)
        size = ("-x", str(columns), "-y", str(lines))
        subprocess.run([*self._tmux, "new-session", "-d", *size, shlex.join(command)], check=True, env=environment)
        self.pid = int(self._ask("display-message", "-p", "#{pane_pid}"))

    @property
    def _tmux(self) -> tuple[str, ...]:
        return ("tmux", "-S", str(self._socket), "-f", "/dev/null")

    def _ask(self, *arguments: str) -> str:
        done = subprocess.run([*self._tmux, *arguments], check=False, capture_output=True, text=True)
        return done.stdout

    def text(self) -> str:
        """What is on the screen."""
        return self._ask("capture-pane", "-p")

    def send(self, keys: str) -> None:
        """Type, byte for byte."""
        self._ask("send-keys", "-H", *(f"{byte:x}" for byte in keys.encode()))

    def kill(self) -> None:
        """End it at once, as kill -9 does."""
        os.kill(self.pid, signal.SIGKILL)

    def wait_for_end(self) -> None:
        """Wait until the program has left by itself; with it goes the server."""
        deadline = time.monotonic() + PATIENCE_S
        while self._ask("display-message", "-p", "#{pane_pid}").strip():
            if time.monotonic() > deadline:
                raise AssertionError(f"the program did not end:\n{self.text()}")

    def close(self) -> None:
        """End the server with everything in it."""
        self._ask("kill-server")


Terminal = Emulated | Tmux


def wait_until(terminal: Terminal, seen: Callable[[str], bool], what: str) -> str:
    """Wait until the screen satisfies `seen`; the failure shows the screen as it was."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        text = terminal.text()
        if seen(text):
            return text
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} was not seen:\n{text}")


def wait_for(terminal: Terminal, *wanted: str) -> str:
    """Wait until all the wanted texts are on the screen."""
    return wait_until(terminal, lambda text: all(one in text for one in wanted), f"{wanted}")
