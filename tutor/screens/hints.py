"""The hints and the answer of a step, and how much of them the learner has seen."""

from __future__ import annotations

from tutor.lessons.model import CodeStep, Step
from tutor.screens.words import fenced
from tutor.widgets.lesson_page import Aside

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

    def answer(self) -> Aside:
        """The answer, counted as shown."""
        self.answer_shown = True
        text = f"{fenced(self.solution)}\n\nRead it, then write it in your own way. F3 again puts it into the editor."
        return Aside("The answer", text, "answer")

    def asides(self) -> list[Aside]:
        """Everything that was shown before."""
        shown = [self._hint(index) for index in range(self.shown)]
        return [*shown, self.answer()] if self.answer_shown and self.solution else shown
