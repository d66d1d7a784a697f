"""The kinds that look at texts: stdout, source, raises."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks.build import (
    PASSED,
    check,
    judged,
    report,
)
from tutor.runtime.values import ErrorReport


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        ({"contains": "loss 0.5"}, PASSED),
        ({"contains": "accuracy"}, "the text lacks 'accuracy'"),
        ({"equals": "epoch 1\nloss 0.5"}, PASSED),
        ({"equals": "epoch 1\nloss 0.4"}, "line 2: got 'loss 0.5', expected 'loss 0.4'"),
        ({"equals": "epoch 1"}, "2 lines, expected 1"),
        ({"matches": r"^loss \d\.\d$"}, PASSED),
        ({"matches": r"^\d"}, "the text does not have the form that was asked for"),
        ({}, "line 1: got 'epoch 1', expected 'epoch 2'"),
    ],
)
def test_stdout(fields: dict[str, Any], finding: str) -> None:
    seen = report(stdout="epoch 1  \nloss 0.5\n\n")
    found = judged(check("stdout", **fields), seen, report(stdout="epoch 2\n"))
    assert (PASSED if found.passed else found.finding) == finding


def test_nothing_printed_is_said_so() -> None:
    assert judged(check("stdout", contains="a"), report()).finding == "nothing was printed"


SOURCE = """\
import torch
import torch.nn as nn
from torch.nn import functional as F
# for torch.sin(x)
text = "while torch.cos"
y = F.relu(x).sum(dim=1) @ w
layer = nn.Linear(2, 1)
"""


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        ({"uses": ("relu",)}, PASSED),
        ({"uses": ("torch.nn.functional.relu", "torch.nn.Linear", "@", "dim=", "sum")}, PASSED),
        ({"uses": ("torch.sin",)}, "your code does not use `torch.sin`"),
        ({"uses": ("torch.cos",)}, "your code does not use `torch.cos`"),
        ({"uses": ("elu",)}, "your code does not use `elu`"),
        ({"avoids": ("sin", "cos", "item"), "no_loops": True}, PASSED),
        ({"avoids": ("relu",)}, "line 6 uses `relu`"),
        ({"avoids": ("nn.Linear",)}, "line 7 uses `nn.Linear`"),
    ],
)
def test_source(fields: dict[str, Any], finding: str) -> None:
    found = judged(check("source", **fields), report(), code=SOURCE)
    assert (PASSED if found.passed else found.finding) == finding


@pytest.mark.parametrize("code", ["for i in x: pass", "while a: pass", "y = [i for i in x]", "y = sum(i for i in x)"])
def test_source_finds_every_kind_of_loop(code: str) -> None:
    found = judged(check("source", no_loops=True), report(), code=f"a = 1\n{code}")
    assert found.finding == "line 2 has a loop, and the task asks for none"


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        ({"error": "ValueError"}, PASSED),
        ({"error": "ValueError", "matches": "too .any"}, PASSED),
        ({"error": "ValueError", "matches": "few"}, "ValueError, but for another reason than the one asked for"),
        ({"error": "TypeError"}, "got ValueError: too many, expected TypeError"),
    ],
)
def test_raises(fields: dict[str, Any], finding: str) -> None:
    seen = report(error=ErrorReport(type="ValueError", message="too many", line=2))
    found = judged(check("raises", **fields), seen)
    assert (PASSED if found.passed else found.finding) == finding


def test_a_program_that_does_not_raise_is_said_so() -> None:
    assert (
        judged(check("raises", error="ValueError"), report()).finding
        == "the program ran to its end, expected ValueError"
    )
