"""Excused changes of a solution that are written wrongly are reported at the exact line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lessons.broken import Broken, assert_named, code, into

CASES: dict[str, Broken] = {}
case = into(CASES)


def excused(fields: str) -> str:
    return code(f"solution: |\n  x = 1\n  y = x + x\nmutants:\n  - {fields}\n", without=("solution",))


case("not there", excused("{replace: [«z, y], because: No.}"), "the solution does not have this text")
case(
    "there twice",
    excused("{replace: [«'x +', y], because: No.}").replace("'x +'", "x"),
    "the solution has this text 3 times",
)
case("the same", excused("{replace: ['x = 1', «'x = 1'], because: No.}"), "this replaces a text by itself")
case(
    "no Python left",
    excused("{replace: ['x = 1', «'x ='], because: No.}"),
    "with this text the solution is not valid Python: invalid syntax",
)
case("no reason", excused("«{replace: ['x = 1', 'x = 2']}"), "`because` is missing")
case("an empty reason", excused("{replace: ['x = 1', 'x = 2'], because: «' '}"), "`because` is empty")
case("no change", excused("«{because: No.}"), "`replace` is missing")
case("a key too many", excused("{replace: ['x = 1', 'x = 2'], because: No., «says: x}"), "unknown key `says`")  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_problem_is_named_where_it_is(name: str, tmp_path: Path) -> None:
    assert_named(CASES[name], tmp_path)
