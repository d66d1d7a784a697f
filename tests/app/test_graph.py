"""The Graph pane in the workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.driver import NARROW, WIDE, Driver, tutor
from tutor.runtime.protocol import TraceEvent
from tutor.runtime.values import (
    Graph,
    GraphNode,
    LayerInfo,
    LineShape,
    ModuleValue,
    ParameterInfo,
    TensorValue,
    Variable,
)

CODE = "h = model(x)\nh2 = h.detach()\nz = h2 * w\nloss = z.sum()\n"
LEAF = GraphNode(name="AccumulateGrad", tensor="w", shape=(16,), dtype="float32", grad_norm=4.44)
Z = (GraphNode(name="MulBackward0", tensor="z", shape=(16,), dtype="float32", inputs=(-1, 1)), LEAF)
LOSS = (
    GraphNode(name="SumBackward0", tensor="loss", shape=(), dtype="float32", inputs=(1,)),
    GraphNode(name="MulBackward0", tensor="z", shape=(16,), dtype="float32", inputs=(-1, 2)),
    LEAF,
)
MODEL = ModuleValue(
    type="Sequential",
    training=True,
    parameter_count=34,
    trainable_count=17,
    layers=(
        LayerInfo(name="0", type="Linear", parameters=17, shape_in=(4, 16), shape_out=(4, 1)),
        LayerInfo(name="1", type="Linear", parameters=17),
    ),
    parameters=(
        ParameterInfo(name="0.weight", shape=(1, 16), requires_grad=False),
        ParameterInfo(name="1.weight", shape=(1, 16)),
    ),
)
MORE = {
    "graphs": (Graph(name="z", nodes=Z), Graph(name="loss", nodes=LOSS)),
    "trace": (TraceEvent("detach", 0.0, 2),),
    "variables": (
        Variable(name="model", value=MODEL),
        Variable(name="h2", value=TensorValue(dtype="float32", shape=(16,))),
    ),
    "line_shapes": (
        LineShape(line=1, name="h", dtype="float32", first=(16,), last=(16,), grad=True),
        LineShape(line=2, name="h2", dtype="float32", first=(16,), last=(16,)),
        LineShape(line=3, name="z", dtype="float32", first=(16,), last=(16,), grad=True),
        LineShape(line=4, name="loss", dtype="float32", first=(), last=(), grad=True),
    ),
}


async def at_graph(t: Driver) -> None:
    t.examiner.more = MORE
    await t.open("autograd/twice")
    t.lesson.desk.editor.text = CODE
    await t.press("f5")
    await t.finish_run()
    await t.press("alt+g", "alt+g")


@pytest.mark.parametrize("size", [WIDE, NARROW, (200, 60)], ids=["wide", "narrow", "large"])
async def test_the_loss_is_a_tree_down_to_its_leaves_with_the_cut_named(tmp_path: Path, size: tuple[int, int]) -> None:
    async with tutor(tmp_path, size) as t:
        await at_graph(t)
        assert "loss goes back to 1 leaf, at most 2 steps away." in t.text
        assert "✂ h2" in t.text
        assert "cut off by .detach()" in t.text
        assert "‖grad‖ 4.44" in t.text
        assert t.focused == "results"


async def test_keys_and_clicks_choose_what_is_shown(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await at_graph(t)
        await t.press("n")
        assert "model is a Sequential in train mode: 2 layers," in t.text
        assert "(4, 16) → (4, 1)" in t.text
        await t.press("n")
        assert "✂ h2 has no history: .detach() in line 2 cut it" in t.text
        await t.press("n")
        assert "z goes back to 1 leaf" in t.text
        await t.press("p", "p", "p")
        assert "loss goes back" in t.text
        await t.pilot.click("Chooser", offset=(0, 0))
        await t.settle()
        assert "z goes back" in t.text


async def test_enter_goes_to_the_line_that_made_it(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await at_graph(t)
        await t.press("down", "enter")
        assert t.focused == "editor"
        assert t.lesson.desk.editor.cursor_location == (2, 0)


async def test_what_was_looked_at_is_looked_at_again_after_the_next_run(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await at_graph(t)
        await t.press("n", "f5")
        await t.finish_run()
        await t.press("alt+g")
        assert "model is a Sequential" in t.text


async def test_before_a_run_and_after_one_without_graphs_it_says_so(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        await t.press("alt+g")
        assert "Run your code to see here what its tensors" in t.text
        t.examiner.more = {"trace": ()}
        await t.press("f5", "alt+g")
        await t.finish_run()
        await t.settle()
        assert "No tensor of this run has a history" in t.text
