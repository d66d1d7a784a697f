"""The operations that ran: one name for all spellings, and what `source` says of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks.build import check, judged, report
from tutor.checks.operations import computing, operation_name, operations
from tutor.checks.source import Ran

SOLUTION = {"mm": 1, "add_": 2, "_softmax": 1, "t": 3}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("@", "matmul"),
        ("torch.mm", "matmul"),
        ("addmm", "matmul"),
        ("aten::bmm", "matmul"),
        ("F.linear", "matmul"),
        ("_softmax", "softmax"),
        ("torch.softmax()", "softmax"),
        ("_log_softmax", "log_softmax"),
        ("add_", "add"),
        ("_foreach_add_", "add"),
        ("nll_loss_forward", "nll_loss"),
        ("cross_entropy", "nll_loss"),
        ("_local_scalar_dense", "item"),
        ("T", "transpose"),
        ("_to_copy", "to"),
        ("native_layer_norm", "layer_norm"),
        ("relu", "relu"),
        ("__and__", "and"),
    ],
)
def test_one_name_for_every_spelling(written: str, name: str) -> None:
    assert operation_name(written) == name


def test_spellings_are_counted_together_and_views_compute_nothing() -> None:
    found = operations(report(operations={"mm": 1, "bmm": 2, "_softmax": 1, "view": 5, "_unsafe_view": 1}))
    assert found == {"matmul": 3, "softmax": 1, "reshape": 6}
    assert computing(found) == {"matmul": 3, "softmax": 1}


@pytest.mark.parametrize(
    ("fields", "ran", "finding"),
    [
        ({"uses": ("matmul",)}, {"addmm": 1}, None),
        ({"uses": ("matmul",)}, {"mul": 1, "sum": 1}, "no `matmul` was run by your code"),
        ({"uses": ("conv",)}, {"convolution": 1}, "the solution runs no `conv`"),
        ({"avoids": ("softmax",)}, {"exp": 1, "div": 1}, None),
        ({"avoids": ("softmax",)}, {"_softmax": 1}, "your code ran `softmax` once"),
        ({"avoids": ("softmax",)}, {"_softmax": 3}, "your code ran `softmax` 3 times"),
        ({"at_most": 4}, {"mm": 4, "t": 9}, None),
        ({"at_most": 4}, {"mm": 5}, "5 operations ran, expected at most 4"),
        ({"at_most": "2x"}, {"mm": 8}, None),
        ({"at_most": "2x"}, {"mm": 9}, "9 operations ran, expected at most 8"),
    ],
)
def test_source_judges_what_ran(fields: dict[str, Any], ran: dict[str, int], finding: str | None) -> None:
    one = check("source", operations=Ran(**fields))
    found = judged(one, report(operations=ran), report(operations=SOLUTION))
    assert (None if found.passed else found.finding) == finding


def test_only_a_check_that_asks_makes_the_run_count() -> None:
    assert check("source", operations=Ran(uses=("matmul",))).counts_operations
    assert not check("source", uses=("matmul",)).counts_operations
    assert not check("equal", expr="y").counts_operations
