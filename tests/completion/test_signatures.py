"""Signatures, argument by argument."""

from __future__ import annotations

import pytest

from tutor.completion.signatures import arguments, best_form, keywords, place_of

RANDN = "(*size, *, dtype=None, requires_grad=False)"


def test_arguments_are_cut_at_the_outer_commas() -> None:
    assert arguments("(a, b=(1, 2), c=', ', *, d=[1, 2])") == ["a", "b=(1, 2)", "c=', '", "*", "d=[1, 2]"]
    assert arguments("()") == []


@pytest.mark.parametrize(
    ("form", "index", "keyword", "place"),
    [
        ("(a, b)", 0, "", 0),
        ("(a, b)", 1, "", 1),
        ("(a, b)", 2, "", None),
        ("(a, /, b)", 1, "", 2),
        (RANDN, 0, "", 0),
        (RANDN, 7, "", 0),
        (RANDN, 1, "requires_grad", 3),
        ("(a, *, b)", 1, "", None),
        ("(a, **more)", 1, "x", 1),
        ("(a)", 0, "x", None),
    ],
)
def test_the_argument_that_is_meant(form: str, index: int, keyword: str, place: int | None) -> None:
    assert place_of(form, index, keyword) == place


def test_the_form_that_has_the_argument_is_shown() -> None:
    forms = ("(input)", "(input, dim, keepdim=False)")
    assert best_form(forms, 0, "") == ("(input)", 0)
    assert best_form(forms, 1, "") == ("(input, dim, keepdim=False)", 1)
    assert best_form(forms, 0, "keepdim") == ("(input, dim, keepdim=False)", 2)
    assert best_form(forms, 9, "") == ("(input)", None)


def test_keywords_are_the_names_that_an_argument_can_be_given_by() -> None:
    assert keywords(("(a, /, b, *args, c=1, **more)", "(b, d)")) == ["b", "c", "d"]
