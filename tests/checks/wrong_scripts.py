"""Faulty training scripts, by the fault that each has; each runs after right_scripts.HEAD."""

from __future__ import annotations

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
    "loss-flat": wrong(lr=0.0),
    "stuck-at-mean": wrong(loss="((model(X) - y[:, 0]) ** 2).mean()", steps=200),
    "unregistered-layers": """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = [nn.Linear(3, 4), nn.Linear(4, 1)]
                self.out = nn.Linear(1, 1)
            def forward(self, x):
                for layer in self.layers:
                    x = layer(x)
                return self.out(x)
        model = Net()
        opt = torch.optim.SGD(model.parameters(), lr=0.1)
        for step in range(20):
            opt.zero_grad()
            loss = F.mse_loss(model(X), y)
            loss.backward()
            opt.step()
    """,
    "float-class-targets": wrong(model="nn.Linear(3, 2)", loss="F.cross_entropy(model(X), labels.float())"),
}
OTHERS = {
    "no-zero-grad in a function": (
        "no-zero-grad",
        """
        def train(model, opt):
            for _ in range(15):
                loss = nn.L1Loss()(model(X), y)
                loss.backward()
                opt.step()
        model = nn.Linear(3, 1)
        train(model, torch.optim.Adam(model.parameters(), lr=0.01))
        """,
    ),
    "no-zero-grad but once an epoch": (
        "no-zero-grad",
        """
        model = nn.Linear(3, 1)
        opt = torch.optim.SGD(model.parameters(), lr=0.01)
        for epoch in range(4):
            opt.zero_grad()
            for rows in X.split(8):
                F.mse_loss(model(rows), y[:8]).backward()
                opt.step()
        """,
    ),
    "one row of float classes": (
        "float-class-targets",
        """
        model = nn.Linear(3, 1)
        targets = labels.float()
        loss_fn = nn.CrossEntropyLoss()
        opt = torch.optim.SGD(model.parameters(), lr=0.01)
        for step in range(10):
            opt.zero_grad()
            out = model(X).squeeze(1)
            loss = loss_fn(out, targets)
            loss.backward()
            opt.step()
        """,
    ),
    "a class that ends with softmax": (
        "softmax-before-cross-entropy",
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a, self.b = nn.Linear(3, 8), nn.Linear(8, 2)
            def forward(self, x):
                return F.softmax(self.b(torch.relu(self.a(x))), dim=1)
        model = Net()
        opt = torch.optim.Adam(model.parameters(), lr=0.01)
        for step in range(10):
            opt.zero_grad()
            nn.CrossEntropyLoss()(model(X), labels).backward()
            opt.step()
        """,
    ),
    "nan in the data": (
        "loss-nan",
        """
        X[3, 1] = float("nan")
        model = nn.Linear(3, 1)
        opt = torch.optim.SGD(model.parameters(), lr=0.1)
        for step in range(10):
            opt.zero_grad()
            F.mse_loss(model(X), y).backward()
            opt.step()
        """,
    ),
    "labels answered by their share": (
        "stuck-at-mean",
        """
        model = nn.Linear(3, 1)
        opt = torch.optim.SGD(model.parameters(), lr=0.5)
        hits = labels.float()[:, None]
        for step in range(300):
            opt.zero_grad()
            loss = F.binary_cross_entropy_with_logits(model(X * 0), hits)
            loss.backward()
            opt.step()
        """,
    ),
    "an optimizer of another model": (
        "other-parameters",
        """
        model, other = nn.Linear(3, 1), nn.Linear(3, 1)
        opt = torch.optim.SGD(other.parameters(), lr=0.1)
        for step in range(15):
            opt.zero_grad()
            F.mse_loss(model(X), y).backward()
            opt.step()
        """,
    ),
    "a rate of 0 for a list of parameters": (
        "loss-flat",
        """
        model = nn.Linear(3, 1)
        params = list(model.parameters())
        opt = torch.optim.SGD(params, lr=0.0)
        for step in range(15):
            opt.zero_grad()
            F.mse_loss(model(X), y).backward()
            opt.step()
        """,
    ),
    "a loss taken out as a number": (
        "loss-detached",
        """
        model = nn.Linear(3, 1)
        opt = torch.optim.SGD(model.parameters(), lr=0.1)
        for step in range(10):
            opt.zero_grad()
            out = model(X)
            loss = torch.tensor(F.mse_loss(out, y).item())
            loss.backward()
            opt.step()
        """,
    ),
}
"""More scripts with the same faults, by what is special in them."""
