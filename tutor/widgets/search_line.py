"""One line to type the words of a search into."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from tutor.widgets.keys_in_order import OrderedInput


class SearchLine(Horizontal):
    """A slash and an input; says what is typed, and where the arrow keys want to go."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "go_down", "To the results", show=False),
    ]
    DEFAULT_CSS = """
    SearchLine {
        height: 1;
        margin: 0 0 1 3;
        & > Static { width: 2; color: $primary; text-style: bold; }
        & > Input { width: 1fr; height: 1; border: none; padding: 0; background: transparent; }
        & > Input:focus { border: none; background-tint: transparent; }
    }
    """

    class Typed(Message):
        """The words are others now."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    class Left(Message):
        """The learner goes down to the results."""

    class Entered(Message):
        """The result under the cursor is to be opened."""

    def compose(self) -> ComposeResult:
        """The slash and the input."""
        yield Static("/")
        yield OrderedInput(placeholder="words of a title or a text", compact=True)

    def focus_input(self) -> None:
        """Type here."""
        self.query_one(Input).focus()

    def action_go_down(self) -> None:
        """Leave for the results."""
        self.post_message(self.Left())

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Entered())
