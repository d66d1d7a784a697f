"""A relation is named when it holds, and never when it does not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tutor.checks import relations
from tutor.checks.relation import Same, softmax
from tutor.checks.relations import Program
from tutor.checks.relations_program import of_operations
from tutor.checks.values import Array

A = np.arange(1.0, 7.0).reshape(2, 3) ** 1.5
V = np.array([0.3, -1.2, 2.5, 0.7])
B = np.random.default_rng(0).normal(size=(2, 3, 4))
S = softmax(A, 1)
LONG = np.array([3.0, 1.0, 4.0, 1.5, 9.0, 2.6])
WEIGHT = np.arange(6.0).reshape(3, 2) - 2.2


same = Same(1e-5, 1e-8)


SHAPES = [
    ("transposed", A.T, A),
    ("transposed", V[None], V[:, None]),
    ("permuted-dims", B.transpose(2, 0, 1), B),
    ("flattened", A.ravel(), A),
    ("reshaped-not-transposed", A.reshape(3, 2), A),
    ("reshaped-not-transposed", B.reshape(2, 12), B),
    ("extra-dim", V[:, None], V),
    ("extra-dim", np.array([7.0]), np.array(7.0)),
    ("extra-dim", A[:, None], A),
    ("missing-dim", V, V[None]),
    ("missing-dim", np.array(7.0), np.array([[7.0]])),
    ("broadcast-square", V[:, None] - 0.5 * V[None], 0.5 * V),
    ("missing-slice", V[:-1], V),
    ("missing-slice", A[:, 1:], A),
    ("extra-slice", np.append(V, 9.0), V),
    ("extra-slice", np.vstack([A[:1], A]), A),
    ("repeated", np.stack([V, V]), V),
    ("not-reduced", V, V.mean()),
    ("not-reduced", A, A.sum(axis=0)),
    ("not-reduced", A, A.max(axis=1, keepdims=True)),
    ("scores-not-classes", WEIGHT[[2, 0, 1]], np.array([1.0, 1.0, 1.0])),
]
VALUES = [
    ("transposed", A[:, :2].T, A[:, :2]),
    ("reshaped-not-transposed", A.reshape(3, 2), A.T),
    ("negated", -V, V),
    ("negated", np.array(-7.0), np.array(7.0)),
    ("scaled", 2.5 * V, V),
    ("scaled", 2 * V, V),
    ("scaled", np.array(14.0), np.array(7.0)),
    ("scaled", np.array([6.0, 6.0]), np.array([2.0, 2.0])),
    ("sum-not-mean", 4 * V, V),
    ("mean-not-sum", A / 3, A),
    ("shifted", V + 3, V),
    ("flipped", V[::-1], V),
    ("flipped", A[:, ::-1], A),
    ("flipped", np.array([2.0, 1.0]), np.array([1.0, 2.0])),
    ("rolled", np.roll(LONG, 1), LONG),
    ("rolled", np.roll(LONG, 2), LONG),
    ("off-by-one-index", np.append(0.0, LONG[:-1]), LONG),
    ("off-by-one-index", np.append(LONG[1:], 8.0), LONG),
    ("sorted", np.sort(V), V),
    ("permuted-rows", V[[2, 0, 1, 3]], V),
    ("permuted-rows", WEIGHT[[1, 2, 0]], WEIGHT),
    ("squared", V**2, V),
    ("squared", np.array(49.0), np.array(7.0)),
    ("square-rooted", np.sqrt(A), A),
    ("exponentiated", np.exp(V), V),
    ("logged", np.log(A), A),
    ("absolute", np.abs(V), V),
    ("clipped-at-zero", np.maximum(V, 0), V),
    ("not-clipped", LONG - 2, np.maximum(LONG - 2, 0)),
    ("inverse", 1 / V, V),
    ("truncated-to-int", np.trunc(A), A),
    ("rounded", np.round(LONG * 1.37), LONG * 1.37),
    ("rounded", np.round(A, 1), A),
    ("rounded", np.round(A, 2), A),
    ("low-precision", A.astype(np.float16).astype(float), A),
    ("complement", 1 - S, S),
    ("complement", 1 - np.array([0.0, 1, 1, 0]), np.array([0.0, 1, 1, 0])),
    ("logits-not-probabilities", A, S),
    ("logits-not-probabilities", V, 1 / (1 + np.exp(-V))),
    ("softmax-twice", softmax(S, 1), S),
    ("probabilities-not-logits", S, A),
    ("probabilities-not-logits", 1 / (1 + np.exp(-V)), V),
    ("partly-equal", np.array([1.0, 2, 3, 9]), np.array([1.0, 2, 3, 4])),
    ("partly-equal", np.vstack([A, A[:1] ** 2 + 3]), np.vstack([A, A[:1]])),
    ("partly-equal", np.array([1.0, 2, 3, 5, 6]), np.array([1.0, 2, 3, 4, 9])),
]
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


@pytest.mark.parametrize(("known", "got", "expected"), SHAPES)
def test_a_shape_that_differs_is_explained(known: str, got: Array, expected: Array) -> None:
    found = relations.of_shapes(got, expected, same)
    assert found is not None
    assert found.id == known


@pytest.mark.parametrize(("known", "got", "expected"), VALUES)
def test_values_that_differ_are_explained(known: str, got: Array, expected: Array) -> None:
    found = relations.of_values(np.ascontiguousarray(got), np.ascontiguousarray(expected), same)
    assert found is not None
    assert found.id == known


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


# ---- nothing is claimed that does not hold ----------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize(
    "shapes", [((4,), (4,)), ((2, 3), (2, 3)), ((3, 3), (3, 3)), ((2, 3), (3, 2)), ((5,), (5, 1)), ((), ())]
)
def test_unrelated_numbers_have_no_relation(seed: int, shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    rng = np.random.default_rng(seed)
    got, expected = (np.asarray(rng.normal(size=shape)) for shape in shapes)
    program = Program((("a", rng.normal(size=(2, 3))), ("b", rng.normal(size=4)), ("c", rng.normal(size=(3, 3)))))
    search = relations.of_values if got.shape == expected.shape else relations.of_shapes
    assert search(got, expected, same, program) is None


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (3.0, 7.0),
        (4.0, 2.0),  # twice, and the square
        (1.0, 0.0),
        (0.0, 5.0),
        (0.5, 2.0),
        (0.25, 0.5),  # half, and the square
        ([1.0, 2.0], [3.0, 5.0]),
        ([0.0, 0.0, 0.0], [1.0, 2.0, 3.0]),
        ([0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]),
        ([1.0, 1.0, 1.0], [1.0, 2.0, 4.0]),
    ],
)
def test_few_numbers_prove_nothing(got: object, expected: object) -> None:
    assert relations.of_values(np.array(got), np.array(expected), same) is None


numbers = st.floats(-100, 100).filter(lambda x: abs(x) > 0.01)
arrays = hnp.arrays(float, st.integers(3, 12), elements=numbers, unique=True)
tables = hnp.arrays(float, st.tuples(st.integers(2, 4), st.integers(2, 4)), elements=numbers, unique=True)


@given(arrays, st.data())
@settings(max_examples=200, deadline=None)
def test_what_is_claimed_of_random_data_really_holds(first: Array, data: st.DataObject) -> None:
    second = data.draw(hnp.arrays(float, first.shape, elements=numbers, unique=True))
    found = relations.of_values(first, second, same)
    holds: dict[str, Callable[[], bool]] = {
        "negated": lambda: same(-first, second),
        "scaled": lambda: bool(np.ptp(first / second) < 1e-2),
        "sum-not-mean": lambda: bool(np.ptp(first / second) < 1e-2),
        "mean-not-sum": lambda: bool(np.ptp(first / second) < 1e-2),
        "shifted": lambda: bool(np.ptp(first - second) < 1e-2),
        "flipped": lambda: same(first[::-1], second),
        "sorted": lambda: same(np.sort(first), np.sort(second)),
        "permuted-rows": lambda: same(np.sort(first), np.sort(second)),
        "rolled": lambda: any(same(np.roll(first, by), second) for by in range(first.size)),
        "off-by-one-index": lambda: same(first[1:], second[:-1]) or same(first[:-1], second[1:]),
        "inverse": lambda: same(first * second, np.ones_like(first)),
        "absolute": lambda: same(first, np.abs(second)),
        "not-clipped": lambda: same(np.maximum(first, 0), second),
        "complement": lambda: same(first + second, np.ones_like(first)),
        "partly-equal": lambda: bool(np.isclose(first, second).mean() >= 0.5),
    }
    assert found is None or holds[found.id]()


@given(arrays, st.sampled_from(["negated", "shifted", "scaled", "flipped", "squared", "exponentiated"]))
@settings(max_examples=200, deadline=None)
def test_a_relation_that_was_applied_is_found_or_a_simpler_one_that_holds_too(expected: Array, known: str) -> None:
    with np.errstate(all="ignore"):
        got = {
            "negated": -expected,
            "shifted": expected + 17.5,
            "scaled": expected * -3.7,
            "flipped": expected[::-1].copy(),
            "squared": expected**2,
            "exponentiated": np.exp(expected / 10),
        }[known]
    wanted = expected / 10 if known == "exponentiated" else expected
    if not same(got, wanted):
        assert relations.of_values(got, wanted, same) is not None


@given(tables)
@settings(max_examples=100, deadline=None)
def test_a_transpose_is_always_found(table: Array) -> None:
    search = relations.of_values if table.shape[0] == table.shape[1] else relations.of_shapes
    if not same(table.T, table):
        found = search(table.T.copy(), table, same)
        assert found is not None
        assert found.id == "transposed"
