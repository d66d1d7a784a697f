"""Wrong programs about which nothing holds, so that nothing may be said: a wrong explanation is worse than none.

A line reads `wrong -> right`, over the data of wrong_values.SETUP.
"""

from __future__ import annotations

PLAUSIBLE = """
x @ w + bias -> torch.relu(x @ w)
x @ w -> x @ w + bias
torch.tanh(v) -> torch.sigmoid(v)
torch.sin(v) -> torch.cos(v)
v**3 -> v**2
v**2 + 3 * v -> v**2 - 3 * v
2 * v + 1 -> v**2
v * u -> v + u
v - u -> v * u
v / u -> v * u
torch.exp(-v) -> torch.exp(v) - 1
F.softplus(v) -> F.relu(v)
F.leaky_relu(v, 0.1) -> F.elu(v)
F.leaky_relu(v) -> F.relu(v) + 0.1
F.gelu(v) -> F.silu(v)
torch.sigmoid(2 * v) -> torch.sigmoid(v)
torch.softmax(2 * logits, 1) -> torch.softmax(logits, 1)
torch.softmax(logits / 0.5, 1) -> torch.softmax(-logits, 1)
(x - x.mean(1, keepdim=True)) / x.std(1, keepdim=True) -> (x - x.mean(0)) / x.std(0)
(x - x.mean()) / x.std() -> (x - x.mean(0)) / x.std(0)
(x - x.min()) / (x.max() - x.min()) -> (x - x.min(0).values) / (x.max(0).values - x.min(0).values)
x / x.max() -> (x - x.min()) / (x.max() - x.min())
x / x.norm(dim=0) -> x / x.norm(dim=1, keepdim=True)
x / x.sum(1, keepdim=True) -> x / x.norm(dim=1, keepdim=True)
prices - prices.mean(0) -> prices - prices.mean(1, keepdim=True)
F.mse_loss(pred, target) -> F.l1_loss(pred, target)
F.l1_loss(pred, target) -> F.huber_loss(pred, target)
F.cross_entropy(logits, labels) -> F.nll_loss(logits, labels)
F.cross_entropy(p, labels) -> F.cross_entropy(logits, labels)
F.mse_loss(pred[:, None], target) -> F.mse_loss(pred, target)
-(p.log()).mean() -> F.cross_entropy(logits, labels)
F.binary_cross_entropy_with_logits(scores, (column > 0).float()) -> F.binary_cross_entropy(scores.sigmoid() ** 2, (column > 0).float())
(pred - target).pow(2).mean().sqrt() -> (pred - target).abs().mean()
q @ k.T -> torch.softmax(q @ k.T, 0) @ s.new_ones(4, 4).triu()
torch.softmax(q @ k.T / 4, 0) @ k[:, :4] -> torch.softmax(q @ k.T / 4, 1) @ k[:, :4]
s @ s.T -> s.T @ s
s @ s -> s @ s.T
x.T @ x -> x.T @ y
torch.linalg.inv(s) -> torch.linalg.pinv(s + 1)
torch.outer(v, v) -> torch.outer(v, u)
x.cov() -> x.corrcoef()
v.cumsum(0) -> v.cumprod(0)
v.diff() -> v[1:] * v[:-1]
ages.median() -> ages.mean()
ages.std() -> ages.log().mean()
x.median(0).values -> x.mean(0) + 0 * y.mean(0)
x.quantile(0.25, dim=0) -> x.mean(0) * 1
x.sum(0) + 1 -> x.sum(1)[:3]
x.sum(0) / 3 -> x.mean(1)[:3]
torch.where(v > 0, v, u) -> torch.where(v > 0, u, v)
torch.where(v > 0.6, v, -v**2) -> torch.where(v > 0, v**2, -v)
v.clamp(-1, 1) -> v.clamp(0, 1) + 0.3 * v
v.clamp(max=1) -> v.clamp(min=1)
v.lerp(u, 0.1) -> v.lerp(u, 0.9)
0.9 * v + 0.1 * u -> 0.9 * u + 0.1 * v
v - 0.1 * u -> v + 0.1 * u
v - 0.01 * 2 * v - u * 0.3 -> v - 0.1 * 2 * v
1 / (1 + v.exp()) + 0.2 * v -> 1 / (1 + (-v).exp())
v.exp() / v.exp().max() -> v.exp() / (v.exp() + 1)
(v > 0).float() * u -> (u > 0).float() * v
ages * 9 / 5 + 32 -> (ages - 32) * 5 / 9
(ages - ages.min()) / ages.max() -> (ages - ages.mean()) / (ages.max() - ages.min())
torch.linspace(0, 1, 6) -> torch.arange(6.0) ** 1.5
torch.arange(0.0, 1.2, 0.2) -> torch.logspace(0, 1, 6)
torch.eye(3) + s -> torch.eye(3) * s
torch.tril(s) -> torch.triu(s)
torch.tril(s) -> s + s.T
s.diagonal() -> s.sum(0)
torch.diag(s.diagonal()) -> s + 1 / s
b.sum(0) -> b.mean(0) ** 2 + b[0]
image.mean((0, 1)) -> image.std((0, 1))
image.mean(2) -> image[..., 0] * 0.299 + image[..., 1] * 0.587 + image[..., 2] * 0.114
seq[:, -1] -> seq.mean(1)
seq[:, 0] -> seq[:, -1]
seq.max(1).values -> seq.mean(1) + seq[:, 0]
batch.mean((1, 2)) -> batch.amax((1, 2))
F.avg_pool1d(v[None], 2) -> F.max_pool1d(v[None], 2)
F.normalize(x, dim=0) -> F.normalize(x, dim=1)
F.layer_norm(x, (3,)) -> (x - x.mean(0)) / x.std(0)
F.one_hot(labels, 3).float() -> p
torch.bincount(labels).float() -> p.sum(0)
labels.float() + 0.2 * pred -> target
pred.sigmoid().round() + 0.1 * pred -> (target > 0).float() + 0.2 * target
torch.zeros(5) -> pred
torch.zeros(4, 3) -> x
torch.ones(6) -> v
torch.full((4, 3), 0.5) -> x.sigmoid()
torch.zeros(5, 3) -> p
torch.full((5, 3), 1 / 3) -> p
v.mean().expand(6) + 0 -> u
prices.mean(0).expand(4, 3) * 1 -> x
torch.zeros(4, 3) -> 0.3 * x.sigmoid()
torch.zeros(6) -> 0.4 * v.sigmoid()
torch.randn(6) -> v
torch.rand(4, 3) -> x
torch.randn(400) -> torch.rand(400)
torch.rand(400) -> torch.rand(500)[100:] ** 2
torch.randn(400) * 2 -> torch.randn(400, generator=torch.Generator().manual_seed(5))
torch.randn(400) + 1 -> torch.randn(400, generator=torch.Generator().manual_seed(5))
torch.randn(20) -> torch.randn(20, generator=torch.Generator().manual_seed(5))
"""

SHAPES = """
x @ w -> y
x[:2] -> y
x.sum(0) -> x.sum(1) ** 2 + 1
v[:4] -> u
v[::2] -> u
v.reshape(2, 3) -> u.reshape(3, 2)
x.T -> y
torch.stack([v, u]) -> torch.stack([u, v], dim=1)
x.cov() -> x.var(1)
torch.diag(v) -> v * 2
q @ k.T -> q @ k.T @ k
image.mean(2) -> image.sum((0, 1))
torch.zeros(3, 4) -> x
torch.zeros(12) -> x
b.mean(0) -> b.std(2)
logits.argmax(1).float() -> scores
p.argmax(0) -> labels
torch.cat([x, y]) -> x + y
torch.cat([x, y], 1) -> x * y
pred[:, None] - column -> scores.squeeze()
"""

FEW = """
3.0 -> 7.0
4.0 -> 2.0
torch.tensor(1.0) -> torch.tensor(0.0)
torch.tensor(0.0) -> torch.tensor(5.0)
torch.tensor(0.25) -> torch.tensor(0.5)
torch.tensor([1.0, 2.0]) -> torch.tensor([3.0, 5.0])
torch.tensor([0.0, 0.0, 0.0]) -> torch.tensor([1.0, 2.0, 3.0])
torch.tensor([1.0, 1.0, 1.0]) -> torch.tensor([1.0, 2.0, 4.0])
torch.tensor([0.0, 1.0, 0.0, 0.0]) -> torch.tensor([0.0, 0.0, 1.0, 1.0])
torch.tensor([1, 0, 2, 0, 1, 2]) -> torch.tensor([0, 1, 2, 2, 0, 1])
torch.tensor([0, 0, 1, 2]) -> torch.tensor([2, 0, 0, 1])
torch.tensor([2, 2, 2, 2, 2]) -> torch.tensor([0, 2, 1, 1, 0])
torch.tensor([0, 1, 1]) -> torch.tensor([1, 0, 1])
torch.tensor([True, False, False]) -> torch.tensor([False, False, True])
torch.tensor([3, 1, 2]).max() -> torch.tensor(2)
torch.tensor([0.2, 0.5, 1.0]) -> torch.tensor(2.0)
torch.tensor([3.0, 1.0, 2.0]) -> torch.tensor(2.5)
[1, 2, 3] -> [4, 9, 1]
[0.5, 0.25] -> [0.75, 0.1]
12 -> 35
0.81 -> 0.77
2 -> True
"seven" -> 7.5 > 3
"abc" -> "abd"
None -> torch.tensor(7.0)
{"a": 3} -> {"a": 7}
torch.tensor([3, 0, 2, 1, 4]) -> torch.tensor([1, 3, 0, 4, 2])
[3, 0, 2, 1, 4] -> v[:5].argsort().tolist()
[0, 1, 2, 2, 1] -> [1, 2, 1, 2, 0]
torch.tensor([[0, 1], [2, 2]]) -> torch.tensor([[0, 1], [1, 2]]).T.T * 2 - 1
"""

TABLES = {"plausible": PLAUSIBLE, "shapes": SHAPES, "few": FEW}
