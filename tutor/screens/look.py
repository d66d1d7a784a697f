"""How the tutor looks and moves, by the learner's settings and by what the terminal can do."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from textual import on
from textual.app import App
from textual.constants import TEXTUAL_ANIMATIONS
from textual.events import DescendantFocus
from textual.filter import LineFilter, Monochrome
from textual.theme import Theme
from textual.widgets import Input, TextArea

from tutor.glyphs import shows_unicode
from tutor.keys import remember
from tutor.paths import SERVED_VARIABLE
from tutor.screens.base import TutorScreen
from tutor.screens.services import Services
from tutor.settings import Settings
from tutor.theme import INK, OURS, TERMINAL, variables_for
from tutor.widgets.plain_filters import AsciiFilter, NoColours

BROWSER_KEYS = {"lesson.next": "alt+j", "lesson.next_tab": "alt+v", "app.quit": "alt+x"}
"""Keys in place of those that a browser does not give away: ^N, ^T and ^Q."""


def filters_of(settings: Settings, *, no_color: bool) -> tuple[LineFilter, ...]:
    """What every drawn line goes through: no colours where none are wanted, ASCII where nothing else can be shown."""
    can = shows_unicode(os.environ)
    can = can or SERVED_VARIABLE in os.environ  # a browser can
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


class SettledApp(App[int]):
    """An app that looks, moves and listens as its settings say."""

    _filters_of_ours: tuple[LineFilter, ...] = ()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        # Here and not on mount, where a new theme would have the stylesheet parsed a second time.
        for theme in OURS:
            self.register_theme(theme)
        self.take_settings()

    def take_settings(self) -> None:
        """Look, move and listen as the settings say."""
        values = self.services.settings.values
        self._filters_of_ours = filters_of(values, no_color=self.no_color)
        self.theme = theme_of(values, self.available_themes, no_color=self.no_color)
        self.animation_level = "none" if values.motion == "reduced" else TEXTUAL_ANIMATIONS
        keys = {**(BROWSER_KEYS if SERVED_VARIABLE in os.environ else {}), **values.keys}
        remember(keys)
        self.set_keymap(keys)
        for screen in self.screen_stack if self.is_running else ():
            if isinstance(screen, TutorScreen):
                screen.settings_changed()
            for widget in screen.walk_children(with_self=True):
                widget.refresh()

    def change_settings(self, **new: Any) -> None:
        """Take new settings, and keep them."""
        problem = self.services.settings.change(**new)
        if problem:
            self.notify(problem, title="Your settings", severity="warning", markup=False)
        self.take_settings()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every drawn line goes through."""
        theirs = (each for each in super().get_line_filters() if not isinstance(each, Monochrome))  # it leaves greys
        return [*theirs, *self._filters_of_ours]

    @on(DescendantFocus)
    def _calm(self, event: DescendantFocus) -> None:
        """A cursor that does not blink, where nothing should move."""
        if self.services.settings.values.motion == "reduced" and isinstance(event.widget, Input | TextArea):
            event.widget.cursor_blink = False

    def _keep_theme(self, theme: Theme) -> None:
        """A theme that was chosen in the palette is kept, too; without colours there is but one."""
        if theme.name == theme_of(self.services.settings.values, self.available_themes, no_color=self.no_color):
            return
        if self.no_color:
            self.notify("NO_COLOR is set, so there are no colours to choose.")
            self.take_settings()
        else:
            self.change_settings(theme=theme.name)

    def tell_problems(self) -> None:
        """Tell once what of the settings file could not be taken."""
        settings = self.services.settings
        problems = [*settings.problems, problem_of(settings.values, self.available_themes)]
        for problem in filter(None, problems):
            self._tell_problem(problem)

    def _tell_problem(self, problem: str) -> None:
        self.notify(problem, title="Your settings", severity="warning", markup=False, timeout=20)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours of code and of quiet words, for themes that have none."""
        return variables_for(self.current_theme)
