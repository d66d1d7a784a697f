from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from tutor.theme import CODE, CONTRAST, INK, OURS, PAPER, TERMINAL, variables_for

WORDS = ("primary", "secondary", "accent", "success", "warning", "error", "foreground")


def luminance(color: Color) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = (value / 255 for value in color.rgb)
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(word: Color, ground: Color) -> float:
    bright, dark = sorted((luminance(ground.blend(word, word.a)), luminance(ground)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def words_of(theme: Theme) -> dict[str, Color]:
    variables = {**variables_for(theme), **theme.variables}
    words = {name: getattr(theme, name) for name in WORDS}
    words |= {name: variables[name] for name in ("quiet", *(f"code-{name}" for name in CODE))}
    return {name: colour(value) for name, value in words.items()}


def colour(value: str) -> Color:
    """A colour, with the share of it that "#D8DEE4 65%" names."""
    solid, _, share = value.partition(" ")
    return Color.parse(solid).with_alpha(float(share.rstrip("%")) / 100 if share else 1.0)


@pytest.mark.parametrize(
    ("theme", "least"), [(INK, 4.5), (PAPER, 4.5), (CONTRAST, 7.0)], ids=["ink", "paper", "contrast"]
)
def test_words_stand_out_from_their_ground(theme: Theme, least: float) -> None:
    grounds = [Color.parse(theme.background or ""), Color.parse(theme.panel or "")]
    poor = {
        name: round(worst, 2)
        for name, word in words_of(theme).items()
        if (worst := min(ratio(word, ground) for ground in grounds)) < least
    }
    assert not poor


def test_the_terminals_theme_names_no_colour_of_its_own() -> None:
    assert TERMINAL.ansi
    assert all(getattr(TERMINAL, name).startswith("ansi_") for name in WORDS)
    assert not [value for value in {**variables_for(TERMINAL), **TERMINAL.variables}.values() if "#" in value]


def test_every_theme_of_ours_has_its_colours_of_code() -> None:
    for theme in OURS:
        assert {f"code-{name}" for name in CODE} <= set(theme.variables)
