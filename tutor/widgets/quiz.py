"""The Questions pane of an experiment: one question at a time, with the options below it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tutor.widgets.choice_rows import OptionLine
from tutor.widgets.choices import Choices


class QuizView(VerticalScroll, can_focus=False):
    """Shows what it is given; picks are told by the messages of its `Choices`."""

    DEFAULT_CSS = """
    QuizView {
        height: 1fr;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        & > #quiz-ask { height: auto; margin: 0 0 1 3; }
        & > #quiz-reply { height: auto; margin: 1 0 0 3; }
    }
    """

    def compose(self) -> ComposeResult:
        """The question, the options, what came of a pick."""
        yield Static(id="quiz-ask")
        yield Choices()
        yield Static(id="quiz-reply")

    @property
    def choices(self) -> Choices:
        """The options."""
        return self.query_one(Choices)

    def put(
        self,
        ask: Content,
        options: Sequence[OptionLine],
        reply: Content,
        *,
        several: bool = False,
        locked: bool = False,
    ) -> None:
        """Show a question; with `locked`, it is answered."""
        self.query_one("#quiz-ask", Static).update(ask)
        self.choices.put(options, several=several, locked=locked)
        self.choices.display = bool(options)
        answer = self.query_one("#quiz-reply", Static)
        answer.update(reply)
        answer.display = bool(reply.plain)
        if reply.plain:
            # Twice: the reply gets its new height only with the next layout.
            self.call_after_refresh(self.call_after_refresh, self.scroll_to_widget, answer, animate=False)
        else:
            self.scroll_home(animate=False)

    def message(self, text: str) -> None:
        """Show a sentence in place of a question."""
        self.put(Content(text), (), Content(""))
