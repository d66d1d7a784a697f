"""The settings as rows of values: what is chosen holds at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tutor.settings import SettingsFile
from tutor.widgets.dialog import Dialog
from tutor.widgets.parameters import ParameterRows

if TYPE_CHECKING:
    from tutor.screens.look import SettledApp


class Row(msgspec.Struct, frozen=True):
    """A setting: its label, its name, its values as they are shown and as they are, and what they mean."""

    label: str
    name: str
    values: tuple[tuple[str, Any], ...]
    means: str


ROWS = (
    Row(
        "Colours",
        "theme",
        (("ink", "ink"), ("paper", "paper"), ("contrast", "contrast"), ("terminal", "terminal")),
        "dark, light, high contrast, or your terminal's own",
    ),
    Row("Marks", "glyphs", (("as it can", "auto"), ("all", "unicode"), ("ASCII", "ascii")), "what your terminal shows"),
    Row("Motion", "motion", (("full", "full"), ("reduced", "reduced")), "reduced: nothing glides, blinks or redraws"),
    Row("Shapes", "shapes", (("shown", True), ("hidden", False)), "beside your code, after a run"),
    Row("Page", "page_width", tuple((f"{n} %", n) for n in (30, 38, 46, 54, 62)), "its share of a wide window"),
    Row("Editor", "editor_height", tuple((f"{n} %", n) for n in (35, 50, 65, 75)), "its share beside the results"),
    Row("Tour", "tour", (("at the next start", True), ("no more", False)), "three pages for the first time"),
)


class SettingsScreen(Dialog[None]):
    """Up and down choose a setting, left and right its value."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f12,q,enter", "dismiss", "Close", show=False, priority=True),
        Binding("k", "keys", "Keys", show=False, priority=True),
    ]
    app: SettledApp

    def __init__(self, settings: SettingsFile) -> None:
        super().__init__()
        values = settings.values
        self._rows = [with_own(row, getattr(values, row.name)) for row in ROWS]
        self._at = [index_of(row, getattr(values, row.name)) for row in self._rows]
        self._kept = f"Kept in {settings.path}." if settings.path else "They hold until you leave."

    def compose(self) -> ComposeResult:
        """The rows, what they mean, where they are kept."""
        with Vertical(id="settings", classes="sheet"):
            yield Static(Content.styled("Settings", "bold $primary"))
            yield ParameterRows()
            yield Static(self._meanings())
            yield Static(Content.styled(self._ending(), "$quiet"))

    def on_mount(self) -> None:
        """Begin in the rows."""
        rows = self.query_one(ParameterRows)
        rows.open({row.label: [shown for shown, _ in row.values] for row in self._rows}, self._at)
        rows.focus()

    def _meanings(self) -> Content:
        wide = max(len(row.label) for row in self._rows)
        lines = [Content.assemble((f"   {row.label:<{wide}}  ", "bold"), (row.means, "$quiet")) for row in self._rows]
        return Content("\n").join(lines)

    def _ending(self) -> str:
        return f"↑↓ and ←→ choose; it holds at once.  K changes keys.  Esc closes.\n{self._kept}"

    @on(ParameterRows.Chosen)
    def _chosen(self, event: ParameterRows.Chosen) -> None:
        event.stop()
        at = self.query_one(ParameterRows).at
        for row, before, now in zip(self._rows, self._at, at, strict=True):
            if before != now:
                self.app.change_settings(**{row.name: row.values[now][1]})
        self._at = list(at)

    def action_keys(self) -> None:
        """Go to the keys."""
        from tutor.screens.key_changes import KeyChanges

        self.app.push_screen(KeyChanges())


def index_of(row: Row, value: object) -> int:
    """The place of a value in its row."""
    return [each for _, each in row.values].index(value)


def with_own(row: Row, value: object) -> Row:
    """A row that has the value, which may have been written by hand, or set with the mouse."""
    known = [each for _, each in row.values]
    if value in known:
        return row
    values: Sequence[tuple[str, Any]] = (*row.values, (f"{value} %" if isinstance(value, int) else str(value), value))
    if isinstance(value, int):
        values = sorted(values, key=lambda each: each[1])
    return msgspec.structs.replace(row, values=tuple(values))
