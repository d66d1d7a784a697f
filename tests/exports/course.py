"""A small course in files of its own, with a step of each sort that an export has to deal with."""

from __future__ import annotations

import hashlib
from pathlib import Path

DATA = b"1,2,3\n"
LESSON = f"""\
format: 1
id: powers
title: Powers
summary: Squares and roots.
objectives: [square a tensor]
files:
  - {{path: data/numbers.csv, sha256: {hashlib.sha256(DATA).hexdigest()}}}
steps:
  - id: hello
    kind: read
    title: Hello
    text: "`x**2` is x times x."
    run: |
      import torch
      print(torch.ones(2)**2)
  - id: which
    kind: choice
    title: Which one
    ask: Which is the power?
    options:
      - {{text: "`**`", correct: true, say: It is.}}
      - {{text: "`^`", say: That is for bits.}}
  - id: guess
    kind: predict
    title: Guess
    ask: What is printed?
    run: print(2**3)
    of: stdout
    distractors: ["6"]
    say: Two, three times.
  - id: square
    kind: code
    title: Square it
    task: Make `y`, the squares of `x`.
    setup: |
      import torch
      x = torch.tensor([1.0, 2.0, 3.0])
    starter: |
      y = ...
    solution: |
      y = x**2
    checks: [y]
    hints: [A power., "`x**2`"]
    misconceptions:
      - when: {{fails: y, uses: torch.sqrt}}
        say: The root goes the other way.
    wrong:
      - {{replace: ["x**2", torch.sqrt(x)], fails: y, says: the other way}}
      - {{replace: ["x**2", 2 * x], fails: y}}
      - {{replace: ["x**2", x.squares()], fails: y}}
  - id: own
    kind: code
    title: Any order
    task: Make `z`, three numbers that rise.
    starter: z = ...
    solution: z = [1, 2, 3]
    checks:
      - {{kind: python, id: rises, use: "checks.py:rises", observe: [z]}}
    wrong:
      - {{replace: ["2", "9"], fails: rises, says: does not rise}}
  - id: rates
    kind: experiment
    title: Rates
    task: Try it.
    parameters: {{rate: [0.1, 0.5]}}
    solution: |
      losses = [rate**n for n in range(3)]
    plot: [losses]
    checks: [losses]
    questions:
      - ask: Which falls faster?
        options:
          - {{text: "0.1", correct: true, say: Yes.}}
          - {{text: "0.5", say: No.}}
"""
FILES = {
    "course.yaml": b"format: 1\nid: small\ntitle: Small\nversion: 1.0.0\nlessons: [unit/powers.yaml]\n",
    "unit/powers.yaml": LESSON.encode(),
    "unit/powers.fr.yaml": b"format: 1\nlanguage: fr\ntitle: Puissances\n",
    "course.fr.yaml": b"format: 1\nlanguage: fr\ntitle: Petit\n",
    "unit/data/numbers.csv": DATA,
    "checks.py": b"def rises(seen):\n    z = list(seen.values['z'])\n    return None if z == sorted(z) else 'It does not rise.'\n",
}


def made(folder: Path) -> Path:
    """The course file, with all that belongs to it beside it."""
    for name, data in FILES.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    (folder / "unrelated.txt").write_text("not a part of the course")
    return folder / "course.yaml"
