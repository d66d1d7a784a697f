"""The Console pane: statements for the finished program, each with what it printed and its value below it."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.timer import Timer
from textual.widgets import Input, Static

from tutor.completion.names import Names
from tutor.keys import key
from tutor.widgets.keys_in_order import OrderedInput
from tutor.widgets.output import OutputView
from tutor.widgets.output_buffer import Stream
from tutor.widgets.statements import History, is_whole, next_indent

PROMPT, MORE = "› ", "… "
TICK_S = 0.2
LONGEST = 8_000
"""Characters of one line."""


def no_program() -> str:
    """What is said before the first run."""
    return (
        f"Run your code ({key('F5')}). When it has ended, its names stay here: type an expression, and see its value."
    )


class ConsoleInput(OrderedInput):
    """One line of Python; a text of several lines that is pasted becomes a block."""

    class Pasted(Message):
        """Several lines were pasted."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def _on_paste(self, event: events.Paste) -> None:
        if "\n" in event.text.strip():
            event.stop()
            event.prevent_default()
            self.post_message(self.Pasted(event.text))


class NameSuggester(Suggester):
    """Goes on with the name that is being typed; Right takes it."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.names = Names()

    async def get_suggestion(self, value: str) -> str | None:
        """The line with its last name whole."""
        found = self.names.suggestions(value, 0, len(value), asked=False)
        if found is None or not found.begun or found.finished:
            return None
        return value[: found.column] + found.names[0].name


class ConsoleView(Vertical):
    """Asks for code, and shows what came of it; what runs it is not known here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "history(-1)", "Line before", tooltip="Bring an earlier line back", id="console.up"),
        Binding("down", "history(1)", "Line after", tooltip="Bring a later line back", id="console.down"),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
    ]
    DEFAULT_CSS = """
    ConsoleView {
        height: 1fr;
        & > #console-transcript { height: 1fr; }
        & > #console-entry { height: 1; }
        & #console-prompt { width: 2; color: $primary; text-style: bold; }
        & Input { width: 1fr; height: 1; border: none; padding: 0; background: transparent; }
        & Input:focus { border: none; background-tint: transparent; }
        & > #console-state { height: auto; color: $text-muted; }
        &.-closed > #console-entry { display: none; }
    }
    """

    class Entered(Message):
        """A whole statement, or several, to be evaluated."""

        def __init__(self, code: str) -> None:
            super().__init__()
            self.code = code

    def __init__(self, **names: Any) -> None:
        """`names` are `id`, `classes` and `name`, as every widget takes them."""
        super().__init__(**names)
        self.history = History()
        self._block: list[str] = []
        self._began: float | None = None
        self._clock: Timer | None = None
        self._why_closed = no_program()
        self._suggester = NameSuggester()
        self.add_class("-closed")

    def compose(self) -> ComposeResult:
        """What was said so far, the line, and how it stands."""
        transcript = OutputView(id="console-transcript")
        transcript.can_focus = False
        yield transcript
        with Horizontal(id="console-entry"):
            yield Static(PROMPT, id="console-prompt", markup=False)
            yield ConsoleInput(compact=True, max_length=LONGEST, select_on_focus=False, suggester=self._suggester)
        yield Static(id="console-state", markup=False)

    def on_mount(self) -> None:
        """Say that there is no program yet."""
        self._show()

    @property
    def transcript(self) -> OutputView:
        """What was said so far."""
        return self.query_one(OutputView)

    @property
    def entry(self) -> ConsoleInput:
        """The line."""
        return self.query_one(ConsoleInput)

    @property
    def names(self) -> Names:
        """What answers for the names of the program."""
        return self._suggester.names

    @names.setter
    def names(self, names: Names) -> None:
        self._suggester.names = names

    @property
    def busy(self) -> bool:
        """Whether something is being evaluated."""
        return self._began is not None

    # ---- what the screen calls ----------------------------------------------------------------------------------

    def open(self) -> None:
        """There is a finished program to ask."""
        self._stop_clock()
        self._why_closed = ""
        self._show()

    def close(self, why: str = "", *, forget: bool = False) -> None:
        """There is none any more; `why` says it in a sentence. With `forget`, what was said goes, too."""
        self._stop_clock()
        self._block = []
        self._why_closed = why or no_program()
        if forget:
            self.transcript.clear()
            self.entry.value = ""
        self._show()

    def add(self, lines: Sequence[tuple[Stream, str]]) -> None:
        """Show what came of the statement, while it runs or afterwards."""
        for stream, text in lines:
            if stream in ("stdout", "stderr"):
                self.transcript.append(stream, text)
            else:
                self.transcript.line(stream, text)
        self._show()

    def finished(self) -> None:
        """The statement has been evaluated; the next may come."""
        self._stop_clock()
        self._show()

    def abandon(self) -> bool:
        """Leave the block that was begun; False where none was."""
        if not self._block:
            return False
        self._block = []
        self.transcript.note("left out")
        self.entry.value = ""
        self._show()
        return True

    # ---- typing -------------------------------------------------------------------------------------------------

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.busy:
            return  # the line below says what runs; what was typed stays
        line = event.value
        if not line.strip() and not self._block:
            return
        self._take(line)
        if is_whole(self._block):
            code, self._block = "\n".join(self._block).rstrip(), []
            self._began = monotonic()
            self._clock = self.set_interval(TICK_S, self._show)
            self.post_message(self.Entered(code))
        self._show()

    def _take(self, line: str) -> None:
        """Move a line from the entry to the transcript."""
        if line.strip():
            self.transcript.line("more" if self._block else "input", line)
        self.history.add(line)
        self._block.append(line)
        self._set(next_indent(line) if not is_whole(self._block) else "")

    def _set(self, text: str) -> None:
        self.entry.value = text
        self.entry.cursor_position = len(text)

    @on(ConsoleInput.Pasted)
    def _pasted(self, event: ConsoleInput.Pasted) -> None:
        event.stop()
        *lines, last = (self.entry.value + event.text).expandtabs(4).splitlines()
        for line in lines:
            self._take(line)
        self._set(last)
        self._show()

    def action_history(self, by: int) -> None:
        """Bring an earlier or a later line back."""
        line = self.history.move(by, self.entry.value)
        if line is not None:
            self._set(line)

    def action_page(self, by: int) -> None:
        """Scroll what was said."""
        self.transcript.scroll_relative(y=by * max(1, self.transcript.size.height - 1), animate=False)

    # ---- showing ------------------------------------------------------------------------------------------------

    def on_click(self) -> None:
        """A click anywhere goes to the line."""
        if not self._why_closed:
            self.entry.focus()

    def on_resize(self) -> None:
        """Keep the line below what was said."""
        self._show()

    @on(OutputView.Rewrapped)
    def _rewrapped(self, event: OutputView.Rewrapped) -> None:
        event.stop()
        self._show()

    def on_show(self) -> None:
        """Bring the texts up to date."""
        self._show()

    def _show(self) -> None:
        self._let_in(not self._why_closed)
        self.query_one("#console-prompt", Static).update(Content(MORE if self._block else PROMPT))
        state = self.query_one("#console-state", Static)
        text = self._state()
        state.update(Content(text))
        state.display = bool(text)
        # The line stands right below what was said, and at the bottom when that fills the pane.
        below = 1 if self._why_closed else 1 + bool(text)
        self.transcript.styles.height = max(0, min(len(self.transcript.rows), self.size.height - below))

    def _let_in(self, is_open: bool) -> None:
        """Show the line, or take it away; the focus stays in the pane."""
        had_focus = self.has_focus or self.entry.has_focus
        self.can_focus = not is_open
        self.entry.disabled = not is_open
        self.set_class(not is_open, "-closed")
        if had_focus:
            (self.entry if is_open else self).focus()

    def _state(self) -> str:
        if self._why_closed:
            return self._why_closed
        if self._began is not None and monotonic() - self._began >= TICK_S:
            return f"Running, {monotonic() - self._began:.1f} s.  {key('Esc')} stops it."
        if self._block:
            return f"An empty line ends the block; {key('Esc')} leaves it out."
        return "" if self.transcript.rows else "Type an expression or a statement. ↑ brings earlier lines back."

    def _stop_clock(self) -> None:
        self._began = None
        if self._clock is not None:
            self._clock.stop()
            self._clock = None
