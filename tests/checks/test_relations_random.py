"""A relation that is applied to random data is found again, and what is claimed of random data really holds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tutor.checks import relations
from tutor.checks.relation import Program, Relation, Same, softmax
from tutor.checks.values import Array

same = Same(1e-5, 1e-8)
numbers = st.floats(-100, 100).filter(lambda x: abs(x) > 0.01)
arrays = hnp.arrays(float, st.integers(5, 12), elements=numbers, unique=True)
tables = hnp.arrays(float, st.tuples(st.integers(2, 5), st.integers(2, 5)), elements=numbers, unique=True)
deep = hnp.arrays(float, st.tuples(*[st.integers(2, 3)] * 3), elements=numbers, unique=True)
many = settings(max_examples=100, deadline=None)


def found(got: Array, expected: Array, **variables: Array) -> Relation | None:
    search = relations.of_values if got.shape == expected.shape else relations.of_shapes
    return search(got, expected, same, Program(tuple(variables.items())))


def is_one_of(relation: Relation | None, *known: str) -> bool:
    """Simpler relations may hold too, by chance; one must be found."""
    return relation is not None and relation.id in known


@st.composite
def wide(draw: st.DrawFn) -> Array:
    """Numbers so different that no function of them is near another by chance."""
    seed, shape = draw(st.integers(0, 10**6)), draw(st.sampled_from([(6,), (9,), (4, 3), (3, 3), (2, 3, 4)]))
    return np.random.default_rng(seed).normal(0, 2, shape)


ELEMENTWISE: dict[str, Callable[[Array], Array]] = {
    "negated": np.negative,
    "scaled": lambda a: a * -3.7,
    "shifted": lambda a: a + 17.5,
    "squared": np.square,
    "exponentiated": np.exp,
    "absolute": np.abs,
    "inverse": lambda a: 1 / a,
    "complement": lambda a: 1 - a,
    "truncated-to-int": lambda a: np.trunc(a * 9) / 1,
    "rounded": lambda a: np.round(a, 2),
    "clipped-at-zero": lambda a: np.maximum(a, 0),
    "low-precision": lambda a: a.astype(np.float16).astype(float),
}


@pytest.mark.parametrize("known", ELEMENTWISE)
@given(values=wide())
@many
def test_what_was_done_to_every_number_is_found_again(known: str, values: Array) -> None:
    if known == "low-precision":  # many numbers, so that not most of them fit into fewer bits by chance
        values = np.outer(np.sqrt([2.0, 3, 5, 7, 11, 13, 17, 19, 23, 29]), values.ravel())
    expected = values * 9 if known == "truncated-to-int" else values
    got = ELEMENTWISE[known](values)
    relation = found(got, expected)
    if known == "clipped-at-zero" and (len(np.unique(got)) < 5 or same(got, expected)):
        return
    if known == "clipped-at-zero" and (got == expected).mean() >= 0.5:
        assert is_one_of(relation, known, "partly-equal")
    elif not (known == "absolute" and (np.all(values < 0) or np.all(values > 0))):
        assert is_one_of(relation, known), relation


PLACES: dict[str, Callable[[Array], Array]] = {
    "flipped": lambda a: a[::-1],
    "sorted": np.sort,
    "rolled": lambda a: np.roll(a, 3),
    "off-by-one-index": lambda a: np.append(12345.0, a[:-1]),
    "permuted-rows": lambda a: np.concatenate((a[::2], a[1::2])),
}


@pytest.mark.parametrize("known", PLACES)
@given(values=hnp.arrays(float, st.integers(7, 12), elements=numbers, unique=True))
@many
def test_what_was_done_to_the_order_is_found_again(known: str, values: Array) -> None:
    got = np.ascontiguousarray(PLACES[known](values))
    if np.ptp(values) < 5 or np.diff(np.sort(values)).min() < 0.01 or same(got, values):
        return
    relation = found(got, values)
    assert relation is not None
    assert relation.id == known or (relation.id in PLACES and known in ("sorted", "permuted-rows", "rolled"))


@given(tables)
@many
def test_a_transpose_is_always_found(table: Array) -> None:
    if not same(table.T, table):
        assert is_one_of(found(table.T.copy(), table), "transposed")


@given(deep, st.sampled_from([(0, 2, 1), (1, 0, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)]))
@many
def test_dimensions_in_another_order_are_found(values: Array, order: tuple[int, ...]) -> None:
    if np.diff(np.sort(values.ravel())).min() > 0.001:
        assert is_one_of(found(np.ascontiguousarray(values.transpose(order)), values), "permuted-dims")


@given(arrays, st.sampled_from(["column", "row", "repeated", "cut", "longer", "paired"]))
@many
def test_a_shape_that_was_changed_is_found(values: Array, how: str) -> None:
    if np.diff(np.sort(values)).min() < 0.01:
        return
    got, known = {
        "column": (values[:, None], "extra-dim"),
        "row": (values[None], "extra-dim"),
        "repeated": (np.stack([values, values]), "repeated"),
        "cut": (values[1:], "missing-slice"),
        "longer": (np.append(values, 3.0), "extra-slice"),
        "paired": (values[:, None] - 2 * values[None], "broadcast-square"),
    }[how]
    assert is_one_of(found(got, -values if how == "paired" else values), known)


@given(tables, st.integers(0, 1), st.sampled_from(["sum", "mean", "max", "softmax"]))
@many
def test_another_dimension_is_found_by_way_of_the_variable(table: Array, axis: int, operation: str) -> None:
    if np.diff(np.sort(table.ravel())).min() < 0.05:
        return
    along: Callable[[int], Array] = (
        (lambda n: softmax(table / 20, n))
        if operation == "softmax"
        else lambda n: getattr(np, operation)(table, axis=n)
    )
    got, expected = along(axis), along(1 - axis)
    if got.shape == expected.shape and same(got, expected):
        return
    relation = found(got, expected, x=table / 20 if operation == "softmax" else table)
    assert relation is not None
    begins_alike = got.size > expected.size and same(got[: expected.size], expected)  # then both hold
    assert relation.id == "wrong-dim" or min(table.shape) < 3 or (relation.id == "extra-slice" and begins_alike)


@given(wide(), st.integers(0, 10**6))
@settings(max_examples=300, deadline=None)
def test_unrelated_data_have_no_relation(values: Array, seed: int) -> None:
    rng = np.random.default_rng((seed, 1))
    others = {name: rng.normal(size=shape) for name, shape in (("a", (2, 3)), ("b", (4,)), ("c", values.shape))}
    assert found(rng.normal(size=values.shape), values, **others) is None


HOLDS: dict[str, Callable[[Array, Array], bool]] = {
    "negated": lambda a, b: same(-a, b),
    "scaled": lambda a, b: bool(np.ptp(a / b) < 1e-2),
    "sum-not-mean": lambda a, b: bool(np.ptp(a / b) < 1e-2),
    "mean-not-sum": lambda a, b: bool(np.ptp(a / b) < 1e-2),
    "shifted": lambda a, b: bool(np.ptp(a - b) < 1e-2),
    "flipped": lambda a, b: same(a[::-1], b),
    "sorted": lambda a, b: same(np.sort(a), np.sort(b)),
    "permuted-rows": lambda a, b: same(np.sort(a), np.sort(b)),
    "rolled": lambda a, b: any(same(np.roll(a, by), b) for by in range(a.size)),
    "off-by-one-index": lambda a, b: same(a[1:], b[:-1]) or same(a[:-1], b[1:]),
    "inverse": lambda a, b: same(a * b, np.ones_like(a)),
    "absolute": lambda a, b: same(a, np.abs(b)),
    "not-clipped": lambda a, b: same(np.maximum(a, 0), b),
    "clipped-at-zero": lambda a, b: same(np.maximum(b, 0), a),
    "complement": lambda a, b: same(a + b, np.ones_like(a)),
    "partly-equal": lambda a, b: bool(np.isclose(a, b).mean() >= 0.5),
    "nearly-equal": lambda a, b: bool(np.allclose(a, b, 2e-5)),
    "low-precision": lambda a, b: bool(np.allclose(a, b, 4e-2)),
    "rounded": lambda a, b: bool(np.abs(a - b).max() <= 0.51),
    "truncated-to-int": lambda a, b: bool(np.abs(a - b).max() < 1),
}


@given(arrays, st.data())
@settings(max_examples=300, deadline=None)
def test_what_is_claimed_of_random_data_really_holds(first: Array, data: st.DataObject) -> None:
    second = data.draw(hnp.arrays(float, first.shape, elements=numbers, unique=True))
    relation = found(first, second)
    assert relation is None or HOLDS[relation.id](first, second)
