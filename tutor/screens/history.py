"""What was run in a step before, to be brought back."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tutor.progress import ELSEWHERE, IMPORTED, RESET, Version
from tutor.screens.words import fenced
from tutor.widgets.dialog import Dialog
from tutor.widgets.lesson_page import PageMarkdown

ENDINGS = {RESET: "before a reset", IMPORTED: "from another machine", ELSEWHERE: "from another window"}


class History(Dialog[str | None]):
    """A list of versions, the last one first, with the code of the one under the cursor; dismisses with a code."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f10", "dismiss(None)", "Close", show=False, priority=True)]

    def __init__(self, versions: Sequence[Version], now: str) -> None:
        super().__init__()
        self._versions, self._now = versions, now

    def compose(self) -> ComposeResult:
        """The list and the code."""
        with Vertical(id="history"):
            yield Static(Content.styled("Bring back what you ran earlier", "bold"))
            yield OptionList(*(Option(self._row(version)) for version in self._versions))
            yield PageMarkdown()
            yield Static(Content.styled("Enter puts it into the editor, ^Z takes it away again. Esc closes.", "$quiet"))

    def on_mount(self) -> None:
        """Begin in the list."""
        self.query_one(OptionList).focus()

    def _row(self, version: Version) -> Content:
        when = time.strftime("%b %d  %H:%M", time.localtime(version.at))
        glyph, style = ("✓", "$success") if version.passed else ("·", "$quiet")
        ending = ENDINGS.get(version.outcome, "passed" if version.passed else version.outcome.replace("_", " "))
        same = "   (as it is now)" if version.code == self._now else ""
        return Content.assemble(
            (f"{glyph} ", style), f"{when}   {ending}   ", (first_difference(version.code, self._now), "dim"), same
        )

    @on(OptionList.OptionHighlighted)
    async def _show(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        await self.query_one(PageMarkdown).update(fenced(self._versions[event.option_index].code))

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._versions[event.option_index].code)


def first_difference(code: str, now: str) -> str:
    """The first line of a version that the present code has not got; empty where there is none."""
    present = {line.strip() for line in now.splitlines()}
    return next((line.strip()[:40] for line in code.splitlines() if line.strip() not in present), "")
