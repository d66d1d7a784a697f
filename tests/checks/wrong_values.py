"""Wrong programs of one expression: what the learner wrote, and what was asked for, over the data of `SETUP`.

A line reads `relation: wrong -> right`. The program's variables are those that the wrong expression names.
"""

from __future__ import annotations

from tests.checks.wrong_numbers import NUMBERS, PROBABILITIES, PROGRAMS, RANDOM

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
scores-not-classes: logits + 1 -> logits.argmax(1)
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
