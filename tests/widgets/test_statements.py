from __future__ import annotations

import pytest

from tutor.widgets.statements import History, is_whole, next_indent


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (["x"], True),
        (["for i in x: print(i)"], True),
        (["for i in x:"], False),
        (["for i in x:", "    print(i)"], False),
        (["for i in x:", "    print(i)", ""], True),
        (["if x:", "    1", "else:"], False),
        (["x = (1,"], False),
        (["x = (1,", "2)"], True),
        (["x = (1,", "    2)"], False),
        (["@torch.no_grad()"], False),
        (["x +"], True),
        (["'open"], True),
        (['"""open'], False),
        (["(" * 5000], True),
        (["x = 0777"], True),
    ],
)
def test_a_statement_is_whole_when_python_would_run_it(lines: list[str], whole: bool) -> None:
    assert is_whole(lines) is whole


def test_a_warning_of_the_compiler_stays_off_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    assert is_whole(["x is 'a'"])
    assert capsys.readouterr().err == ""


def test_the_next_line_of_a_block_is_indented() -> None:
    assert next_indent("for i in x:") == "    "
    assert next_indent("    y = i") == "    "
    assert next_indent("   ") == ""


def test_the_history_goes_up_to_the_first_and_down_to_what_was_being_typed() -> None:
    history = History()
    for line in ("a", "b", "b", " "):
        history.add(line)
    assert [history.move(-1, "ty"), history.move(-1, "b"), history.move(-1, "a")] == ["b", "a", None]
    assert [history.move(1, "a"), history.move(1, "b"), history.move(1, "ty")] == ["b", "ty", None]
