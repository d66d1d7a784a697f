"""What an author writes for an argument of `call`: "float[n, 3]", "0 <= long[n] < c", "bool[...]", "int"."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

_NUMBER = r"-?\d+(?:\.\d+)?"
_BOUND = rf"{_NUMBER}|[A-Za-z_]\w*"
_FORM = re.compile(
    rf"(?:(?P<left>{_BOUND})\s*(?P<left_op><=?)\s*)?(?P<type>[a-z]+\d*)\s*(?:\[(?P<dims>[^\[\]]*)\])?"
    rf"(?:\s*(?P<right_op><=?|>=?)\s*(?P<right>{_BOUND}))?"
)
_DIM = re.compile(r"\d+|[A-Za-z_]\w*|\.\.\.")

DTYPES = {
    "float": "float32",
    "double": "float64",
    "long": "int64",
    "int": "int32",
    "bool": "bool",
    "float32": "float32",
    "float64": "float64",
    "int64": "int64",
    "int32": "int32",
    "uint8": "uint8",
}
"""The types of tensors, as torch names them."""
PLAIN = ("float", "int", "bool")
"""The types that, without brackets, stand for a number of Python."""
HELP = 'write such as "float[n, 3]", "long[n] < 10", "0 < float[...] <= 1", "bool[n]", or "int" for a plain number'

Bound = float | str


class Argument(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of argument: a tensor with these dimensions, or a plain number (`dims` is None)."""

    type: str
    dims: tuple[int | str, ...] | None = None
    """Sizes; a name is any size, the same name the same size; "..." (first only) is any number of dimensions."""
    low: Bound | None = None
    high: Bound | None = None
    above: bool = False
    """Whether `low` itself is left out."""
    below: bool = False
    """Whether `high` itself is left out."""

    @property
    def dtype(self) -> str:
        """The dtype of the tensor."""
        return DTYPES[self.type]

    @property
    def whole(self) -> bool:
        """Whether its numbers are whole ones."""
        return self.type not in ("float", "double", "float32", "float64")

    @property
    def bounded(self) -> bool:
        """Whether its numbers have any bound."""
        return self.low is not None or self.high is not None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its dimensions."""
        return tuple(dim for dim in self.dims or () if isinstance(dim, str) and dim != "...")


def argument(text: str) -> Argument:
    """The kind of argument that a text stands for; ValueError says what is wrong with it."""
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"`{text[:40]}` is no kind of argument")
    kind = match["type"]
    if kind not in DTYPES or (match["dims"] is None and kind not in PLAIN):
        known = DTYPES if match["dims"] is not None else PLAIN
        raise ValueError(f"`{kind}` is no type here; known are {', '.join(known)}")
    low, high, above, below = _bounds(match)
    if kind == "bool" and (low is not None or high is not None):
        raise ValueError("`bool` has no bounds")
    if isinstance(low, float) and isinstance(high, float) and not low < high:
        raise ValueError(f"there is no number between {low:g} and {high:g}")
    dims = None if match["dims"] is None else _dims(match["dims"])
    return Argument(type=kind, dims=dims, low=low, high=high, above=above, below=below)


def _dims(text: str) -> tuple[int | str, ...]:
    parts = [part.strip() for part in text.split(",")] if text.strip() else []
    for place, part in enumerate(parts):
        if not _DIM.fullmatch(part):
            raise ValueError(f"`{part[:20]}` is no dimension: write a name, a number or `...`")
        if part == "..." and place:
            raise ValueError("`...` comes first among the dimensions")
    return tuple(int(part) if part.isdigit() else part for part in parts)


def _bounds(match: re.Match[str]) -> tuple[Bound | None, Bound | None, bool, bool]:
    low, high, above, below = match["left"], None, match["left_op"] == "<", False
    operator = match["right_op"] or ""
    if operator.startswith("<"):
        high, below = match["right"], operator == "<"
    elif operator and low is None:
        low, above = match["right"], operator == ">"
    elif operator:
        raise ValueError("two lower bounds; write `0 <= float[n] < 1`")
    return _bound(low), _bound(high), above, below


def _bound(text: str | None) -> Bound | None:
    if text is None:
        return None
    return text if text[0].isalpha() or text[0] == "_" else float(text)


def arguments(texts: Sequence[str]) -> tuple[Argument, ...]:
    """The kinds of all arguments; a bound that is a name is one of their dimensions."""
    found = tuple(argument(text) for text in texts)
    names = {name for one in found for name in one.names}
    for one in found:
        for bound in (one.low, one.high):
            if isinstance(bound, str) and bound not in names:
                raise ValueError(f"`{bound}` is no dimension of any argument, so it can't be a bound")
    return found
