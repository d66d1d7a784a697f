"""The keys that work everywhere."""

from __future__ import annotations

from textual.binding import Binding

APP_KEYS = (
    Binding("f1", "help", "Help", tooltip="All keys and marks", id="app.help", priority=True),
    Binding(
        "ctrl+p",
        "command_palette",
        "All commands",
        tooltip="Find a command by name",
        id="app.palette",
        priority=True,
    ),
    Binding("f12", "settings", "Settings", tooltip="Colours, marks, keys, sizes", id="app.settings", priority=True),
    Binding("ctrl+q", "quit", "Quit", tooltip="Save and leave", id="app.quit", priority=True),
)
