"""Small changes of a program that is put together from lines."""

from __future__ import annotations

from tutor.checks.line_moves import line_moves

LINES = ("a", "b", "c", "d")


def program(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def test_each_line_is_put_away_and_moved_everywhere_and_others_brought_back() -> None:
    found = [edit.code for edit in line_moves(program("a", "b", "c"), LINES)]
    assert len(found) == len(set(found))
    assert program("a", "c") in found
    moved = {program(*order) for order in ("bac", "acb", "bca", "cab")}
    assert moved <= set(found)
    back = {program(*order) for order in ("dabc", "adbc", "abdc", "abcd")}
    assert back <= set(found)
    assert len(found) == 3 + len(moved) + len(back)


def test_the_change_is_told_with_its_line() -> None:
    edits = {edit.code: edit for edit in line_moves(program("a", "b", "c"), LINES)}
    assert edits[program("c", "a", "b")][:2] == (3, "move it above `a`")
    assert edits[program("b", "c", "a")][:2] == (1, "move it below `c`")
    assert edits[program("a", "b")][:2] == (3, "put it away")
    assert "bring back `d`" in edits[program("a", "d", "b", "c")].change
