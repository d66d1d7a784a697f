"""Whole scripts in the real sandbox: right ones in many styles give no finding, wrong ones give theirs."""

from __future__ import annotations

import textwrap
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.checks.build import check
from tutor.checks.base import Check
from tutor.checks.judge import diagnose, judge
from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Job, Outcome, Report

HEAD = """\
import torch
import torch.nn.functional as F
from torch import nn
torch.manual_seed(0)
X = torch.randn(64, 3)
y = (X @ torch.tensor([[1.0], [-2.0], [0.5]])) + 0.3
labels = (y[:, 0] > 0).long()
"""

RIGHT = {
    "plain": """
        model = nn.Linear(3, 1)
        opt = torch.optim.SGD(model.parameters(), lr=0.1)
        for step in range(30):
            opt.zero_grad()
            loss = F.mse_loss(model(X), y)
            loss.backward()
            opt.step()
    """,
    "clearing at the end, of the model": """
        model = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
        opt = torch.optim.Adam(model.parameters(), lr=0.01)
        for step in range(30):
            loss = nn.MSELoss()(model(X), y)
            loss.backward()
            opt.step()
            model.zero_grad()
    """,
    "by hand": """
        w = torch.zeros(3, 1, requires_grad=True)
        for step in range(30):
            loss = ((X @ w - y) ** 2).mean()
            loss.backward()
            with torch.no_grad():
                w -= 0.1 * w.grad
            w.grad.zero_()
    """,
    "gradients from autograd.grad": """
        w = torch.zeros(3, 1, requires_grad=True)
        for step in range(30):
            g, = torch.autograd.grad(((X @ w - y) ** 2).mean(), w)
            w = (w - 0.1 * g).detach().requires_grad_()
    """,
    "clearing by None": """
        model = nn.Linear(3, 1)
        opt = torch.optim.SGD(model.parameters(), lr=0.1)
        for step in range(30):
            for p in model.parameters():
                p.grad = None
            F.mse_loss(model(X), y).backward()
            opt.step()
    """,
    "batches, validation, scheduler, sums of item": """
        from torch.utils.data import DataLoader, TensorDataset
        loader = DataLoader(TensorDataset(X[:48], y[:48]), batch_size=16, shuffle=True)
        model = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Dropout(0.1), nn.Linear(16, 1))
        opt = torch.optim.AdamW(model.parameters(), lr=0.01)
        plan = torch.optim.lr_scheduler.StepLR(opt, 5, 0.5)
        for epoch in range(10):
            model.train()
            total = 0.0
            for xb, yb in loader:
                opt.zero_grad()
                loss = F.mse_loss(model(xb), yb)
                loss.backward()
                opt.step()
                total += loss.item() * len(xb)
            plan.step()
            model.eval()
            with torch.no_grad():
                valid = F.mse_loss(model(X[48:]), y[48:]).item()
    """,
    "accumulation on purpose": """
        model = nn.Linear(3, 1)
        opt = torch.optim.SGD(model.parameters(), lr=0.1)
        for step in range(10):
            opt.zero_grad()
            for part in range(4):
                rows = slice(16 * part, 16 * part + 16)
                (F.mse_loss(model(X[rows]), y[rows]) / 4).backward()
            opt.step()
    """,
    "closure": """
        model = nn.Linear(3, 1)
        opt = torch.optim.LBFGS(model.parameters(), max_iter=5)
        def closure():
            opt.zero_grad()
            loss = F.mse_loss(model(X), y)
            loss.backward()
            return loss
        for step in range(6):
            opt.step(closure)
    """,
    "two optimizers against each other": """
        maker, judge = nn.Linear(2, 3), nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))
        om = torch.optim.Adam(maker.parameters(), lr=0.01)
        oj = torch.optim.Adam(judge.parameters(), lr=0.01)
        bce = nn.BCEWithLogitsLoss()
        for step in range(20):
            fake = maker(torch.randn(64, 2))
            oj.zero_grad()
            loss = bce(judge(X), torch.ones(64, 1)) + bce(judge(fake.detach()), torch.zeros(64, 1))
            loss.backward()
            oj.step()
            om.zero_grad()
            bce(judge(fake), torch.ones(64, 1)).backward()
            om.step()
    """,
    "frozen layers": """
        model = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 2))
        for p in model[0].parameters():
            p.requires_grad_(False)
        opt = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
        for step in range(20):
            opt.zero_grad()
            loss = F.cross_entropy(model(X), labels)
            loss.backward()
            opt.step()
    """,
    "a frozen base in eval mode": """
        base, head = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8)), nn.Linear(8, 2)
        base.eval()
        opt = torch.optim.SGD(head.parameters(), lr=0.1)
        for step in range(20):
            with torch.no_grad():
                features = base(X)
            opt.zero_grad()
            F.cross_entropy(head(features), labels).backward()
            opt.step()
    """,
    "recurrent, with a class": """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn = nn.GRU(1, 4, batch_first=True)
                self.out = nn.Linear(4, 1)
            def forward(self, x):
                states, _ = self.rnn(x)
                return self.out(states[:, -1])
        net = Net()
        opt = torch.optim.Adam(net.parameters(), lr=0.01)
        for step in range(15):
            opt.zero_grad()
            loss = F.mse_loss(net(X[:, :, None]), y)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            opt.step()
    """,
    "in functions": """
        def train(model, epochs=10):
            opt = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
            history = []
            for _ in range(epochs):
                loss = F.cross_entropy(model(X), labels)
                opt.zero_grad()
                loss.backward()
                opt.step()
                history.append(loss.item())
            return history
        def accuracy(model):
            model.eval()
            with torch.inference_mode():
                return (model(X).argmax(1) == labels).float().mean().item()
        model = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 2))
        history = train(model)
        score = accuracy(model)
    """,
    "softmax for reading only": """
        model = nn.Linear(3, 2)
        opt = torch.optim.SGD(model.parameters(), lr=0.5)
        for step in range(20):
            opt.zero_grad()
            F.cross_entropy(model(X), labels).backward()
            opt.step()
        p = torch.softmax(model(X).detach(), dim=1)
    """,
    "log softmax and nll": """
        model = nn.Sequential(nn.Linear(3, 2), nn.LogSoftmax(dim=1))
        opt = torch.optim.SGD(model.parameters(), lr=0.5)
        for step in range(20):
            opt.zero_grad()
            nn.NLLLoss()(model(X), labels).backward()
            opt.step()
    """,
    "several losses, one step": """
        model = nn.Linear(3, 1)
        opt = torch.optim.SGD(model.parameters(), lr=0.05)
        for step in range(20):
            opt.zero_grad()
            out = model(X)
            F.mse_loss(out, y).backward(retain_graph=True)
            (0.01 * out.abs().mean()).backward()
            opt.step()
    """,
    "a sum of losses, one backward": """
        model = nn.Linear(3, 1)
        opt = torch.optim.SGD(model.parameters(), lr=0.05)
        for step in range(10):
            opt.zero_grad()
            total = 0
            for part in X.split(16):
                total += model(part).pow(2).mean()
            total.backward()
            opt.step()
    """,
    "dropout kept on for an estimate of doubt": """
        model = nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.2), nn.Linear(8, 1))
        opt = torch.optim.SGD(model.parameters(), lr=0.05)
        for step in range(10):
            opt.zero_grad()
            F.mse_loss(model(X), y).backward()
            opt.step()
        model.eval()
        with torch.no_grad():
            mean = model(X)
        model.train()
        with torch.no_grad():
            spread = torch.stack([model(X) for _ in range(5)]).std(0)
    """,
    "several rates one after the other": """
        ends = {}
        for lr in (0.01, 0.1):
            model = nn.Linear(3, 1)
            opt = torch.optim.SGD(model.parameters(), lr=lr)
            for step in range(20):
                opt.zero_grad()
                loss = F.mse_loss(model(X), y)
                loss.backward()
                opt.step()
            ends[lr] = loss.item()
    """,
    "higher derivatives": """
        x = torch.tensor(3.0, requires_grad=True)
        first, = torch.autograd.grad(x ** 3, x, create_graph=True)
        second, = torch.autograd.grad(first, x)
    """,
}

LOOP = """
    model = {model}
    opt = torch.optim.SGD(model.parameters(), lr={lr})
    for step in range({steps}):
        {a}
        loss = {loss}
        {b}
"""


def wrong(
    *after: str,
    before: str = "opt.zero_grad()",
    model: str = "nn.Linear(3, 1)",
    loss: str = "F.mse_loss(model(X), y)",
    lr: float = 0.1,
    steps: int = 20,
) -> str:
    lines = "\n        ".join(after or ("loss.backward()", "opt.step()"))
    return LOOP.format(model=model, lr=lr, steps=steps, a=before, loss=loss, b=lines)


CROSS = "F.cross_entropy(model(X), labels)"
WRONG = {
    "no-zero-grad": wrong(before="pass"),
    "zero-grad-after-backward": wrong("loss.backward()", "opt.zero_grad()", "opt.step()", before="pass"),
    "step-before-backward": wrong("opt.step()", "loss.backward()"),
    "no-step": wrong("loss.backward()", "opt.step"),
    "no-backward": wrong("opt.step()"),
    "loss-nan": wrong(lr=1e6, steps=60),
    "loss-diverged": wrong(lr=1.5),
    "other-parameters": wrong().replace("    for step", "    model = nn.Linear(3, 1)\n    for step"),
    "eval-in-training": wrong(
        before="opt.zero_grad(); model.eval()", model="nn.Sequential(nn.Linear(3, 4), nn.Dropout(), nn.Linear(4, 1))"
    ),
    "train-mode-in-eval": wrong(model="nn.Sequential(nn.Linear(3, 4), nn.Dropout(), nn.Linear(4, 1))")
    + "    with torch.no_grad():\n        out = model(X)\n",
    "graph-kept": "    total = 0\n" + wrong("loss.backward()", "opt.step()", "total += loss"),
    "loss-detached": wrong(loss="F.mse_loss(model(X).detach(), y)"),
    "softmax-before-cross-entropy": wrong(model="nn.Sequential(nn.Linear(3, 2), nn.Softmax(dim=1))", loss=CROSS),
    "sigmoid-before-bce-with-logits": wrong(
        model="nn.Sequential(nn.Linear(3, 1), nn.Sigmoid())", loss="nn.BCEWithLogitsLoss()(model(X), (y > 0).float())"
    ),
    "one-output-cross-entropy": wrong(
        model="nn.Sequential(nn.Linear(3, 1))", loss="nn.CrossEntropyLoss()(model(X), 0 * labels)"
    ),
    "target-shape-broadcast": wrong(loss="F.mse_loss(model(X), y[:, 0])"),
    "nll-of-logits": wrong(model="nn.Linear(3, 2)", loss="F.nll_loss(model(X), labels)", lr=0.5),
}

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def runtime() -> AsyncIterator[Runtime]:
    async with Runtime() as running:
        yield running


def program(body: str) -> str:
    return HEAD + textwrap.dedent(body)


async def ran(runtime: Runtime, code: str, *checks: Check) -> Report:
    probes = {probe.id: probe for one in checks for probe in one.probes()}
    return await runtime.run(Job(code=code, probes=tuple(probes.values())))


@pytest.mark.parametrize("name", RIGHT)
async def test_a_right_script_has_no_finding(runtime: Runtime, name: str) -> None:
    report = await ran(runtime, program(RIGHT[name]))
    assert report.outcome is Outcome.FINISHED, report.stderr
    assert diagnose(report, program(RIGHT[name])) == ()


@pytest.mark.parametrize("known", WRONG)
async def test_a_wrong_script_has_its_finding(runtime: Runtime, known: str) -> None:
    code = program(WRONG[known])
    report = await ran(runtime, code)
    assert known in [finding.relation for finding in diagnose(report, code)], (report.stderr, report.losses)


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
    ],
)
async def test_a_gradient_is_explained(runtime: Runtime, code: str, relation: str) -> None:
    one = check("equal", expr="x.grad")
    right = "import torch\nx = torch.tensor(2.0, requires_grad=True)\n(x**2 + 3 * x).backward()"
    seen, expected = await ran(runtime, f"import torch\n{code}", one), await ran(runtime, right, one)
    (verdict,) = judge((one,), (), seen, expected, code=code, starter="")
    assert verdict.relation == relation


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
