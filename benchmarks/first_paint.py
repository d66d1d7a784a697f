"""Start to first paint of the course map, in a real pseudo-terminal, beside a minimal Textual app."""

from __future__ import annotations

import statistics
import sys
import tempfile

from benchmarks.table import Row
from benchmarks.terminal import Terminal

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


def seconds_until(marker: bytes, command: list[str], home: str) -> float:
    """Seconds from exec until the marker is on the screen."""
    with Terminal(command, home) as terminal:
        return terminal.wait_for(marker) - terminal.began


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
