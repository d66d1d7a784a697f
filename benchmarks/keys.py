"""Key to screen in a draft of 150 lines: at rest, while a loop trains, while one prints; beside a TextArea."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.table import Row, at_most
from benchmarks.terminal import Terminal
from tutor.courses import UsedCourses
from tutor.lessons.load import load_course

KEYS = 80
"""Keys of one measurement."""
PAUSE_S = 0.06
"""Between two keys, as fast as a quick typist."""
LONGEST_S, LONGEST_PRINTING_S = 0.03, 0.05
SETTLE_S, TORCH_S = 1.0, 8.0
LINES = 150
PLACE = "# here: "
"""The line that is typed into, which is the first one that the cursor comes to."""

LOOP = """
import torch
from torch import nn

model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
features, target = torch.randn(64, 2), torch.randn(64, 1)
for step in range(10**9):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(features), target)
    loss.backward()
    optimizer.step()
"""
PRINTING = """
import time
while True:
    print("one line after the other, and so on without an end")
    time.sleep(0.00005)
"""
BARE = """
import sys
from textual.app import App
from textual.widgets import TextArea
class Bare(App):
    CSS = "TextArea { width: 64; height: 20; }"
    def compose(self):
        yield TextArea.code_editor(open(sys.argv[1]).read(), language="python")
Bare().run()
"""
TUTOR = "import sys; from tutor.cli import main; sys.exit(main(sys.argv[1:]))"
F5, END = "\x1b[15~", "\x1b[F"


def draft(loop: str) -> str:
    """A program of 150 lines: what a step's code looks like, and a loop that does not end."""
    endless = loop.strip().splitlines()
    lines = [PLACE]
    for number in range((LINES - len(endless) - 1) // 3):
        lines += [f"def mean_{number}(values: list[float]) -> float:  # of step {number}"]
        lines += ["    total = sum(value * 2.0 for value in values)", "    return total / len(values)"]
    return "\n".join([*lines, *["print('not yet')"] * (LINES - len(endless) - len(lines)), *endless]) + "\n"


def course(folder: Path, loop: str) -> Path:
    """A course of one code step that starts with the draft."""
    path = folder / "course.json"
    step = {"id": "long", "kind": "code", "title": "Long", "task": "Type.", "starter": draft(loop), "solution": "x = 1"}
    limits = {"time_s": 600, "cpu_s": 600, "output_kb": 1_000_000}
    lesson = {"format": 1, "id": "one", "title": "One", "steps": [step | {"checks": ["x"], "limits": limits}]}
    whole = {"format": 1, "id": "typing", "title": "Typing", "version": "1.0.0", "lessons": [lesson]}
    path.write_text(json.dumps(whole))
    UsedCourses(folder / "progress.sqlite3").note(load_course(path), path, path)  # as after the first start
    return path


def key_times(terminal: Terminal) -> list[float]:
    """Seconds from each key to the moment when it is drawn."""
    times = []
    for number in range(KEYS):
        key = "zqj"[number % 3]
        terminal.drain(PAUSE_S)
        began = time.perf_counter()
        terminal.send(key)
        times.append(terminal.wait_for(key.encode()) - began)
        terminal.drain(PAUSE_S)
        terminal.send("\x7f")
    return times


def p95(times: list[float]) -> float:
    """The time that 19 of 20 keys stay below."""
    return sorted(times)[round(len(times) * 0.95) - 1]


def bare_times(home: str) -> list[float]:
    """A TextArea and nothing else."""
    path = Path(home) / "draft.py"
    path.write_text(draft(LOOP))
    with Terminal([sys.executable, "-c", BARE, str(path)], home) as terminal:
        terminal.wait_for(PLACE.rstrip().encode())
        terminal.drain(SETTLE_S)
        terminal.send(END)
        return key_times(terminal)


def tutor_times(home: str, loop: str, sign: bytes) -> tuple[list[float], list[float]]:
    """The tutor's editor at rest, and while the program runs, which the screen tells by `sign`."""
    with Terminal([sys.executable, "-c", TUTOR, str(course(Path(home), loop))], home) as terminal:
        terminal.wait_for(b"step 1 of")
        terminal.drain(TORCH_S)
        terminal.send("\r")
        terminal.wait_for(PLACE.rstrip().encode())
        terminal.drain(SETTLE_S)
        terminal.send(END)
        resting = key_times(terminal)
        terminal.send(F5)
        terminal.wait_for(sign)
        return resting, key_times(terminal)


def rows() -> list[Row]:
    """Each against the most that is wanted, and at rest against the bare TextArea."""
    with tempfile.TemporaryDirectory() as home:
        bare = p95(bare_times(home))
        resting, training = map(p95, tutor_times(home, LOOP, b"oss"))
    with tempfile.TemporaryDirectory() as home:
        printing = p95(tutor_times(home, PRINTING, b"one line after")[1])
    return [
        at_most("Key to screen in 150 lines, p95", resting, LONGEST_S),
        Row("Key to screen in 150 lines, p95", resting, "a bare TextArea with the same text", bare, 1.5),
        at_most("Key to screen while a loop trains and draws, p95", training, LONGEST_S),
        at_most("Key to screen while a run prints without end, p95", printing, LONGEST_PRINTING_S),
    ]
