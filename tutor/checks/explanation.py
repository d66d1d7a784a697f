"""What an explanation of a difference is."""

from __future__ import annotations

import msgspec


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A verified reason for a difference; `id` is the relation that verdicts and misconceptions name."""

    id: str
    why: str
    next: str = ""
    line: int | None = None
