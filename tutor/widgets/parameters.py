"""The parameters of an experiment: a row of values for each, one of them chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

GAP = 2


@dataclass(frozen=True, slots=True)
class ValueCell:
    """A value as it is drawn: its place in the row's values, its first cell, its text."""

    index: int
    start: int
    text: str


class ParameterRows(Widget, can_focus=True):
    """Left and right choose a value, up and down a parameter, Enter runs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "left,h", "choose(-1)", "Value before", tooltip="Choose the value before", id="values.left", show=False
        ),
        Binding("right,l", "choose(1)", "Next value", tooltip="Choose the next value", id="values.right", show=False),
        Binding("up,k", "row(-1)", "Parameter above", show=False),
        Binding("down,j", "row(1)", "Parameter below", show=False),
        Binding("enter", "run", "Run", tooltip="Run with these values", id="values.run", show=False),
    ]
    DEFAULT_CSS = """
    ParameterRows { height: auto; width: 1fr; padding: 0 1; }
    """

    class Chosen(Message):
        """Another value was chosen."""

    class RunWanted(Message):
        """The program is to be run."""

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._values: tuple[tuple[str, ...], ...] = ()
        self._at: list[int] = []
        self._row = 0
        self._tried: frozenset[tuple[int, ...]] = frozenset()

    def open(self, parameters: Mapping[str, Sequence[str]], at: Sequence[int]) -> None:
        """Take the names and values of a step, with the chosen value of each."""
        self._names, self._values = tuple(parameters), tuple(tuple(values) for values in parameters.values())
        self._at, self._row, self._tried = list(at), 0, frozenset()
        self.refresh(layout=True)

    @property
    def at(self) -> tuple[int, ...]:
        """The index of the chosen value in each row."""
        return tuple(self._at)

    def show_tried(self, tried: frozenset[tuple[int, ...]]) -> None:
        """Mark the values with which the program has run, beside the others that are chosen."""
        self._tried = tried
        self.refresh()

    # ---- drawing ------------------------------------------------------------------------------------------------

    def cells(self, row: int, width: int) -> list[ValueCell]:
        """The values of a row that fit, the chosen one among them."""
        start = max(len(name) for name in self._names) + 5
        texts = [
            f" {value}{' ✓' if self._was_tried(row, index) else ''} " for index, value in enumerate(self._values[row])
        ]
        first = 0
        while first < self._at[row] and start + _length(texts[first : self._at[row] + 1]) > width:
            first += 1
        cells: list[ValueCell] = []
        for index in range(first, len(texts)):
            if start + len(texts[index]) + 1 > width and cells:
                break
            cells.append(ValueCell(index, start, texts[index]))
            start += len(texts[index]) + GAP
        return cells

    def _was_tried(self, row: int, index: int) -> bool:
        return tuple(index if place == row else at for place, at in enumerate(self._at)) in self._tried

    def rows(self, width: int) -> list[Content]:
        """A row for each parameter: its name, and its values, the chosen one between brackets."""
        out = []
        wide = max((len(name) for name in self._names), default=0)
        for row, name in enumerate(self._names):
            here = self.has_focus and row == self._row
            line = Content.assemble((" ▸ " if here else "   ", "bold $primary"), (name.ljust(wide), "bold"))
            cells = self.cells(row, width)
            for cell in cells:
                line = line.pad_right(cell.start - 1 - line.cell_length)
                line += self._drawn(cell, chosen=cell.index == self._at[row], here=here)
            more = cells and cells[-1].index < len(self._values[row]) - 1
            out.append((line + " …" if more else line).truncate(width))
        return out

    def _drawn(self, cell: ValueCell, *, chosen: bool, here: bool) -> Content:
        if not chosen:
            return Content.assemble(" ", (cell.text, "$quiet"), " ")
        style = "bold $background on $primary" if here else "bold $foreground on $panel"
        return Content.styled(f"[{cell.text}]", style)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One row a parameter."""
        return len(self._names)

    def render(self) -> Content:
        """All rows."""
        return Content("\n").join(self.rows(self.content_size.width))

    def on_focus(self) -> None:
        """Show where the keys go."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide it."""
        self.refresh()

    # ---- choosing -----------------------------------------------------------------------------------------------

    def action_choose(self, by: int) -> None:
        """Choose the value beside, in the row of the pointer; the first comes after the last."""
        if self._names:
            self._choose(self._row, (self._at[self._row] + by) % len(self._values[self._row]))

    def action_row(self, by: int) -> None:
        """Go to another parameter."""
        self._row = max(0, min(self._row + by, len(self._names) - 1))
        self.refresh()

    def action_run(self) -> None:
        """Run with what is chosen."""
        self.post_message(self.RunWanted())

    def _choose(self, row: int, index: int) -> None:
        self._row = row
        if self._at[row] != index:
            self._at[row] = index
            self.post_message(self.Chosen())
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Choose the clicked value."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y >= len(self._names):
            return
        for cell in self.cells(offset.y, self.content_size.width):
            if cell.start - 1 <= offset.x < cell.start + len(cell.text) + 1:
                self._choose(offset.y, cell.index)


def _length(texts: Sequence[str]) -> int:
    return sum(len(text) + GAP for text in texts)
