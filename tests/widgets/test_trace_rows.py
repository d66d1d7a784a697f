"""The rows of the Trace pane and the words on them."""

from __future__ import annotations

import pytest

from tests.app.fakes import training
from tutor.checks.fault import Fault
from tutor.checks.loop import faults
from tutor.runtime.protocol import Outcome, Report, TraceEvent, TraceTotals
from tutor.widgets.trace_rows import (
    Shown,
    details,
    heading,
    layout,
    line_of,
    next_bad,
    pieces,
    row_of_turn,
    shown,
    summary,
)
from tutor.widgets.turns import turns

RIGHT = ("zero_grad", "forward", "backward", "step")
UNCLEARED = ("forward", "backward", "step")


def rows(order: tuple[str, ...], count: int = 12) -> tuple[list[Shown], tuple[Fault, ...]]:
    trace = training(count, *order)
    found = faults(Report(outcome=Outcome.FINISHED, trace=trace), "")
    return shown(turns(trace, len(trace)), found), found


def text(row: Shown, width: int, all_rows: list[Shown]) -> str:
    return "".join(piece for piece, _ in pieces(row, layout(all_rows, width), False)).rstrip()


def test_a_row_tells_mode_order_gradient_and_loss() -> None:
    made, _ = rows(RIGHT)
    assert heading(layout(made, 90)) == "    turn  mode   what ran                                 ‖grad‖      loss"
    assert text(made[0], 90, made) == "       1  train  zero_grad → forward → backward → step       3.1     1.672"


@pytest.mark.parametrize(
    ("width", "order"),
    [
        (75, "zero_grad → forward → backward → step"),
        (72, "zero_grad forward backward step"),
        (60, "zero fwd back step"),
        (50, "zero fwd…"),
    ],
)
def test_words_give_way_where_it_is_narrow(width: int, order: str) -> None:
    made, _ = rows(RIGHT)
    line = text(made[0], width, made)
    assert f"train  {order}  " in line
    assert len(line) <= width


@pytest.mark.parametrize(
    ("order", "marked", "words"),
    [
        (UNCLEARED, "forward → ✗backward → step", "✗ The gradients are never cleared, in 11 turns."),
        (
            ("forward", "backward", "zero_grad", "step"),
            "forward → backward → ✗zero_grad → step",
            "✗ The gradients are cleared before the step, in 12 turns.",
        ),
        (
            ("zero_grad", "step", "forward", "backward"),
            "zero_grad → ✗step → forward → backward",
            "✗ The step comes before backward(), in 12 turns.",
        ),
    ],
)
def test_a_fault_stands_on_the_event_and_in_the_sentence(order: tuple[str, ...], marked: str, words: str) -> None:
    # by the lines of these orders, each event stands below the one before it
    trace = tuple(
        event if event.kind in ("mode",) else _at(event, 11 + order.index(event.kind)) if event.line < 18 else event
        for event in training(12, *order)
    )
    found = faults(Report(outcome=Outcome.FINISHED, trace=trace), "")
    made = shown(turns(trace, len(trace)), found)
    assert marked in text(made[1], 120, made)
    assert text(made[1], 120, made).startswith("✗ ")
    assert summary(made, TraceTotals(), found).plain.startswith(words)


def _at(event: TraceEvent, line: int) -> TraceEvent:
    return TraceEvent(event.kind, event.at, line, event.name, event.value, event.training, event.grad, event.target)


def test_the_words_on_a_row_are_its_faults_else_its_lines() -> None:
    made, found = rows(UNCLEARED)
    assert details(made[1], found)[0].plain.startswith("✗ The gradients are never cleared. backward()")
    assert details(made[1], found)[-1].plain.startswith("→ Call optimizer.zero_grad()")
    assert details(made[1], found, brief=True)[0].plain == "✗ The gradients are never cleared."
    assert details(made[0], found)[0].plain == (
        "forward of Sequential line 13  ·  backward line 15  ·  step of SGD line 16"
    )
    assert details(made[-1], found)[0].plain.startswith("evaluation, nothing recorded  ·  eval() of Sequential line 18")
    assert (line_of(made[1], found), line_of(made[0], found), line_of(made[-1], found)) == (15, 13, 18)


def test_going_to_a_turn_and_to_the_next_fault() -> None:
    made, _ = rows(UNCLEARED)
    assert [row_of_turn(made, wanted) for wanted in (0, 1, 7, 12, 99)] == [0, 0, 6, 11, 11]
    assert [next_bad(made, here, 1) for here in (-1, 1, 11)] == [1, 2, 1]
    assert [next_bad(made, here, -1) for here in (1, 3)] == [11, 2]
    assert next_bad(rows(RIGHT)[0], 0, 1) is None


def test_what_was_left_out_is_said() -> None:
    trace = (*training(3, *RIGHT)[:-2], TraceEvent("backward", 0.0, 15, value=0.5, target=4))
    trace += (TraceEvent("backward", 0.0, 15, value=0.25, target=12),)
    made = shown(turns(trace, 12), ())
    totals = TraceTotals(counts={"backward": 12}, dropped=34, whole=12)
    assert "… then 7 more turns" in text(made[3], 90, made)
    assert summary(made, totals, ()).plain == (
        "12 turns: zero_grad, forward, backward, step. The first 3 are whole; of the rest, some losses were kept."
    )


def test_orders_that_differ_are_told_as_what_is_usual() -> None:
    trace = training(2, "forward", "backward")[:-2] + training(1, "forward", "backward", "step")[:-2]
    made = shown(turns(trace, len(trace)), ())
    assert summary(made, TraceTotals(), ()).plain == "3 turns: 2 times forward, backward."


def test_a_name_from_the_program_brings_no_escapes_along() -> None:
    trace = (TraceEvent("forward", 0.0, 1, name="\x1b[2J", training=True, grad=True),)
    made = shown(turns(trace, 1), ())
    assert "\x1b" not in details(made[0], ())[0].plain
