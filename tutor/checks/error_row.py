"""What a known error is."""

from __future__ import annotations

from typing import NamedTuple

RUNTIME = ("RuntimeError",)
TYPE = ("TypeError",)
VALUE = ("ValueError",)
INDEX = ("IndexError",)
ATTRIBUTE = ("AttributeError",)


class Row(NamedTuple):
    """One error, by type and message: `why` and `next` may name the pattern's groups as {g1}, and {a1} with a or an."""

    id: str
    types: tuple[str, ...]
    pattern: str
    why: str
    next: str = ""
    shapes: bool = False
    """Whether the shapes of the tensors in the failing line belong to the explanation."""
