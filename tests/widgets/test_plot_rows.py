"""Points, regions and confusions, row by row, and what is said of them."""

from __future__ import annotations

import pytest

from tutor.runtime.plot import GRID, Plot
from tutor.widgets.loss_plot import Row
from tutor.widgets.plot_rows import draw, sentence

HALVES = (bytes(GRID[0] // 2) + b"\1" * (GRID[0] // 2)) * GRID[1]
REGIONS = Plot(
    kind="regions",
    x=(0.1, 0.9, 0.9),
    y=(0.1, 0.9, 0.1),
    classes=(0, 1, 0),
    predicted=(0, 1, 1),
    grid=HALVES,
)


def text(rows: list[Row]) -> list[str]:
    return ["".join(piece.text for piece in row).rstrip() for row in rows]


def test_points_stand_where_they_are_between_their_bounds() -> None:
    rows = text(draw(Plot(kind="scatter", x=(0, 10, 5), y=(0, 1, 0.5), classes=(0, 1, 2)), 30, 7))
    assert rows == [
        " 1.05 │                     x",
        "      │",
        "      │           +",
        "      │",
        "-0.05 │ o",
        "      └───────────────────────",
        "       -0.5               10.5",
    ]


def test_the_land_of_each_class_is_behind_the_points() -> None:
    rows = draw(REGIONS, 26, 7)
    assert text(rows)[0] == "1 │····················x··"
    roles = [[piece.role for piece in row] for row in rows[:5]]
    assert roles[1] == ["frame", "land0", "land1"]
    assert {"class0", "class1"} <= {role for row in roles for role in row}
    assert sum(piece.text.count("o") for row in rows for piece in row if piece.role == "class0") == 2


def test_a_confusion_has_what_is_right_in_brackets() -> None:
    rows = text(draw(Plot(kind="confusion", counts=((41, 2), (0, 57))), 40, 10))
    assert rows == ["true │ predicted", "     │   0   1", "   0 │ [41]  2", "   1 │   · [57]"]


@pytest.mark.parametrize(("width", "height"), [(10, 10), (40, 3), (0, 0)])
def test_without_room_nothing_is_drawn(width: int, height: int) -> None:
    assert draw(REGIONS, width, height) == []


def test_every_size_is_kept_to() -> None:
    for width in range(20, 60, 7):
        for height in range(5, 30, 4):
            for plot in (REGIONS, Plot(kind="scatter", x=(5.0,), y=(-3e9,)), Plot(kind="confusion", counts=((1,),))):
                rows = draw(plot, width, height)
                assert len(rows) <= height
                assert max(len(row) for row in text(rows)) <= width


@pytest.mark.parametrize(
    ("plot", "said"),
    [
        (REGIONS, "3 points: o 2 of class 0, x 1 of class 1. 2 of them lie on the side of their class (66 %)."),
        (Plot(kind="scatter", x=(1.0,), y=(1.0,), left_out=3), "1 point. 3 more points can't be shown."),
        (Plot(kind="curve", y=(3.0, 2.0)), "2 numbers from 3 to 2."),
        (Plot(kind="curve"), "There are no numbers in it."),
        (
            Plot(kind="confusion", counts=((8, 2, 0), (1, 9, 0), (0, 2, 8))),
            "25 of 30 are right (83 %). Most often 0 was taken for 1, 2 times.",
        ),
        (Plot(kind="confusion", counts=((3,),)), "3 of 3 are right (100 %)."),
        (Plot(kind="confusion"), "There is nothing to count."),
        (Plot(kind="regions", problem="ValueError: no"), "It can't be drawn: ValueError: no"),
    ],
)
def test_a_sentence_says_what_is_drawn(plot: Plot, said: str) -> None:
    assert sentence(plot) == said
