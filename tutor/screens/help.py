"""The help screen: the keys that hold where it was asked for, and what the marks mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from tutor.screens.keymap import PLACES
from tutor.screens.name_help import about_name
from tutor.widgets.dialog import Dialog

MARKS = (
    ("○", "new"),
    ("◐", "begun"),
    ("●", "passed"),
    ("◉", "passed, with the answer shown"),
    ("✓", "a check that passed, or a right option"),
    ("✗", "a check that failed, or a wrong option"),
    ("→", "something to try next"),
)
EDITING = (
    (".", "After what is known, a list of names: ↑ ↓ choose, Tab takes, Esc closes"),
    ("Tab", "After a letter, goes on with the word; else spaces; selected lines go right"),
    ("Shift+Tab", "Lines go left"),
    ("^Z  ^Y", "Undo, redo"),
    ("^C  ^X  ^V", "Copy, cut, paste"),
    ("^W  ^K", "Delete the word before, the rest of the line"),
)


class Help(Dialog[None]):
    """A list of keys, taken from what really holds, so that remapped keys are right."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,q,enter", "dismiss", "Close", show=False, priority=True)
    ]

    def __init__(self, asked_from: Screen[Any]) -> None:
        super().__init__()
        self._keys = list(asked_from.active_bindings.values())
        self._in_lesson = type(asked_from).__name__ == "Workspace"
        self._about = about_name(asked_from)

    def compose(self) -> Iterable[Widget]:
        """One text that scrolls."""
        with VerticalScroll(id="help"):
            yield Static(self._text())

    def _text(self) -> Content:
        parts: list[Content] = [self._about] if self._about is not None else []
        parts += [section(title, lines) for title, lines in self._sections()]
        if self._in_lesson:
            parts.append(section("While you write", EDITING))
        parts.append(section("Marks", MARKS))
        parts.append(Content.styled("Esc closes this page. All of it works by mouse, too.", "$quiet"))
        return Content("\n\n").join(parts)

    def _sections(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        for name, title in PLACES.items():
            lines = list(self._lines(name))
            if lines:
                yield title, lines

    def _lines(self, name: str) -> Iterator[tuple[str, str]]:
        """Keys and what they do, in the order in which the place declares them."""
        by_action: dict[str, list[Binding]] = {}
        order: dict[str, int] = {}
        for active in self._keys:
            if type(active.node).__name__ == name and active.binding.id:
                by_action.setdefault(active.binding.action, []).append(active.binding)
                declared = [each.action for each in type(active.node).BINDINGS if isinstance(each, Binding)]
                order[active.binding.action] = declared.index(active.binding.action)
        for action in sorted(by_action, key=order.__getitem__):
            same = by_action[action]
            keys = "  ".join(dict.fromkeys(self.app.get_key_display(binding) for binding in same))
            yield keys, same[0].tooltip or same[0].description


def section(title: str, lines: Iterable[tuple[str, str]]) -> Content:
    """A title, and lines of a key and what it does."""
    rows = [Content.styled(title, "bold $primary")]
    rows += [Content.assemble((f"  {key:<12}", "bold"), f"  {text}") for key, text in lines]
    return Content("\n").join(rows)
