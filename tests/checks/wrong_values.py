"""Wrong programs of one expression: what the learner wrote, and what was asked for, over the data of `SETUP`.

A line reads `relation: wrong -> right`. The program's variables are those that the wrong expression names.
"""

from __future__ import annotations

SETUP = """
import numpy as np
torch.manual_seed(0)
x = torch.randn(4, 3)
y = torch.randn(4, 3)
v = torch.tensor([0.5, -1.5, 2.25, 0.75, -3.0, 1.25])
u = torch.tensor([2.0, 0.3, -1.1, 4.5, 0.9, -0.7])
s = torch.randn(3, 3)
b = torch.randn(2, 3, 4)
cube = torch.randn(3, 3, 3)
image = torch.rand(5, 7, 3)
batch = torch.rand(2, 4, 4, 3)
seq = torch.randn(2, 6, 4)
logits = torch.randn(5, 3)
scores = torch.randn(5, 1)
labels = torch.tensor([0, 2, 1, 1, 0])
p = torch.softmax(logits, dim=1)
pos = torch.tensor([0.7, 1.3, 2.9, 3.4, 0.25, 5.1])
w, bias = torch.randn(3, 2), torch.randn(2)
pred, target = torch.randn(5), torch.randn(5)
column = target[:, None]
q, k = torch.randn(4, 16), torch.randn(4, 16)
ages = torch.tensor([23.0, 35.0, 31.5, 62.0, 48.0, 29.5, 51.0])
prices = torch.tensor([[12.5, 3.0, 8.25], [7.0, 9.5, 1.75], [4.0, 6.5, 2.25], [11.0, 5.5, 3.75]])
counts = torch.tensor([3, 1, 4, 1, 5, 9, 2, 6])
table = torch.arange(12.0).reshape(3, 4) ** 1.5
big = torch.randn(40, 25)
one = torch.tensor(2.5)
"""

KINDS = """
number-not-tensor: one.item() -> one
number-not-tensor: float(v.sum()) -> v.sum()
number-not-tensor: 7 -> torch.tensor(7)
number-not-tensor: x.shape[0] -> torch.tensor(4)
number-not-tensor: len(v) -> torch.tensor(6)
number-not-tensor: sum(v.tolist()) -> v.sum()
list-not-tensor: v.tolist() -> v
list-not-tensor: [a * 2 for a in v] -> v * 2
list-not-tensor: x.tolist() -> x
list-not-tensor: [1.0, 2.0] -> torch.tensor([1.0, 2.0])
list-not-tensor: (1.0, 2.0, 3.0) -> torch.tensor([1.0, 2.0, 3.0])
list-not-tensor: list(x) -> x
list-not-tensor: x.max(dim=1) -> x.max(dim=1).values
list-not-tensor: x.shape -> torch.tensor([4, 3])
numpy-not-tensor: v.numpy() -> v
numpy-not-tensor: np.arange(3) -> torch.arange(3)
numpy-not-tensor: x.numpy().mean(axis=0) -> x.mean(dim=0)
numpy-not-tensor: np.stack([v.numpy(), u.numpy()]) -> torch.stack([v, u])
tensor-not-number: v.sum() -> v.sum().item()
tensor-not-number: (labels == 1).sum() -> int((labels == 1).sum())
tensor-not-number: (p.argmax(1) == labels).float().mean() -> (p.argmax(1) == labels).float().mean().item()
tensor-not-number: v[0] > 0 -> bool(v[0] > 0)
tensor-not-list: v -> v.tolist()
tensor-not-list: labels.unique() -> [0, 1, 2]
tensor-not-list: torch.tensor([4, 3]) -> list(x.shape)
tensor-not-numpy: x -> x.numpy()
array-not-number: np.ones(1) -> 1.0
array-not-number: v.numpy()[:1] -> 0.5
text-not-number: str(7) -> 7
text-not-number: f"{v.mean():.2f}" -> v.mean().item()
not-called: torch.relu -> torch.relu(x)
not-called: v.mean -> v.mean()
not-called: x.t -> x.t()
not-called: len -> len(v)
"""

DTYPES = """
int-not-float: torch.tensor([1, 2, 3]) -> torch.tensor([1.0, 2.0, 3.0])
int-not-float: torch.arange(4) -> torch.arange(4.0)
int-not-float: torch.full((2, 2), 7) -> torch.full((2, 2), 7.0)
int-not-float: labels -> labels.float()
int-not-float: torch.tensor([[1, 0], [0, 1]]) -> torch.eye(2)
int-not-float: torch.zeros(3, dtype=torch.int32) -> torch.zeros(3)
int-not-float: torch.tensor([2, 4], dtype=torch.uint8) -> torch.tensor([2.0, 4.0])
truncated-to-int: pos.long() -> pos
truncated-to-int: prices.int() -> prices
truncated-to-int: torch.tensor([int(a) for a in ages]) -> ages
float-not-int: torch.tensor([0.0, 1.0]) -> torch.tensor([0, 1])
float-not-int: (p.argmax(1) == labels).float() -> (p.argmax(1) == labels).long()
float-not-int: torch.zeros(3) -> torch.zeros(3, dtype=torch.long)
float-not-int: counts / 1 -> counts
float64-not-float32: torch.from_numpy(np.ones(3)) -> torch.ones(3)
float64-not-float32: torch.tensor(np.linspace(0, 1, 4)) -> torch.linspace(0, 1, 4)
float64-not-float32: x.double() -> x
float64-not-float32: torch.zeros(2, dtype=float) -> torch.zeros(2)
float32-not-float64: v -> v.double()
float32-not-float64: torch.ones(2) -> torch.from_numpy(np.ones(2))
bool-not-float: v > 0 -> (v > 0).float()
bool-not-float: p.argmax(1) == labels -> (p.argmax(1) == labels).float()
bool-not-float: labels == 1 -> (labels == 1).long()
number-not-bool: (v > 0).int() -> v > 0
number-not-bool: (v > 0).float() -> v > 0
number-not-bool: torch.sign(v) -> v > 0
"""

SHAPES = """
transposed: x.T -> x
transposed: x @ y.T[:, :2] -> (x @ y.T[:, :2]).T
transposed: torch.stack([v, u], dim=1) -> torch.stack([v, u])
transposed: torch.stack([v, u]) -> torch.stack([v, u], dim=1)
transposed: v[None] -> v[:, None]
transposed: v.reshape(1, -1) -> v.reshape(-1, 1)
transposed: v.unsqueeze(0) -> v.unsqueeze(1)
transposed: prices.sum(0, keepdim=True).T -> prices.sum(0, keepdim=True)
transposed: torch.outer(v, u[:4]) -> torch.outer(u[:4], v)
transposed: w.T -> w
transposed: table.T.contiguous() -> table
permuted-dims: image.permute(2, 1, 0) -> image.permute(2, 0, 1)
permuted-dims: image -> image.permute(2, 0, 1)
permuted-dims: b.transpose(0, 2) -> b
permuted-dims: batch.permute(0, 1, 3, 2) -> batch.permute(0, 3, 1, 2)
permuted-dims: batch -> batch.permute(0, 3, 1, 2)
permuted-dims: seq -> seq.transpose(0, 1)
permuted-dims: seq.transpose(1, 2) -> seq.permute(1, 0, 2)
permuted-dims: image.transpose(0, 1) -> image
flattened: x.flatten() -> x
flattened: b.reshape(-1) -> b
flattened: torch.cat([v, u]) -> torch.stack([v, u])
flattened: torch.arange(6.0) -> torch.arange(6.0).reshape(2, 3)
flattened: image.flatten() -> image.flatten(1)
flattened: torch.cat(list(x)) -> x
reshaped-not-transposed: x.reshape(3, 4) -> x
reshaped-not-transposed: x.view(2, 6) -> x
reshaped-not-transposed: b.reshape(2, 12) -> b
reshaped-not-transposed: b.flatten(0, 1) -> b
reshaped-not-transposed: b.reshape(4, 6) -> b.reshape(2, 12)
reshaped-not-transposed: seq.reshape(6, 2, 4) -> seq
extra-dim: v[:, None] -> v
extra-dim: v.sum(0, keepdim=True) -> v.sum()
extra-dim: x.mean(1, keepdim=True) -> x.mean(1)
extra-dim: torch.tensor([2.5]) -> torch.tensor(2.5)
extra-dim: torch.tensor([[1.0, 2.0]]) -> torch.tensor([1.0, 2.0])
extra-dim: scores -> scores.squeeze(1)
extra-dim: x[:, 0:1] -> x[:, 0]
extra-dim: x.unsqueeze(1) -> x
extra-dim: torch.stack([x]) -> x
extra-dim: x.argmax(1, keepdim=True) -> x.argmax(1)
missing-dim: v -> v[:, None]
missing-dim: x.mean(1) -> x.mean(1, keepdim=True)
missing-dim: target -> target.reshape(-1, 1)
missing-dim: x[:, 0] -> x[:, 0:1]
missing-dim: x -> x[None]
missing-dim: image.permute(2, 0, 1) -> image.permute(2, 0, 1)[None]
missing-dim: one -> one.reshape(1)
missing-dim: scores.squeeze() -> scores
missing-dim: x.sum(0) -> x.sum(0, keepdim=True)
broadcast-square: pred - column -> pred - target
broadcast-square: (pred - column) ** 2 -> (pred - target) ** 2
broadcast-square: pred[:, None] * target -> pred * target
broadcast-square: scores + target -> scores + column
broadcast-square: v / u[:, None] -> v / u
broadcast-square: v[:, None] + u -> (v + u)[:, None]
broadcast-square: (p.argmax(1, keepdim=True) == labels).float() -> (p.argmax(1) == labels).float()
missing-slice: v[:-1] -> v
missing-slice: v[1:] -> v
missing-slice: x[:, :2] -> x
missing-slice: table[1:] -> table
missing-slice: torch.arange(1.0, 10.0) -> torch.arange(1.0, 11.0)
missing-slice: ages[:4] -> ages[:5]
missing-slice: seq[:, :-2] -> seq
missing-slice: torch.stack([v[i] ** 2 for i in range(5)]) -> v**2
extra-slice: torch.cat([v, u[:1]]) -> v
extra-slice: torch.arange(0.0, 11.0) -> torch.arange(0.0, 10.0)
extra-slice: prices -> prices[:, :2]
extra-slice: table -> table[1:]
extra-slice: torch.cat([torch.zeros(1), v.cumsum(0)]) -> v.cumsum(0)
extra-slice: seq -> seq[:, 2:]
repeated: v.repeat(2, 1) -> v
repeated: v.expand(3, 6) -> v
repeated: torch.stack([x, x, x]) -> x
repeated: prices.mean(0).expand(4, 3) -> prices.mean(0)
not-reduced: (pred - target) ** 2 -> ((pred - target) ** 2).mean()
not-reduced: (pred - target).abs() -> (pred - target).abs().sum()
not-reduced: x * y -> (x * y).sum(1)
not-reduced: nn.MSELoss(reduction="none")(pred, target) -> nn.MSELoss()(pred, target)
not-reduced: F.cross_entropy(logits, labels, reduction="none") -> F.cross_entropy(logits, labels)
not-reduced: prices + 0 -> prices.max(dim=1).values
not-reduced: table * 2 -> (table * 2).mean(0, keepdim=True)
scores-not-classes: logits + 0 -> logits.argmax(1).float()
scores-not-classes: torch.softmax(logits, 1) -> logits.argmax(1, keepdim=True).float()
"""

PLACES = """
transposed: s.T -> s
transposed: s.T @ s.T -> s @ s
transposed: torch.outer(v, u) -> torch.outer(u, v)
transposed: q @ k.T -> k @ q.T
permuted-dims: cube.transpose(0, 1) -> cube
permuted-dims: cube.permute(1, 2, 0) -> cube
permuted-dims: batch.transpose(1, 2) -> batch
reshaped-not-transposed: x.reshape(3, 4) -> x.T
reshaped-not-transposed: table.reshape(4, 3) -> table.T
reshaped-not-transposed: seq[0].reshape(4, 6) -> seq[0].T
flipped: v.flip(0) -> v
flipped: x.flip(0) -> x
flipped: x.flip(1) -> x
flipped: torch.tensor(v.tolist()[::-1]) -> v
flipped: torch.arange(5.0, 0.0, -1.0) ** 2 -> torch.arange(1.0, 6.0) ** 2
flipped: image.flip(1) -> image
flipped: x.flip(0, 1) -> x
flipped: torch.stack([x[:, 2], x[:, 1], x[:, 0]], 1) -> x
flipped: torch.tensor([2.0, 1.0]) -> torch.tensor([1.0, 2.0])
rolled: v.roll(1) -> v
rolled: v.roll(-1) -> v
rolled: v.roll(2) -> v
rolled: big.roll(7, 0) -> big
rolled: big.roll(1, 1) -> big
rolled: torch.cat([ages[3:], ages[:3]]) -> ages
off-by-one-index: torch.cat([torch.zeros(1), v[:-1]]) -> v
off-by-one-index: torch.cat([ages[1:], torch.zeros(1)]) -> ages
off-by-one-index: big[1:] -> big[:-1]
off-by-one-index: table[:, [1, 2, 3, 3]] -> table
off-by-one-index: v[1:] * 2 -> v[:-1] * 2
sorted: v.sort().values -> v
sorted: ages.sort(descending=True).values -> ages
sorted: torch.tensor(sorted(pos.tolist())) -> pos
sorted: pos.unique() -> pos
permuted-rows: v[[2, 0, 1, 3, 5, 4]] -> v
permuted-rows: x[[1, 3, 2, 0]] -> x
permuted-rows: big[torch.randperm(40)] -> big
permuted-rows: prices[prices[:, 0].argsort()] -> prices
permuted-rows: torch.cat([big[20:30], big[:10], big[30:], big[10:20]]) -> big
permuted-rows: torch.cat([ages[::2], ages[1::2]]) -> ages
partly-equal: torch.where(torch.arange(6) == 2, 9.0, v) -> v
partly-equal: torch.cat([v[:4], u[4:]]) -> v
partly-equal: torch.cat([big[:30], big[30:] * 2]) -> big
partly-equal: torch.cat([y[:1], x[1:]]) -> x
partly-equal: torch.cat([x[:, :2], y[:, 2:]], 1) -> x
partly-equal: torch.tensor([1.0, 1.0, 2.0, 3.0, 5.0, 9.0]) -> torch.tensor([1.0, 1.0, 2.0, 3.0, 5.0, 8.0])
partly-equal: torch.cat([u[:2], v[2:]]) -> v
partly-equal: torch.cat([big[:10], big[10:14] ** 2, big[14:]]) -> big
"""

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

TABLES = {
    "kinds": KINDS,
    "dtypes": DTYPES,
    "shapes": SHAPES,
    "places": PLACES,
    "numbers": NUMBERS,
    "probabilities": PROBABILITIES,
    "programs": PROGRAMS,
    "random": RANDOM,
}
