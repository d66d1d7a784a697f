"""A picture of the screen as text: its rows, and the look of every cell, in as many themes as are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from string import ascii_letters, digits
from typing import Any

import msgspec
from rich.style import Style
from textual.app import App

LETTERS = ascii_letters + digits + "!#$%&()*+,-./:;<=>?@[]^_{}~"
ATTRIBUTES = ("bold", "dim", "italic", "underline", "reverse", "strike")


class Screenshot(msgspec.Struct, frozen=True):
    """What is on the screen: a text for each row, and for each cell of it how it looks."""

    rows: tuple[str, ...]
    looks: tuple[tuple[str, ...], ...]


def taken(app: App[Any]) -> Screenshot:
    """The screen as it would be drawn now."""
    strips = app.screen._compositor.render_strips()
    rows = tuple("".join(segment.text for segment in strip).rstrip() for strip in strips)
    looks = tuple(
        tuple(look for segment in strip for look in [look_of(segment.style)] * segment.cell_length) for strip in strips
    )
    return Screenshot(rows, looks)


def look_of(style: Style | None) -> str:
    """Colours and attributes: "bold #EE6C4D on #14181D"."""
    if style is None:
        return "none"
    words = [name for name in ATTRIBUTES if getattr(style, name)]
    colours = (colour.name if colour is not None else "default" for colour in (style.color, style.bgcolor))
    return " ".join([*words, " on ".join(colours)])


def picture(shots: Sequence[Screenshot]) -> str:
    """One text of several themes: the rows, which are the same in all, then a letter for the looks of each cell."""
    first = shots[0]
    for shot in shots:
        different = [pair for pair in zip(first.rows, shot.rows, strict=True) if pair[0] != pair[1]]
        assert not different, f"the themes differ in more than colours: {different}"
    cells = [list(zip(*row, strict=True)) for row in zip(*(shot.looks for shot in shots), strict=True)]
    legend: dict[tuple[str, ...], str] = {}
    lines = []
    for row in cells:
        for looks in row:
            legend.setdefault(looks, LETTERS[len(legend)])
        runs = ((legend[looks], len(list(same))) for looks, same in groupby(row))
        lines.append(" ".join(f"{letter}{count}" for letter, count in runs))
    meanings = [f"{letter}  {'   |   '.join(looks)}" for looks, letter in legend.items()]
    return "\n".join([*first.rows, "", *lines, "", *meanings]) + "\n"
