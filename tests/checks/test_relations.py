"""A relation is named when it holds, and never when it does not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.checks import relations
from tutor.checks.values import Array

A = np.arange(1.0, 7.0).reshape(2, 3) ** 1.5
V = np.array([0.3, -1.2, 2.5, 0.7])


def same(got: Array, expected: Array) -> bool:
    return got.shape == expected.shape and bool(np.allclose(got, expected, rtol=1e-5))


SHAPES = {
    "transposed": (A.T, A),
    "flattened": (A.ravel(), A),
    "extra-dim": (V[:, None], V),
    "missing-dim": (V, V[None]),
}
VALUES = {
    "transposed": (A[:, :2].T, A[:, :2]),
    "reshaped-not-transposed": (A.reshape(3, 2), A.T),
    "negated": (-V, V),
    "scaled": (2.5 * V, V),
    "shifted": (V + 3, V),
    "flipped": (V[::-1], V),
    "sorted": (np.sort(V), V),
    "permuted-rows": (V[[2, 0, 1, 3]], V),
    "squared": (V**2, V),
    "square-rooted": (np.sqrt(A), A),
    "exponentiated": (np.exp(V), V),
    "logged": (np.log(A), A),
    "truncated-to-int": (np.trunc(A), A),
}


@pytest.mark.parametrize("known", SHAPES)
def test_a_shape_that_differs_is_explained(known: str) -> None:
    found = relations.of_shapes(*SHAPES[known], same)
    assert found is not None
    assert found.id == known


@pytest.mark.parametrize("known", VALUES)
def test_values_that_differ_are_explained(known: str) -> None:
    found = relations.of_values(*VALUES[known], same)
    assert found is not None
    assert found.id == known


def test_a_sum_in_place_of_a_mean_is_named() -> None:
    found = relations.of_values(4 * V, V, same)
    assert found is not None
    assert found.id == "sum-not-mean"
    assert "number of elements" in found.why


numbers = st.lists(st.floats(-100, 100).filter(lambda x: abs(x) > 0.01), min_size=3, max_size=12, unique=True)


@given(numbers, numbers)
@settings(max_examples=200, deadline=None)
def test_what_is_claimed_of_random_data_really_holds(first: list[float], second: list[float]) -> None:
    count = min(len(first), len(second))
    got, expected = np.array(first[:count]), np.array(second[:count])
    found = relations.of_values(got, expected, same)
    holds: dict[str, Callable[[], bool]] = {
        "negated": lambda: same(-got, expected),
        "scaled": lambda: bool(np.ptp(got / expected) < 1e-2),
        "shifted": lambda: bool(np.ptp(got - expected) < 1e-2),
        "flipped": lambda: same(got[::-1], expected),
        "sorted": lambda: same(np.sort(got), np.sort(expected)),
        "permuted-rows": lambda: same(np.sort(got), np.sort(expected)),
    }
    assert found is None or holds[found.id]()


@pytest.mark.parametrize("size", [1, 2])
def test_two_numbers_prove_no_rule(size: int) -> None:
    rng = np.random.default_rng(size)
    assert relations.of_values(rng.normal(size=size) + 5, rng.normal(size=size), same) is None
