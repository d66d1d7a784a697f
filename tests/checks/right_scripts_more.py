"""More right training scripts in many styles; each runs after right_scripts.HEAD."""

from __future__ import annotations

MORE = {
    "an average of the weights, kept beside": """
        import copy
        model = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))
        slow = copy.deepcopy(model)
        opt = torch.optim.Adam(model.parameters(), lr=0.01)
        for step in range(20):
            opt.zero_grad()
            loss = F.mse_loss(model(X), y)
            loss.backward()
            opt.step()
            with torch.no_grad():
                for a, b in zip(slow.parameters(), model.parameters()):
                    a.mul_(0.9).add_(b, alpha=0.1)
    """,
    "stops early, and keeps the best": """
        import copy
        model = nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.1), nn.Linear(8, 1))
        opt = torch.optim.SGD(model.parameters(), lr=0.05)
        best, patience = float("inf"), 0
        for epoch in range(40):
            model.train()
            opt.zero_grad()
            F.mse_loss(model(X[:48]), y[:48]).backward()
            opt.step()
            model.eval()
            with torch.no_grad():
                valid = F.mse_loss(model(X[48:]), y[48:]).item()
            if valid < best:
                best, patience, kept = valid, 0, copy.deepcopy(model.state_dict())
            else:
                patience += 1
                if patience == 3:
                    break
        model.load_state_dict(kept)
    """,
    "called with weights from outside": """
        from torch.func import functional_call
        model = nn.Linear(3, 1)
        weights = {name: p.detach().clone().requires_grad_() for name, p in model.named_parameters()}
        for step in range(20):
            loss = F.mse_loss(functional_call(model, weights, (X,)), y)
            grads = torch.autograd.grad(loss, list(weights.values()))
            weights = {n: (p - 0.1 * g).detach().requires_grad_() for (n, p), g in zip(weights.items(), grads)}
    """,
    "one weight at two places": """
        class Tied(nn.Module):
            def __init__(self):
                super().__init__()
                self.inward = nn.Linear(3, 2, bias=False)
                self.outward = nn.Linear(2, 3, bias=False)
                self.outward.weight = nn.Parameter(self.inward.weight.T.clone())
            def forward(self, x):
                return F.linear(self.inward(x), self.inward.weight.T) + 0 * self.outward(self.inward(x))
        model = Tied()
        opt = torch.optim.Adam(model.parameters(), lr=0.02)
        for step in range(20):
            opt.zero_grad()
            F.mse_loss(model(X), X).backward()
            opt.step()
    """,
    "its own operation for autograd": """
        class Cube(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x ** 3
            @staticmethod
            def backward(ctx, grad):
                x, = ctx.saved_tensors
                return 3 * x ** 2 * grad
        model = nn.Linear(3, 1)
        opt = torch.optim.SGD(model.parameters(), lr=0.01)
        for step in range(20):
            opt.zero_grad()
            F.mse_loss(Cube.apply(model(X)), y).backward()
            opt.step()
    """,
    "saved, loaded and trained on": """
        model = nn.Linear(3, 1)
        opt = torch.optim.Adam(model.parameters(), lr=0.05)
        def some(model, opt, steps):
            for _ in range(steps):
                opt.zero_grad()
                loss = F.mse_loss(model(X), y)
                loss.backward()
                opt.step()
            return loss.item()
        first = some(model, opt, 10)
        torch.save({"model": model.state_dict(), "opt": opt.state_dict()}, "point.pt")
        model = nn.Linear(3, 1)
        opt = torch.optim.Adam(model.parameters(), lr=0.05)
        point = torch.load("point.pt")
        model.load_state_dict(point["model"])
        opt.load_state_dict(point["opt"])
        second = some(model, opt, 10)
    """,
    "a penalty on the gradient": """
        model = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
        opt = torch.optim.Adam(model.parameters(), lr=0.01)
        for step in range(15):
            inputs = X.clone().requires_grad_()
            out = model(inputs)
            slope, = torch.autograd.grad(out.sum(), inputs, create_graph=True)
            loss = F.mse_loss(out, y) + 0.01 * slope.pow(2).sum(1).mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
    """,
    "groups of parameters, warm-up, clipping by value": """
        model = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 1))
        opt = torch.optim.SGD([
            {"params": model[0].parameters(), "lr": 0.01},
            {"params": [*model[1].parameters(), *model[3].parameters()]},
        ], lr=0.05, momentum=0.9)
        plan = torch.optim.lr_scheduler.LambdaLR(opt, lambda n: min(1.0, (n + 1) / 5))
        for step in range(25):
            opt.zero_grad(set_to_none=False)
            F.smooth_l1_loss(model(X), y).backward()
            nn.utils.clip_grad_value_(model.parameters(), 0.5)
            opt.step()
            plan.step()
    """,
    "a mean that is learned on purpose": """
        middle = torch.zeros(1, requires_grad=True)
        opt = torch.optim.SGD([middle], lr=0.3)
        for step in range(60):
            opt.zero_grad()
            loss = ((y - middle) ** 2).mean()
            loss.backward()
            opt.step()
    """,
    "soft targets": """
        soft = torch.softmax(torch.randn(64, 2), 1)
        model = nn.Linear(3, 2)
        loss_fn = nn.CrossEntropyLoss(label_smoothing=0.1)
        opt = torch.optim.SGD(model.parameters(), lr=0.5)
        for step in range(30):
            opt.zero_grad()
            out = model(X)
            loss = loss_fn(out, soft)
            loss.backward()
            opt.step()
    """,
    "layers in a ModuleList, words in a table": """
        class Bag(nn.Module):
            def __init__(self):
                super().__init__()
                self.table = nn.Embedding(10, 4)
                self.layers = nn.ModuleList(nn.Linear(4, 4) for _ in range(2))
                self.head = nn.Linear(4, 2)
            def forward(self, words):
                h = self.table(words).mean(1)
                for layer in self.layers:
                    h = torch.relu(layer(h))
                return self.head(h)
        words = torch.randint(10, (64, 5))
        model = Bag()
        opt = torch.optim.AdamW(model.parameters(), lr=0.02)
        for step in range(20):
            loss = F.cross_entropy(model(words), labels)
            for p in model.parameters():
                p.grad = None
            loss.backward()
            opt.step()
    """,
    "noise, of which nothing can be learned": """
        noise = torch.randn(64, 1)
        model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
        opt = torch.optim.SGD(model.parameters(), lr=0.01)
        for step in range(40):
            opt.zero_grad()
            loss = F.mse_loss(model(X), noise)
            loss.backward()
            opt.step()
    """,
    "two tasks on one body": """
        body, a, b = nn.Sequential(nn.Linear(3, 8), nn.ReLU()), nn.Linear(8, 1), nn.Linear(8, 2)
        opt = torch.optim.Adam([*body.parameters(), *a.parameters(), *b.parameters()], lr=0.01)
        for step in range(20):
            h = body(X)
            loss = F.mse_loss(a(h), y) + 0.5 * F.cross_entropy(b(h), labels)
            opt.zero_grad()
            loss.backward()
            opt.step()
            if step % 5 == 0:
                print(step, round(float(loss), 3))
    """,
    "a loop inside a class": """
        class Trainer:
            def __init__(self, model, lr):
                self.model, self.losses = model, []
                self.opt = torch.optim.RMSprop(model.parameters(), lr=lr)
            def fit(self, turns):
                for _ in range(turns):
                    self.turn()
                return self
            def turn(self):
                self.opt.zero_grad()
                loss = F.huber_loss(self.model(X), y)
                loss.backward()
                self.opt.step()
                self.losses.append(loss.item())
        trainer = Trainer(nn.Linear(3, 1), 0.01).fit(25)
    """,
}
