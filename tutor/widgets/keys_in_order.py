"""Keys of a widget in the order in which they were pressed.

Textual inserts a letter when its key arrives, but runs what another key is bound to only when that key has gone all
the way up to the app. Of a backspace and a letter that come together, as they do from a quick typist while much is
drawn, the letter would come first, and be what is deleted.
"""

from __future__ import annotations

from textual import events
from textual.widget import Widget
from textual.widgets import Input


async def ran_at_once(widget: Widget, event: events.Key) -> bool:
    """Run what a key is bound to in the widget itself; keys that a learner may bind anew go Textual's way."""
    if event.is_printable:
        return False
    for binding in widget._bindings.key_to_bindings.get(event.key, ()):
        if not binding.priority and not binding.id and await widget.app.run_action(binding.action, widget):
            return True
    return False


class OrderedInput(Input):
    """A line of text whose keys act in their order."""

    async def _on_key(self, event: events.Key) -> None:
        if await ran_at_once(self, event):
            event.stop()
            event.prevent_default()
