from __future__ import annotations

from typing import Any

import numpy
import pytest

from tests.widgets.tensors import tensor
from tutor.checks.base import Tolerance
from tutor.checks.difference import Difference
from tutor.widgets.difference_rows import rows


def lines(got: Any, expected: Any, width: int = 72, slice_number: int = 0, **fields: Any) -> list[str]:
    difference = Difference(expr="y", got=tensor(got), expected=tensor(expected), **fields)
    drawn = rows(difference, width, slice_number)
    assert all(row.cell_length <= width for row in drawn)
    return [row.plain.rstrip() for row in drawn]


def test_got_stands_beside_expected_and_a_mask_shows_where_they_differ() -> None:
    said = lines([[1, 2, 3], [4, 5, 6]], [[1, 2, 3], [4, 7, 8]])
    assert said[1] == "2 of 6 elements differ; the first at [1, 1]: got 5, expected 7."
    assert said[3].split() == ["Got", "(2,", "3)", "Expected", "(2,", "3)"]
    assert any("4" in row and "7" in row and "8" in row for row in said)
    mask = said[said.index("Where they differ") + 1 :]
    assert mask == ["· · ·", "· ✗ ✗"]


def test_one_matrix_of_many_is_shown_of_both_and_of_the_mask() -> None:
    got = numpy.zeros((3, 2, 2))
    expected = got.copy()
    expected[2, 0, 1] = 1
    assert lines(got, expected, slice_number=2)[-2:] == ["· ✗", "· ·"]
    assert lines(got, expected, slice_number=1)[-2:] == ["· ·", "· ·"]
    assert "the first at [2, 0, 1]" in lines(got, expected)[1]


def test_a_number_has_no_mask() -> None:
    said = lines(14.0, 7.0)
    assert said[1] == "Got 14, expected 7."
    assert "Where they differ" not in "\n".join(said)


def test_other_shapes_and_equal_values_are_said() -> None:
    assert lines([1.0, 2.0], [[1.0], [2.0]])[1] == "The shapes differ: got (2,), expected (2, 1)."
    difference = Difference(expr="y", got=tensor([1, 2], "int64"), expected=tensor([1, 2]))
    assert rows(difference, 60)[1].plain == "The values agree: got i64 (2,), expected f32 (2,)."


def test_the_tolerance_of_the_check_holds() -> None:
    assert "1 of 2" in lines([1.0, 2.0], [1.01, 2.5], tolerance=Tolerance(rtol=0.1, atol=0))[1]


@pytest.mark.parametrize("shape", [(100, 300), (1, 900), (900,), (40, 3)])
def test_many_elements_share_a_sign(shape: tuple[int, ...]) -> None:
    got = numpy.zeros(shape)
    expected = got.copy()
    expected.reshape(-1)[-1] = 1
    said = lines(got, expected, width=50)
    mask = said[next(i for i, row in enumerate(said) if row.startswith("Where they differ")) + 1 :]
    signs, _, note = "\n".join(mask).partition("one sign: ")
    assert len(signs.splitlines()) <= 16
    assert signs.count("✗") == 1
    assert note


def test_values_that_are_not_there_leave_what_is_known() -> None:
    difference = Difference(expr="y", got=tensor([1, 2], data=None), expected=tensor([1, 3]))
    assert [row.plain for row in rows(difference, 60)] == ["", "Expected  f32 (2,)"]
