"""Contracts that a program breaks without any error, and the words of faults."""

from __future__ import annotations

import msgspec
import pytest

from tests.checks.build import (
    TURN,
    check,
    faults_found,
    judged,
    loop,
    misconception,
    module,
    report,
)

CE = "import torch.nn as nn\nloss_fn = nn.CrossEntropyLoss()\n"
BCE = "import torch.nn.functional as F\nloss = F.binary_cross_entropy_with_logits(m(x), y)\n"


def forward(returned: str) -> str:
    return f"class Net(nn.Module):\n    def forward(self, x):\n        x = self.a(x)\n        return {returned}\n"


@pytest.mark.parametrize(
    ("known", "layers", "code"),
    [
        ("softmax-before-cross-entropy", ("Linear", "Softmax"), CE),
        ("softmax-before-cross-entropy", (), CE + forward("torch.softmax(x, dim=1)")),
        ("softmax-before-cross-entropy", (), CE + forward("x.softmax(1)")),
        ("sigmoid-before-bce-with-logits", ("Linear", "Sigmoid"), BCE),
        ("sigmoid-before-bce-with-logits", (), BCE + forward("torch.sigmoid(self.b(x))")),
        (None, ("Linear", "Softmax"), "loss = nn.NLLLoss()"),
        (None, ("Linear", "Sigmoid"), CE),
        (None, ("Softmax", "Linear"), CE),
        (None, ("Linear",), CE + "p = torch.softmax(model(x), 1)\n"),
        (None, (), CE + forward("self.b(torch.softmax(x, 1))")),
        (None, ("Linear", "Softmax"), CE + "loss = loss_fn(torch.log(model(x)), y)\n"),
    ],
)
def test_a_loss_that_gets_what_it_computes_itself(known: str | None, layers: tuple[str, ...], code: str) -> None:
    seen = report(variables={"model": module(*layers)} if layers else {})
    assert faults_found(seen, code) == ([known] if known else [])


def test_one_output_for_cross_entropy_is_found_by_its_zero_loss() -> None:
    net = module(("Linear", "in_features=3, out_features=1, bias=True"))
    zero = loop(*TURN, losses=[0.0] * 5, variables={"model": net})
    assert "one-output-cross-entropy" in faults_found(zero, CE)
    assert faults_found(loop(*TURN, variables={"model": net}), CE) == []
    ten = module(("Linear", "in_features=3, out_features=10, bias=True"))
    assert faults_found(loop(*TURN, losses=[0.0] * 5, variables={"model": ten}), CE) == []


def test_a_negative_nll_loss_is_found() -> None:
    assert faults_found(loop(*TURN, losses=[-1.0, -2, -2, -2, -2]), "loss_fn = nn.NLLLoss()") == ["nll-of-logits"]
    assert faults_found(loop(*TURN), "loss_fn = nn.NLLLoss()") == []


def test_torchs_own_warning_of_shapes_is_made_visible() -> None:
    warning = (
        "UserWarning: Using a target size (torch.Size([4])) that is different to the input size (torch.Size([4, 1]))."
    )
    assert faults_found(report(stderr=warning)) == ["target-shape-broadcast"]
    assert faults_found(report(stderr="UserWarning: lr_scheduler")) == []


def test_layers_in_a_plain_list_are_found() -> None:
    code = "class Net(nn.Module):\n    def __init__(self):\n        self.all = [nn.Linear(1, 1)]\n"
    assert faults_found(report(), code) == ["unregistered-layers"]
    assert faults_found(report(), code.replace("[nn.Linear(1, 1)]", "nn.ModuleList([nn.Linear(1, 1)])")) == []


def test_a_misconception_may_ask_for_a_fault() -> None:
    one = check("metric", expr="loss", max=0.1)
    faulty = loop("forward", "backward", "step")
    seen = msgspec.structs.replace(faulty, observations=report({"loss": 5.0}).observations)
    told = judged(one, seen, seen, "x = 1", misconception("Sums.", trace="no-zero-grad", fails="loss"))
    assert told.why == "Sums."
    told = judged(one, seen, seen, "x = 1", misconception("Sums.", trace="no-step", fails="loss"))
    assert told.why == ""
