"""The Graph pane: what a tensor was computed from, as a tree; of a module, its layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from tutor.checks.graph_cuts import Cut, Cuts
from tutor.runtime.values import Graph, ModuleValue, Variable
from tutor.widgets.formats import visible
from tutor.widgets.graph_rows import (
    GraphRow,
    LayerRow,
    layer_pieces,
    layer_rows,
    layer_widths,
    missed_parameters,
    module_sentence,
    name_column,
    tree,
    tree_pieces,
    tree_sentence,
)
from tutor.widgets.row_list import RowList
from tutor.widgets.verdict_rows import rich_words

NO_RUN = "Run your code to see here what its tensors were computed from."
NOTHING = "No tensor of this run has a history: none was computed from one with `requires_grad=True`."
LOW = 12
FIRST = ("loss", "l", "cost", "error")
"""Names of what is mostly asked for, the first that is there is shown first."""

Thing = Graph | ModuleValue | Cut


def things(graphs: Sequence[Graph], variables: Sequence[Variable], cuts: Cuts) -> dict[str, Thing]:
    """What can be looked at, by name: graphs, modules, and tensors that were cut off."""
    modules = {v.name: v.value for v in variables if isinstance(v.value, ModuleValue)}
    there = {variable.name for variable in variables}
    cut = {name: each for name, each in cuts.variables.items() if name in there}
    return {**{graph.name: graph for graph in graphs}, **modules, **cut}


def first_of(found: Mapping[str, Thing]) -> str:
    """What is shown first: the loss, else the last tensor that has a graph, else the first of all."""
    graphs = [name for name, thing in found.items() if isinstance(thing, Graph)]
    return next((name for name in FIRST if name in found), graphs[-1] if graphs else next(iter(found), ""))


def chooser(names: Sequence[str], active: str, width: int) -> list[tuple[str, int]]:
    """The names side by side, each with its first cell, so that the active one is among them."""
    first = 0
    while True:
        out, start = [], 2 if first else 0
        for name in names[first:]:
            out.append((visible(name), start))
            start += len(name) + 3
        here = names.index(active) - first if active in names else 0
        if not out or here <= 0 or out[here][1] + len(out[here][0]) <= width:
            return out
        first += 1


class Chooser(Widget):
    """The names of what can be looked at; a click chooses one."""

    DEFAULT_CSS = "Chooser { height: 1; }"

    class Chosen(Message):
        """The learner clicked a name."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self) -> None:
        super().__init__()
        self.names: Sequence[str] = ()
        self.active = ""

    def put(self, names: Sequence[str], active: str) -> None:
        """Take other names."""
        self.names, self.active = names, active
        self.refresh()

    def render(self) -> Content:
        """The names; the active one between marks, as far as there is room."""
        width = self.content_size.width
        out = Content("")
        for name, start in chooser(self.names, self.active, width):
            out = out.pad_right(start - out.cell_length) if start > out.cell_length else out
            on = name == visible(self.active)
            out += Content.styled(name, "bold $primary underline" if on else "$quiet")
            out += Content("   ")
        placed = chooser(self.names, self.active, width)
        if placed and placed[0][1]:
            out = Content("…") + out[1:]
        return out.rstrip().truncate(width, ellipsis=True)

    def on_click(self, event: events.Click) -> None:
        """Choose the clicked one."""
        x = event.get_content_offset_capture(self).x
        placed = chooser(self.names, self.active, self.content_size.width)
        for index, (name, start) in enumerate(placed):
            if start <= x < start + len(name):
                self.post_message(self.Chosen(self.names[len(self.names) - len(placed) + index]))


class GraphList(RowList[GraphRow | LayerRow]):
    """The rows of a tree, or of a table of layers."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"row--bad"}
    DEFAULT_CSS = """
    GraphList { height: 1fr; }
    GraphList > .row--bad { color: $error; text-style: bold; }
    GraphList > .row--begun { color: $secondary; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._column = 0
        self._widths = (0, 0, 0, 0)

    def put(self, rows: Sequence[GraphRow | LayerRow | None], cursor: int = 0) -> None:
        """Take new rows, and the widths of their columns."""
        self._column = name_column([row for row in rows if isinstance(row, GraphRow)])
        self._widths = layer_widths([row for row in rows if isinstance(row, LayerRow)])
        super().put(rows, cursor)

    def draw_row(self, row: GraphRow | LayerRow, width: int, current: bool) -> list[tuple[str, str]]:
        """One node, or one layer."""
        if isinstance(row, GraphRow):
            return tree_pieces(row, self._column, width - 1)
        return layer_pieces(row, self._widths, width)


class GraphView(Vertical):
    """Shows one thing of a run at a time; Enter goes to the line that made a tensor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "next(1)", "Next", tooltip="Look at the next tensor or module", id="graph.next"),
        Binding("p", "next(-1)", "Before", tooltip="Look at the tensor or module before", id="graph.before"),
    ]
    DEFAULT_CSS = """
    GraphView {
        height: 1fr;
        & > #graph-sentence { height: auto; max-height: 3; margin-bottom: 1; }
        &.-low > #graph-sentence { max-height: 2; margin-bottom: 0; }
        &.-empty > Chooser, &.-empty > GraphList { display: none; }
    }
    """

    class LineWanted(Message):
        """The learner wants to see a line of the code."""

        def __init__(self, line: int) -> None:
            super().__init__()
            self.line = line

    def __init__(self, **names: Any) -> None:
        """`names` are `id`, `classes` and `name`, as every widget takes them."""
        super().__init__(**names)
        self._things: dict[str, Thing] = {}
        self._inputs: Mapping[str, Sequence[Cut]] = {}
        self._lines: Mapping[str, int] = {}
        self._shown = ""
        self._sentence = NO_RUN
        self.add_class("-empty")

    def compose(self) -> ComposeResult:
        """The names, the sentence, the rows."""
        yield Chooser()
        yield Static(id="graph-sentence")
        yield GraphList()

    def on_mount(self) -> None:
        """Say that there is no run yet."""
        self._show_thing("")

    # ---- what the screen calls ----------------------------------------------------------------------------------

    def clear(self) -> None:
        """Be empty, as before a run."""
        self.show_graphs((), (), Cuts(), {})
        self._sentence = NO_RUN
        self._show_thing("")

    def show_graphs(
        self, graphs: Sequence[Graph], variables: Sequence[Variable], cuts: Cuts, lines: Mapping[str, int]
    ) -> None:
        """Show what a run left; what was looked at before is looked at again, if it is there."""
        self._things = things(graphs, variables, cuts)
        self._inputs, self._lines, self._sentence = cuts.inputs, lines, NOTHING
        self._show_thing(self._shown if self._shown in self._things else first_of(self._things))

    @property
    def graph_list(self) -> GraphList:
        """The rows."""
        return self.query_one(GraphList)

    # ---- keys ---------------------------------------------------------------------------------------------------

    def action_next(self, by: int) -> None:
        """Look at the next thing, or at the one before."""
        names = list(self._things)
        if names:
            self._show_thing(names[(names.index(self._shown) + by) % len(names)])

    @on(Chooser.Chosen)
    def _clicked(self, event: Chooser.Chosen) -> None:
        event.stop()
        self._show_thing(event.name)
        self.graph_list.focus()

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        if isinstance(event.row, GraphRow) and event.row.line:
            self.post_message(self.LineWanted(event.row.line))

    @on(RowList.Highlighted)
    def _highlighted(self, event: RowList.Highlighted) -> None:
        event.stop()

    # ---- showing ------------------------------------------------------------------------------------------------

    def on_resize(self, event: events.Resize) -> None:
        """Leave more room for rows in a low pane."""
        self.set_class(event.size.height < LOW, "-low")

    def _show_thing(self, name: str) -> None:
        self._shown = name
        self.set_class(not self._things, "-empty")
        self.query_one(Chooser).put(list(self._things), name)
        rows, sentence = self._told(name)
        self.graph_list.put(rows)
        self.query_one("#graph-sentence", Static).update(rich_words(sentence, "$quiet"))

    def _told(self, name: str) -> tuple[Sequence[GraphRow | LayerRow], str]:
        """The rows of a thing, and the sentence on it."""
        match self._things.get(name):
            case Graph() as graph:
                rows = tree(graph, self._inputs, self._lines)
                modules = {name: thing for name, thing in self._things.items() if isinstance(thing, ModuleValue)}
                return rows, tree_sentence(graph, rows, missed_parameters(graph, modules))
            case ModuleValue() as module:
                return layer_rows(module), module_sentence(name, module)
            case Cut() as cut:
                of = f"`{visible(cut.name)}`, which it was made of," if cut.name != name else "it"
                said = f"✂ `{visible(name)}` has no history: `{cut.how}` in line {cut.line} cut {of} off."
                return (), f"{said} No gradient goes back beyond that line."
            case _:
                return (), self._sentence
