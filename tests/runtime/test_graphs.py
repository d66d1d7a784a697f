"""The autograd graphs of a finished program, as it reports them."""

from __future__ import annotations

import pytest

from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Job, Limits, Outcome, Report
from tutor.runtime.values import Graph, GraphNode

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def seen(runtime: Runtime, code: str, **more: object) -> Report:
    job = Job(code=f"import torch\nfrom torch import nn\n{code}", limits=Limits(time_s=30), graphs=True, **more)  # type: ignore[arg-type]
    report = await runtime.run(job)
    assert report.error is None, report.error.text
    return report


def named(report: Report, name: str) -> Graph:
    return next(graph for graph in report.graphs if graph.name == name)


async def test_a_graph_has_names_shapes_and_gradients(runtime: Runtime) -> None:
    report = await seen(
        runtime,
        "model = nn.Linear(2, 1, bias=False)\nx = torch.tensor([[3.0, 4.0]])\npred = model(x)\nloss = pred.sum()\n"
        "loss.backward()\n",
    )
    assert [graph.name for graph in report.graphs] == ["pred", "loss"]
    first, second, third, leaf = named(report, "loss").nodes
    assert first == GraphNode(name="SumBackward0", tensor="loss", shape=(), dtype="float32", inputs=(1,))
    assert (second.name, second.tensor, second.shape, second.inputs) == ("MmBackward0", "pred", (1, 1), (-1, 2))
    assert (third.name, third.tensor, third.inputs) == ("TBackward0", "", (3,))
    assert (leaf.name, leaf.tensor, leaf.shape) == ("AccumulateGrad", "model.weight", (1, 2))
    assert leaf.grad_norm == pytest.approx(5.0)


async def test_tensors_in_lists_and_dicts_have_names_too(runtime: Runtime) -> None:
    report = await seen(
        runtime,
        "params = [torch.ones(1, requires_grad=True) for _ in range(2)]\nheads = {'a': torch.ones(1, requires_grad=True)}\n"
        "y = params[0] * params[1] + heads['a']\n",
    )
    assert {node.tensor for node in named(report, "y").nodes} == {"y", "", "params[0]", "params[1]", "heads['a']"}


async def test_a_kept_gradient_of_an_inner_tensor_is_told(runtime: Runtime) -> None:
    code = "w = torch.ones(2, requires_grad=True)\nh = w * 2\nh.retain_grad()\ny = (h * 3).sum()\ny.backward()\n"
    nodes = named(await seen(runtime, code), "y").nodes
    assert [node.grad_norm for node in nodes if node.tensor == "h"] == [pytest.approx(18**0.5)]


async def test_a_large_graph_is_cut_and_says_so(runtime: Runtime) -> None:
    code = "y = torch.ones(1, requires_grad=True)\nfor _ in range(500):\n    y = y + 1\n"
    graph = named(await seen(runtime, code), "y")
    assert (len(graph.nodes), graph.left_out, graph.nodes[-1].inputs) == (200, True, (-2, -1))


async def test_many_graphs_are_the_last_ones(runtime: Runtime) -> None:
    code = "w = torch.ones(1, requires_grad=True)\n" + "".join(f"y{n} = w * {n}\n" for n in range(30))
    assert [graph.name for graph in (await seen(runtime, code)).graphs] == [f"y{n}" for n in range(18, 30)]


async def test_a_function_of_the_program_is_a_node_as_any_other(runtime: Runtime) -> None:
    code = (
        "class Double(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n        return x * 2\n"
        "    @staticmethod\n    def backward(ctx, g):\n        return g * 2\n"
        "y = Double.apply(torch.ones(1, requires_grad=True))\n"
    )
    assert [node.name for node in named(await seen(runtime, code), "y").nodes] == ["DoubleBackward", "AccumulateGrad"]


async def test_what_given_code_made_is_not_among_them(runtime: Runtime) -> None:
    report = await seen(runtime, "w = torch.ones(1, requires_grad=True)\ny = w * 2\n", given="hidden = y * 3\n")
    assert [graph.name for graph in report.graphs] == ["y"]


@pytest.mark.parametrize(
    "code",
    [
        "class Odd(torch.Tensor):\n    grad_fn = property(lambda self: 1 / 0)\ny = Odd([1.0])\n",
        "y = torch.ones(2, requires_grad=True).to_sparse() * 2\n",
        "y = torch.ones(2, requires_grad=True)[:0]\n",
        "y = torch.complex(torch.ones(2, requires_grad=True), torch.ones(2))\n",
    ],
)
async def test_odd_tensors_leave_the_report_whole(runtime: Runtime, code: str) -> None:
    assert (await seen(runtime, code)).outcome is Outcome.FINISHED


async def test_nobody_who_does_not_ask_gets_them(runtime: Runtime) -> None:
    code = "import torch\ny = torch.ones(1, requires_grad=True) * 2"
    assert (await runtime.run(Job(code=code))).graphs == ()
