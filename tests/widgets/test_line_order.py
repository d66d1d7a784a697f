"""Lines in order: the pure moves, and the widget under keys and the mouse."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tutor.theme import INK, variables_for
from tutor.widgets.arrangement import Arrangement, arrangement
from tutor.widgets.line_order import BORDER, LineOrder, OrderedLines

LINES = ("a = 1", "for x in y:", "    a = 2", "b = 3")
START = arrangement(LINES, may_put_away=True)


# ---- moves --------------------------------------------------------------------------------------------------------


def test_a_line_changes_places_with_its_neighbour() -> None:
    lines, at = START.moved(0, 1)
    assert (lines.program, at) == ("for x in y:\na = 1\n    a = 2\nb = 3\n", 1)
    assert lines.moved(1, -1) == (START, 0)
    assert START.moved(0, -1) == (START, 0)


def test_over_the_border_a_line_is_put_away_and_comes_back() -> None:
    away, at = START.moved(3, 1)
    assert (away.used, at, away.lines) == (3, 3, LINES)
    assert away.moved(3, 1) == (away, 3)
    assert away.moved(3, -1) == (START, 3)


def test_without_lines_that_dont_belong_there_is_no_border() -> None:
    whole = arrangement(LINES, may_put_away=False)
    assert whole.moved(3, 1) == (whole, 3)
    assert whole.toggled(1) == whole


def test_a_line_is_put_away_above_the_others_and_comes_back_as_the_last() -> None:
    away = START.toggled(1)
    assert away.lines == ("a = 1", "    a = 2", "b = 3", "for x in y:")
    assert away.used == 3
    twice = away.toggled(0)
    assert twice.lines[2:] == ("a = 1", "for x in y:")
    assert twice.toggled(3).program == "    a = 2\nb = 3\nfor x in y:\n"


def test_a_line_is_dragged_over_others_and_over_the_border() -> None:
    lines, at = START.dragged(0, 2)
    assert (lines.lines, at) == (("for x in y:", "    a = 2", "a = 1", "b = 3"), 2)
    away, at = START.dragged(1, None)
    assert (away.used, at, away.lines[3]) == (3, 3, "for x in y:")
    assert away.dragged(3, None) == (away, 3)
    back, at = away.dragged(3, 0)
    assert (back.program, at) == ("for x in y:\na = 1\n    a = 2\nb = 3\n", 0)


def test_a_program_is_found_again_in_its_lines() -> None:
    kept = START.with_program("b = 3\nno such line\n    a = 2\nb = 3\n")
    assert kept.program == "b = 3\n    a = 2\n"
    assert kept.lines[2:] == ("a = 1", "for x in y:")
    assert arrangement(LINES, may_put_away=False).with_program("b = 3").lines == ("b = 3", *LINES[:3])
    twice = arrangement(("a", "b", "a"), may_put_away=True)
    assert twice.with_program("a\na\n").program == "a\na\n"
    assert twice.with_program("").used == 0


@pytest.mark.parametrize("may_put_away", [True, False])
def test_no_move_loses_or_doubles_a_line(may_put_away: bool) -> None:
    source = random.Random(0)
    lines = arrangement(LINES, may_put_away=may_put_away)
    for _ in range(2000):
        index = source.randrange(len(LINES))
        moves = (
            lambda lines=lines, index=index: lines.moved(index, source.choice((-1, 1)))[0],
            lambda lines=lines, index=index: lines.toggled(index),
            lambda lines=lines, index=index: lines.dragged(index, source.choice((None, *range(len(LINES)))))[0],
        )
        lines = source.choice(moves)()
        assert sorted(lines.lines) == sorted(LINES)
        assert 0 <= lines.used <= len(LINES)
        assert lines.with_program(lines.program).program == lines.program


# ---- the widget ---------------------------------------------------------------------------------------------------


class Stage(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.changes = 0

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variables_for(INK)

    def compose(self) -> ComposeResult:
        yield LineOrder()

    def on_line_order_changed(self) -> None:
        self.changes += 1


@asynccontextmanager
async def shown(start: Arrangement = START) -> AsyncIterator[tuple[LineOrder, OrderedLines, Pilot[None]]]:
    app = Stage()
    async with app.run_test(size=(50, 14)) as pilot:
        order = app.query_one(LineOrder)
        order.open(start.lines, None, may_put_away=start.may_put_away)
        order.lines.focus()
        await pilot.pause()
        yield order, order.lines, pilot


def row_of(lines: OrderedLines, index: int) -> int:
    return next(y for y, (_, at) in enumerate(lines.rows(lines.content_size.width)) if at == index)


@pytest.mark.parametrize(("up", "down"), [("alt+up", "alt+down"), ("shift+up", "shift+down"), ("K", "J")])
async def test_keys_move_lines(up: str, down: str) -> None:
    async with shown() as (order, lines, pilot):
        await pilot.press(down)
        assert order.text.startswith("for x in y:\na = 1\n")
        assert lines.cursor == 1
        await pilot.press("j", up, up)
        assert order.text.splitlines()[0] == "    a = 2"


async def test_a_line_is_put_away_and_undo_brings_it_back() -> None:
    async with shown() as (order, _, pilot):
        await pilot.press("down", "space")
        assert order.text == "a = 1\n    a = 2\nb = 3\n"
        await pilot.press("ctrl+z")
        assert order.text == START.program
        await pilot.press("ctrl+y")
        assert order.text == "a = 1\n    a = 2\nb = 3\n"
        assert isinstance(order.app, Stage)
        assert order.app.changes == 3


async def test_a_line_is_dragged_with_the_mouse_and_out_of_the_program() -> None:
    async with shown() as (order, lines, pilot):
        await pilot.mouse_down(lines, offset=(10, row_of(lines, 0)))
        await pilot.hover(lines, offset=(10, row_of(lines, 2)))
        await pilot.mouse_up(lines, offset=(10, row_of(lines, 2)))
        assert order.text == "for x in y:\n    a = 2\na = 1\nb = 3\n"
        await pilot.mouse_down(lines, offset=(10, row_of(lines, 1)))
        await pilot.hover(lines, offset=(10, row_of(lines, BORDER)))
        await pilot.mouse_up(lines, offset=(10, row_of(lines, BORDER)))
        assert order.text == "for x in y:\na = 1\nb = 3\n"
        await pilot.press("ctrl+z")
        assert order.text == "for x in y:\n    a = 2\na = 1\nb = 3\n"
        assert isinstance(order.app, Stage)
        assert order.app.changes == 3


async def test_a_click_only_points() -> None:
    async with shown() as (order, lines, pilot):
        await pilot.click(lines, offset=(10, row_of(lines, 2)))
        assert lines.cursor == 2
        assert order.text == START.program
        order.go_to_line(2)
        assert lines.cursor == 1


async def test_a_program_put_in_place_can_be_undone() -> None:
    async with shown() as (order, _, pilot):
        order.replace_all("b = 3\n")
        assert order.text == "b = 3\n"
        await pilot.press("ctrl+z")
        assert order.text == START.program


async def test_long_lines_go_on_below() -> None:
    long = "x = torch.tensor([" + "1.0, " * 12 + "2.0])"
    async with shown(arrangement((long, "b"), may_put_away=False)) as (_, lines, _pilot):
        rows = lines.rows(lines.content_size.width)
        assert all(row.cell_length <= 50 for row, _ in rows)
        assert [index for _, index in rows].count(0) > 1
