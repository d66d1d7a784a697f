"""What a live curve of 10,000 points costs: processor time of the process that draws, while losses come in."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.keys import F5, TORCH_S, TUTOR, course
from benchmarks.table import Row, at_most
from benchmarks.terminal import Terminal

POINTS = 10_000
MEASURED_S = 8.0
FRAMES = 10
"""Drawings in a second, the most that the Curve pane makes."""
BOUND = 0.2
"""The part of one core that they may take."""

TRAINING = f"""
import math
import time
import torch

weight = torch.ones(1, requires_grad=True)
for step in range(10**9):
    loss = (weight * (math.exp(-step / 3000) + 0.1 * math.sin(step))).sum()
    loss.backward()
    if step > {POINTS}:
        time.sleep(0.02)
"""
"""The first points come as fast as they can; then a few each frame, so that every frame draws all of them."""


def processor_s(pid: int) -> float:
    """Seconds of processor time that a process and its threads have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured() -> tuple[float, float]:
    """The part of one core, and the frames in a second, of a curve that goes on."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-c", TUTOR, str(course(Path(home), TRAINING))]
        with Terminal(command, home) as terminal:
            terminal.wait_for(b"step 1 of")
            terminal.drain(TORCH_S)
            terminal.send("\r")
            terminal.drain(1.0)
            terminal.send(F5)
            terminal.wait_for(f"{POINTS // 1000},".encode())  # the number of the step, in the sentence
            terminal.drain(1.0)
            began, used = time.perf_counter(), processor_s(terminal.pid)
            drawn = terminal.drain(MEASURED_S)
            seconds = time.perf_counter() - began
            used = processor_s(terminal.pid) - used
    return used / seconds, drawn.count(b": loss") / seconds


def rows() -> list[Row]:
    """The part of a core against the most that is wanted, and the frames against the ten of a second."""
    share, frames = measured()
    return [
        at_most(f"A live curve of {POINTS:,} points, of one core", share * 100, BOUND * 100, "%"),
        Row("Frames of it in a second", frames, "the most that are drawn", FRAMES, 1.0, "Hz"),
    ]
