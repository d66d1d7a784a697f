"""Walks through the real program in a terminal: every kind of step from opening to passing, in three sizes, and by mouse."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal.terminals import Emulated, wait_for, wait_until

pytestmark = pytest.mark.terminal

COURSE = """\
format: 1
id: walk
title: A walk
version: 1.0.0
lessons:
  - format: 1
    id: kinds
    title: All kinds
    minutes: 5
    steps:
      - id: words
        kind: read
        title: Words
        text: Read me first.
      - id: choose
        kind: choice
        title: Choose
        ask: Which of them is a tensor?
        options:
          - {text: "a list", say: "A list is Python's own."}
          - {text: "torch.ones(2)", correct: true, say: "It holds two ones."}
      - id: guess
        kind: predict
        title: Guess
        ask: How many numbers are in it?
        run: |
          import torch
          count = torch.ones(2, 3).numel()
        of: value(count)
        distractors: ["5"]
        say: Two rows of three.
      - id: write
        kind: code
        title: Write
        task: Make `x`, two rows of three ones.
        starter: "import torch"
        solution: |
          import torch
          x = torch.ones(2, 3)
        checks: [x]
      - id: mend
        kind: fix
        title: Mend
        task: It should be two rows of three.
        starter: |
          import torch
          x = torch.ones(3, 2)
        solution: |
          import torch
          x = torch.ones(2, 3)
        checks: [x]
      - id: sort
        kind: order
        title: Sort
        task: The import comes first.
        solution: |
          import torch
          x = torch.ones(2, 3)
        checks: [x]
      - id: try
        kind: experiment
        title: Try
        task: Run it with both values.
        parameters: {lr: [0.1, 3.0]}
        solution: |
          import torch
          x = torch.tensor(1.0, requires_grad=True)
          for step in range(20):
              x.grad = None
              loss = x**2
              loss.backward()
              with torch.no_grad():
                  x -= lr * x.grad
        questions:
          - ask: Where does the loss grow?
            options:
              - {text: "at 3.0", correct: true, say: "Each step lands farther out."}
              - {text: "at 0.1", say: "Look again."}
"""
F5, F6, NEXT, QUIT, END = "\x1b[15~", "\x1b[17~", "\x0e", "\x11", "\x1b[1;5F"
DOWN_WITH_ALT, RIGHT_WITH_ALT, QUESTIONS, OUTPUT = "\x1b[1;3B", "\x1b[1;3C", "\x1bq", "\x1bo"
ANSWER = "\nx = torch.ones(2, 3)\n"


@pytest.fixture
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Emulated]:
    """The program on the course, in a window of the size that the test asks for."""
    course = tmp_path / "course.yaml"
    course.write_text(COURSE)
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.toml").write_text("tour = false\n")
    environment = {**os.environ, "TORCH_TUTOR_HOME": str(home), "COLORTERM": "truecolor"}
    environment = {name: value for name, value in environment.items() if name not in ("COLUMNS", "LINES")}
    program = "import sys; from tutor.cli import main; sys.exit(main(sys.argv[1:]))"
    terminal = Emulated([sys.executable, "-c", program, str(course)], *request.param, environment)
    wait_for(terminal, "Open it? [y/N]")
    terminal.send("y\r")
    wait_for(terminal, "All kinds", "Start")
    yield terminal
    terminal.close()


def paste(terminal: Emulated, text: str) -> None:
    """Paste, as a terminal does."""
    terminal.send(f"\x1b[200~{text}\x1b[201~")


def to_code(terminal: Emulated, columns: int) -> None:
    """In one column the page stands over the editor when a step is opened."""
    if columns < 100:
        wait_for(terminal, "To your code")
        terminal.send(F6)
    wait_for(terminal, "F5 Run")


@pytest.mark.parametrize("opened", [(80, 24), (120, 36), (200, 60)], ids=["80x24", "120x36", "200x60"], indirect=True)
def test_every_kind_of_step_from_opening_to_passing(opened: Emulated, request: pytest.FixtureRequest) -> None:
    columns = request.node.callspec.params["opened"][0]
    terminal = opened
    terminal.send("\r")
    wait_for(terminal, "Read me first.")
    terminal.send(NEXT)
    wait_for(terminal, "Which of them is a tensor?")
    terminal.send("1")
    wait_for(terminal, "A list is Python's own.")
    terminal.send("2")
    wait_for(terminal, "It holds two ones.")
    terminal.send(NEXT)
    wait_for(terminal, "How many numbers are in it?", "isolated")
    text = wait_for(terminal, "1  ", "2  ")
    lines = text.split("\n")
    terminal.send(next(number for number in "12" if any(f"{number}  6" in line for line in lines)))
    wait_for(terminal, "Two rows of three.")
    terminal.send(NEXT)
    wait_for(terminal, "two rows of three ones")
    to_code(terminal, columns)
    terminal.send(F5)
    wait_for(terminal, "your program is as it was given")
    terminal.send(END)
    paste(terminal, "\nx = torch.ones(3, 2)\n")
    terminal.send(F5)
    wait_for(terminal, "✗ x")
    terminal.send(END)
    paste(terminal, ANSWER)
    terminal.send(F5)
    wait_for(terminal, "✓ Passed.")
    terminal.send(NEXT)
    wait_for(terminal, "It should be two rows of three.")
    to_code(terminal, columns)
    terminal.send(END)
    paste(terminal, ANSWER)
    terminal.send(F5)
    wait_for(terminal, "✓ Passed.")
    terminal.send(NEXT)
    wait_for(terminal, "The import comes first.")
    to_code(terminal, columns)
    terminal.send(DOWN_WITH_ALT)
    wait_for(terminal, "▸  2")
    terminal.send(F5)
    wait_for(terminal, "✓ Passed.")
    terminal.send(NEXT)
    wait_for(terminal, "Run it with both values.")
    to_code(terminal, columns)
    terminal.send(F5)
    wait_for(terminal, "0.1 ✓")
    terminal.send(RIGHT_WITH_ALT)
    wait_for(terminal, "[ 3.0 ]")
    terminal.send(F5)
    wait_for(terminal, "3.0 ✓")
    terminal.send(QUESTIONS)
    text = wait_for(terminal, "Where does the loss grow?", "at 3.0")
    terminal.send(next(number for number in "12" if any(f"{number}  at 3.0" in line for line in text.split("\n"))))
    wait_for(terminal, "✓ Passed.")
    terminal.send(NEXT)
    wait_for(terminal, "You have finished the course")
    terminal.send("\r")
    wait_for(terminal, "7/7")


@pytest.mark.parametrize("opened", [(120, 36)], ids=["120x36"], indirect=True)
def test_the_mouse_alone_goes_through_a_step(opened: Emulated) -> None:
    terminal = opened
    terminal.click("Write")
    wait_for(terminal, "two rows of three ones", "F5 Run")
    paste(terminal, "x = __import__('torch').ones(2, 3)\n")
    terminal.click("F5 Run")
    wait_for(terminal, "✓ Passed.")
    terminal.click("Tensors")
    wait_for(terminal, "(2, 3)")
    terminal.click("^N")
    wait_for(terminal, "It should be two rows of three.")
    terminal.click("F4 Map")
    wait_for(terminal, "1/7")


@pytest.mark.parametrize("opened", [(120, 36)], ids=["120x36"], indirect=True)
def test_a_window_that_changes_while_a_program_runs_and_quitting_in_the_middle_of_it(opened: Emulated) -> None:
    terminal = opened
    terminal.click("Write")
    wait_for(terminal, "two rows of three ones", "F5 Run")
    paste(
        terminal,
        "n = 0\nwhile True:\n    n += 1\n    print('turn', n, flush=True)\n    __import__('time').sleep(0.05)\n",
    )
    terminal.send(F5)
    terminal.send(OUTPUT)
    wait_for(terminal, "turn 5")
    for size in ((80, 24), (40, 10), (200, 60), (100, 30)):
        terminal.resize(*size)
        wait_until(terminal, lambda text, size=size: fits(text, size), f"a picture of {size}")  # type: ignore[misc]
    wait_for(terminal, "turn")
    terminal.send(QUIT)
    terminal.wait_for_end()


def fits(text: str, size: tuple[int, int]) -> bool:
    """Whether what is drawn is drawn for this size."""
    if size == (40, 10):
        return "40×10 is too small" in text
    return "turn" in text and "isolated" in text.split("\n")[size[1] - 1]


@pytest.mark.parametrize("opened", [(120, 36)], ids=["120x36"], indirect=True)
def test_what_is_pasted_and_what_is_printed_does_no_harm(opened: Emulated) -> None:
    terminal = opened
    terminal.click("Write")
    wait_for(terminal, "two rows of three ones", "F5 Run")
    paste(terminal, "".join(f"a{number} = {number}\n" for number in range(500)))
    wait_for(terminal, " 501")
    paste(
        terminal, "print('漢字 é 😀', a499)\nprint('\\x1b[2J\\x1b[31mred\\x1b]0;title\\x07')\nx = torch.ones(2, 3)  # "
    )
    terminal.send("\x1b[1;5H")
    paste(terminal, "import torch\n")
    terminal.send(F5)
    wait_for(terminal, "✓ Passed.")
    terminal.send(OUTPUT)
    wait_for(terminal, "漢", "499", "␛[2J␛[31mred␛]0;title␇")


@pytest.mark.parametrize("opened", [(120, 36)], ids=["120x36"], indirect=True)
def test_what_is_pasted_in_the_moment_of_leaving_is_kept(opened: Emulated, tmp_path: Path) -> None:
    terminal = opened
    terminal.click("Write")
    wait_for(terminal, "two rows of three ones", "F5 Run")
    paste(terminal, "".join(f"a{number} = {number}\n" for number in range(500)))
    terminal.send(QUIT)
    terminal.wait_for_end()
    with sqlite3.connect(tmp_path / "home" / "progress.sqlite3") as kept:
        assert any("a499 = 499" in (row[0] or "") for row in kept.execute("SELECT draft FROM step"))
