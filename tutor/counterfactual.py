"""The last hint: which small change of the learner's own program would make every check pass, found by trying.

Nothing is guessed. Each changed program is run in the sandbox and judged as the learner's is; only one that passes is
spoken of.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from typing import Protocol

from tutor.checks.edits import Edit, edits
from tutor.checks.line_moves import line_moves
from tutor.lessons.model import CodeStep, OrderStep
from tutor.lessons.order import lines_of

MOST = 40
"""How many changes are tried."""
MOST_S = 10.0
"""Seconds after which no further one is begun."""


class Passes(Protocol):
    """What a judged run tells here."""

    @property
    def passed(self) -> bool: ...  # noqa: D102


class Tries(Protocol):
    """Runs code and judges it, as tutor.exercise.Examiner does."""

    async def attempt(self, step: CodeStep, code: str) -> Passes: ...  # noqa: D102


async def passing_edit(
    examiner: Tries, step: CodeStep, code: str, on_try: Callable[[int], None] = lambda _: None
) -> Edit | None:
    """The first small change with which `code` passes; None where none of those that were tried does.

    `on_try` hears before each run how many there were.
    """
    deadline = time.monotonic() + MOST_S
    changes = line_moves(code, lines_of(step.starter)) if isinstance(step, OrderStep) else edits(code)
    for number, edit in enumerate(itertools.islice(changes, MOST)):
        if time.monotonic() > deadline:
            return None
        on_try(number)
        if (await examiner.attempt(step, edit.code)).passed:
            return edit
    return None
