"""Errors are provoked for real, and each is explained."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from tutor.checks.error_table import TABLE
from tutor.checks.errors import explain_error
from tutor.runtime.protocol import ErrorReport

PROVOKED = {
    "no-grad-anywhere": "torch.ones(2).sum().backward()",
    "backward-needs-scalar": "torch.ones(2, requires_grad=True).mul(2).backward()",
    "backward-twice": "x = torch.ones(2, requires_grad=True)\ny = (x * x).sum()\ny.backward()\ny.backward()",
    "in-place-on-leaf": "x = torch.ones(2, requires_grad=True)\nx += 1",
    "in-place-in-graph": "x = torch.ones(2, requires_grad=True)\ny = x.exp()\ny += 1\ny.sum().backward()",
    "only-floats-have-gradients": "torch.tensor(1, requires_grad=True)",
    "numpy-of-watched": "torch.ones(2, requires_grad=True).numpy()",
    "matmul": "torch.ones(2, 3) @ torch.ones(2, 3)",
    "matmul-vector": "torch.ones(2, 3) @ torch.ones(2)",
    "batch-matmul": "torch.ones(2, 3, 4) @ torch.ones(2, 3, 4)",
    "broadcast": "torch.ones(2, 3) + torch.ones(2)",
    "reshape": "torch.ones(6).reshape(4, 2)",
    "view": "torch.ones(2, 3).T.view(6)",
    "concatenate": "torch.cat([torch.ones(2, 3), torch.ones(2, 2)])",
    "stack": "torch.stack([torch.ones(2), torch.ones(3)])",
    "index": "torch.ones(3)[3]",
    "dimension": "torch.ones(3).sum(dim=1)",
    "too-many-indices": "torch.ones(3)[0, 0]",
    "target-size": "nn.BCEWithLogitsLoss()(torch.ones(4, 1), torch.ones(4))",
    "dtypes-differ": "nn.Linear(2, 1)(torch.ones(3, 2, dtype=torch.float64))",
    "scalar-type": "nn.CrossEntropyLoss()(torch.ones(2, 3), torch.ones(2, dtype=torch.int32))",
    "mean-of-ints": "torch.tensor([1, 2]).mean()",
    "cast": "x = torch.tensor([1, 2])\nx += 1.5",
    "one-element": "torch.ones(2).item()",
    "ambiguous-truth": "bool(torch.ones(2) > 0)",
    "class-out-of-range": "nn.CrossEntropyLoss()(torch.ones(2, 3), torch.tensor([1, 3]))",
    "devices-differ": "torch.ones(2) + torch.ones(2, device='meta')",
    "no-super-init": "class N(nn.Module):\n    def __init__(self):\n        self.a = nn.Linear(1, 1)\nN()",
    "no-forward": "nn.Module()(1)",
    "state-dict": "nn.Linear(1, 1).load_state_dict({})",
    "empty-optimizer": "torch.optim.SGD([], lr=0.1)",
    "forgot-self": "class N:\n    def forward(x):\n        return x\nN().forward(1)",
    "memory": "torch.empty(10**15)",
    "name": "y = undefined_name",
    "attribute": "torch.ones(2).nope",
    "module-attribute": "torch.nope",
    "missing-module": "import no_such_module",
    "indentation": "if True:\nx = 1",
    "not-closed": "x = (1",
    "syntax": "x = = 1",
    "recursion": "def f():\n    return f()\nf()",
    "zero-division": "1 / 0",
}


@pytest.mark.parametrize("known", PROVOKED)
def test_a_real_error_is_explained(known: str) -> None:
    with pytest.raises(BaseException) as raised:  # noqa: PT011 - of any type; the explanation is what is tested
        exec(compile(PROVOKED[known], "lesson.py", "exec"), {"torch": torch, "nn": nn, "__name__": "lesson"})
    message = str(raised.value.args[0]) if isinstance(raised.value, SyntaxError) else str(raised.value)
    found = explain_error(ErrorReport(type=type(raised.value).__name__, message=message))
    assert found is not None, message
    assert found.id == known, message
    assert "{" not in found.why + found.next


def test_every_row_is_provoked() -> None:
    assert {row.id for row in TABLE} - PROVOKED.keys() == {"input"}


def test_an_unknown_error_is_not_explained() -> None:
    assert explain_error(ErrorReport(type="RuntimeError", message="something new")) is None
