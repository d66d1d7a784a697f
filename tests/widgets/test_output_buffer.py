from __future__ import annotations

import pytest

from tutor.widgets.output_buffer import MAX_LINE, OutputBuffer, Stream, fold


def written(*pieces: tuple[Stream, str]) -> list[tuple[Stream, str]]:
    buffer = OutputBuffer()
    for stream, text in pieces:
        buffer.append(stream, text)
    return [(line.stream, line.text) for line in buffer.lines]


def test_a_line_may_come_in_pieces() -> None:
    assert written(("stdout", "a"), ("stdout", "b\nc")) == [("stdout", "ab"), ("stdout", "c")]


def test_the_streams_never_share_a_line() -> None:
    assert written(("stdout", "a"), ("stderr", "b"), ("stdout", "c\n")) == [
        ("stdout", "a"),
        ("stderr", "b"),
        ("stdout", "c"),
    ]


def test_a_carriage_return_writes_over_the_line_as_progress_bars_do() -> None:
    assert written(("stdout", "loss 10%\r"), ("stdout", "loss 99%\r"), ("stdout", "done")) == [("stdout", "done 99%")]


def test_windows_line_ends_are_line_ends() -> None:
    assert written(("stdout", "a\r\nb\r\n")) == [("stdout", "a"), ("stdout", "b")]


def test_empty_lines_stay() -> None:
    assert written(("stdout", "\n\na\n")) == [("stdout", ""), ("stdout", ""), ("stdout", "a")]


def test_escapes_become_visible_and_tabs_wide() -> None:
    assert written(("stdout", "\x1b[31mred\ta")) == [("stdout", "␛[31mred        a")]


def test_only_the_last_lines_are_kept_and_the_others_counted() -> None:
    buffer = OutputBuffer(max_lines=3)
    for number in range(5):
        buffer.append("stdout", f"{number}\n")
    assert buffer.text() == "2\n3\n4"
    assert (buffer.dropped_lines, buffer.dropped_characters) == (2, 4)


@pytest.mark.parametrize("buffer", [OutputBuffer(max_lines=3), OutputBuffer(max_characters=6)])
def test_a_long_piece_leaves_the_same_as_its_lines_one_by_one(buffer: OutputBuffer) -> None:
    buffer.append("stdout", "".join(f"{number}\n" for number in range(9)))
    assert buffer.text() == "6\n7\n8"
    assert (buffer.dropped_lines, buffer.dropped_characters) == (6, 12)


def test_a_line_without_end_goes_on_in_new_lines() -> None:
    assert [len(text) for _, text in written(("stdout", "x" * (MAX_LINE + 5)))] == [MAX_LINE, 5]


def test_what_changed_is_told_by_the_lines_dropped_and_the_first_changed() -> None:
    buffer = OutputBuffer(max_lines=3)
    assert buffer.append("stdout", "a\nb") == (0, 0)
    assert buffer.append("stdout", "b\nc\n") == (0, 1)
    assert buffer.append("stdout", "d\n") == (1, 1)


@pytest.mark.parametrize(
    ("text", "width", "rows"),
    [
        ("", 4, [""]),
        ("abcdefgh", 4, ["abcd", "efgh"]),
        ("日本語", 4, ["日本", "語"]),
        ("日本語", 1, ["日", "本", "語"]),
        ("aé日", 3, ["aé", "日"]),
    ],
)
def test_rows_break_where_the_pane_ends(text: str, width: int, rows: list[str]) -> None:
    assert fold(text, width) == rows
