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
    """Alternate the two, so that both meet the same noise."""
    ours: list[float] = []
    minimal: list[float] = []
    with tempfile.TemporaryDirectory() as home:
        for _ in range(ROUNDS):
            minimal.append(seconds_until(b"the first paint", [sys.executable, "-c", MINIMAL], home))
            tutor = [sys.executable, "-c", "import sys; from tutor.cli import main; sys.exit(main([]))"]
            ours.append(seconds_until(b"step 1 of", tutor, home))
    what = "start to course map on the screen"
    return [Row(what, statistics.median(ours), "minimal Textual app", statistics.median(minimal), 1.5)]
