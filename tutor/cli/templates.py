"""What `torch-tutor new` begins with: each passes `torch-tutor test`, with `--mutate` too, as it comes."""

from __future__ import annotations

COURSE = """\
format: 1
id: {id}
title: {title}
version: 0.1.0
description: Say in a sentence what one can do after this course.
lessons:
  - {lesson}
"""

LESSON = """\
format: 1
id: {id}
title: {title}
summary: Say in a sentence what this lesson is about.
objectives:
  - say what one can do after this lesson
minutes: 10
steps:
{steps}"""

IN_A_LESSON = ("read", "predict", "code")
"""The kinds of the steps that a new lesson has."""

STEPS = {
    "read": """\
- id: {id}
  kind: read
  title: A page to read
  text: |
    Say **one** thing here, in short sentences. The program below it can be run and changed.
  run: |
    import torch
    x = torch.tensor([1.0, 2.0, 3.0])
    print(x * 2)
""",
    "choice": """\
- id: {id}
  kind: choice
  title: Pick one
  ask: Which of these makes a tensor of whole numbers?
  options:
    - text: "`torch.tensor([1, 2])`"
      correct: true
      say: Whole numbers give whole numbers.
    - text: "`torch.tensor([1.0, 2.0])`"
      say: A number with a point gives floats.
""",
    "predict": """\
- id: {id}
  kind: predict
  title: Before you run it
  ask: What is the shape of `y`?
  run: |
    import torch
    y = torch.ones(2, 3).T
  of: shape(y)
  distractors:
    - text: (2, 3)
      say: "`.T` turns rows into columns."
    - (6,)
""",
    "code": """\
- id: {id}
  kind: code
  title: Write it yourself
  task: |
    Make `y`: each number of `x`, doubled, and then their sum.
  starter: |
    import torch
    x = torch.tensor([1.0, 2.0, 4.0])
    y = ...
  solution: |
    import torch
    x = torch.tensor([1.0, 2.0, 4.0])
    y = (2 * x).sum()
  also_correct:
    - |
      import torch
      x = torch.tensor([1.0, 2.0, 4.0])
      y = 0
      for number in x:
          y = y + 2 * number
  checks: [x, y]
  hints:
    - "`2 * x` doubles each number."
    - A tensor has a method that adds up its numbers.
  misconceptions:
    - when: {{fails: y, relation: not-reduced}}
      say: The numbers are doubled. Now add them up.
  wrong:
    - replace: ["(2 * x).sum()", "2 * x"]
      fails: y
      says: Now add them up
""",
    "fix": """\
- id: {id}
  kind: fix
  title: Find the bug
  task: |
    This program should leave the slope of `y = x**2` at `x = 3` in `x.grad`. It stops instead. Find out why.
  starter: |
    import torch
    x = torch.tensor(3.0)
    y = x**2
    y.backward()
  solution: |
    import torch
    x = torch.tensor(3.0, requires_grad=True)
    y = x**2
    y.backward()
  checks: [y, x.grad]
  hints:
    - Autograd records only what it was asked to.
  wrong:
    - replace: ["y.backward()", "y"]
      fails: x.grad
""",
    "order": """\
- id: {id}
  kind: order
  title: Put it in order
  task: |
    Put the lines in an order in which `x.grad` ends as the slope at `x = 3`.
  solution: |
    import torch
    x = torch.tensor(3.0, requires_grad=True)
    y = x**2
    y.backward()
  distractors:
    - x = y.grad
  checks: [y, x.grad]
  hints:
    - The slope comes last.
""",
    "experiment": """\
- id: {id}
  kind: experiment
  title: Try the learning rate
  task: |
    Run this with several learning rates, and look at the curves.
  parameters: {{lr: [0.01, 0.1, 1.1]}}
  plot: [losses]
  solution: |
    import torch
    w = torch.tensor(0.0, requires_grad=True)
    losses = []
    for step in range(20):
        loss = (w - 3)**2
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        w.grad = None
        losses.append(loss.item())
  questions:
    - ask: What happens with 1.1?
      options:
        - text: The loss grows.
          correct: true
          say: Each step goes too far, and the next one starts farther away.
        - text: The loss falls fastest.
          say: Look at the curve again.
""",
}
"""A step of each kind."""
