"""Hidden checks count in grading only; a step names the devices of which it needs one."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.lessons.broken import lesson
from tutor.exercise import Examiner, for_learners
from tutor.lessons.load import load_course
from tutor.lessons.model import CodeStep, devices_of
from tutor.runtime.client import Runtime

STEPS = """\
- id: own
  kind: code
  task: Make `y` and `z`.
  starter: pass
  solution: |
    y = 2
    z = 3
  devices: [cuda]
  checks:
    - y
    - {kind: equal, id: secret, expr: z, hidden: true}
    - {kind: equal, id: both, expr: y + 1, needs: [y, secret]}
- id: all-hidden
  kind: code
  task: Make `y`.
  starter: pass
  solution: y = 2
  checks:
    - {kind: equal, expr: y, hidden: true}
"""


def steps(folder: Path) -> tuple[CodeStep, CodeStep]:
    (folder / "lesson.yaml").write_text(lesson("requires: {devices: [cpu]}\n", STEPS))
    (made,) = load_course(folder / "lesson.yaml").lessons
    assert [devices_of(made, step.id) for step in made.steps] == [("cuda",), ("cpu",)]
    first, second = made.steps
    assert isinstance(first, CodeStep)
    assert isinstance(second, CodeStep)
    return first, second


def test_learners_see_no_hidden_check_and_none_waits_for_one(tmp_path: Path) -> None:
    first, second = steps(tmp_path)
    assert [(check.id, check.needs) for check in for_learners(first).checks] == [("y", ()), ("both", ("y",))]
    assert for_learners(second) is second  # something has to be judged


def test_they_are_judged_in_grading(tmp_path: Path) -> None:
    first, _ = steps(tmp_path)

    async def passed() -> list[bool]:
        async with Runtime() as runtime:
            examiner = Examiner(runtime)
            return [(await examiner.attempt(first, "y = 2", grading=grading)).passed for grading in (False, True)]

    assert asyncio.run(passed()) == [True, False]
