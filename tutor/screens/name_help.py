"""The part of the help page that is about the name under the cursor."""

from __future__ import annotations

from typing import Any

from textual.content import Content
from textual.screen import Screen

from tutor.completion.names import Explained
from tutor.completion.signatures import arguments
from tutor.widgets.completing import Completing

KINDS = {"m": "a module", "c": "a class"}
WIDTH = 70


def about_name(screen: Screen[Any]) -> Content | None:
    """What is known of the name under the cursor, where the editor has the focus."""
    focused = screen.focused
    found = focused.explained() if isinstance(focused, Completing) else None
    return told(found) if found is not None else None


def told(found: Explained) -> Content | None:
    """Name, signature and the first paragraph of its text; None where there is nothing but the name."""
    what = found.what
    kind = KINDS.get(what.kind, "") or (f"a {what.gives.rpartition('.')[2]}" if what.kind == "v" and what.gives else "")
    if not (what.forms or what.text or kind):
        return None
    forms = [Content.assemble((found.name, "bold $primary"), *_rows(found.name, form)) for form in what.forms]
    rows = forms or [Content.assemble((found.name, "bold $primary"), f"  {kind}")]
    return Content("\n").join([*rows, Content(what.text)] if what.text else rows)


def _rows(name: str, form: str) -> list[str]:
    """A signature in one line, or broken between its arguments."""
    if len(name) + len(form) <= WIDTH:
        return [form]
    lines: list[str] = []
    line = "("
    held = arguments(form)
    for number, one in enumerate(held):
        text = one + (", " if number < len(held) - 1 else ")")
        room = WIDTH - (len(name) if not lines else 4)
        if len(line) + len(text.rstrip()) > room:
            lines.append(line.rstrip())
            line = ""
        line += text
    return ["\n    ".join([*lines, line])]
