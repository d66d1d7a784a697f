"""A line below the editor, to find words in the code."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static, TextArea
from textual.widgets.text_area import Selection

from tutor.widgets.keys_in_order import OrderedInput

Place = tuple[int, int]


class FindLine(Horizontal):
    """Selects what it finds in the text area beside it; Enter and the arrows go on, Esc is the screen's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "go(1)", "Next", show=False),
        Binding("up", "go(-1)", "Before", show=False),
    ]
    DEFAULT_CSS = """
    FindLine {
        height: 1;
        display: none;
        padding: 0 1;
        background: $panel;
        & > .label { width: auto; margin-right: 1; color: $primary; text-style: bold; }
        & > Input { width: 1fr; height: 1; border: none; padding: 0 1; background: transparent; }
        & > Input:focus { border: none; background-tint: transparent; }
        & > .count { width: auto; color: $quiet; }
    }
    """

    def compose(self) -> ComposeResult:
        """A name, the words, and how many there are."""
        yield Static("Find", classes="label")
        yield OrderedInput(compact=True)
        yield Static(classes="count")

    def open(self) -> None:
        """Show the line, with what is selected as the words."""
        area, line = self._area, self.query_one(Input)
        self.display = True
        if area.selected_text and "\n" not in area.selected_text:
            line.value = area.selected_text
        line.select_all()
        line.focus()
        self._tell()

    def leave(self) -> bool:
        """Hide the line; whether it was there."""
        was_there = bool(self.display)
        self.display = False
        return was_there

    @property
    def _area(self) -> TextArea:
        assert self.parent is not None
        return self.parent.query_one(TextArea)

    def _places(self) -> list[Place]:
        return found(self._area.text, self.query_one(Input).value)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        """Go to the first place from the cursor on."""
        event.stop()
        start = min(self._area.selection)
        places = self._places()
        self._select(next((place for place in places if place >= start), places[0] if places else None))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_go(1)

    def action_go(self, by: int) -> None:
        """Go to the next place or the one before, round the end."""
        places, start = self._places(), min(self._area.selection)
        if not places:
            self._tell()
        elif by > 0:
            self._select(next((place for place in places if place > start), places[0]))
        else:
            self._select(next((place for place in reversed(places) if place < start), places[-1]))

    def _select(self, place: Place | None) -> None:
        if place is not None:
            row, column = place
            self._area.selection = Selection(place, (row, column + len(self.query_one(Input).value)))
        self._tell()

    def _tell(self) -> None:
        places, start = self._places(), min(self._area.selection)
        words = self.query_one(Input).value
        if not words:
            text = ""
        elif not places:
            text = "not there"
        else:
            text = f"{places.index(start) + 1} of {len(places)}" if start in places else f"{len(places)} places"
        self.query_one(".count", Static).update(Content(text))


def found(text: str, words: str) -> list[Place]:
    """Row and column of each place of the words; small and capital letters are alike unless one asks for a capital."""
    if not words:
        return []
    exact = words != words.lower()
    places = []
    for row, line in enumerate(text.split("\n")):
        searched = line if exact else line.lower()
        column = searched.find(words)
        while column >= 0:
            places.append((row, column))
            column = searched.find(words, column + len(words))
    return places
