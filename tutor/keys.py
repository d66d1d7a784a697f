"""The names of keys, as texts speak of them: F5, ^R, Shift+F6; as they are now, where a command was given others."""

from __future__ import annotations

from collections.abc import Mapping

NAMES = {
    "@": "Space",
    "slash": "/",
    "underscore": "_",
    "escape": "Esc",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "question_mark": "?",
    "comma": ",",
    "full_stop": ".",
    "minus": "-",
    "plus": "+",
    "equals_sign": "=",
}

SPOKEN_OF = {
    "F1": "app.help",
    "^P": "app.palette",
    "^Q": "app.quit",
    "F5": "lesson.run",
    "Esc": "lesson.stop",
    "F2": "lesson.hint",
    "F3": "lesson.answer",
    "^N": "lesson.next",
    "^B": "lesson.back",
    "F4": "lesson.map",
    "F6": "lesson.pane",
    "/": "map.search",
    "R": "map.reset",
    "T": "map.test_out",
    "Alt+Q": "lesson.tab_questions",
    "L": "curve.log",
    "A": "curve.average",
    "+": "curve.nearer",
    "-": "curve.farther",
}
"""The keys that texts name, and the commands that they have at first."""

_now: dict[str, str] = {}


def key_name(key: str) -> str:
    """The name of a key: "^R" of "ctrl+r", "Shift+F6" of "shift+f6"."""
    *modifiers, last = key.split("+")
    last = NAMES.get(last, last.upper() if len(last) < 3 else last.title())
    held = "".join("^" if modifier == "ctrl" else f"{modifier.title()}+" for modifier in modifiers)
    return held + last


def key(at_first: str) -> str:
    """The name of the key that now does what `at_first` did before keys were changed; other words stay as they are."""
    return _now.get(SPOKEN_OF.get(at_first, ""), at_first)


def remember(keymap: Mapping[str, str]) -> None:
    """Take the keys that commands have been given, by the commands' ids; each may have several, with commas between."""
    _now.clear()
    _now.update({command: key_name(keys.split(",")[0].strip()) for command, keys in keymap.items() if keys.strip()})
