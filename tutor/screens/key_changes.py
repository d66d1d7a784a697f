"""Other keys for commands: choose one, press the key that it shall have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tutor.keys import key_name
from tutor.screens.keymap import PLACES, Command, all_commands, keys_of, why_not
from tutor.widgets.dialog import Dialog

if TYPE_CHECKING:
    from tutor.screens.look import SettledApp

HOW = "Enter, then the new key.  Delete: as it was at first.  Esc closes."


class CommandList(OptionList):
    """A list that passes a key on, as what it is, where one is waited for."""

    catches = False

    class Pressed(Message):
        """The key that was waited for."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    async def _on_key(self, event: Key) -> None:
        if self.catches:
            event.stop()
            event.prevent_default()
            self.post_message(self.Pressed(event.key))


class KeyChanges(Dialog[None]):
    """A list of commands with their keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close", show=False),
        Binding("delete,backspace", "as_at_first", "As at first", show=False),
    ]
    app: SettledApp

    def __init__(self) -> None:
        super().__init__()
        self._commands = list(all_commands().values())
        self._waits_for: Command | None = None

    @property
    def commands(self) -> CommandList:
        """The list."""
        return self.query_one(CommandList)

    @property
    def given(self) -> dict[str, str]:
        """The keys that were given."""
        return self.app.services.settings.values.keys

    def compose(self) -> ComposeResult:
        """The list, and what to do."""
        with Vertical(id="keys", classes="sheet"):
            yield Static(Content.styled("Keys", "bold $primary"))
            yield CommandList(*self._options())
            yield Static(HOW, id="how")

    def on_mount(self) -> None:
        """Begin in the list."""
        self.commands.focus()

    def _options(self) -> list[Option | None]:
        options: list[Option | None] = []
        place = ""
        for command in self._commands:
            if command.place != place:
                place = command.place
                options.append(Option(Content.styled(PLACES[place], "bold $primary"), disabled=True))
            options.append(Option(row_of(command, self.given), id=command.id))
        return options

    @property
    def _command(self) -> Command | None:
        commands = self.commands
        if commands.highlighted is None:
            return None
        return all_commands().get(commands.get_option_at_index(commands.highlighted).id or "")

    @on(OptionList.OptionSelected)
    def _ask(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._waits_for = self._command
        if self._waits_for is not None:
            self.commands.catches = True
            self._say(f"Press the key for “{self._waits_for.name}”.  Esc leaves it as it is.")

    @on(CommandList.Pressed)
    def _pressed(self, event: CommandList.Pressed) -> None:
        """Take the key that was waited for."""
        event.stop()
        command, self._waits_for = self._waits_for, None
        self.commands.catches = False
        if command is None or event.key == "escape":
            self._say(HOW)
            return
        reason = why_not(event.key, command, self.given)
        if reason:
            self._say(reason)
        else:
            self._give(command, event.key)

    def action_as_at_first(self) -> None:
        """Give the command under the cursor its first keys again."""
        if self._command is not None:
            self._give(self._command, "")

    def _give(self, command: Command, key: str) -> None:
        others = {name: keys for name, keys in self.given.items() if name != command.id}
        self.app.change_settings(keys=others | ({command.id: key} if key else {}))
        self.commands.replace_option_prompt(command.id, row_of(command, self.given))
        self._say(f"{command.name}: {names_of(command, self.given)}.")

    def _say(self, words: str) -> None:
        self.query_one("#how", Static).update(Content(words))

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)


def names_of(command: Command, given: Mapping[str, str]) -> str:
    """The keys of a command as texts write them."""
    return "  ".join(key_name(key) for key in keys_of(command, given))


def row_of(command: Command, given: Mapping[str, str]) -> Content:
    """The keys and what they do, in one line; a mark where the keys are the learner's own."""
    mark = ("◆ ", "$accent") if command.id in given else "  "
    return Content.assemble(mark, (f"{names_of(command, given):<16}", "bold"), f" {command.meaning}")
