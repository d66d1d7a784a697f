"""Keys of a widget in the order in which they were pressed.

Textual inserts a letter when its key arrives, but runs what another key is bound to only when that key has gone all
the way up to the app. Of a backspace and a letter that come together, as they do from a quick typist while much is
drawn, the letter would come first, and be what is deleted. And a key that the app takes before the widget sees it, such
as "run" or "quit", would act on what stood there before the text that was pasted ahead of it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from textual import events
from textual.widget import Widget
from textual.widgets import Input

PATIENCE_S = 1.0


async def ran_at_once(widget: Widget, event: events.Key) -> bool:
    """Run what a key is bound to in the widget itself; keys that a learner may bind anew go Textual's way."""
    if event.is_printable:
        return False
    for binding in widget._bindings.key_to_bindings.get(event.key, ()):
        if not binding.priority and not binding.id and await widget.app.run_action(binding.action, widget):
            return True
    return False


async def typed(widget: Widget | None) -> None:
    """Wait until the widget has dealt with all that was sent to it; at most PATIENCE_S, should it be waiting itself."""
    if widget is None or not widget.message_queue_size:
        return
    done = asyncio.Event()
    widget.call_later(done.set)
    with suppress(TimeoutError):
        await asyncio.wait_for(done.wait(), PATIENCE_S)


class OrderedInput(Input):
    """A line of text whose keys act in their order."""

    async def _on_key(self, event: events.Key) -> None:
        if await ran_at_once(self, event):
            event.stop()
            event.prevent_default()
