"""How the tutor looks and moves, by the learner's settings and by what the terminal can do."""

from __future__ import annotations

import os

from textual.filter import LineFilter
from textual.theme import Theme

from tutor.glyphs import shows_unicode
from tutor.settings import Settings
from tutor.theme import INK, TERMINAL
from tutor.widgets.plain_filters import AsciiFilter, NoColours


def filters_of(settings: Settings, *, no_color: bool) -> tuple[LineFilter, ...]:
    """What every drawn line goes through: no colours where none are wanted, ASCII where nothing else can be shown."""
    can = shows_unicode(os.environ)
    ascii_only = settings.glyphs == "ascii" or (settings.glyphs == "auto" and not can)
    filters: list[LineFilter] = [NoColours()] if no_color else []
    return (*filters, AsciiFilter(letters=can)) if ascii_only else tuple(filters)


def theme_of(settings: Settings, themes: dict[str, Theme], *, no_color: bool) -> str:
    """The theme to take: the terminal's own where colours are not wanted, the first where the name is of none."""
    if no_color:
        return TERMINAL.name
    return settings.theme if settings.theme in themes else INK.name


def problem_of(settings: Settings, themes: dict[str, Theme]) -> str:
    """What is wrong with the name of the theme; empty where nothing is."""
    if settings.theme in themes:
        return ""
    return f"There is no theme {settings.theme!r}; there are {', '.join(sorted(themes))}."
