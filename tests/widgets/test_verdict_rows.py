from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tutor.checks.base import Status, Verdict
from tutor.widgets.verdict_rows import GLYPHS, rows

PASSED = Verdict(id="y", kind="equal", title="y", status=Status.PASSED, finding="10, float32")
FAILED = Verdict(
    id="g",
    kind="grad",
    title="x.grad",
    status=Status.FAILED,
    finding="got 14, expected 7",
    why="Exactly twice the expected gradient: two backward calls, and nothing cleared it between.",
    next="Clear `x.grad` before the second backward.",
)
NOT_ATTEMPTED = Verdict(
    id="l", kind="equal", title="loss", status=Status.NOT_ATTEMPTED, finding="there is no `loss` yet"
)


def plain(*verdicts: Verdict, width: int = 50, **options: Any) -> list[str]:
    return [row.plain for row in rows(verdicts, width=width, **options)]


def test_each_status_has_a_glyph_of_its_own() -> None:
    assert len({glyph for glyph, _ in GLYPHS.values()}) == len(Status)


def test_a_failed_check_says_why_and_what_next_below_and_a_passed_one_stays_listed() -> None:
    assert plain(PASSED, FAILED, NOT_ATTEMPTED, headline="1 of 3 checks passes") == [
        "1 of 3 checks passes",
        "",
        "✓ y       10, float32",
        "",
        "✗ x.grad  got 14, expected 7",
        "  │ Exactly twice the expected gradient: two",
        "  │ backward calls, and nothing cleared it",
        "  │ between.",
        "",
        "  → Clear x.grad before the second backward.",
        "",
        "○ loss    there is no loss yet",
    ]


def test_checks_that_fail_for_the_same_reason_say_it_once() -> None:
    second = msgspec.structs.replace(FAILED, id="w", title="w.grad")
    assert plain(FAILED, second, width=100, compact=True) == [
        "✗ x.grad  got 14, expected 7",
        "✗ w.grad  got 14, expected 7",
        "  │ Exactly twice the expected gradient: two backward calls, and nothing cleared it between.",
        "  → Clear x.grad before the second backward.",
    ]


def test_a_low_pane_has_no_empty_rows() -> None:
    assert "" not in plain(PASSED, FAILED, NOT_ATTEMPTED, headline="1 of 3", compact=True)


def test_got_and_expected_stand_out() -> None:
    (head, *_) = rows([FAILED], width=50)
    styles = {head.plain[span.start : span.end]: span.style for span in head.spans}
    assert styles["14"] == "bold $error"
    assert styles["7"] == "bold $success"


def test_code_between_backticks_is_bold_without_them() -> None:
    (row,) = rows([NOT_ATTEMPTED], width=50)
    assert "`" not in row.plain
    bold = [span.start for span in row.spans if row.plain[span.start : span.end] == "loss" and span.style == "bold"]
    assert bold == [row.plain.index("loss"), row.plain.rindex("loss")]


def test_a_title_too_long_for_the_column_has_its_finding_below() -> None:
    verdict = Verdict(
        id="a", kind="metric", title="the loss falls below 0.1", status=Status.FAILED, finding="it ends at 3"
    )
    assert plain(PASSED, verdict, width=50) == [
        "✓ y  10, float32",
        "✗ the loss falls below 0.1",
        "    it ends at 3",
    ]


def test_hidden_checks_are_left_out() -> None:
    hidden = Verdict(id="h", kind="equal", title="h", status=Status.FAILED, finding="f", hidden=True)
    assert plain(hidden, PASSED) == ["✓ y  10, float32"]


@pytest.mark.parametrize("width", [20, 35, 50, 100])
def test_no_row_is_wider_than_the_pane(width: int) -> None:
    long = Verdict(
        id="w", kind="k", title="t" * 70, status=Status.FAILED, finding="f" * 130, why="w " * 99, next="n" * 130
    )
    found = rows([PASSED, FAILED, long], "headline " * 9, width=width)
    assert max(row.cell_length for row in found) <= width


def test_a_title_cannot_write_to_the_terminal() -> None:
    hostile = Verdict(id="e", kind="k", title="a\x1b[2Jb", status=Status.PASSED, finding="[bold]\x07")
    assert plain(hostile) == ["✓ a␛[2Jb  [bold]␇"]
