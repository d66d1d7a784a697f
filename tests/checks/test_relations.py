"""A relation is named when it holds, and never when it does not."""

from __future__ import annotations

import numpy as np
import pytest

from tutor.checks import relations
from tutor.checks.relation import Same, softmax
from tutor.checks.relations import Program
from tutor.checks.relations_program import of_operations
from tutor.checks.values import Array

V = np.array([0.3, -1.2, 2.5, 0.7])


same = Same(1e-5, 1e-8)


X = np.array([[1.0, 2.0, 4.0], [3.0, 8.0, 7.5]])
W = np.array([[2.0, 1.0, 0.5], [-1.0, 3.0, 2.5]])
P, Q = np.array([1.0, 2, 3]), np.array([4.0, 5, 6])
PROGRAM = [
    ("wrong-dim", X.sum(0), X.sum(1)),
    ("wrong-dim", X.mean(1), X.mean(0)),
    ("wrong-dim", X.sum(), X.sum(1)),
    ("wrong-dim", softmax(X, 0), softmax(X, 1)),
    ("wrong-dim", X.argmax(0).astype(float), X.argmax(1).astype(float)),
    ("sum-not-mean", X.sum(), X.mean()),
    ("mean-not-sum", X.mean(1), X.sum(1)),
    ("biased-variance", X.std(), X.std(ddof=1)),
    ("biased-variance", X.var(0, ddof=1), X.var(0)),
    ("values-not-indices", X.max(1), X.argmax(1).astype(float)),
    ("indices-not-values", X.argmin(1).astype(float), X.min(1)),
    ("other-operation", X.max(1), X.min(1)),
    ("unchanged-input", X, X + np.array([[1.0, 2, 0], [5, 0, 1]])),
    ("other-variable", X * 0 + 3.5, X),
]


@pytest.mark.parametrize(("known", "got", "expected"), PROGRAM)
def test_values_are_explained_by_the_programs_variables(known: str, got: Array, expected: Array) -> None:
    got, expected = np.asarray(got), np.asarray(expected)
    search = relations.of_values if got.shape == expected.shape else relations.of_shapes
    found = search(got, expected, same, Program((("x", X),)))
    assert found is not None
    assert found.id == known
    assert "`x" in found.why


def test_where_several_operations_hold_none_is_named() -> None:
    """1 + 2 + 3 is 1 * 2 * 3."""
    assert of_operations(np.array(6.0), np.array(2.0), same, Program((("p", P),))) is None
    assert of_operations(np.array(15.0), np.array(5.0), same, Program((("q", Q),))) is not None


def test_a_product_by_elements_is_told_from_one_of_matrices() -> None:
    program = Program((("p", P), ("q", Q)))
    found = relations.of_shapes(P * Q, np.asarray(P @ Q), same, program)
    assert found is not None
    assert found.id == "elementwise-not-matmul"
    assert "`p * q`" in found.why
    found = relations.of_shapes(X @ W.T, X[:, :2] * 0, same, Program((("x", X), ("w", W))))
    assert found is None
    square = np.array([[1.0, 2], [3, 4]]), np.array([[5.0, 6], [7, 9]])
    found = relations.of_values(
        square[0] @ square[1], square[0] * square[1], same, Program((("a", square[0]), ("b", square[1])))
    )
    assert found is not None
    assert found.id == "matmul-not-elementwise"


def test_a_sum_in_place_of_a_mean_is_named() -> None:
    found = relations.of_values(4 * V, V, same)
    assert found is not None
    assert "4 is the number of elements" in found.why
