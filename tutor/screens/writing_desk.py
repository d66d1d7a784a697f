"""Where a program is made: written in the editor, or put together from lines; and its draft."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.timer import Timer
from textual.widget import Widget

from tutor.lessons.model import CodeStep, ExperimentStep, OrderStep, PredictStep, ReadStep
from tutor.lessons.order import pieces
from tutor.lessons.settings import assignments, first_setting
from tutor.screens.finished_run import FinishedRun
from tutor.screens.services import Services
from tutor.widgets.editor import CodeEditor
from tutor.widgets.find_line import FindLine
from tutor.widgets.line_order import LineOrder
from tutor.widgets.parameters import ParameterRows
from tutor.widgets.results import Results

DRAFT_S = 0.5
"""Seconds without a key after which the draft is saved."""

RunStep = CodeStep | ReadStep | PredictStep


class WritingDesk(FinishedRun):
    """Holds the parts of the desk, and keeps what the learner makes."""

    def __init__(self, services: Services) -> None:
        super().__init__(services, widget_id="code-desk")
        self.step: RunStep | None = None
        self._saved = ""
        self._save_timer: Timer | None = None

    def compose(self) -> Iterable[Widget]:
        """Parameters where there are some, then editor or lines, then results."""
        yield ParameterRows()
        yield CodeEditor(widget_id="editor")
        yield FindLine()
        yield LineOrder()
        yield Results(widget_id="results")

    @property
    def line_order(self) -> LineOrder:
        """The lines to be put in order."""
        return self.query_one(LineOrder)

    @property
    def find_line(self) -> FindLine:
        """The line that finds words in the code."""
        return self.query_one(FindLine)

    # ---- the program --------------------------------------------------------------------------------------------

    @property
    def in_order(self) -> bool:
        """Whether the program is put together from lines."""
        return isinstance(self.step, OrderStep)

    @property
    def writing(self) -> Widget:
        """What has the focus while the program is made."""
        return self.line_order.lines if self.in_order else self.editor

    @property
    def text(self) -> str:
        """The program as it stands."""
        return self.line_order.text if self.in_order else self.editor.text

    def open_program(self) -> None:
        """Show the draft of the step, or what it starts with."""
        assert self.ref is not None
        assert self.step is not None
        draft = self.services.progress.draft(self.ref)
        self.set_class(self.in_order, "-order")
        self.find_line.leave()
        self._setup = setup_of(self.step)
        if isinstance(self.step, OrderStep):
            self.line_order.open(pieces(self.step), draft, may_put_away=bool(self.step.distractors))
        else:
            self.editor.open(starter_of(self.step) if draft is None else draft)
        self.know_variables(())
        self._saved = self.text

    def replace_all(self, program: str) -> None:
        """Put another program in the place of this one, so that undo brings it back."""
        (self.line_order if self.in_order else self.editor).replace_all(program)

    def go_to_line(self, line: int) -> None:
        """Put the cursor on a line of the program, counted from 1."""
        if self.in_order:
            self.line_order.go_to_line(line)
        else:
            super().go_to_line(line)

    # ---- the draft ----------------------------------------------------------------------------------------------

    @on(CodeEditor.Changed)
    @on(LineOrder.Changed)
    def _typed(self, event: CodeEditor.Changed | LineOrder.Changed) -> None:
        event.stop()
        if self._save_timer is None:
            self._save_timer = self.set_timer(DRAFT_S, self.flush)
        else:
            self._save_timer.reset()

    def flush(self) -> None:
        """Save the draft now, if it changed."""
        if self._save_timer is not None:
            self._save_timer.stop()
            self._save_timer = None
        if self.ref is None or not self.is_mounted or self.text == self._saved:
            return
        progress = self.services.progress
        kept = progress.draft(self.ref)
        if kept not in (None, self._saved, self.text):
            progress.set_aside(self.ref, kept)
            self.app.notify("This step was also written in elsewhere. The other text is in the history (F10).")
        self._saved = self.text
        progress.save_draft(self.ref, self._saved)

    def follow_elsewhere(self) -> None:
        """Take the draft that another window or program has written; what was here comes back by undo."""
        progress = self.services.progress
        if self.ref is None or not self.is_mounted or not progress.written_elsewhere():
            return
        kept = progress.draft(self.ref)
        if kept in (None, self._saved) or self.text != self._saved:
            return
        self._saved = kept
        self.replace_all(kept)
        self.app.notify("Your code was changed elsewhere, and is shown as it is now. ^Z brings back what was here.")


def starter_of(step: RunStep) -> str:
    """The text that the editor starts with."""
    return step.starter if isinstance(step, CodeStep) else step.run or ""


def setup_of(step: RunStep) -> str:
    """What runs before the learner's lines: the values of an experiment, and the step's own setup."""
    values = f"{assignments(first_setting(step))}\n" if isinstance(step, ExperimentStep) else ""
    return values + (step.setup if isinstance(step, CodeStep) else "")
