"""What `torch-tutor doctor` found, for eyes: aligned, wrapped to the terminal, in colour where that is wanted."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from typing import Any, TextIO

WIDEST = 100
GOOD, BAD, QUIET, STRONG = "32", "31", "2", "1"
"""Colours and weights, as terminals number them."""


class Progress:
    """One line about what goes on, on a terminal; nothing elsewhere."""

    TICK_S = 0.1

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown = False
        self._wanted = stream.isatty() and os.environ.get("TERM") != "dumb"

    def show(self, text: str) -> None:
        """Show the text in place of the last one."""
        if self._wanted:
            self._stream.write(f"\r\x1b[K{text}")
            self._stream.flush()
            self._shown = True

    def clear(self) -> None:
        """Leave the line empty."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._shown = False


class Page:
    """Prints rows to a stream of some width."""

    def __init__(self, stream: TextIO, width: int, *, colour: bool) -> None:
        self._stream = stream
        self._width = max(40, min(width, WIDEST))
        self._colour = colour
        self._fixes: set[str] = set()

    def _styled(self, text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self._colour and style else text

    def heading(self, text: str) -> None:
        """A section begins."""
        self._stream.write(f"\n{self._styled(text, STRONG)}\n")

    def blank(self) -> None:
        """An empty line."""
        self._stream.write("\n")

    def row(self, head: str, text: str, *, indent: int, style: str = "") -> None:
        """A head in its own style, and a text beside it that is wrapped below itself, `indent` columns in."""
        lines = textwrap.wrap(text, self._width - indent, break_on_hyphens=False) or [""]
        gap = " " * max(1, indent - len(head))
        self._stream.write(f"{self._styled(head, style)}{gap}{lines[0]}".rstrip() + "\n")
        for line in lines[1:]:
            self._stream.write(f"{' ' * indent}{line}\n")

    def judged(self, good: bool, word: str, name: str, text: str, columns: tuple[int, int]) -> None:
        """A row of a table: mark and word in colour, a name, a text; `columns` is where name and text begin."""
        at_name, at_text = columns
        mark = self._styled(f"  {'✓' if good else '✗'} {word}".ljust(at_name), GOOD if good else BAD)
        lines = textwrap.wrap(text, self._width - at_text, break_on_hyphens=False) or [""]
        self._stream.write(f"{mark}{name.ljust(at_text - at_name)}{lines[0]}".rstrip() + "\n")
        for line in lines[1:]:
            self._stream.write(f"{' ' * at_text}{line}\n")

    def fix(self, text: str, indent: int) -> None:
        """What to do about the row above; in full only the first time."""
        if text:
            self.row(f"{' ' * indent}→", "As above." if text in self._fixes else text, indent=indent + 2)
            self._fixes.add(text)

    def text(self, text: str, style: str = "") -> None:
        """A paragraph."""
        for line in textwrap.wrap(text, self._width, break_on_hyphens=False):
            self._stream.write(self._styled(line, style) + "\n")


def print_found(found: dict[str, Any], stream: TextIO | None = None) -> None:
    """Print what was found."""
    stream = stream or sys.stdout
    colour = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    page = Page(stream, shutil.get_terminal_size().columns, colour=colour)
    _machine(page, found)
    if found["protections"]:
        _protections(page, found)
    _levels(page, found)
    _primitives(page, found)
    if found["canaries"]:
        _canaries(page, found)
    _last_words(page, found)


def _machine(page: Page, found: dict[str, Any]) -> None:
    screen = found["terminal"]
    inside = f", inside {found['container']}" if found["container"] else ""
    page.text(f"torch-tutor {found['tutor']}   Python {found['python']}   {found['system']}{inside}")
    if found["torch"]:
        loaded = f"{found['torch']}, loaded in {found['torch_load_s']} s, devices: {', '.join(found['devices'])}"
        page.row("torch", loaded, indent=12)
    size = f"{screen['columns']}×{screen['lines']}"
    page.row("terminal", f"{size}, TERM={screen['term'] or 'not set'}, {screen['encoding']}", indent=12)
    for name in ("data", "cache"):
        place = found[name]
        page.row(name, place["path"] + ("" if place["writable"] else "   can not be written"), indent=12)
    if found["trial"]:
        page.row("trial run", f"{found['trial']['outcome']} in {found['trial']['seconds'] * 1000:.0f} ms", indent=12)
        if found["trial"]["says"]:
            page.row("", found["trial"]["says"], indent=12)
    if found["level"]:
        how = "as asked for" if found["asked"] else "the strongest that works here"
        page.row("isolation", f"{found['level']}, {how}", indent=12)


def _protections(page: Page, found: dict[str, Any]) -> None:
    page.heading(f"What protects this machine from a run, at the {found['level']} level")
    for one in found["protections"]:
        page.judged(one["on"], "on" if one["on"] else "off", one["name"], one["why"], (9, 26))
        page.fix(one["fix"], 26)


def _levels(page: Page, found: dict[str, Any]) -> None:
    page.heading("The levels of isolation, strongest first")
    for one in found["levels"]:
        whose = "the code of people you don't know" if one["strangers"] else "your own code"
        text = f"{'taken; ' if one['taken'] else ''}fit for {whose}" if one["works"] else one["why"]
        page.judged(one["works"], "yes" if one["works"] else "no", one["name"], text, (9, 26))
        page.fix(one["fix"], 26)


def _primitives(page: Page, found: dict[str, Any]) -> None:
    page.heading("What they are made of (docs/sandbox.md explains the words)")
    works = [one["name"] for one in found["primitives"] if one["works"] and "." not in one["name"]]
    if works:
        page.judged(True, "yes", "", ", ".join(works), (9, 9))
    for one in found["primitives"]:
        if not one["works"]:
            page.judged(False, "no", "", f"{one['name']} ({one['means']}): {one['why']}", (9, 9))
            page.fix(one["fix"], 9)


def _canaries(page: Page, found: dict[str, Any]) -> None:
    page.heading(f"{len(found['canaries'])} attacks on this sandbox, run as your code runs")
    for one in found["canaries"]:
        word = "HOLDS" if one["holds"] else "BROKEN"
        page.judged(one["holds"], word, one["name"], one["detail"], (12, 46))


def _last_words(page: Page, found: dict[str, Any]) -> None:
    page.blank()
    broken = [one for one in found["canaries"] if not one["holds"]]
    if found["fault"]:
        page.text(found["fault"]["why"], BAD)
        page.fix(found["fault"]["fix"], 0)
    if broken:
        count = f"{len(broken)} of {len(found['canaries'])} attacks"
        page.text(f"The sandbox did not hold against {count}. Run only code that you trust here.", BAD)
    if found["trial"] and found["trial"]["says"]:
        page.text("The trial run failed, so nothing else was tried.", BAD)
    if not found["data"]["writable"]:
        page.text(f"Your progress can't be kept: {found['data']['path']} can't be written.", BAD)
    if found["ok"]:
        page.text("Everything works.", GOOD)
