"""The course map of a thousand lessons beside that of twenty: opening it, coming back to it, moving, searching."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.keys import p95
from benchmarks.table import Row, at_most
from benchmarks.terminal import Terminal
from benchmarks.validate import LESSONS, write_course
from tutor.courses import UsedCourses
from tutor.lessons.load import load_course
from tutor.lessons.model import StepRef
from tutor.progress import Progress

FEW = 20
ROUNDS = 7
RETURNS = 15
SEARCHES = 3
PAUSE_S = 0.06
TORCH_S = 8.0
LONGEST_S = 0.1
"""The most that a key may take until what it does is drawn: what is seen sooner is seen at once."""
BOUND = 1.5
WORDS = "the shape of guess"
COMMAND = "import sys; from tutor.cli import main; sys.exit(main(sys.argv[1:]))"
UP, DOWN, MAP, CLEAR = "\x1b[A", "\x1b[B", "\x1bOS", "\x15"


class Times(NamedTuple):
    """Seconds of one course: coming back to its map (the median), moving and searching in it (p95)."""

    back: float
    move: float
    search: float


def known_course(home: Path, lessons: int) -> list[str]:
    """The command that opens a course of so many lessons that was opened before, its second half passed."""
    folder = home / f"course-{lessons}"
    folder.mkdir()
    course = write_course(folder, lessons)
    loaded = load_course(course)
    UsedCourses(home / f"{lessons}" / "progress.sqlite3").note(loaded, course, course)
    progress = Progress(home / f"{lessons}" / "progress.sqlite3", loaded.id)
    for lesson in loaded.lessons[lessons // 2 :]:
        for step in lesson.steps:
            progress.mark_passed(StepRef(lesson.id, step.id))
    progress.close()
    return [sys.executable, "-c", COMMAND, str(course)]


def start(command: list[str], home: Path) -> float:
    """Seconds from exec until the map is on the screen."""
    with Terminal(command, str(home)) as terminal:
        return terminal.wait_for(b"step 1 of") - terminal.began


def key(terminal: Terminal, keys: str, seen: str) -> float:
    """Seconds from a key to the moment when what it does is drawn."""
    terminal.drain(PAUSE_S)
    began = time.perf_counter()
    terminal.send(keys)
    return terminal.wait_for(seen.encode()) - began


def within(command: list[str], home: Path) -> Times:
    """Go into a step and back, down the list, and search."""
    with Terminal(command, str(home)) as terminal:
        terminal.wait_for(b"step 1 of")
        terminal.drain(TORCH_S)
        back = []
        for _ in range(RETURNS):
            key(terminal, "\r", "Back")
            back.append(key(terminal, MAP, "Search"))
        key(terminal, DOWN, "About 0.")
        moves = [key(terminal, DOWN, f"About {number}.") for number in range(1, FEW)]
        moves += [key(terminal, UP, f"About {number}.") for number in reversed(range(FEW - 1))]
        key(terminal, "/", "words of")
        searches = []
        for _ in range(SEARCHES):
            searches += [key(terminal, letter, "›") for letter in WORDS]
            key(terminal, CLEAR, "step 1 of")
    return Times(statistics.median(back), p95(moves), p95(searches))


def rows() -> list[Row]:
    """Starts alternate, so that both courses meet the same noise; the first one of each fills its cache."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        few, many = known_course(home, FEW), known_course(home, LESSONS)
        starts = [(start(few, home / str(FEW)), start(many, home / str(LESSONS))) for _ in range(ROUNDS + 1)][1:]
        small, large = (statistics.median(times) for times in zip(*starts, strict=True))
        beside, here = within(few, home / str(FEW)), within(many, home / str(LESSONS))
    name, against = f"course of {LESSONS:,} lessons", f"course of {FEW} lessons"
    return [
        Row(f"Start to the map of a {name}", large, against, small, BOUND),
        Row(f"Back to the map of a {name}", here.back, against, beside.back, BOUND),
        at_most(f"Cursor in the map of a {name}, p95", here.move, LONGEST_S),
        at_most(f"Search in the map of a {name}, p95", here.search, LONGEST_S),
    ]
