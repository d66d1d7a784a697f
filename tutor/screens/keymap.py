"""Every command that has a key, and whether the keys that a learner wants for them can be had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache

import msgspec
from textual.binding import Binding, BindingType
from textual.keys import KEY_NAME_REPLACEMENTS, Keys, key_to_character

from tutor.keys import key_name

PLACES = {
    "TutorApp": "Everywhere",
    "Workspace": "In a lesson",
    "CourseMap": "On the map",
    "CodeEditor": "In the editor",
    "OrderedLines": "In the lines",
    "ParameterRows": "In the values",
    "CurveView": "In the curve",
    "TraceView": "In the trace",
    "PlotsView": "In the plots",
    "GraphView": "In the graph",
    "ConsoleView": "In the console",
}
"""What has commands, by the names of the classes, and how it is called."""
ANYWHERE = ("TutorApp", "Workspace")
"""Places whose keys hold while the learner writes."""
NAMED = {key.value for key in Keys if key.value.isalnum()} | set(KEY_NAME_REPLACEMENTS.values())
MODIFIERS = {"ctrl", "shift", "alt", "super", "hyper", "meta"}


class Command(msgspec.Struct, frozen=True):
    """What a key does: its id, where it holds, its name, what it does in a sentence, and its first keys."""

    id: str
    place: str
    name: str
    meaning: str
    keys: tuple[str, ...]


@cache
def all_commands() -> dict[str, Command]:
    """Every command that has an id, by it, in the order in which they are declared."""
    found: dict[str, Command] = {}
    for place, bindings in _places():
        for binding in bindings:
            if isinstance(binding, Binding) and binding.id:
                meaning = binding.tooltip or binding.description
                keys = tuple(key.strip() for key in binding.key.split(","))
                found.setdefault(binding.id, Command(binding.id, place, binding.description, meaning, keys))
    return found


def _places() -> Iterator[tuple[str, Sequence[BindingType]]]:
    from tutor.screens.app_keys import APP_KEYS
    from tutor.screens.course_map import CourseMap
    from tutor.screens.workspace import Workspace
    from tutor.widgets.console import ConsoleView
    from tutor.widgets.curve import CurveView
    from tutor.widgets.editor import CodeEditor
    from tutor.widgets.graph import GraphView
    from tutor.widgets.line_order import OrderedLines
    from tutor.widgets.parameters import ParameterRows
    from tutor.widgets.plots import PlotsView
    from tutor.widgets.trace import TraceView

    views = (CodeEditor, OrderedLines, ParameterRows, CurveView, PlotsView, TraceView, GraphView, ConsoleView)
    yield "TutorApp", APP_KEYS
    yield from ((node.__name__, node.BINDINGS) for node in (Workspace, CourseMap, *views))


def keys_of(command: Command, given: Mapping[str, str]) -> tuple[str, ...]:
    """The keys that a command has, where some were `given` others."""
    keys = given.get(command.id, "")
    return tuple(key.strip() for key in keys.split(",")) if keys.strip() else command.keys


def taken_by(key: str, command: Command, given: Mapping[str, str]) -> Command | None:
    """Another command that has the key where this one holds."""
    for other in all_commands().values():
        if other.id != command.id and key in keys_of(other, given) and _meet(command.place, other.place):
            return other
    return None


def _meet(one: str, other: str) -> bool:
    """Whether two places can be there at the same time."""
    if one == other or "TutorApp" in (one, other):
        return True
    return "Workspace" in (one, other) and "CourseMap" not in (one, other)


def why_not(key: str, command: Command, given: Mapping[str, str]) -> str:
    """Why a command can't have a key; empty where it can."""
    *modifiers, last = key.split("+") if key != "+" else [key]
    if (last not in NAMED and key_to_character(last) is None) or not set(modifiers) <= MODIFIERS:
        return f"“{key}” is the name of no key; keys are named f5, ctrl+r, alt+up, escape."
    typed = not set(modifiers) - {"shift"} and (len(last) == 1 or last in ("space", "enter", "tab", "backspace"))
    if typed and command.place in ANYWHERE:
        return f"{key_name(key)} is needed for typing; take a function key, or one with Ctrl or Alt."
    other = taken_by(key, command, given)
    return f"{key_name(key)} is taken: {other.name}." if other is not None else ""


def problems(given: Mapping[str, str]) -> list[str]:
    """What is wrong with the keys of a settings file, one sentence each."""
    found = []
    commands = all_commands()
    for name in given:
        if name not in commands:
            near = get_close_matches(name, commands, 1)
            found.append(f"keys: there is no command “{name}”" + (f"; did you mean “{near[0]}”?" if near else "."))
            continue
        reasons = (why_not(key, commands[name], given) for key in keys_of(commands[name], given))
        found += [f"keys, “{name}”: {reason}" for reason in reasons if reason]
    return found
