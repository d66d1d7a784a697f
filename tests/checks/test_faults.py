"""Faults of loops, modes, losses and contracts are found where the run proves them, and none in right programs."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.checks.build import check, judged, loop, misconception, module, optimizer, report, tensor
from tutor.checks.judge import diagnose
from tutor.checks.loop import faults, last_loss
from tutor.runtime.protocol import Report, TraceEvent, TraceTotals
from tutor.runtime.values import ErrorReport, ParameterInfo

TURN = ("zero_grad", "forward", "backward", "step")
NAN, INF = float("nan"), float("inf")


def found(seen: Report, code: str = "") -> list[str | None]:
    return [finding.relation for finding in diagnose(seen, code)]


def event(kind: str, line: int = 1, **fields: Any) -> TraceEvent:
    return TraceEvent(kind, 0.0, line, **{"name": "Net", "target": 2, **fields})  # type: ignore[arg-type]


# ---- the order of the loop --------------------------------------------------------------------------------------

ORDERS = [
    ("no-zero-grad", ("forward", "backward", "step")),
    ("zero-grad-after-backward", ("forward", "backward", "zero_grad", "step")),
    ("step-before-backward", ("zero_grad", "step", "forward", "backward")),
    ("step-before-backward", ("step", "zero_grad", "forward", "backward")),
    ("no-step", ("zero_grad", "forward", "backward")),
    ("no-backward", ("zero_grad", "forward", "step")),
]
RIGHT_ORDERS = [
    TURN,
    ("forward", "zero_grad", "backward", "step"),
    ("forward", "backward", "step", "zero_grad"),
    ("zero_grad", "backward", "backward", "step"),
    ("backward", "backward", "backward", "step", "zero_grad"),
    ("forward", "backward"),
    ("forward",),
    (),
]


@pytest.mark.parametrize(("known", "turn"), ORDERS)
def test_a_wrong_order_is_found_with_its_line(known: str, turn: tuple[str, ...]) -> None:
    all_found = faults(loop(*turn, turns=12), "")
    assert [fault.id for fault in all_found] == [known]
    assert all_found[0].line
    assert all_found[0].finding
    assert all_found[0].next


@pytest.mark.parametrize("turn", RIGHT_ORDERS)
def test_a_right_order_has_no_fault(turn: tuple[str, ...]) -> None:
    assert faults(loop(*turn, turns=12), "") == ()


@pytest.mark.parametrize(
    "code",
    [
        "for p in model.parameters():\n    p.grad = None\n",
        "w.grad.zero_()",
        "for p in ps: p.grad.data.zero_()",
        "g, = torch.autograd.grad(loss, w)",
    ],
)
def test_gradients_cleared_by_hand_are_no_fault(code: str) -> None:
    assert faults(loop("forward", "backward", "step"), code) == ()


def test_clearing_once_an_epoch_is_not_enough() -> None:
    epoch = [event("zero_grad", 3, target=1)]
    for k in range(10):
        epoch += [event("backward", 5, value=1.0 / (k + 1)), event("step", 6, target=1)]
    (fault,) = faults(report(trace=tuple(epoch * 3)), "")
    assert fault.id == "no-zero-grad"
    assert fault.finding == "the gradients are cleared 3 times in 30 steps"
    assert fault.line == 5


def test_a_turn_that_was_left_out_now_and_then_is_no_rule() -> None:
    turn = event("zero_grad", 3, target=1), event("backward", 5, value=1.0), event("step", 6, target=1)
    other = event("backward", 5, value=0.5), turn[2]
    assert faults(report(trace=turn * 4 + other + turn * 4 + other + turn), "") == ()


def test_two_optimizers_take_turns_without_a_fault() -> None:
    turn = (
        event("zero_grad", 3, target=1),
        event("backward", 4, value=1.0),
        event("zero_grad", 5, target=9),
        event("step", 6, target=1),
        event("backward", 7, value=2.0),
        event("step", 8, target=9),
    )
    assert faults(report(trace=turn * 5), "") == ()


def test_a_method_that_is_named_and_not_called_is_the_next_action() -> None:
    code = "for i in range(9):\n    opt.zero_grad\n    loss.backward()\n    opt.step()\n"
    (fault,) = faults(loop("backward", "step"), code)
    assert fault.next == "Line 2 names `zero_grad` without calling it: add the brackets."


def test_an_optimizer_that_was_made_and_never_used_is_found() -> None:
    code = "import torch\nopt = torch.optim.SGD(m.parameters(), lr=0.1)\n"
    assert found(loop("forward", "backward"), code) == ["no-step"]
    assert found(loop("forward", "backward"), "w.data -= 0.1 * w.grad") == []


def test_steps_that_move_without_backward_had_their_gradients_from_elsewhere() -> None:
    assert faults(loop("zero_grad", "step", optimizers=(optimizer(2, 2),)), "") == ()


def test_only_the_events_without_a_gap_are_read_as_an_order() -> None:
    late = tuple(event("backward", 9, value=1.0 / k, target=k) for k in range(1, 40))
    seen = loop(*TURN, turns=5, after=late)
    seen = msgspec.structs.replace(seen, totals=TraceTotals(counts={"step": 500}, dropped=900, whole=20))
    assert faults(seen, "") == ()


# ---- losses -----------------------------------------------------------------------------------------------------


def test_a_loss_that_is_no_number_says_since_when() -> None:
    (fault,) = faults(loop(*TURN, losses=[1.0, 9.0, INF, NAN, 1.0]), "")
    assert fault.id == "loss-nan"
    assert fault.finding == "the loss is inf from turn 3 on"
    assert "learning rate" in fault.why
    assert fault.line == 6


def test_a_loss_that_never_was_a_number_is_the_fault_of_the_data() -> None:
    (fault,) = faults(loop(*TURN, losses=[NAN] * 5, variables={"X": tensor([1, NAN])}), "")
    assert "`X` holds nan" in fault.why
    assert "learning rate" not in fault.why


def test_a_growing_loss_says_from_what_to_what() -> None:
    (fault,) = faults(loop(*TURN, turns=12, losses=[2.0**k for k in range(12)]), "")
    assert fault.id == "loss-diverged"
    assert fault.finding == "the loss grows: from 1 to 2.05e+03"


@pytest.mark.parametrize(
    "losses",
    [
        [10.0, 30.0, 8.0, 5.0, 4.0, 3.0, 2.0, 2.0, 1.0, 1.0, 1.0, 1.0],
        [1.0] * 11 + [50.0],
        [1.0, 1.1] * 6,
        [0.0] + [1.0] * 11,
    ],
)
def test_a_loss_that_swings_has_no_fault(losses: list[float]) -> None:
    assert faults(loop(*TURN, turns=12, losses=losses), "") == ()


def test_losses_of_two_optimizers_may_grow() -> None:
    both = (optimizer(), msgspec.structs.replace(optimizer(), target=3))
    assert faults(loop(*TURN, turns=12, losses=[2.0**k for k in range(12)], optimizers=both), "") == ()


def test_a_loss_that_stays_where_it_is_is_found_unless_it_is_explained() -> None:
    (fault,) = faults(loop(*TURN, turns=12, losses=[8.3615] * 12), "")
    assert fault.id == "loss-flat"
    assert "8.3615 in all 12 turns" in fault.finding
    frozen = loop("backward", "zero_grad", "step", turns=12, losses=[8.3615] * 12)
    assert [fault.id for fault in faults(frozen, "")] == ["zero-grad-after-backward"]


def test_the_last_loss_of_many_is_a_mean() -> None:
    assert last_loss([5.0, 1.0]) == 1.0
    assert last_loss([1.0] * 95 + [1.0, 2.0, 3.0, 4.0, 5.0]) == 3.0


# ---- state ------------------------------------------------------------------------------------------------------

TRAINED = tuple(ParameterInfo(name=f"{n}.weight", shape=(2, 2), grad_norm=1.5) for n in range(2))
NET = module("Linear", "Dropout", "Linear", type="Net", parameters=TRAINED)


def test_an_optimizer_of_another_model_is_found() -> None:
    seen = loop(*TURN, turns=12, losses=[2.0] * 12, optimizers=(optimizer(2, 0, line=9),), variables={"model": NET})
    (fault,) = faults(seen, "")
    assert fault.id == "other-parameters"
    assert "`model`" in fault.why
    assert "line 9" in fault.why


def test_a_model_that_trains_in_eval_mode_is_found() -> None:
    off = event("mode", 2, training=False)
    (fault,) = faults(loop(*TURN, training=False, before=(off,), variables={"model": NET}), "")
    assert fault.id == "eval-in-training"
    assert "line 2" in fault.finding
    assert "Dropout" in fault.why


@pytest.mark.parametrize(
    ("net", "mode"), [(module("Linear", type="Net"), False), (NET, True), (module("Dropout", type="Other"), False)]
)
def test_eval_mode_is_no_fault_where_it_changes_nothing_or_nobody_asked_for_it(net: Any, mode: bool) -> None:
    switch = event("mode", 2, training=mode)
    assert faults(loop(*TURN, training=False, before=(switch,), variables={"model": net}), "") == ()


def test_a_model_that_was_evaluated_before_it_trains_has_no_fault() -> None:
    switches = event("mode", 2, training=False), event("mode", 3, training=True)
    assert faults(loop(*TURN, before=switches, variables={"model": NET}), "") == ()


def evaluated(*, training: bool, grad: bool) -> tuple[TraceEvent, ...]:
    return (event("forward", 20, training=training, grad=grad),)


def test_an_evaluation_with_dropout_is_found() -> None:
    seen = loop(*TURN, after=evaluated(training=True, grad=False), variables={"model": NET})
    (fault,) = faults(seen, "")
    assert fault.id == "train-mode-in-eval"
    assert fault.finding == "line 20 evaluates in training mode"


@pytest.mark.parametrize(
    "after",
    [
        evaluated(training=False, grad=False),
        evaluated(training=False, grad=True),
        evaluated(training=True, grad=False) + evaluated(training=False, grad=False),
        (event("forward", 20, training=True, grad=False, target=7),),
    ],
)
def test_a_right_evaluation_has_no_fault(after: tuple[TraceEvent, ...]) -> None:
    assert faults(loop(*TURN, after=after, variables={"model": NET}), "") == ()


KEPT = """\
total = 0
for x, y in data:
    loss = f(x, y)
    loss.backward()
    total += loss
"""


def test_a_sum_of_losses_that_keeps_their_history_is_found() -> None:
    history = tensor(3.0, requires_grad=True, is_leaf=False, grad_fn="AddBackward0")
    (fault,) = faults(report(variables={"total": history}), KEPT)
    assert fault.id == "graph-kept"
    assert fault.line == 5
    assert fault.next == "Add the number alone: `total += loss.item()`."
    assert faults(report(variables={"total": 3.0}), KEPT) == ()
    on_purpose = "for x in data:\n    total += f(x)\ntotal.backward()\n"
    assert faults(report(variables={"total": history}), on_purpose) == ()


def test_the_line_that_cut_off_the_loss_is_found() -> None:
    message = "element 0 of tensors does not require grad and does not have a grad_fn"
    error = ErrorReport(type="RuntimeError", message=message, line=8)
    seen = report(error=error, trace=(event("item", 3), event("backward", 4, value=1.0), event("detach", 7)))
    (fault,) = faults(seen, "")
    assert (fault.id, fault.line) == ("loss-detached", 7)
    assert faults(report(error=error), "") == ()


# ---- contracts --------------------------------------------------------------------------------------------------

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
    assert found(seen, code) == ([known] if known else [])


def test_one_output_for_cross_entropy_is_found_by_its_zero_loss() -> None:
    net = module(("Linear", "in_features=3, out_features=1, bias=True"))
    zero = loop(*TURN, losses=[0.0] * 5, variables={"model": net})
    assert "one-output-cross-entropy" in found(zero, CE)
    assert found(loop(*TURN, variables={"model": net}), CE) == []
    ten = module(("Linear", "in_features=3, out_features=10, bias=True"))
    assert found(loop(*TURN, losses=[0.0] * 5, variables={"model": ten}), CE) == []


def test_a_negative_nll_loss_is_found() -> None:
    assert found(loop(*TURN, losses=[-1.0, -2, -2, -2, -2]), "loss_fn = nn.NLLLoss()") == ["nll-of-logits"]
    assert found(loop(*TURN), "loss_fn = nn.NLLLoss()") == []


def test_torchs_own_warning_of_shapes_is_made_visible() -> None:
    warning = (
        "UserWarning: Using a target size (torch.Size([4])) that is different to the input size (torch.Size([4, 1]))."
    )
    assert found(report(stderr=warning)) == ["target-shape-broadcast"]
    assert found(report(stderr="UserWarning: lr_scheduler")) == []


def test_layers_in_a_plain_list_are_found() -> None:
    code = "class Net(nn.Module):\n    def __init__(self):\n        self.all = [nn.Linear(1, 1)]\n"
    assert found(report(), code) == ["unregistered-layers"]
    assert found(report(), code.replace("[nn.Linear(1, 1)]", "nn.ModuleList([nn.Linear(1, 1)])")) == []


# ---- where they are used ----------------------------------------------------------------------------------------


def test_a_misconception_may_ask_for_a_fault() -> None:
    one = check("metric", expr="loss", max=0.1)
    faulty = loop("forward", "backward", "step")
    seen = msgspec.structs.replace(faulty, observations=report({"loss": 5.0}).observations)
    told = judged(one, seen, seen, "x = 1", misconception("Sums.", trace="no-zero-grad", fails="loss"))
    assert told.why == "Sums."
    told = judged(one, seen, seen, "x = 1", misconception("Sums.", trace="no-step", fails="loss"))
    assert told.why == ""


def test_words_fit_one_line_and_blame_nobody() -> None:
    for _, turn in ORDERS:
        for fault in faults(loop(*turn, turns=12), ""):
            assert len(fault.finding) <= 70
            assert "!" not in fault.finding + fault.why + fault.next
