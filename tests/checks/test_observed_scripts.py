"""What checks see of programs in the real sandbox: gradients, and modules with the same weights."""

from __future__ import annotations

import pytest

from tests.checks.build import check
from tests.checks.running import ran
from tutor.checks.judge import judge
from tutor.runtime.client import Runtime

pytestmark = pytest.mark.asyncio(loop_scope="module")


LEAVES = "x = torch.tensor(2.0, requires_grad=True)\nw = torch.tensor(1.0, requires_grad=True)\n"
STEP = "import torch\ndef f(x):\n    return {body}\nx = torch.tensor([1.0, 2.0, 4.0], requires_grad=True)\n"


@pytest.mark.parametrize(
    ("body", "passes"),
    [
        ("(x ** 3).sum()", True),
        ("torch.sin(x).sum()", True),
        ("(x * x.detach()).sum()", False),
        ("x.detach().sum()", False),
    ],
)
async def test_a_gradient_is_compared_with_finite_differences(runtime: Runtime, body: str, passes: bool) -> None:
    one = check("grad", id="g", loss="f(x)", of="x", numeric=True)
    code = STEP.format(body=body)
    seen = await ran(runtime, code, one)
    expected = await ran(runtime, STEP.format(body="(x ** 3).sum()"), one)
    (verdict,) = judge((one,), (), seen, expected, code=code, starter="")
    assert verdict.passed is passes, verdict.finding


@pytest.mark.parametrize(
    ("code", "relation"),
    [
        (
            "x = torch.tensor(2.0, requires_grad=True)\nfor _ in range(2):\n    (x**2 + 3 * x).backward()",
            "grad-accumulated",
        ),
        ("x = torch.tensor(2.0)\ny = x**2", "grad-none-no-requires-grad"),
        ("x = torch.tensor(2.0, requires_grad=True)\ny = x**2", "grad-none-no-backward"),
        ("x = torch.tensor(2.0, requires_grad=True) * 1\n(x**2).backward()", "grad-none-not-leaf"),
        (
            "x = torch.tensor(2.0, requires_grad=True)\nw = torch.tensor(1.0, requires_grad=True)\n(w * x.detach()).backward()",
            "grad-none-detached",
        ),
        ("x = torch.tensor(2.0, requires_grad=True)\n(x**2 + 3 * x).backward()\nx.grad.neg_()", "grad-sign"),
        (LEAVES + "with torch.no_grad():\n    y = x**2 + 3 * x\n(w * y).backward()", "grad-none-detached"),
        (LEAVES + "y = torch.tensor((x**2 + 3 * x).tolist())\n(w * y).backward()", "grad-none-detached"),
        (LEAVES + "(w * (x**2 + 3 * x).item()).backward()", "grad-none-detached"),
        (LEAVES + "(w * (x.data**2 + 3 * x.data)).backward()", "grad-none-detached"),
        (LEAVES + "(w * float((x**2).detach().numpy())).backward()", "grad-none-detached"),
        (LEAVES + "(w * 3).backward()", "grad-none-not-reached"),
        (LEAVES + "o = torch.optim.SGD([x], 0.1)\n(x**2 + 3 * x).backward()\no.zero_grad()", "grad-zeroed"),
        (LEAVES + "(x**2 + 3 * x).backward()\no = torch.optim.SGD([x], 0.1)\no.zero_grad(False)", "grad-zeroed"),
    ],
)
async def test_a_gradient_is_explained(runtime: Runtime, code: str, relation: str) -> None:
    one = check("equal", expr="x.grad")
    right = "import torch\nx = torch.tensor(2.0, requires_grad=True)\n(x**2 + 3 * x).backward()"
    seen, expected = await ran(runtime, f"import torch\n{code}", one), await ran(runtime, right, one)
    (verdict,) = judge((one,), (), seen, expected, code=code, starter="")
    assert verdict.relation == relation


TWO = "x = torch.tensor(2.0, requires_grad=True)\n"
RIGHT = "(x**2 + 3 * x).backward()\n"
OTHER = "(x**3).backward()\n"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (OTHER + RIGHT, "is the sum of 2 `backward()`: nothing cleared it in between. The last one, in line 4, alone"),
        (
            RIGHT + OTHER + OTHER,
            "is the sum of 3 `backward()`: nothing cleared it in between. The first one, in line 3",
        ),
        (OTHER + RIGHT + OTHER, "The 2. one, in line 4, alone gives what is expected."),
        ("x.grad = torch.tensor(1.0)\n" + OTHER + RIGHT, ""),
        (OTHER + "x.grad.zero_()\n" + OTHER + RIGHT, "is the sum of 2 `backward()`"),
        (OTHER + "x.grad.mul_(2)\n" + RIGHT, ""),
        (OTHER + OTHER, ""),
        (OTHER + RIGHT + "x.grad += 1", ""),
        ("def f(y):\n    y.backward()\nfor y in (x**3, x**2 + 3 * x):\n    f(y)", "is the sum of 2 `backward()`"),
    ],
)
async def test_a_sum_of_gradients_is_told_by_what_each_backward_added(runtime: Runtime, code: str, says: str) -> None:
    one = check("grad", expr="x")
    code = "import torch\n" + TWO + code
    seen, expected = await ran(runtime, code, one), await ran(runtime, "import torch\n" + TWO + RIGHT, one)
    (verdict,) = judge((one,), (), seen, expected, code=code, starter="")
    assert not verdict.passed
    assert (verdict.relation == "grad-accumulated") == bool(says), verdict
    assert says in verdict.why


NET = """\
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(2, 4), nn.Linear(4, 1)
    def forward(self, x):
        return {body}
net = Net()
"""


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        ("self.b(torch.relu(self.a(x)))", ""),
        ("self.b(self.a(x).relu())", ""),
        ("self.b(torch.tanh(self.a(x)))", "output: got"),
        ("self.a(x)[:, :1]", "no gradient reaches `b.weight` and 1 more"),
        ("print(self.b(self.a(x)))", "calling it gives None"),
        ("self.b(x)", "`net(torch.ones(3, 2))` raised RuntimeError"),
    ],
)
async def test_two_modules_with_the_same_weights_are_compared(runtime: Runtime, body: str, finding: str) -> None:
    one = check("module", expr="net", input="torch.ones(3, 2)", output_shape=("n", 1), same_as_solution=True)
    code = NET.format(body=body)
    seen = await ran(runtime, "import torch\ntorch.manual_seed(7)\n" + code, one)
    expected = await ran(runtime, NET.format(body="self.b(torch.relu(self.a(x)))"), one)
    (verdict,) = judge((one,), (), seen, expected, code=code, starter="")
    assert verdict.passed is (finding == "")
    assert verdict.passed or verdict.finding.startswith(finding), verdict.finding


@pytest.mark.parametrize("path", ["net.a.weight", "net.layers[1].weight", "parts[0]", "parts[1].bias"])
async def test_a_gradient_is_followed_along_its_path(runtime: Runtime, path: str) -> None:
    one = check("grad", expr=path)
    made = NET.format(body="self.layers[1](self.layers[0](x)) * 2") + "net.layers = nn.ModuleList([net.a, net.b])\n"
    made += "parts = [net.a.weight, net.b]\nout = net(torch.ones(3, 2))\n"
    code = f"{made}(out**2).sum().backward(retain_graph=True)\nout.sum().backward()\n"
    seen, expected = await ran(runtime, code, one), await ran(runtime, f"{made}out.sum().backward()\n", one)
    (verdict,) = judge((one,), (), seen, expected, code=code, starter="")
    assert verdict.relation == "grad-accumulated"
    assert "is the sum of 2 `backward()`" in verdict.why
