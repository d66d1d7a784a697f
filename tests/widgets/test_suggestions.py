"""The list of names and the signature, row by row."""

from __future__ import annotations

import pytest
from textual.geometry import Region, Size

from tutor.completion.names import Called, Suggestions
from tutor.completion.places import Named
from tutor.widgets.signature_line import signature_pieces
from tutor.widgets.suggestions import SuggestionList, width_of

MANY = tuple(Named(f"name_{number:02}", "f", f"(a{number}, b)") for number in range(20))
VIEW = Size(40, 12)


def shown(names: tuple[Named, ...] = MANY) -> SuggestionList:
    return SuggestionList(found=Suggestions(4, names), row=0, width=width_of(names))


def rows(one: SuggestionList, height: int = 8, width: int = 24) -> list[str]:
    return ["".join(text for text, _ in one.pieces(line, height, width)) for line in range(height)]


def test_the_name_stands_left_the_signature_right_and_a_mark_before_the_chosen_one() -> None:
    names = (Named("rand", "f", "(*size)"), Named("nn", "m"), Named("grad", gives="torch.Tensor"), Named("x"))
    assert rows(shown(names), 4, 20) == [
        "› rand  (*size)     ",
        "  nn    module      ",
        "  grad  Tensor      ",
        "  x                 ",
    ]


def test_what_is_too_long_is_cut_to_the_width() -> None:
    names = (Named("a_name_that_is_much_too_long_to_be_shown", "f", "(many, many, arguments)"),)
    for width in (8, 12, 20, 30, 60):
        (row,) = rows(shown(names), 1, width)
        assert len(row) == width
    assert rows(shown(names), 1, 20)[0] == "› a_name_that_is_m… "


def test_moving_goes_round_and_keeps_the_chosen_name_in_sight() -> None:
    one = shown()
    assert not one.moved
    assert one.move(-1).name.name == "name_19"
    assert one.move(-1).move(1).name.name == "name_00"
    for _ in range(9):
        one = one.move(1)
        assert f"› {one.name.name}" in [row[:9] for row in rows(one)]
        assert f"› {one.name.name}" in [row[:9] for row in rows(one, 3)]
    assert one.moved


@pytest.mark.parametrize(
    ("y", "taken", "top", "height"),
    [
        (0, None, 1, 8),
        (3, None, 4, 8),
        (5, None, 6, 6),
        (6, None, 0, 6),
        (11, None, 3, 8),
        (3, 11, 4, 7),
        (11, 0, 3, 8),
        (8, 0, 1, 7),
    ],
)
def test_it_stands_below_the_line_or_above_it_where_there_is_more_room(
    y: int, taken: int | None, top: int, height: int
) -> None:
    region = shown().region(VIEW, 4, (10, y), taken)
    assert region is not None
    assert (region.y, region.height) == (top, height)
    assert not region.y <= y < region.bottom
    assert taken is None or not region.y <= taken < region.bottom


def test_names_stand_below_what_is_typed_as_far_as_the_width_allows() -> None:
    one = shown()
    assert one.region(Size(80, 12), 4, (10, 2), None) == Region(8, 3, one.width, 8)
    region = one.region(VIEW, 4, (38, 2), None)
    assert region is not None
    assert region.right == VIEW.width
    assert one.region(VIEW, 4, (10, -1), None) is None
    assert one.region(Size(9, 12), 4, (5, 2), None) is None
    assert one.region(Size(40, 1), 4, (5, 0), None) is None


# ---- the signature ----------------------------------------------------------------------------------------------


def line(call: Called, width: int) -> str:
    return "".join(text for text, _ in signature_pieces(call, width))


def test_the_present_argument_has_a_mark_that_is_no_colour() -> None:
    call = Called("torch.randn", "(*size, *, dtype=None)", 0)
    assert line(call, 60) == "torch.randn(▸*size, *, dtype=None)"
    assert ("*size", "here") in signature_pieces(call, 60)
    assert line(Called("f", "(a, b=(1, 2))", 1), 60) == "f(a, ▸b=(1, 2))"
    assert line(Called("f", "(a)", None), 60) == "f(a)"
    assert line(Called("f", "()", None), 60) == "f()"


def test_the_present_argument_is_seen_also_where_the_line_is_short() -> None:
    form = "(first=None, second=None, third=None, fourth=None, fifth=None)"
    assert line(Called("call", form, 0), 30) == "call(▸first=None, second=None…"
    for at, name in enumerate(("first", "second", "third", "fourth", "fifth")):
        for width in (26, 30, 44):
            text = line(Called("call", form, at), width)
            assert f"▸{name}=None" in text
            assert len(text) <= width
    assert line(Called("call", form, 4), 30) == "call(…, ▸fifth=None)"
