"""The real program in real terminals: a wrong answer, a hint, the right answer, and a kill -9 that loses nothing."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.terminal.terminals import Emulated, Terminal, Tmux, wait_for
from tutor.courses import UsedCourses

COURSE = """\
format: 1
id: tiny
title: A tiny course
version: 1.0.0
lessons:
  - format: 1
    id: first
    title: First steps
    minutes: 5
    steps:
      - id: hello
        kind: read
        title: Hello
        text: Read me first.
      - id: ones
        kind: code
        title: Ones
        task: Make `x`, two rows of three ones.
        starter: "x = None"
        solution: |
          import torch
          x = torch.ones(2, 3)
        checks: [x]
        hints: [Look at torch dot ones.]
      - id: last
        kind: read
        title: Well done
        text: This is the last page.
"""
F2, F5, NEXT, QUIT = "\x1bOQ", "\x1b[15~", "\x0e", "\x11"
LINE_START, DELETE_TO_END = "\x01", "\x0b"
Open = Callable[..., Terminal]

pytestmark = pytest.mark.terminal
TERMINALS = [Emulated, pytest.param(Tmux, marks=pytest.mark.skipif(not shutil.which("tmux"), reason="no tmux here"))]


@pytest.fixture(params=TERMINALS)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    course = tmp_path / "course.yaml"
    course.write_text(COURSE)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "settings.toml").write_text("tour = false\n")
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")},
        "TORCH_TUTOR_HOME": str(tmp_path / "home"),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }
    program = "import sys; from tutor.cli import main; sys.exit(main(sys.argv[1:]))"
    open_now: list[Terminal] = []

    def start(answer: str = "y") -> Terminal:
        """The program in a terminal; at its first start it asks whether to open a course that it does not know."""
        open_now.append(request.param([sys.executable, "-c", program, str(course)], 120, 36, environment))
        if len(open_now) == 1:
            wait_for(open_now[0], "A tiny course", "1 lesson, ", str(course)[:60], "Open it? [y/N]")
            open_now[0].send(f"{answer}\r")
        return open_now[-1]

    yield start
    for terminal in open_now:
        terminal.close()


def write(terminal: Terminal, code: str) -> None:
    """Put code in place of the only line in the editor, as fast as a person: no key before the last one was seen to."""
    terminal.send(LINE_START)
    while not re.search(r"▏ 1 *$", terminal.text(), re.MULTILINE):
        terminal.send(DELETE_TO_END)
        terminal.text()
    terminal.send(code)
    wait_for(terminal, code)


def test_a_learner_is_wrong_takes_a_hint_gets_it_right_and_is_killed(opened: Open) -> None:
    terminal = opened()
    wait_for(terminal, "A tiny course", "First steps", "Start")
    terminal.send("\r")
    wait_for(terminal, "Read me first.")
    terminal.send(NEXT)
    wait_for(terminal, "two rows of three ones", "x = None")
    write(terminal, "import torch; x = torch.ones(3, 2)")
    terminal.send(F5)
    wait_for(terminal, "shape (3, 2), expected (2, 3)", " ms · ")
    terminal.send(F2)
    wait_for(terminal, "Look at torch dot ones.")
    write(terminal, "import torch; x = torch.ones(2, 3)")
    terminal.send(F5)
    wait_for(terminal, "✓", "as expected")
    terminal.kill()

    again = opened()
    wait_for(again, "Continue")
    again.send("\r")
    wait_for(again, "two rows of three ones", "torch.ones(2, 3)", "Look at torch dot ones.")
    again.send(NEXT)
    wait_for(again, "This is the last page.")


def test_a_course_from_elsewhere_is_not_opened_against_ones_will(opened: Open, tmp_path: Path) -> None:
    opened("no").wait_for_end()
    assert UsedCourses(tmp_path / "home" / "progress.sqlite3").all() == []


def test_what_was_typed_a_moment_before_quitting_is_kept(opened: Open) -> None:
    terminal = opened()
    wait_for(terminal, "Start")
    terminal.send("\r")
    wait_for(terminal, "Read me first.")
    terminal.send(NEXT)
    wait_for(terminal, "x = None")
    write(terminal, "import torch  # mine")
    terminal.send(QUIT)
    terminal.wait_for_end()
    again = opened()
    wait_for(again, "Continue")
    again.send("\r")
    wait_for(again, "import torch  # mine")


def test_an_endless_loop_leaves_the_keyboard_alive_and_escape_ends_it(opened: Open) -> None:
    terminal = opened()
    wait_for(terminal, "Start")
    terminal.send("\r")
    wait_for(terminal, "Read me first.")
    terminal.send(NEXT)
    wait_for(terminal, "x = None")
    write(terminal, "while True: print('again and again')")
    terminal.send(F5)
    wait_for(terminal, "again and again")
    write(terminal, "x = 'still here'")
    terminal.send("\x1b")
    terminal.send(F2)
    wait_for(terminal, "Look at torch dot ones.")
