"""Wrong programs whose numbers differ, as in wrong_values."""

from __future__ import annotations

NUMBERS = """
negated: -v -> v
negated: target - pred -> pred - target
negated: -one -> one
negated: -F.cross_entropy(logits, labels) -> F.cross_entropy(logits, labels)
negated: torch.log(p) -> -torch.log(p)
negated: x @ -w -> x @ w
negated: ages.mean() - ages -> ages - ages.mean()
negated: -(p * p.log()).sum(1) -> (p * p.log()).sum(1)
scaled: 2 * v -> v
scaled: v / 2 -> v
scaled: 3 * v -> v
scaled: 2.5 * x -> x
scaled: 100 * p -> p
scaled: 0.1 * (pred - target) -> pred - target
scaled: 2 * one -> one
scaled: one / 2 -> one
scaled: (pred - target) ** 2 / 2 -> (pred - target) ** 2
scaled: ages / 100 -> ages
scaled: q @ k.T -> q @ k.T / 4
scaled: q @ k.T / 8 -> q @ k.T
scaled: torch.deg2rad(ages) -> ages
scaled: (big - big.mean(0)).div(big.std(0)) -> (big - big.mean(0)).div(big.std(0, correction=0))
scaled: 0.5 * ((pred - target) ** 2).mean() -> ((pred - target) ** 2).mean()
sum-not-mean: v.sum() -> v.mean()
sum-not-mean: x.sum(0) -> x.mean(0)
sum-not-mean: prices.sum(1, keepdim=True) -> prices.mean(1, keepdim=True)
sum-not-mean: F.mse_loss(pred, target, reduction="sum") -> F.mse_loss(pred, target)
sum-not-mean: 6 * v -> v
sum-not-mean: x.T @ y -> x.T @ y / 4
sum-not-mean: F.cross_entropy(logits, labels, reduction="sum") -> F.cross_entropy(logits, labels)
mean-not-sum: v.mean() -> v.sum()
mean-not-sum: x.mean(1) -> x.sum(1)
mean-not-sum: F.l1_loss(pred, target) -> F.l1_loss(pred, target, reduction="sum")
mean-not-sum: big.mean(0) -> big.sum(0)
mean-not-sum: table / 4 -> table
mean-not-sum: x.T @ y / len(x) -> x.T @ y
shifted: v + 3 -> v
shifted: x @ w + 1 -> x @ w
shifted: x - 0.1 -> x
shifted: ages - 18 -> ages
shifted: torch.arange(1, 9) -> torch.arange(8)
shifted: torch.log(pos * 2) -> torch.log(pos)
shifted: F.log_softmax(logits, 1) + 1 -> F.log_softmax(logits, 1)
shifted: counts - 1 -> counts
squared: v**2 -> v
squared: (pred - target) ** 2 -> pred - target
squared: torch.var(x, dim=0) -> torch.std(x, dim=0)
squared: one**2 -> one
squared: (v * v).sum() -> (v * v).sum().sqrt()
square-rooted: pos.sqrt() -> pos
square-rooted: x.norm(dim=1) -> x.pow(2).sum(1)
square-rooted: one.sqrt() -> one
square-rooted: prices**0.5 -> prices
exponentiated: x.exp() -> x
exponentiated: torch.exp(F.log_softmax(logits, 1)) -> F.log_softmax(logits, 1)
exponentiated: math.e**v -> v
logged: pos.log() -> pos
logged: F.log_softmax(logits, 1) -> p
logged: prices.log() -> prices
logged: torch.log(p) -> p
absolute: v.abs() -> v
absolute: (pred - target).abs() -> pred - target
absolute: (x**2).sqrt() -> x
clipped-at-zero: F.relu(v) -> v
clipped-at-zero: x.clamp(min=0) -> x
clipped-at-zero: nn.ReLU()(big) -> big
not-clipped: v + 0 -> F.relu(v)
not-clipped: x @ w -> torch.relu(x @ w)
not-clipped: big * 2 -> (big * 2).clamp(min=0)
inverse: 1 / pos -> pos
inverse: prices.reciprocal() -> prices
inverse: ages / ages**2 -> ages
complement: 1 - p -> p
complement: 1 - torch.sigmoid(x) -> torch.sigmoid(x)
complement: torch.sigmoid(-v) -> torch.sigmoid(v)
complement: (v > 0).float() -> (v <= 0).float()
complement: torch.sigmoid(-v) * 1 -> 1 - torch.sigmoid(-v)
rounded: pos.round() -> pos
rounded: ages.round() -> ages
rounded: x.round(decimals=1) -> x
rounded: x.round(decimals=2) -> x
rounded: torch.tensor([round(a, 2) for a in p[:, 0].tolist()]) -> p[:, 0]
rounded: torch.tensor([float(f"{a:.3f}") for a in v.div(7).tolist()]) -> v / 7
truncated-to-int: pos.trunc() -> pos
truncated-to-int: prices.floor() -> prices
truncated-to-int: (x * 10).int().float() -> x * 10
truncated-to-int: ages // 2 -> ages / 2
low-precision: x.half().float() -> x
low-precision: x.bfloat16().float() -> x
low-precision: (x.half() @ w.half()).float() -> x @ w
low-precision: (big.bfloat16() * 1.5).float() -> big * 1.5
low-precision: torch.softmax(logits.half(), 1).float() -> p
low-precision: (ages / 3 * ages / 7 * ages / 11).double() -> ages.double() / 3 * ages / 7 * ages / 11
nearly-equal: ages * 1.000006 -> ages
nearly-equal: ages * 2.71828 -> ages * 2.7183
scaled: ages * 3.1415 -> ages * math.pi
nan: (v - 1).log() -> v
nan: 0 * v / 0 -> v
nan: torch.sqrt(v) -> v.abs().sqrt()
nan: torch.tensor([]).mean() -> one
inf: v / 0 -> v
inf: torch.tensor([1.0, 0.0, 2.0]).log() -> torch.tensor([1.0, 0.5, 2.0]).log()
inf: (ages * 10).exp() -> ages
"""

PROBABILITIES = """
logits-not-probabilities: logits -> p
logits-not-probabilities: x @ w -> torch.softmax(x @ w, 1)
logits-not-probabilities: scores -> torch.sigmoid(scores)
logits-not-probabilities: v -> v.sigmoid()
logits-not-probabilities: q @ k.T / 4 -> torch.softmax(q @ k.T / 4, -1)
logits-not-probabilities: x + 0 -> torch.softmax(x, 0)
logits-not-probabilities: F.log_softmax(logits, 1) + 0.5 -> p
probabilities-not-logits: x.softmax(1) -> x
probabilities-not-logits: torch.sigmoid(x @ w) -> x @ w
probabilities-not-logits: nn.Softmax(dim=1)(logits) -> logits
probabilities-not-logits: v.sigmoid() -> v
softmax-twice: torch.softmax(p, 1) -> p
softmax-twice: torch.softmax(torch.softmax(x, 0), 0) -> torch.softmax(x, 0)
softmax-twice: F.softmax(F.softmax(big, 1), 1) -> F.softmax(big, 1)
"""

PROGRAMS = """
wrong-dim: x.sum(0) -> x.sum(1)
wrong-dim: x.sum(1) -> x.sum(0)
wrong-dim: s.sum(0) -> s.sum(1)
wrong-dim: x.mean(1) -> x.mean(0)
wrong-dim: x.sum() -> x.sum(0)
wrong-dim: x.mean(0) -> x.mean()
wrong-dim: torch.softmax(logits, 0) -> torch.softmax(logits, 1)
wrong-dim: logits.argmax(0) -> logits.argmax(1)
wrong-dim: logits.argmax() -> logits.argmax(1)
wrong-dim: x.max() -> x.max(1).values
wrong-dim: prices.min(0).values -> prices.min(1).values
wrong-dim: x.std(1) -> x.std(0)
wrong-dim: x.norm(dim=0) -> x.norm(dim=1)
wrong-dim: F.log_softmax(logits, 0) -> F.log_softmax(logits, 1)
wrong-dim: x.cumsum(1) -> x.cumsum(0)
wrong-dim: prices.sort(1).values -> prices.sort(0).values
wrong-dim: b.mean(0) -> b.mean(2)
wrong-dim: seq.sum(1) -> seq.sum(2)
wrong-dim: x.prod(0) -> x.prod(1)
wrong-dim: x.mean(0, keepdim=True) -> x.mean(1, keepdim=True)
biased-variance: x.var(correction=0) -> x.var()
biased-variance: v.std(correction=0) -> v.std()
biased-variance: torch.tensor(ages.numpy().std()) -> ages.std()
biased-variance: x.std(0) -> x.std(0, correction=0)
values-not-indices: x.max(1).values -> x.argmax(1).float()
values-not-indices: prices.max(0).values -> prices.argmax(0)
indices-not-values: x.argmax(1) -> x.max(1).values
indices-not-values: prices.argmin(0) -> prices.min(0).values
values-not-indices: prices.min(0).values -> prices.argmin(0).float()
indices-not-values: prices.argmax(0).float() -> prices.max(0).values
indices-not-values: x.argmin(1).float() -> x.min(1).values
other-operation: x.max(1).values -> x.min(1).values
other-operation: prices.sum(0) -> prices.prod(0)
other-operation: x.sum(0) -> x.max(0).values
other-operation: prices.max() -> prices.mean()
elementwise-not-matmul: s * s -> s @ s
elementwise-not-matmul: v * u -> v @ u
matmul-not-elementwise: s @ s -> s * s
matmul-not-elementwise: v @ u -> v * u
unchanged-input: big -> big.cos()
unchanged-input: ages -> ages.sqrt() + ages
unchanged-input: x -> x + y
unchanged-input: image -> image**0.7 + image.mean()
unchanged-input: prices -> prices / prices.sum(1, keepdim=True)
other-variable: 0 * v + u * 0 + torch.arange(6) -> u + 0
other-variable: x.sin() * y -> y
other-variable: (v + 0 * u).cos() -> u
other-variable: x.cos() + 0 * y -> y
"""

RANDOM = """
other-seed: torch.randn(400) -> torch.randn(400, generator=torch.Generator().manual_seed(5))
other-seed: torch.rand(30, 30) -> torch.rand(30, 30, generator=torch.Generator().manual_seed(5))
other-seed: torch.normal(5.0, 2.0, (500,)) -> torch.normal(5.0, 2.0, (500,), generator=torch.Generator().manual_seed(4))
other-seed: torch.randn(20, 20) * 3 + 1 -> torch.randn(20, 20, generator=torch.Generator().manual_seed(3)) * 3 + 1
"""
