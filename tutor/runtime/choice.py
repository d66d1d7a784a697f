"""Which levels of isolation are tried, in which order, and what is said where none can be had."""

from __future__ import annotations

import os

from tutor.runtime.levels import BUILT
from tutor.runtime.protocol import Level

LEVEL_VARIABLE = "TORCH_TUTOR_LEVEL"
"""Environment variable that asks for a level."""


class RuntimeFault(Exception):
    """The runtime can't start: torch can't be imported, or the level asked for can't be had."""


def asked_level(given: Level | None) -> Level | None:
    """The level that is given, else that of the environment; RuntimeFault for a name that is none."""
    named = os.environ.get(LEVEL_VARIABLE, "")
    if given is not None or not named:
        return given
    try:
        return Level(named)
    except ValueError:
        known = ", ".join(level.value for level in BUILT)
        raise RuntimeFault(f"{LEVEL_VARIABLE} is {named!r}; it can be {known}") from None


def wanted(asked: Level | None, device: str, *, strict: bool) -> tuple[Level, ...]:
    """The levels to try, in order: only the one that was asked for where `strict`."""
    if device != "cpu":  # a GPU does not survive a fork
        if strict and asked not in (None, Level.SPARE):
            raise RuntimeFault(f"{device} can be used only at the spare level, not at {asked}.")
        return (Level.SPARE,)
    if asked is None:
        return BUILT
    return (asked,) if strict else (asked, *(level for level in BUILT if level is not asked))


def sentence(failures: list[str]) -> str:
    """Why each level could not be had, as one sentence."""
    why = "; ".join(failures)
    return why[:1].upper() + why[1:]
