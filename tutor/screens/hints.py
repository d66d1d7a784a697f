"""The hints and the answer of a step, and how much of them the learner has seen."""

from __future__ import annotations

import difflib

from tutor.lessons.model import CodeStep, Step
from tutor.screens.words import fenced
from tutor.widgets.lesson_page import Aside

IN_THE_END = "Read it, then write it in your own way. F3 again puts it into the editor."
PATIENCE = 2
"""Failed runs after which a hint without an `after` of its own offers itself."""


class Hints:
    """Counts hints up to the last one; makes the page's asides."""

    def __init__(self, step: Step, shown: int, *, answer: bool) -> None:
        self._step = step
        self.hints = step.hints if isinstance(step, CodeStep) else ()
        self.solution = step.solution if isinstance(step, CodeStep) and not step.reference else ""
        self.shown = min(shown, len(self.hints))
        self.answer_shown = answer
        self._revealed = 0
        """Lines of the answer that were shown, of those that the learner did not have."""
        self.reveals_more = False
        """Whether there are more of them."""

    @property
    def next_name(self) -> str:
        """Such as "hint 2 of 3"."""
        return f"hint {self.shown + 1} of {len(self.hints)}"

    @property
    def why_no_hint(self) -> str:
        """What to say where there is no further one."""
        if not self.hints:
            return "This step has no hints."
        return "That was the last hint. F3 shows the answer." if self.solution else "That was the last hint."

    def offers(self, failures: int) -> bool:
        """Whether the next hint should offer itself after so many failed runs."""
        if self.shown >= len(self.hints):
            return False
        after = self.hints[self.shown].after
        return failures >= (PATIENCE if after is None else after)

    def _hint(self, index: int) -> Aside:
        return Aside(f"Hint {index + 1} of {len(self.hints)}", self.hints[index].text, "hint")

    def next_hint(self) -> Aside | None:
        """One hint more, counted as shown; None after the last."""
        if self.shown >= len(self.hints):
            return None
        self.shown += 1
        return self._hint(self.shown - 1)

    def answer(self, draft: str | None = None) -> Aside:
        """The answer, counted as shown: against a draft one line more that it lacks, without one all of it."""
        self.answer_shown = True
        if draft is None:
            self.reveals_more = False
            return Aside("The answer", f"{fenced(self.solution)}\n\n{IN_THE_END}", "answer")
        self._revealed += 1
        lines, missing = against(draft, self.solution, self._revealed)
        self.reveals_more = self._revealed < missing
        title = f"The answer, line {self._revealed} of {missing}" if self.reveals_more else "The answer"
        then = "F3 shows the next line." if self.reveals_more else IN_THE_END
        legend = "+ marks a line that you don't have, - one of yours that the answer has not." if missing else ""
        return Aside(title, f"```diff\n{chr(10).join(lines)}\n```\n\n{legend} {then}", "answer")

    def asides(self) -> list[Aside]:
        """Everything that was shown before."""
        shown = [self._hint(index) for index in range(self.shown)]
        return [*shown, self.answer()] if self.answer_shown and self.solution else shown


def against(draft: str, solution: str, most: int) -> tuple[list[str], int]:
    """The solution beside a draft, up to the `most`-th line of those that the draft lacks; and how many it lacks.

    Each line has a mark in front: `+` for the solution's, `-` for the draft's, none for what both have.
    """
    both = [
        line for line in difflib.ndiff(draft.rstrip().splitlines(), solution.rstrip().splitlines()) if line[0] != "?"
    ]
    missing = sum(line[0] == "+" for line in both)
    shown: list[str] = []
    for line in both:
        shown.append(line.rstrip())
        most -= line[0] == "+"
        if most == 0 and line[0] == "+" and missing > 1 and sum(one[:1] == "+" for one in shown) < missing:
            break
    return shown, missing
