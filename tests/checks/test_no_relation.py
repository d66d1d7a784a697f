"""Nothing is said where nothing holds: of wrong programs, of unrelated numbers, and of what random data are claimed."""

from __future__ import annotations

import numpy as np
import pytest

from tests.checks.no_relation import TABLES
from tests.checks.programs import explained, namespace
from tests.checks.wrong_values import SETUP
from tutor.checks import relations
from tutor.checks.relation import Program, Same

NAMES = namespace(SETUP)
CASES = [
    pytest.param(*line.split(" -> "), id=f"{table}-{n}")
    for table, text in TABLES.items()
    for n, line in enumerate(text.strip().splitlines())
]
same = Same(1e-5, 1e-5)


@pytest.mark.parametrize(("wrong", "right"), CASES)
def test_nothing_is_said_of_a_wrong_program_about_which_nothing_holds(wrong: str, right: str) -> None:
    found = explained(wrong, right, NAMES)
    assert not found.passed
    assert found.relation is None, found.why
    assert found.why == ""


def test_there_are_many_and_no_two_are_the_same() -> None:
    assert len(CASES) >= 100
    assert len({case.values for case in CASES}) == len(CASES)


SIZES = [((4,), (4,)), ((2, 3), (2, 3)), ((3, 3), (3, 3)), ((3, 3, 3), (3, 3, 3)), ((50, 4), (50, 4))]
SIZES += [((2, 3), (3, 2)), ((5,), (5, 1)), ((), ()), ((3, 3), (3,)), ((2, 3, 4), (2, 4)), ((7,), (6,))]


@pytest.mark.parametrize("shapes", SIZES)
def test_unrelated_numbers_have_no_relation(shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    for seed in range(60):
        rng = np.random.default_rng(seed)
        got, expected = (np.asarray(rng.normal(size=shape)) for shape in shapes)
        program = Program((("a", rng.normal(size=(2, 3))), ("b", rng.normal(size=4)), ("c", rng.normal(size=(3, 3)))))
        search = relations.of_values if got.shape == expected.shape else relations.of_shapes
        assert search(got, expected, same, program) is None, seed
