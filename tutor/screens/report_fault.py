"""A fault in a step, in the learner's words; written to a file for the author."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tutor.widgets.dialog import Dialog

HOW = (
    "The file holds your words, your code, and what the run and the checks said: all that the author needs."
    " It is not sent anywhere: you give it to the author."
)


class ReportFault(Dialog[str | None]):
    """Asks what is wrong; dismisses with the words, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Close", show=False, priority=True)]

    def __init__(self, title: str) -> None:
        """`title` is the step's."""
        super().__init__()
        self._title = title

    def compose(self) -> ComposeResult:
        """The question, a line for the words, what becomes of them."""
        with Vertical(classes="sheet"):
            yield Static(Content.styled(f"A fault in “{self._title}”", "bold $primary"))
            yield Input(placeholder="What is wrong here, in a sentence", id="words")
            yield Static(Content.styled(HOW, "$quiet"))
            yield Static(Content.styled("Enter writes the file.  Esc leaves it.", "$quiet"))

    def on_mount(self) -> None:
        """Begin in the line."""
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self.dismiss(event.value)
