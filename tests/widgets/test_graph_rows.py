"""Graphs as trees, and modules as tables, in rows of text."""

from __future__ import annotations

import pytest

from tutor.checks.graph_cuts import Cut, Cuts
from tutor.runtime.values import Graph, GraphNode, LayerInfo, ModuleValue, ParameterInfo, Variable
from tutor.widgets.graph import chooser, first_of, things
from tutor.widgets.graph_rows import (
    GraphRow,
    heights,
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


def node(
    name: str, *inputs: int, tensor: str = "", shape: tuple[int, ...] = (2,), norm: float | None = None
) -> GraphNode:
    return GraphNode(name=name, tensor=tensor, shape=shape, dtype="float32", grad_norm=norm, inputs=inputs)


LEAF = "AccumulateGrad"
GRAPH = Graph(
    name="loss",
    nodes=(
        node("MeanBackward0", 1, tensor="loss", shape=()),
        node("AddmmBackward0", 2, 3, 4, tensor="pred"),
        node(LEAF, tensor="model.2.bias", norm=2.0),
        node("ReluBackward0", 5),
        node("TBackward0", 6),
        node("AddmmBackward0", 7, -1),
        node(LEAF, tensor="model.2.weight", norm=0.0),
        node(LEAF, tensor="model.0.bias"),
    ),
)


def drawn(rows: list[GraphRow]) -> list[str]:
    return [f"{row.prefix}{row.glyph} {row.name or row.kind}" for row in rows]


def test_the_longest_way_goes_straight_down() -> None:
    assert drawn(tree(GRAPH, {}, {})) == [
        "● loss",
        "● pred",
        "├─◆ model.2.bias",
        "├─○ TBackward0",
        "│ ◆ model.2.weight",
        "○ ReluBackward0",
        "○ AddmmBackward0",
        "◆ model.0.bias",
    ]


def test_a_hundred_layers_are_no_wider_than_two() -> None:
    nodes: list[GraphNode] = []
    for _ in range(60):
        place = len(nodes)
        nodes += [node("AddmmBackward0", place + 1, place + 2, place + 3), node(LEAF), node(LEAF)]
    nodes.append(node(LEAF))
    assert {row.prefix for row in tree(Graph(name="y", nodes=tuple(nodes)), {}, {})} == {"", "├─"}


def test_a_cut_stands_where_it_went_in_with_its_line() -> None:
    rows = tree(GRAPH, {"pred": (Cut("h", 12, ".detach()"),)}, {"pred": 13})
    cut = next(row for row in rows if row.glyph == "✂")
    assert (cut.prefix, cut.name, cut.kind, cut.line, cut.bad) == ("├─", "h", "cut off by .detach()", 12, True)
    assert rows[1].line == 13
    assert "✂ h: cut off by .detach() in line 12." in tree_sentence(GRAPH, rows, [])


def test_what_is_reached_twice_is_drawn_once() -> None:
    twice = Graph(name="y", nodes=(node("MulBackward0", 1, 1), node(LEAF, tensor="w")))
    assert drawn(tree(twice, {}, {})) == ["○ MulBackward0", "◆ w"]
    diamond = Graph(
        name="y", nodes=(node("Add", 1, 2), node("A", 3), node("B", 3), node("Square", 4), node(LEAF, tensor="w"))
    )
    assert drawn(tree(diamond, {}, {})) == ["○ Add", "├─○ A", "│ ○ Square", "│ ◆ w", "○ B", "↑ Square, as above"]


@pytest.mark.parametrize(
    "nodes",
    [
        (node("A", 0),),
        (node("A", 1), node("B", 0)),
        (node("A", 99, -7, -2),),
        (node("A", 1, 2), node("B", 2), node("C", 1, 0)),
    ],
)
def test_a_forged_graph_ends(nodes: tuple[GraphNode, ...]) -> None:
    assert len(tree(Graph(name="y", nodes=nodes), {}, {})) < 10
    assert len(heights(nodes)) == len(nodes)


def test_a_forged_name_brings_no_escapes_along() -> None:
    rows = tree(Graph(name="\x1b[2J", nodes=(node("\x1b[2J", tensor="\x1b[2J"),)), {}, {})
    assert not any("\x1b" in text for row in rows for text, _ in tree_pieces(row, 10, 80))


def test_a_very_large_tree_says_that_it_is_not_all() -> None:
    graph = Graph(name="y", nodes=tuple(node("A", place + 1) for place in range(600)))
    rows = tree(graph, {}, {})
    assert (len(rows), rows[-1].kind) == (401, "more nodes were left out")


@pytest.mark.parametrize("width", [40, 56, 76, 110])
def test_no_row_is_wider_than_the_pane_and_the_line_stays_beside_a_shape(width: int) -> None:
    rows = tree(GRAPH, {}, {"pred": 13, "loss": 14})
    column = name_column(rows)
    texts = ["".join(text for text, _ in tree_pieces(row, column, width)) for row in rows]
    assert all(len(text) <= width for text in texts)
    assert texts[1].endswith("line 13") == (width > 40)


def test_a_leaf_says_its_gradient_and_zero_stands_out() -> None:
    rows = tree(GRAPH, {}, {})
    notes = {row.name: (row.note, row.bad) for row in rows if row.glyph == "◆"}
    assert notes == {
        "model.2.bias": ("‖grad‖ 2", False),
        "model.2.weight": ("‖grad‖ 0", True),
        "model.0.bias": ("no gradient yet", False),
    }


def test_the_sentence_counts_leaves_and_steps() -> None:
    assert tree_sentence(GRAPH, tree(GRAPH, {}, {}), []) == "`loss` goes back to 3 leaves, at most 4 steps away."
    missed = ["a", "b", "c", "d"]
    assert tree_sentence(GRAPH, tree(GRAPH, {}, {}), missed).endswith("Not reached: a, b, c and 1 more.")


def parameter(name: str, *, trainable: bool = True) -> ParameterInfo:
    return ParameterInfo(name=name, shape=(2,), requires_grad=trainable)


MODEL = ModuleValue(
    type="Sequential",
    training=True,
    parameter_count=161,
    trainable_count=145,
    layers=(
        LayerInfo(name="0", type="Linear", text="in_features=8", parameters=144, shape_in=(32, 8), shape_out=(32, 16)),
        LayerInfo(name="1", type="ReLU"),
        LayerInfo(name="2", type="Linear", text="in_features=16", parameters=17),
    ),
    parameters=(
        parameter("0.weight"),
        parameter("0.bias", trainable=False),
        parameter("2.weight"),
        parameter("2.bias"),
    ),
)


def test_parameters_that_are_not_reached_are_named() -> None:
    assert missed_parameters(GRAPH, {"model": MODEL}) == ["model.0.weight"]
    assert missed_parameters(GRAPH, {"other": MODEL}) == []


def test_a_layer_says_name_type_parameters_and_shapes() -> None:
    rows = layer_rows(MODEL)
    texts = ["".join(text for text, _ in layer_pieces(row, layer_widths(rows), 90)).rstrip() for row in rows]
    assert texts == [
        "0  Linear(in_features=8)   144  partly frozen  (32, 8) → (32, 16)",
        "1  ReLU",
        "2  Linear(in_features=16)   17  trainable",
        "   in all                  161  145 trainable",
    ]
    assert module_sentence("model", MODEL) == (
        "`model` is a Sequential in train mode: 3 layers, 161 parameters, 16 of them frozen."
    )


def test_the_loss_is_shown_first_and_what_was_cut_can_be_chosen() -> None:
    variables = [Variable(name="model", value=MODEL), Variable(name="h", value=MODEL)]
    cuts = Cuts({"h": Cut("h", 3, ".data"), "gone": Cut("gone", 4, ".data")})
    found = things([Graph(name="loss", nodes=()), Graph(name="z", nodes=())], variables[:1], cuts)
    assert (list(found), first_of(found)) == (["loss", "z", "model"], "loss")
    assert first_of({name: thing for name, thing in found.items() if name != "loss"}) == "z"
    assert first_of({}) == ""


def test_the_active_name_is_always_among_those_that_are_shown() -> None:
    names = [f"name{number}" for number in range(12)]
    for active in names:
        placed = chooser(names, active, 40)
        start = dict(placed)[active]
        assert start + len(active) <= 40
