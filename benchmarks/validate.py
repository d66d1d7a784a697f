"""What `validate` takes for the bundled course, and for a course of a thousand lessons."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.table import Row, at_most

LESSONS = 1000
ROUNDS = 3
BUNDLED_S, LARGE_S = 1.0, 10.0
"""The most that is wanted, the start of the interpreter included."""
ROOT = Path(__file__).resolve().parent.parent
COMMAND = "import sys; from tutor.cli import main; sys.exit(main(['validate', sys.argv[1]]))"

STEPS = """\
  - id: read-{n}
    kind: read
    text: |
      A page about the number {n}, with **words** and `code`.

      It has a few lines, as pages have.
    run: |
      import torch
      print(torch.arange({n}))
  - id: pick-{n}
    kind: choice
    ask: Which one is number {n}?
    options:
      - {{text: This one., correct: true, say: It is.}}
      - {{text: That one., say: It is another one.}}
  - id: guess-{n}
    kind: predict
    ask: What is the shape of `y`?
    run: |
      import torch
      y = torch.ones({n}, 3)
    of: shape(y)
    distractors: ["(3, {n})", {{text: "({n},)", say: It has two dimensions.}}]
  - id: code-{n}
    kind: code
    task: |
      Make `y`, the squares of `x`, and let autograd find its gradient.
    setup: import torch
    starter: |
      x = torch.arange({n}.0)
    solution: |
      x = torch.arange({n}.0, requires_grad=True)
      y = x**2
      total = y.sum()
      total.backward()
    checks:
      - y
      - x.grad
      - {{kind: tensor, id: leaf, expr: x, shape: [{n}], requires_grad: true}}
      - {{kind: source, id: way, avoids: [item], needs: [y]}}
    hints: [Which operator makes a power?, "`x**2`"]
    misconceptions:
      - when: {{fails: y, uses: sqrt}}
        say: The root goes the other way.
      - when: {{fails: x.grad, relation: grad-none-no-backward}}
        say: Nothing has gone backward yet.
    wrong:
      - replace: ["x**2", "x * 2"]
        fails: y
      - replace: ["total.backward()", "pass"]
        fails: x.grad
        says: backward
"""


def write_course(folder: Path, lessons: int) -> Path:
    """A course of so many lessons, each of eight steps and about a hundred lines, that require the one before."""
    names = [f"lesson-{number}" for number in range(lessons)]
    for number, name in enumerate(names):
        requires = f"requires: {{lessons: [{names[number - 1]}]}}\n" if number else ""
        head = (
            f"format: 1\nid: {name}\ntitle: Lesson {number}\nsummary: About {number}.\nminutes: 10\n{requires}steps:\n"
        )
        text = head + "".join(STEPS.format(n=n) for n in (number + 1, number + 2))
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    listed = "".join(f"  - {name}.yaml\n" for name in names)
    course = folder / "lessons.yaml"
    course.write_text(f"format: 1\nid: large\ntitle: Large\nlessons:\n{listed}", encoding="utf-8")
    return course


def seconds(course: Path) -> float:
    """The whole command, the median of some; a course that has a problem is a mistake of this file."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", COMMAND, str(course)], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def rows() -> list[Row]:
    """Both courses."""
    with tempfile.TemporaryDirectory() as folder:
        large = seconds(write_course(Path(folder), LESSONS))
    return [
        at_most("Validate the bundled course", seconds(ROOT / "lessons.yaml"), BUNDLED_S),
        at_most(f"Validate a course of {LESSONS:,} lessons", large, LARGE_S),
    ]
