"""Small changes of a program that is put together from lines: one line put away, moved, or brought back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tutor.checks.edits import Edit


def line_moves(code: str, lines: Sequence[str]) -> Iterator[Edit]:
    """The changes, small ones first; `lines` are all that there are, of which the program has some."""
    used = [line for line in code.splitlines() if line.strip()]
    for index in range(len(used)):
        yield Edit(index + 1, "put it away", _program([*used[:index], *used[index + 1 :]]))
    for distance in range(1, len(used)):
        for index in range(len(used) - distance):
            for start, end in ((index, index + distance), (index + distance, index)):
                if distance > 1 or start > end:  # one place up and one place down are the same change
                    yield _moved(used, start, end)
    for line in (Counter(lines) - Counter(used)).elements():
        for index in range(len(used) + 1):
            change = f"bring back `{line.strip()}`, so that it stands here"
            yield Edit(index + 1, change, _program([*used[:index], line, *used[index:]]))


def _moved(lines: Sequence[str], start: int, end: int) -> Edit:
    rest = [*lines[:start], *lines[start + 1 :]]
    side, neighbour = ("above", lines[end]) if end < start else ("below", lines[end])
    change = f"move it {side} `{neighbour.strip()}`"
    return Edit(start + 1, change, _program([*rest[:end], lines[start], *rest[end:]]))


def _program(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
