"""Verdicts as rows of styled text, for any width."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from textual.content import Content

from tutor.checks.base import Status, Verdict
from tutor.widgets.formats import MUTED, visible

GLYPHS: dict[Status, tuple[str, str]] = {
    Status.PASSED: ("✓", "bold $success"),
    Status.FAILED: ("✗", "bold $error"),
    Status.NOT_ATTEMPTED: ("○", "bold $warning"),
    Status.COULD_NOT_JUDGE: ("?", "bold $warning"),
}
"""Sign and style of each status; the signs differ, so that the colour only repeats what they say."""

_GOT = re.compile(r"\bgot (?P<got>.+?), (?:expected|wanted) (?P<expected>[^,:;]+)", re.IGNORECASE)
_QUOTED = re.compile(r"`([^`\n]+)`")
_TITLE_CAP = 18


def rows(verdicts: Sequence[Verdict], headline: str = "", *, width: int, compact: bool = False) -> list[Content]:
    """One row for each line of the screen, none wider than `width` cells.

    Hidden checks are left out. `compact` leaves out the empty rows, for low panes.
    """
    shown = [verdict for verdict in verdicts if not verdict.hidden]
    width = max(width, 8)
    out: list[Content] = []
    if headline:
        out += _wrap(rich_words(headline, "bold"), width)
    column = _title_column(shown, width)
    spaced = bool(headline)
    for verdict, following in zip_longest(shown, shown[1:]):
        detailed = not verdict.passed and bool(verdict.why or verdict.next) and not _said_below(verdict, following)
        if out and (spaced or detailed) and not compact:
            out.append(Content(""))
        out += _head(verdict, column, width)
        if detailed:
            out += _detail(verdict, width, compact)
        spaced = detailed
    return out


def rich_words(text: str, style: str = "") -> Content:
    """The text with `code` between backticks in bold, and the backticks left out."""
    parts: list[tuple[str, str]] = []
    for number, piece in enumerate(_QUOTED.split(text)):
        parts.append((_clean(piece), f"bold {style}".strip() if number % 2 else style))
    return Content.assemble(*parts)


def _clean(text: str) -> str:
    """Visible text in which line breaks stay."""
    return "\n".join(visible(line) for line in text.expandtabs(4).split("\n"))


def _wrap(content: Content, width: int) -> list[Content]:
    """Rows of at most `width` cells, broken at words where that is possible."""
    return [row.rstrip() for row in content.wrap(max(width, 2))]


def _title_column(verdicts: Sequence[Verdict], width: int) -> int:
    """Cells for the titles, so that the findings stand in one column; longer titles get a row of their own."""
    cap = min(_TITLE_CAP, width // 3)
    return max((length for v in verdicts if (length := Content(visible(v.title)).cell_length) <= cap), default=0)


def _finding(verdict: Verdict) -> Content:
    """The finding; what was got and what was expected stand out, and a passed one steps back."""
    if verdict.passed:
        return rich_words(verdict.finding, MUTED)
    content = rich_words(verdict.finding)
    if verdict.status is Status.FAILED and (found := _GOT.search(content.plain)):
        content = content.stylize("bold $error", *found.span("got"))
        content = content.stylize("bold $success", *found.span("expected"))
    return content


def _head(verdict: Verdict, column: int, width: int) -> list[Content]:
    """Glyph, title and finding; the finding wraps in its own column."""
    glyph, style = GLYPHS[verdict.status]
    title = Content.styled(visible(verdict.title), "bold")
    indent = 2 + column + 2 if column else 4
    finding = _wrap(_finding(verdict), width - indent) if verdict.finding else []
    start = Content.assemble((f"{glyph} ", style))
    if title.cell_length <= column:
        first = start + title.pad_right(indent - 2 - title.cell_length) + (finding[0] if finding else Content(""))
        return [first.rstrip(), *_indented(finding[1:], Content(" " * indent))]
    titles = _wrap(title, width - 2)
    # A title that does not fit the column has its finding below it, where the explanation stands too.
    below = _wrap(_finding(verdict), width - 4) if verdict.finding else []
    return [start + titles[0], *_indented(titles[1:], Content("  ")), *_indented(below, Content("    "))]


def _said_below(verdict: Verdict, following: Verdict | None) -> bool:
    """Whether the next verdict explains the same thing in the same words; then it is said once, below both."""
    return following is not None and (verdict.status, verdict.why, verdict.next) == (
        following.status,
        following.why,
        following.next,
    )


def _detail(verdict: Verdict, width: int, compact: bool) -> list[Content]:
    """The explanation behind a bar, and the next action behind an arrow."""
    out: list[Content] = []
    if verdict.why:
        bar = Content.styled("  │ ", GLYPHS[verdict.status][1].removeprefix("bold "))
        out += _indented(_wrap(rich_words(verdict.why), width - 4), bar)
    if verdict.next:
        if verdict.why and not compact:
            out.append(Content(""))
        first, *rest = _wrap(rich_words(verdict.next), width - 4)
        out.append(Content.styled("  → ", "bold $primary") + first)
        out += _indented(rest, Content("    "))
    return out


def _indented(lines: Iterable[Content], prefix: Content) -> list[Content]:
    return [prefix + line for line in lines]
