"""One line between editor and results: what the run is doing, or how it ended."""

from __future__ import annotations

from textual.content import Content
from textual.message import Message
from textual.widget import Widget


class RunLine(Widget):
    """Empty until there is something to say; a click on it does what it offers."""

    DEFAULT_CSS = """
    RunLine { height: 1; padding: 0 2; background: $background; display: none; }
    RunLine.-shown { display: block; }
    RunLine.-good { background: $success 18%; }
    RunLine.-bad { background: $warning 12%; }
    """

    class Clicked(Message):
        """The learner clicked the line."""

    def __init__(self) -> None:
        super().__init__()
        self.text = Content("")

    def say(self, text: Content | str, look: str = "") -> None:
        """Show a text; `look` is "good", "bad" or nothing."""
        self.text = text if isinstance(text, Content) else Content(text)
        self.set_class(bool(self.text.plain), "-shown")
        self.set_class(look == "good", "-good")
        self.set_class(look == "bad", "-bad")
        self.refresh()

    def render(self) -> Content:
        """The text, cut where it must be."""
        return self.text.truncate(self.content_size.width, ellipsis=True)

    def on_click(self) -> None:
        """Pass it on."""
        self.post_message(self.Clicked())
