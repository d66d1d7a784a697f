"""Errors are provoked for real, and each is explained."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from torch import nn

from tests.checks.build import raised_by
from tutor.checks.error_table import TABLE
from tutor.checks.errors import explain_error
from tutor.runtime.values import ErrorReport, TensorValue, Variable

PROVOKED = [
    ("no-grad-anywhere", "torch.ones(2).sum().backward()"),
    ("backward-needs-scalar", "torch.ones(2, requires_grad=True).mul(2).backward()"),
    ("backward-twice", "x = torch.ones(2, requires_grad=True)\ny = (x * x).sum()\ny.backward()\ny.backward()"),
    ("in-place-on-leaf", "x = torch.ones(2, requires_grad=True)\nx += 1"),
    ("in-place-in-graph", "x = torch.ones(2, requires_grad=True)\ny = x.exp()\ny += 1\ny.sum().backward()"),
    ("only-floats-have-gradients", "torch.tensor(1, requires_grad=True)"),
    ("numpy-of-watched", "torch.ones(2, requires_grad=True).numpy()"),
    ("matmul", "torch.ones(2, 3) @ torch.ones(2, 3)"),
    ("matmul-vector", "torch.ones(2, 3) @ torch.ones(2)"),
    ("batch-matmul", "torch.ones(2, 3, 4) @ torch.ones(2, 3, 4)"),
    ("broadcast", "torch.ones(2, 3) + torch.ones(2)"),
    ("reshape", "torch.ones(6).reshape(4, 2)"),
    ("view", "torch.ones(2, 3).T.view(6)"),
    ("concatenate", "torch.cat([torch.ones(2, 3), torch.ones(2, 2)])"),
    ("stack", "torch.stack([torch.ones(2), torch.ones(3)])"),
    ("index", "torch.ones(3)[3]"),
    ("dimension", "torch.ones(3).sum(dim=1)"),
    ("too-many-indices", "torch.ones(3)[0, 0]"),
    ("target-size", "nn.BCEWithLogitsLoss()(torch.ones(4, 1), torch.ones(4))"),
    ("dtypes-differ", "nn.Linear(2, 1)(torch.ones(3, 2, dtype=torch.float64))"),
    ("scalar-type", "nn.CrossEntropyLoss()(torch.ones(2, 3), torch.ones(2, dtype=torch.int32))"),
    ("mean-of-ints", "torch.tensor([1, 2]).mean()"),
    ("cast", "x = torch.tensor([1, 2])\nx += 1.5"),
    ("one-element", "torch.ones(2).item()"),
    ("ambiguous-truth", "bool(torch.ones(2) > 0)"),
    ("class-out-of-range", "nn.CrossEntropyLoss()(torch.ones(2, 3), torch.tensor([1, 3]))"),
    ("devices-differ", "torch.ones(2) + torch.ones(2, device='meta')"),
    ("no-super-init", "class N(nn.Module):\n    def __init__(self):\n        self.a = nn.Linear(1, 1)\nN()"),
    ("no-forward", "nn.Module()(1)"),
    ("state-dict", "nn.Linear(1, 1).load_state_dict({})"),
    ("empty-optimizer", "torch.optim.SGD([], lr=0.1)"),
    ("forgot-self", "class N:\n    def forward(x):\n        return x\nN().forward(1)"),
    ("memory", "torch.empty(10**15)"),
    ("name", "y = undefined_name"),
    ("attribute", "torch.ones(2).nope"),
    ("module-attribute", "torch.nope"),
    ("missing-module", "import no_such_module"),
    ("indentation", "if True:\nx = 1"),
    ("not-closed", "x = (1"),
    ("syntax", "x = = 1"),
    ("attribute-of-none", "None.foo"),
    ("recursion", "def f():\n    return f()\nf()"),
    ("zero-division", "1 / 0"),
    (
        "unused-in-graph",
        "x=torch.ones(2,requires_grad=True);z=torch.ones(2,requires_grad=True)\ntorch.autograd.grad((x*2).sum(), z)",
    ),
    ("grad-of-unwatched", "x=torch.ones(2,requires_grad=True);z=torch.ones(2)\ntorch.autograd.grad((x*2).sum(), z)"),
    ("requires-grad-of-result", "x=torch.ones(2,requires_grad=True);y=x*2\ny.requires_grad=False"),
    ("copy-of-result", "import copy\nx=torch.ones(2,requires_grad=True);copy.deepcopy(x*2)"),
    ("no-grad-yet", "x=torch.ones(2,requires_grad=True)\nx.grad.zero_()"),
    ("arithmetic-with-none", "x=torch.ones(2,requires_grad=True)\n0.1*x.grad"),
    ("arithmetic-with-none", "x=torch.ones(2,requires_grad=True)\nx - None"),
    ("not-callable", "torch.ones(2)(1)"),
    ("not-callable", "x=None\nx(1)"),
    ("not-callable", "torch(1)"),
    ("matrix-wanted", "torch.ones(2,2).dot(torch.ones(2))"),
    ("matrix-wanted", "torch.ones(2,2,2).mm(torch.ones(2,2))"),
    ("matrix-wanted", "torch.ones(2) @ torch.tensor(1.)"),
    ("matmul-vector", "torch.ones(2) @ torch.ones(3)"),
    ("matmul", "torch.ones(2) @ torch.ones(3,2)"),
    ("matmul-vector", "torch.ones(3,2) @ torch.ones(3)"),
    ("one-row-batchnorm", "nn.BatchNorm1d(4)(torch.ones(1,4))"),
    ("features", "nn.BatchNorm1d(4)(torch.ones(2,3))"),
    ("channels", "nn.Conv2d(3,4,3)(torch.ones(2,1,8,8))"),
    ("conv-dims", "nn.Conv2d(3,4,3)(torch.ones(2,8))"),
    ("kernel-size", "nn.Conv2d(1,4,9)(torch.ones(1,1,4,4))"),
    ("index-tensor", "nn.Embedding(3,2)(torch.ones(2))"),
    ("embedding-range", "nn.Embedding(3,2)(torch.tensor([3]))"),
    ("not-a-probability", "nn.BCELoss()(torch.tensor([2.]),torch.tensor([1.]))"),
    ("target-size", "nn.BCELoss()(torch.ones(4,1),torch.ones(4))"),
    ("cast", "nn.BCEWithLogitsLoss()(torch.ones(2), torch.tensor([1,0]))"),
    ("found-dtype", "nn.BCELoss()(torch.ones(2), torch.tensor([1,0]))"),
    ("scalar-type", "nn.CrossEntropyLoss()(torch.ones(2,3), torch.ones(2))"),
    ("class-targets-shape", "nn.CrossEntropyLoss()(torch.ones(2,3), torch.ones(2,1).long())"),
    ("batch-size", "nn.CrossEntropyLoss()(torch.ones(2,3), torch.ones(3).long())"),
    ("class-targets-shape", "nn.CrossEntropyLoss()(torch.ones(2,3), torch.ones(2,1))"),
    ("ambiguous-truth", "nn.MSELoss(torch.ones(2), torch.ones(2))"),
    ("broadcast", "nn.MSELoss()(torch.ones(2), torch.ones(3))"),
    ("list-index", "[1][1]"),
    ("key", "{}['a']"),
    ("unpack", "a,b=[1,2,3]"),
    ("unpack", "a,b,c=[1,2]"),
    ("expand", "torch.ones(2,3).expand(2,4)"),
    ("missing-argument", "class N(nn.Module):\n    def __init__(s,a,b):\n        super().__init__()\nN()"),
    ("unexpected-argument", "nn.Linear(1,1,biass=True)"),
    ("missing-argument", "nn.Linear(1,1)()"),
    ("forgot-self", "nn.Linear(1,1)(torch.ones(1),2)"),
    ("text-in-tensor", "torch.tensor('a')"),
    ("text-in-tensor", "torch.tensor(['a'])"),
    ("numpy-objects", "torch.from_numpy(np.array(['a',None]))"),
    ("numpy-objects", "torch.tensor(np.array([None]))"),
    ("ragged", "torch.tensor([[1,2],[1]])"),
    ("list-of-tensors", "torch.tensor([torch.ones(2),torch.ones(2)])"),
    ("sequence-size", "torch.zeros('a')"),
    ("wrong-arguments", "torch.ones(2,3).sum('a')"),
    ("sequence-size", "torch.ones(2.5)"),
    ("parameter-wanted", "m=nn.Linear(1,1)\nm.weight=torch.ones(1,1)"),
    ("optimizer-of-result", "x=torch.ones(2,requires_grad=True)*2\ntorch.optim.SGD([x],lr=.1)"),
    ("optimizer-of-module", "torch.optim.SGD(nn.Linear(1,1),lr=.1)"),
    ("optimizer-of-module", "torch.optim.SGD([1],lr=.1)"),
    ("optimizer-of-module", "torch.optim.SGD(torch.ones(2),lr=.1)"),
    ("learning-rate", "torch.optim.SGD([torch.ones(2,requires_grad=True)],lr=-1)"),
    ("missing-argument", "torch.optim.SGD(lr=.1)"),
    (
        "scheduler-metric",
        "o=torch.optim.SGD([torch.ones(2,requires_grad=True)],lr=.1)\ntorch.optim.lr_scheduler.ReduceLROnPlateau(o).step()",
    ),
    ("no-cuda", "torch.ones(2,device='cuda')"),
    ("no-cuda", "torch.ones(2).cuda()"),
    ("unknown-device", "torch.ones(2).to('gpu')"),
    ("attribute-of-tuple", "nn.LSTM(2,3)(torch.ones(1,2)).sum()"),
    (
        "inference-tensor",
        "with torch.inference_mode():\n    x=torch.ones(2)\n(x*torch.ones(2,requires_grad=True)).sum().backward()",
    ),
    ("mask-shape", "torch.ones(3)[torch.tensor([True,False])]"),
    ("index-dtype", "torch.ones(3)[torch.ones(2)]"),
    ("index-dtype", "torch.ones(3)[0.5]"),
    ("text-in-tensor", "torch.ones(3)['a']"),
    ("file", "open('nope.csv')"),
    ("data-sizes", "torch.utils.data.random_split(torch.utils.data.TensorDataset(torch.ones(4)),[1,2])"),
    ("data-sizes", "torch.utils.data.TensorDataset(torch.ones(4),torch.ones(3))"),
    ("empty-list", "torch.stack([])"),
    ("empty-list", "torch.cat([])"),
    ("integer-wanted", "torch.ones(2)*[1,2]"),
    ("loss-of-numpy", "nn.Linear(2,1)(np.ones((1,2),dtype='float32'))"),
    ("operands", "torch.ones(2)+'a'"),
    ("item-no-tensor", "torch.cat([torch.ones(2),1])"),
    ("in-place-broadcast", "x=torch.ones(3)\nx+=torch.ones(3,3)"),
    ("assigned-shape", "x=torch.ones(3)\nx[0]=torch.ones(2)"),
    ("assertion", "assert 1==2"),
    ("zero-dim-index", "len(torch.tensor(1))"),
    ("zero-dim-index", "for i in torch.tensor(1): pass"),
    ("zero-dim-index", "torch.tensor(1)[0]"),
    ("name", "def f():\n    a=a+1\nf()"),
    ("number-from-text", "int('a')"),
    ("text-and-number", "'a'+1"),
    ("reshape", "torch.ones(2,3).T.contiguous().view(-1,4)"),
    ("reshape", "torch.arange(3).reshape(2,-1)"),
    ("dimension", "torch.ones(3).argmax(dim=1)"),
    ("file", "torch.load('x')"),
    ("features", "nn.LSTM(2,3)(torch.ones(1,1,4))"),
    ("matmul", "nn.Linear(3,2)(torch.ones(4,2))"),
    ("matmul", "nn.Linear(3,2)(torch.ones(2))"),
    ("dtypes-differ", "nn.Linear(2,1)(torch.tensor([[1,2]]))"),
    ("dtypes-differ", "nn.Linear(2,1).double()(torch.ones(1,2))"),
    ("dtypes-differ", "torch.ones(2,2)@torch.ones(2,2).long()"),
    ("dtypes-differ", "torch.ones(2)@torch.ones(2).long()"),
    ("broadcast", "torch.where(torch.ones(2)>0, torch.ones(3), 0)"),
    ("index-tensor", "torch.zeros(2,3).scatter_(1, torch.ones(2,1), 1.)"),
    ("index-tensor", "F.one_hot(torch.tensor([1.]))"),
    ("one-hot-range", "F.one_hot(torch.tensor([3]),2)"),
    ("not-for-this-dtype", "torch.softmax(torch.tensor([1,2]),0)"),
    ("mean-of-ints", "torch.tensor([1,2]).std()"),
    ("one-element", "torch.tensor([]).item()"),
    ("empty-reduction", "torch.tensor([]).max()"),
    ("empty-reduction", "torch.tensor([]).argmax()"),
    ("mean-of-ints", "torch.tensor([True]).mean()"),
    ("bool-arithmetic", "torch.tensor([True])-torch.tensor([True])"),
    ("bool-arithmetic", "-torch.tensor([True])"),
    ("invert-needs-bool", "~torch.ones(2)"),
    ("not-for-this-dtype", "torch.ones(2) & torch.ones(2)"),
    ("meta-tensor", "torch.ones(2,device='meta').numpy()"),
    ("meta-tensor", "torch.ones(1,device='meta').item()"),
    ("numpy-strides", "torch.from_numpy(np.arange(3)[::-1])"),
    ("format-of-tensor", "f'{torch.ones(2):.2f}'"),
    ("permute", "torch.ones(2,3).permute(0)"),
    ("dimension", "torch.ones(3).transpose(0,1)"),
    ("concatenate-dims", "torch.cat([torch.ones(2),torch.ones(1,2)])"),
    ("einsum", "torch.einsum('ij,jk->ik',torch.ones(2,3),torch.ones(2,3))"),
    ("missing-argument", "nn.Module().register_forward_hook()"),
    ("reshape-twice-minus-one", "torch.ones(4).reshape(-1,-1)"),
    ("dropout-range", "nn.Dropout(2)"),
    ("negative-size", "nn.Linear(2,-1)"),
    ("no-super-init", "class N(nn.Module):\n    def __init__(s):\n        s.w=nn.Parameter(torch.ones(1))\nN()"),
    (
        "no-super-init",
        "class N(nn.Module):\n    def __init__(s):\n        s.k=1\n    def forward(s,x): return x\nN()(1)",
    ),
    ("not-a-module", "nn.Sequential(nn.Linear(1,1), 1)"),
    ("not-a-module", "nn.Sequential([nn.Linear(1,1)])"),
    ("state-dict-shape", "nn.Linear(2,1).load_state_dict(nn.Linear(3,1).state_dict())"),
    ("attribute", "nn.Linear(1,1).foo"),
    ("attribute-of-list", "[1].shape"),
    ("attribute-of-number", "(1.0).item()"),
    ("attribute-of-list", "np.ones(2).unsqueeze(0)"),
    ("attribute", "'a'.foo"),
    ("attribute-of-number", "(1.5).backward()"),
    (
        "no-grad-anywhere",
        "x=torch.ones(1,requires_grad=True)\ng,=torch.autograd.grad((x**2).sum(),x)\ntorch.autograd.grad(g.sum(),x)",
    ),
    ("backward-shape", "x=torch.ones(2,requires_grad=True)\n(x*2).backward(torch.ones(3))"),
    ("indentation", "def f():\nreturn 1"),
    ("indentation", "if 1:\n    x=1\n  y=2"),
    ("indentation", "x=1\n  y=2"),
    ("colon", "if 1\n  x=1"),
    ("assign-for-compare", "if x=1: pass"),
    ("open-text", "x='a"),
    ("syntax", "print 1"),
    ("return-outside", "return 1"),
    ("import-name", "from torch import nope"),
    ("import-name", "from torch.nn import Linearr"),
    ("missing-module", "import math.foo"),
    ("overflow", "import math\nmath.exp(1e9)"),
    ("math-domain", "import math\nmath.log(-1)"),
    ("no-more", "next(iter([]))"),
    ("key", "{1:2}[3]"),
    ("text-and-number", "[1]+1"),
    ("tuple-assignment", "(1,2)[0]=1"),
    ("integer-wanted", "range(1.5)"),
    ("integer-wanted", "range(torch.tensor(1.5))"),
    ("operands", "torch.tensor([1])+ 'x'"),
    ("not-iterable", "for i in 3: pass"),
    ("not-subscriptable", "(3)[0]"),
    ("not-subscriptable", "len[0]"),
    ("not-iterable", "zip(1)"),
    ("not-iterable", "sum(1)"),
    ("missing-argument", "def f(a): pass\nf()"),
    ("missing-argument", "torch.relu()"),
    ("missing-argument", "torch.softmax(torch.ones(2))"),
    ("recursion", "class N(nn.Module):\n    def forward(s,x): return s(x)\nN()(1)"),
]
UNPROVOKED = {"input", "permission", "network", "whole-model-load", "numpy-of-device"}
NAMES = {"torch": torch, "nn": nn, "F": F, "np": np, "__name__": "lesson"}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("known", "code"), PROVOKED, ids=[f"{known}-{n}" for n, (known, _) in enumerate(PROVOKED)])
def test_a_real_error_is_explained(known: str, code: str) -> None:
    error = raised_by(code, NAMES)
    found = explain_error(error)
    assert found is not None, error.message
    assert found.id == known, error.message
    assert "{g" not in found.why + found.next
    assert found.why


def test_every_row_is_provoked() -> None:
    assert {row.id for row in TABLE} - {known for known, _ in PROVOKED} <= UNPROVOKED


@pytest.mark.parametrize(
    ("kind", "message"), [("RuntimeError", "something new"), ("RuntimeError", ""), ("ValueError", "no"), ("Mine", "")]
)
def test_an_unknown_error_is_not_explained(kind: str, message: str) -> None:
    assert explain_error(ErrorReport(type=kind, message=message)) is None


def test_the_shapes_of_the_failing_line_are_named() -> None:
    involved = (
        Variable(name="x", value=TensorValue(dtype="float32", shape=(4, 2))),
        Variable(name="w", value=TensorValue(dtype="float32", shape=(3, 2))),
    )
    message = "mat1 and mat2 shapes cannot be multiplied (4x2 and 3x2)"
    found = explain_error(ErrorReport(type="RuntimeError", message=message, involved=involved))
    assert found is not None
    assert "`x` has the shape (4, 2)" in found.why
    assert "`w` has the shape (3, 2)" in found.why
    assert "(4 × 2) times (3 × 2), and 2 is not 3" in found.why


def test_pythons_own_suggestion_is_the_next_action() -> None:
    text = "NameError: name 'tensr' is not defined. Did you mean: 'tensor'?"
    found = explain_error(ErrorReport(type="NameError", message="name 'tensr' is not defined", text=text))
    assert found is not None
    assert found.next == "Did you mean `tensor`?"
