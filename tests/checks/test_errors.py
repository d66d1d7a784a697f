"""Errors are provoked for real, and each is explained."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from torch import nn

from tests.checks.build import raised_by
from tests.checks.provoked_errors import PROVOKED
from tutor.checks.error_table import TABLE
from tutor.checks.errors import explain_error
from tutor.runtime.values import ErrorReport, TensorValue, Variable

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
