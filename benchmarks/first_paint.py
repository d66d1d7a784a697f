"""Start to first paint of the course map, in a real pseudo-terminal, beside a minimal Textual app."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time

from benchmarks.table import Row

MINIMAL = """
from textual.app import App
from textual.widgets import Footer, Header, Static
class Minimal(App):
    BINDINGS = [("q", "quit", "Quit")]
    def compose(self):
        yield Header()
        yield Static("the first paint")
        yield Footer()
Minimal().run()
"""
ROUNDS = 7
PATIENCE_S = 60.0


def seconds_until(marker: bytes, command: list[str], home: str) -> float:
    """Seconds from exec until the marker is on the screen of a 120×36 terminal."""
    began = time.perf_counter()
    pid, master = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", TORCH_TUTOR_HOME=home)
        os.execv(command[0], command)
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    seen = b""
    try:
        while marker not in seen:
            ready, _, _ = select.select([master], [], [], PATIENCE_S)
            if not ready:
                raise RuntimeError(f"{command} did not paint {marker!r}: {seen[-500:]!r}")
            seen += os.read(master, 65536)
        return time.perf_counter() - began
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(master)


def rows() -> list[Row]:
    """Alternate the three, so that all meet the same noise; a first start reads the course, later ones its cache."""
    minimal: list[float] = []
    first: list[float] = []
    later: list[float] = []
    tutor = [sys.executable, "-c", "import sys; from tutor.cli import main; sys.exit(main([]))"]
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as home:
            minimal.append(seconds_until(b"the first paint", [sys.executable, "-c", MINIMAL], home))
            first.append(seconds_until(b"step 1 of", tutor, home))
            later.append(seconds_until(b"step 1 of", tutor, home))
    name, beside = "minimal Textual app", statistics.median(minimal)
    return [
        Row("start to course map on the screen", statistics.median(later), name, beside, 1.5),
        Row("the very first start of a course", statistics.median(first), name, beside, 1.5),
    ]
