"""Everything that has a key, as commands of the palette."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from textual.app import SystemCommand
from textual.screen import Screen


def commands(screen: Screen[Any]) -> Iterator[SystemCommand]:
    """The bindings with an id that hold here; their keys stand in the help text."""
    app = screen.app
    seen: set[str] = set()
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.id is None or binding.id in seen or not active.enabled:
            continue
        seen.add(binding.id)

        def run(action: str = binding.action, node: Any = active.node) -> None:
            app.call_later(app.run_action, action, node)

        callback: Callable[[], None] = run
        yield SystemCommand(
            f"{binding.description}  {app.get_key_display(binding)}", binding.tooltip or binding.description, callback
        )
    yield SystemCommand("Theme", "Choose other colours", app.action_change_theme)
    yield SystemCommand("Tour", "Three pages for the first time", partial(app.run_action, "tour"))
