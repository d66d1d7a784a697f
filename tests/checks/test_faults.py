"""Faults of the order and of the state of a training are found where the run proves them, and none in right ones."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.checks.build import (
    TURN,
    event,
    faults_found,
    loop,
    module,
    optimizer,
    report,
    tensor,
)
from tutor.checks.loop import faults
from tutor.runtime.protocol import TraceEvent, TraceTotals
from tutor.runtime.values import ErrorReport, ParameterInfo

# ---- the order of the loop ----


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
    assert faults_found(loop("forward", "backward"), code) == ["no-step"]
    assert faults_found(loop("forward", "backward"), "w.data -= 0.1 * w.grad") == []


def test_steps_that_move_without_backward_had_their_gradients_from_elsewhere() -> None:
    assert faults(loop("zero_grad", "step", optimizers=(optimizer(2, 2),)), "") == ()


def test_only_the_events_without_a_gap_are_read_as_an_order() -> None:
    late = tuple(event("backward", 9, value=1.0 / k, target=k) for k in range(1, 40))
    seen = loop(*TURN, turns=5, after=late)
    seen = msgspec.structs.replace(seen, totals=TraceTotals(counts={"step": 500}, dropped=900, whole=20))
    assert faults(seen, "") == ()


# ---- state ----


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


def test_words_fit_one_line_and_blame_nobody() -> None:
    for _, turn in ORDERS:
        for fault in faults(loop(*turn, turns=12), ""):
            assert len(fault.finding) <= 70
            assert "!" not in fault.finding + fault.why + fault.next


@pytest.mark.parametrize(
    ("known", "turn", "kind", "times"),
    [
        ("no-zero-grad", ("forward", "backward", "step"), "backward", 11),
        ("zero-grad-after-backward", ("forward", "backward", "zero_grad", "step"), "zero_grad", 12),
        ("step-before-backward", ("zero_grad", "step", "forward", "backward"), "step", 12),
        ("no-step", ("zero_grad", "forward", "backward"), "backward", 12),
        ("no-backward", ("zero_grad", "forward", "step"), "step", 12),
    ],
)
def test_a_fault_knows_the_events_that_show_it(known: str, turn: tuple[str, ...], kind: str, times: int) -> None:
    seen = loop(*turn, turns=12)
    (fault,) = faults(seen, "")
    assert fault.id == known
    assert {seen.trace[place].kind for place in fault.at} == {kind}
    assert len(fault.at) == times
