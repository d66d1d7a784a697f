"""The hints and the answer of a step, and how much of them the learner has seen."""

from __future__ import annotations

import difflib

from tutor.keys import key
from tutor.lessons.model import CodeStep, Step
from tutor.screens.words import fenced
from tutor.widgets.lesson_page import Aside

IN_THE_END = "Read it, then write it in your own way. {} again puts it into the editor."
ANSWER_LINES = "answer-lines"
"""Under this the progress keeps how many lines of the answer are known."""
PATIENCE = 2
"""Failed runs after which a hint without an `after` of its own offers itself."""


class Hints:
    """Counts hints up to the last one, and the lines of the answer; makes the page's asides."""

    def __init__(self, step: Step, shown: int, *, answer: bool, lines: object = None) -> None:
        """`lines` of the answer are known from the top, if it was shown line by line; no number means all."""
        self._step = step
        self.hints = step.hints if isinstance(step, CodeStep) else ()
        self.solution = step.solution if isinstance(step, CodeStep) and not step.reference else ""
        self.shown = min(shown, len(self.hints))
        self.answer_shown = answer
        self._total = len(self.solution.rstrip().splitlines())
        self.lines = (lines if isinstance(lines, int) else self._total) if answer else 0
        """Lines of the answer that are known, from the top."""

    @property
    def reveals_more(self) -> bool:
        """Whether there are lines of the answer that were not shown."""
        return self.lines < self._total

    @property
    def next_name(self) -> str:
        """Such as "hint 2 of 3"."""
        return f"hint {self.shown + 1} of {len(self.hints)}"

    @property
    def why_no_hint(self) -> str:
        """What to say where there is no further one."""
        if not self.hints:
            return "This step has no hints."
        return f"That was the last hint. {key('F3')} shows the answer." if self.solution else "That was the last hint."

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
            self.lines = self._total
            return self._known()
        both, self.lines = against(draft, self.solution, self.lines)
        legend = "`+` marks a line that you don't have, `-` one of yours that the answer has not."
        return self._aside("\n".join(both), "diff", legend if any(line[:1] == "+" for line in both) else "")

    def _known(self) -> Aside:
        """The lines of the answer that were shown."""
        return self._aside("\n".join(self.solution.splitlines()[: self.lines]), "python")

    def _aside(self, text: str, language: str, legend: str = "") -> Aside:
        title = f"The answer, line {self.lines} of {self._total}" if self.reveals_more else "The answer"
        then = f"{key('F3')} shows the next line." if self.reveals_more else IN_THE_END.format(key("F3"))
        return Aside(title, f"{fenced(text, language)}\n\n{legend} {then}", "answer")

    def asides(self) -> list[Aside]:
        """Everything that was shown before."""
        shown = [self._hint(index) for index in range(self.shown)]
        return [*shown, self._known()] if self.answer_shown and self.solution else shown


def against(draft: str, solution: str, known: int) -> tuple[list[str], int]:
    """The solution beside a draft: its `known` lines and on to the next that the draft lacks; how many lines these are.

    Each line has a mark in front: `+` for the solution's, `-` for the draft's, none for what both have. After the last
    line that the draft lacks comes all the rest.
    """
    both = [
        line for line in difflib.ndiff(draft.rstrip().splitlines(), solution.rstrip().splitlines()) if line[0] != "?"
    ]
    of_solution = [index for index, line in enumerate(both) if line[0] != "-"]
    lacking = [index for index in of_solution[known:] if both[index][0] == "+" and both[index][2:].strip()]
    end = lacking[0] + 1 if len(lacking) > 1 else len(both)
    return [line.rstrip() for line in both[:end]], sum(index < end for index in of_solution)
