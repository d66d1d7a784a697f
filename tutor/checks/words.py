"""Shapes and places as text, one way everywhere; light to import."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TORCHS = re.compile(r"(?:torch\.Size\()?\[(-?\d+(?:, -?\d+)*)?\]\)?")


def shape_text(shape: Sequence[int | str]) -> str:
    """A shape, or the pattern of one, as `tuple(x.shape)` prints it: "(2, 3)", "(3,)", "(n, 1)"."""
    return f"({shape[0]},)" if len(shape) == 1 else "(" + ", ".join(str(size) for size in shape) + ")"


def index_text(place: tuple[int, ...]) -> str:
    """A place in a tensor as it stands in brackets after its name: "[0, 2]"."""
    return "[" + ", ".join(str(index) for index in place) + "]"


def own_shape(text: str) -> str:
    """A shape in a message of torch, "[2, 3]" or "torch.Size([2, 3])", as we write it; any other text as it is."""
    match = _TORCHS.fullmatch(text)
    return text if match is None else shape_text((match[1] or "").split(", ") if match[1] else ())
