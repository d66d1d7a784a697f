"""The options of a question as rows of styled text, for any width."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"\A\s*```[a-z]*\n(.*?)\n?```\s*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class OptionLine:
    """An option: `mark` is "right", "wrong" or nothing yet; `say` is shown below it where it is not empty."""

    text: str
    picked: bool = False
    mark: str = ""
    say: str = ""


MARKS = {"right": ("✓ ", "bold $success"), "wrong": ("✗ ", "bold $error"), "": ("  ", "")}


def rows(
    options: Sequence[OptionLine], *, width: int, cursor: int | None, several: bool, compact: bool = False
) -> list[tuple[Content, int]]:
    """Each row with the index of its option; -1 for the empty rows between, which `compact` leaves out."""
    out: list[tuple[Content, int]] = []
    for index, option in enumerate(options):
        if out and not compact:
            out.append((Content(""), -1))
        out += [(row, index) for row in option_rows(option, index, width, index == cursor, several)]
    return out


def option_rows(option: OptionLine, index: int, width: int, current: bool, several: bool) -> list[Content]:
    """Pointer, mark, number and text; what there is to say of it below."""
    box = ("[x] " if option.picked else "[ ] ") if several else ""
    head = Content.assemble(
        (" ▸ " if current else "   ", "bold $primary"),
        MARKS[option.mark],
        (f"{index + 1} ", "bold $primary"),
        (box, "bold"),
        " ",
    )
    indent = " " * head.cell_length
    style = "bold" if current or option.picked else ""
    lines = option_text(option.text, style).wrap(max(8, width - head.cell_length))
    out = [head + lines[0], *(Content(indent) + line for line in lines[1:])]
    if option.say:
        bar = Content.assemble(indent, ("│ ", MARKS[option.mark][1].removeprefix("bold ")))
        out += [bar + line for line in with_code(option.say).wrap(max(8, width - head.cell_length - 2))]
    return out


def option_text(text: str, style: str) -> Content:
    """The text of an option; a fenced block stands as it is."""
    fenced = FENCE.match(text)
    if fenced:
        return Content.styled(fenced.group(1), style)
    return with_code(text.strip("\n"), style)


def with_code(text: str, style: str = "") -> Content:
    """The text with `code` between backticks in its colour, and the backticks left out."""
    parts = [(piece, f"{style} $accent" if number % 2 else style) for number, piece in enumerate(CODE.split(text))]
    return Content.assemble(*((piece, look.strip()) for piece, look in parts))
