"""An autograd graph as a tree in rows of text, and a module as a table of its layers; pure.

The longest way back to a leaf goes straight down, and what else went into a step stands indented beside it, so that a
network of a hundred layers is no wider than one of two. Graphs come from an untrusted process: places out of range and
circles are passed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tutor.checks.graph_cuts import Cut
from tutor.runtime.values import Graph, GraphNode, LayerInfo, ModuleValue
from tutor.widgets.formats import count, number, plural, shape_text, short_dtype, shorten, visible

LEAF = "AccumulateGrad"
Piece = tuple[str, str]
"""A text and its style, the last part of a `row--` class."""
_NAME_CAP = 22
_NAME_COLUMN = 30
_MOST = 400
"""Rows of one tree."""


@dataclass(frozen=True, slots=True)
class GraphRow:
    """A row of a tree: what leads to it, its sign, a name, and what is known of it."""

    prefix: str
    glyph: str
    name: str
    kind: str
    shape: str = ""
    note: str = ""
    line: int = 0
    bad: bool = False


def tree(graph: Graph, inputs: Mapping[str, Sequence[Cut]], lines: Mapping[str, int]) -> list[GraphRow]:
    """The rows of a graph: `inputs` are cuts among what variables were made of, `lines` where they were assigned."""
    grower = _Grower(graph.nodes, inputs, lines)
    grower.grow(0, "")
    if graph.left_out or len(grower.rows) >= _MOST:
        grower.rows.append(GraphRow("", "…", "", "more nodes were left out"))
    return grower.rows


class _Grower:
    def __init__(
        self, nodes: Sequence[GraphNode], inputs: Mapping[str, Sequence[Cut]], lines: Mapping[str, int]
    ) -> None:
        self.nodes, self.inputs, self.lines = nodes, inputs, lines
        self.rows: list[GraphRow] = []
        self.heights = heights(nodes)
        self.drawn: set[int] = set()

    def grow(self, place: int, prefix: str) -> None:
        """The node at a place, and below it all that it came from."""
        while len(self.rows) < _MOST:
            node = self.nodes[place]
            self.rows.append(self._row(node, prefix, again=place in self.drawn))
            if place in self.drawn:
                return
            self.drawn.add(place)
            for cut in self.inputs.get(node.tensor, ()) if node.tensor else ():
                self.rows.append(_cut_row(cut, f"{prefix}├─"))
            sources = sorted(dict.fromkeys(_known(node, len(self.nodes))), key=self.heights.__getitem__)
            for beside in sources[:-1]:
                self._beside(beside, prefix)
            if not sources:
                return
            place = sources[-1]

    def _beside(self, place: int, prefix: str) -> None:
        before = len(self.rows)
        self.grow(place, f"{prefix}│ ")
        if len(self.rows) > before:
            self.rows[before] = replace(self.rows[before], prefix=f"{prefix}├─")

    def _row(self, node: GraphNode, prefix: str, *, again: bool) -> GraphRow:
        name = shorten(visible(node.tensor), _NAME_CAP)
        shape = "" if node.shape is None else f"{short_dtype(node.dtype)}{list(node.shape)}"
        if again:
            return GraphRow(prefix, "↑", name, "as above" if node.name == LEAF else f"{visible(node.name)}, as above")
        line = self.lines.get(node.tensor, 0)
        if node.name != LEAF:
            note = "" if node.grad_norm is None else f"‖grad‖ {number(node.grad_norm, 3)}"
            return GraphRow(prefix, "●" if name else "○", name, visible(node.name), shape, note, line)
        if node.grad_norm is None:
            return GraphRow(prefix, "◆", name or "a leaf", "leaf", shape, "no gradient yet", line)
        norm = f"‖grad‖ {number(node.grad_norm, 3)}"
        return GraphRow(prefix, "◆", name or "a leaf", "leaf", shape, norm, line, bad=node.grad_norm == 0)


def _known(node: GraphNode, length: int) -> list[int]:
    return [place for place in node.inputs if 0 <= place < length]


def _cut_row(cut: Cut, prefix: str) -> GraphRow:
    name = shorten(visible(cut.name), _NAME_CAP) or "a value"
    return GraphRow(prefix, "✂", name, f"cut off by {cut.how}", line=cut.line, bad=True)


def heights(nodes: Sequence[GraphNode]) -> list[int]:
    """For each node, how many steps the longest way from it to an end has."""
    found = [0] * len(nodes)
    state = [0] * len(nodes)  # 1: its inputs are being looked at, 2: done
    for start in range(len(nodes)):
        waiting = [start]
        while waiting:
            place = waiting[-1]
            inputs = _known(nodes[place], len(nodes))
            if state[place] == 0:
                state[place] = 1
                waiting += [each for each in inputs if state[each] == 0]
                continue
            waiting.pop()
            if state[place] == 1:
                state[place] = 2
                found[place] = 1 + max((found[each] for each in inputs if state[each] == 2), default=0)
    return found


def tree_pieces(row: GraphRow, column: int, width: int) -> list[Piece]:
    """A row of a tree; `column` is where what was done begins."""
    glyph_style = "bad" if row.bad else "accent" if row.glyph == "●" else "done" if row.glyph == "◆" else "dim"
    out = [(row.prefix, "dim"), (f"{row.glyph} ", glyph_style), (row.name, "strong")]
    used = len(row.prefix) + 2 + len(row.name)
    gap = max(2, column - used) if row.name else max(0, column - used)
    where = f"  line {row.line}" if row.line else ""
    out += [(" " * gap + row.kind, "bad" if row.bad and row.glyph == "✂" else "dim")]
    used += gap + len(row.kind)
    for text, style in ((row.shape, "begun"), (row.note, "bad" if row.bad else "plain")):
        if text and used + 2 + len(text) + len(where) <= width:
            out.append((f"  {text}", style))
            used += 2 + len(text)
    if where and used + len(where) <= width:
        out.append((" " * (width - used - len(where)) + where, "dim"))
    return out


def name_column(rows: Sequence[GraphRow]) -> int:
    """Where the second column of a tree begins: beside nearly all of the names."""
    sizes = [len(row.prefix) + 4 + len(row.name) for row in rows if row.name]
    return min(max(sizes, default=4), _NAME_COLUMN)


def tree_sentence(graph: Graph, rows: Sequence[GraphRow], missed: Sequence[str]) -> str:
    """What a tree shows, in words; `missed` are parameters that it does not reach."""
    leaves = sum(row.glyph == "◆" for row in rows)
    steps = max(heights(graph.nodes), default=0)
    parts = [f"`{visible(graph.name)}` goes back to {plural(leaves, 'leaf').replace('leafs', 'leaves')}"]
    parts[0] += f", at most {plural(max(0, steps - 1), 'step')} away."
    parts += [f"✂ {row.name}: {row.kind} in line {row.line}." for row in rows if row.glyph == "✂"][:2]
    if missed:
        more = f" and {len(missed) - 3} more" if len(missed) > 3 else ""
        parts.append(f"Not reached: {', '.join(map(visible, missed[:3]))}{more}.")
    return " ".join(parts)


def missed_parameters(graph: Graph, modules: Mapping[str, ModuleValue]) -> list[str]:
    """Trainable parameters that a graph does not reach, of modules of which it reaches others."""
    reached = {node.tensor for node in graph.nodes}
    found = []
    for name, module in modules.items():
        own = [f"{name}.{p.name}" for p in module.parameters if p.requires_grad]
        if reached.intersection(own):
            found += [full for full in own if full not in reached]
    return [] if graph.left_out else found


# ---- modules ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LayerRow:
    """A row of a table of layers."""

    name: str
    text: str
    parameters: str
    state: str
    shapes: str


def layer_rows(module: ModuleValue) -> list[LayerRow]:
    """One row for each layer, and the sum of all."""
    rows = [_layer(layer, module) for layer in module.layers]
    total = LayerRow("", "in all", count(module.parameter_count), f"{count(module.trainable_count)} trainable", "")
    return [*rows, total]


def _layer(layer: LayerInfo, module: ModuleValue) -> LayerRow:
    own = [p for p in module.parameters if not layer.name or p.name.startswith(f"{layer.name}.")]
    trainable = sum(p.requires_grad for p in own)
    state = "" if not own else "trainable" if trainable == len(own) else "partly frozen" if trainable else "frozen"
    shapes = [shape_text(shape) for shape in (layer.shape_in, layer.shape_out) if shape is not None]
    return LayerRow(
        shorten(visible(layer.name), _NAME_CAP),
        visible(f"{layer.type}({layer.text})" if layer.text else layer.type),
        count(layer.parameters) if layer.parameters else "",
        state,
        " → ".join(shapes),
    )


def layer_pieces(row: LayerRow, widths: tuple[int, int, int, int], width: int) -> list[Piece]:
    """A row of the table; the shapes, then the state are left out where it is narrow."""
    name, text, parameters, state = widths
    shapes = len(row.shapes) + 2 if row.shapes else 0
    room = width - name - parameters - state - 6 - shapes
    out = [(f"{row.name:<{name}}  ", "strong")]
    out.append((shorten(row.text, max(8, min(text, room))).ljust(max(8, min(text, room))), "plain"))
    out.append((f"  {row.parameters:>{parameters}}", "plain"))
    out.append((f"  {row.state:<{state}}", "begun" if "frozen" in row.state else "dim"))
    if shapes:
        out.append((f"  {row.shapes}", "done"))
    return out


def layer_widths(rows: Sequence[LayerRow]) -> tuple[int, int, int, int]:
    """The cells of the first four columns."""
    return (
        max((len(row.name) for row in rows), default=0),
        max((len(row.text) for row in rows), default=0),
        max((len(row.parameters) for row in rows), default=0),
        max((len(row.state) for row in rows), default=0),
    )


def module_sentence(name: str, module: ModuleValue) -> str:
    """What a module is, in words."""
    frozen = module.parameter_count - module.trainable_count
    text = f"`{visible(name)}` is a {visible(module.type)} in {'train' if module.training else 'eval'} mode: "
    text += f"{plural(len(module.layers), 'layer')}, {plural(module.parameter_count, 'parameter')}"
    return text + (f", {count(frozen)} of them frozen." if frozen else ", all trainable." if module.parameters else ".")
