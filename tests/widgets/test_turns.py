"""A trace cut into turns, for the loops that learners write."""

from __future__ import annotations

import time

import pytest

from tutor.runtime.protocol import TraceEvent
from tutor.widgets.turns import Turn, turns

KINDS = {"z": "zero_grad", "f": "forward", "b": "backward", "s": "step", "m": "mode", "i": "item", "e": "forward"}


def events(text: str) -> list[TraceEvent]:
    """Events by letter and line: `z1 f2 b3 s4`; `e` is a forward without gradients in eval mode."""
    made: list[TraceEvent] = []
    for word in text.split():
        forward = word[0] in "fe"
        made.append(
            TraceEvent(
                KINDS[word[0]],  # type: ignore[arg-type]
                0.0,
                int(word[1:]),
                training=word[0] == "f" if forward else None,
                grad=word[0] == "f" if forward else None,
                value=float(len(made)) if word[0] in "bs" else None,
            )
        )
    return made


def cut(text: str) -> str:
    trace = events(text)
    words = text.split()
    return " | ".join(" ".join(words[place] for place, _ in turn.events) for turn in turns(trace, len(trace)))


@pytest.mark.parametrize(
    "loop",
    [
        "z1 f2 b3 s4 | z1 f2 b3 s4 | z1 f2 b3 s4",
        "f2 b3 s4 z5 | f2 b3 s4 z5",
        "m0 z0 f2 b3 s4 | f2 b3 s4 | f2 b3 s4",
        "f2 b3 | f2 b3 | f2 b3 s4 z5 | f2 b3 | f2 b3 | f2 b3 s4 z5",
        "z1 f2 f2 f2 b3 s4 | z1 f2 f2 f2 b3 s4",
        "f2 f2 b3 s4 | f2 f2 b3 s4",
        "z1 f2 b3 s4 z5 f6 b7 s8 | z1 f2 b3 s4 z5 f6 b7 s8 | z1 f2 b3 s4 z5 f6 b7 s8",
        "z1 s2 f3 b4 | z1 s2 f3 b4",
        "s2 f3 b4 | s2 f3 b4",
        "z9 f2 b3 i4 s9 | z9 f2 b3 i4 s9",
        "b3 i4 | b3 i4 | b3 i4",
        "z1 f2 s4 | z1 f2 s4",
        "z1 f2 b3 s4 | z1 f2 b3 s4 | z11 f12 b13 s14 | z11 f12 b13 s14",
        "b3",
        "f2",
        "m1 z2",
        "",
    ],
)
def test_a_turn_begins_where_the_loop_does(loop: str) -> None:
    assert cut(loop.replace("|", " ")) == loop


def test_an_evaluation_after_a_turn_stands_for_itself() -> None:
    epochs = "m1 z2 f3 b4 s5 | z2 f3 b4 s5 | m6 e7 e7 | m1 | z2 f3 b4 s5 | z2 f3 b4 s5 | m6 e7 e7"
    trace = events(epochs.replace("|", " "))
    assert cut(epochs.replace("|", " ")) == epochs
    assert [(turn.kind, turn.number) for turn in turns(trace, len(trace))] == [
        ("turn", 1),
        ("turn", 2),
        ("evaluation", 0),
        ("other", 0),
        ("turn", 3),
        ("turn", 4),
        ("evaluation", 0),
    ]


def test_a_turn_knows_its_loss_its_norm_and_its_mode() -> None:
    (turn,) = turns(events("z1 f2 b3 s4"), 4)
    assert (turn.loss, turn.norm, turn.mode) == (2.0, 3.0, "train")
    (other,) = turns(events("z1"), 1)
    assert (other.loss, other.norm, other.mode) == (None, None, "")


def test_no_event_is_lost_and_none_comes_twice() -> None:
    trace = events("m1 f9 z2 f3 b4 s5 i6 z2 f3 b4 s5 e7 m1 z2 b8 f3 b4 s5 e7 f9 s5")
    assert [place for turn in turns(trace, len(trace)) for place, _ in turn.events] == list(range(len(trace)))


def thinned() -> tuple[list[TraceEvent], int]:
    """3,000 whole turns, then every eighth loss of 7,000, the last one, and an evaluation."""
    trace = events("z1 f2 b3 s4") * 3000
    whole = len(trace)
    kept = [*range(3001, 10_000, 8), 10_000]
    trace += [TraceEvent("backward", 0.0, 3, value=1.0, target=number) for number in kept]
    return [*trace, *events("e9")], whole


def test_what_the_trace_left_out_is_counted() -> None:
    trace, whole = thinned()
    found = turns(trace, whole)
    assert found[2999].number == 3000
    assert (found[3000].kind, found[3000].number, found[3000].skipped) == ("kept", 3001, 7)
    assert (found[-2].number, found[-2].skipped, found[-1].kind) == (10_000, 0, "evaluation")
    assert sum(1 + turn.skipped for turn in found if turn.kind in ("turn", "kept")) == 10_000


def test_a_loop_with_two_backward_calls_counts_turns_not_calls() -> None:
    trace = events("z1 f2 b3 s4 z5 f6 b7 s8") * 100
    whole = len(trace)
    trace += [TraceEvent("backward", 0.0, 3, value=1.0, target=target) for target in (201, 203, 301)]
    assert [turn.number for turn in turns(trace, whole)[-3:]] == [101, 102, 151]


def test_twenty_thousand_events_are_cut_quickly() -> None:
    trace, whole = thinned()
    best = min(_timed(trace, whole) for _ in range(3))
    yardstick = min(_sorted_time(trace) for _ in range(3))
    assert best < 60 * yardstick


def _timed(trace: list[TraceEvent], whole: int) -> float:
    began = time.perf_counter()
    turns(trace, whole)
    return time.perf_counter() - began


def _sorted_time(trace: list[TraceEvent]) -> float:
    began = time.perf_counter()
    sorted(trace, key=lambda event: (event.kind, event.line))
    return time.perf_counter() - began


def test_an_empty_turn_is_nothing() -> None:
    assert Turn("turn", 1).loss is None
