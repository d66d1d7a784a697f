from __future__ import annotations

import pytest

from tutor.runtime.values import LineShape
from tutor.widgets.ribbon import Ribbon, forms_of, place, unchanged

H = LineShape(line=3, name="h", dtype="float32", first=(32, 64), last=(32, 64), grad=True, times=1000)


def test_a_line_says_name_dtype_shape_and_whether_it_is_recorded() -> None:
    assert forms_of([H])[3] == ("h: f32[32, 64] grad ×1,000", "h: f32[32, 64] grad", "h: f32[32, 64]", "[32, 64]")


def test_a_shape_that_changed_shows_both() -> None:
    last = LineShape(line=1, name="x", dtype="int64", first=(32,), last=(8,), times=4)
    assert forms_of([last])[1][0] == "x: i64[32]→[8] ×4"


def test_several_names_of_a_line_stand_side_by_side_and_fold_into_the_first() -> None:
    a = LineShape(line=1, name="a", dtype="float32", first=(2,), last=(2,))
    b = LineShape(line=1, name="b", dtype="bool", first=(), last=())
    assert forms_of([a, b])[1] == ("a: f32[2]  b: bool[]", "a: f32[2] …")


def test_the_longest_form_that_fits_is_taken_first_at_the_common_column() -> None:
    forms = ("h: f32[2] grad", "h: f32[2]", "[2]")
    assert place(forms, 20, 40, 60) == (40, "h: f32[2] grad")
    assert place(forms, 42, 40, 60) == (46, "h: f32[2] grad")
    assert place(forms, 45, 40, 60) == (51, "h: f32[2]")
    assert place(forms, 55, 40, 60) == (57, "[2]")
    assert place(forms, 56, 40, 60) is None


@pytest.mark.parametrize(
    ("now", "kept"),
    [
        (["a", "b", "c", "d"], {0: 0, 1: 1, 2: 2, 3: 3}),
        (["a", "b!", "c", "d"], {0: 0, 2: 2, 3: 3}),
        (["new", "a", "b", "c", "d"], {1: 0, 2: 1, 3: 2, 4: 3}),
        (["a", "d"], {0: 0, 1: 3}),
        (["a", "x", "b", "y", "c", "z", "d"], {0: 0, 2: 1, 4: 2, 6: 3}),
        ([], {}),
        (["a", "a", "b", "c", "d"], {0: 0, 2: 1, 3: 2, 4: 3}),
    ],
)
def test_rows_that_were_not_edited_are_found_again(now: list[str], kept: dict[int, int]) -> None:
    found = unchanged(["a", "b", "c", "d"], now)
    assert found == kept
    assert all(now[new] == ["a", "b", "c", "d"][old] for new, old in found.items())


def test_an_edited_line_loses_its_text_until_it_is_as_it_was() -> None:
    ribbon = Ribbon()
    ribbon.put([H], "a\nb\nh = f(x)\nc")
    assert ribbon.at(2, 12, 4, 80) == (53, "h: f32[32, 64] grad ×1,000")
    ribbon.follow(["a", "new", "b", "h = f(x)", "c"])
    assert ribbon.at(2, 12, 4, 80) is None
    assert ribbon.at(3, 12, 4, 80) is not None
    ribbon.follow(["a", "b", "h = g(x)", "c"])
    assert ribbon.at(2, 12, 4, 80) is None
    ribbon.follow(["a", "b", "h = f(x)", "c"])
    assert ribbon.at(2, 12, 4, 80) is not None


def test_a_window_too_narrow_for_both_shows_code_alone() -> None:
    ribbon = Ribbon()
    ribbon.put([H], "a\nb\nh = f(x)")
    assert ribbon.at(2, 12, 4, 48) is not None
    assert ribbon.at(2, 12, 4, 45) is None
