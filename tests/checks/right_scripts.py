"""Right training scripts in many styles; each runs after `HEAD`."""

from __future__ import annotations

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
