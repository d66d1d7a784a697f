"""Faults that the losses show."""

from __future__ import annotations

import msgspec
import pytest

from tests.checks.build import (
    INF,
    NAN,
    TURN,
    loop,
    optimizer,
    tensor,
)
from tutor.checks.loop import faults, last_loss


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
