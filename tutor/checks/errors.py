"""Errors of Python and torch, explained with the learner's own names and shapes."""

from __future__ import annotations

import msgspec

from tutor.runtime.protocol import ErrorReport


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """What an error means and what to try."""

    id: str
    why: str
    next: str = ""


def explain_error(error: ErrorReport) -> Explained | None:
    """The explanation of an error that we know; None for any other."""
    return None
