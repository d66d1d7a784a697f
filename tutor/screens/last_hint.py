"""The hint after the last one: the line of the learner's own program where a small change makes every check pass."""

from __future__ import annotations

from collections.abc import Callable

from tutor.checks.edits import Edit
from tutor.counterfactual import passing_edit
from tutor.keys import key
from tutor.lessons.model import CodeStep
from tutor.screens.services import Examines
from tutor.widgets.lesson_page import Aside


def nothing() -> str:
    """What is said where there is no such line."""
    return f"That was the last hint, and no small change of your program passes. {key('F3')} shows the answer."


class LastHint:
    """Tells first the line, and when asked again for the same program, the change."""

    def __init__(self) -> None:
        self._code: str | None = None
        self._edit: Edit | None = None
        self._line_told = False

    async def next(self, examiner: Examines, step: CodeStep, code: str, on_try: Callable[[int], None]) -> Aside | None:
        """What to show next about a program that failed; None where no change was found."""
        if code != self._code:
            self._edit = await passing_edit(examiner, step, code, on_try)
            self._code, self._line_told = code, False
        if self._edit is None:
            return None
        line, change, _ = self._edit
        if self._line_told:
            text = f"Line {line}: {change}.\n\nThink about why, then make the change and run."
            return Aside("The small change", text, "hint")
        self._line_told = True
        text = (
            f"Small changes of your program were tried. With one in **line {line}**, every check passes."
            f"\n\n{key('F2')} again says which."
        )
        return Aside("One more hint", text, "hint")
