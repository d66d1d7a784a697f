"""Kinds of checks from other distributions, by the entry point `torch_tutor.checks`.

The name of an entry point is the name of the kind, and it leads to a class that is made as the built-in ones are. They
are looked for only where a course names a kind that is not built in.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint

import msgspec

from tutor.checks import KINDS
from tutor.checks.base import Check

GROUP = "torch_tutor.checks"


class PluginFault(Exception):
    """A plug-in can't be used; the text says which, and why."""


def kind_named(name: str) -> type[Check] | None:
    """The kind of that name; None where there is none, PluginFault where the plug-in that has it does not work."""
    return KINDS.get(name) or _from_plugin(name)


def names() -> list[str]:
    """The names of all kinds, those of plug-ins last."""
    return [*KINDS, *sorted(point.name for point in _points() if point.name not in KINDS)]


@cache
def _points() -> tuple[EntryPoint, ...]:
    from importlib.metadata import entry_points  # takes as long as reading a course

    return tuple(entry_points(group=GROUP))


@cache
def _from_plugin(name: str) -> type[Check] | None:
    point = next((point for point in _points() if point.name == name), None)
    if point is None:
        return None
    where = f"the plug-in for `{name}` ({point.dist.name if point.dist else point.value})"
    try:
        kind = point.load()
    except Exception as error:  # anything may happen in someone else's module
        raise PluginFault(f"{where} can't be loaded: {type(error).__name__}: {error}") from error
    if not isinstance(kind, type) or not issubclass(kind, Check):
        raise PluginFault(
            f"{where} gives no kind of check: {point.value} must be a subclass of tutor.checks.base.Check"
        )
    if getattr(kind, "kind", None) != name:
        raise PluginFault(f'{where} must say `kind = "{name}"` in its class')
    try:
        msgspec.json.decode(b"{}", type=kind)
    except msgspec.ValidationError:
        pass  # a required field is missing, as it should be
    except (TypeError, RuntimeError) as error:
        raise PluginFault(f"{where} has fields that can't be read: {error}") from error
    return kind
