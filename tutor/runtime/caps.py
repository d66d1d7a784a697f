"""How much of a value may be exported, and text that is safe to export."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Caps:
    """How much of a value is exported; `bytes_left` and `values_left` are shared by all values of one report."""

    elements_bytes: int = 16 << 20
    """Tensors larger than this many bytes carry no data."""
    elements: int | None = None
    """Tensors with more elements carry no data."""
    items: int = 1000
    depth: int = 6
    text: int = 4000
    bytes_left: int = 48 << 20
    values_left: int = 100_000

    def take(self, size: int, count: int) -> bool:
        """Whether `count` elements of `size` bytes in all may be exported; if so they are counted."""
        if size > min(self.elements_bytes, self.bytes_left) or (self.elements is not None and count > self.elements):
            return False
        self.bytes_left -= size
        return True


def clean(text: str, limit: int) -> str:
    """`text` cut to `limit` characters, as valid UTF-8: lone surrogates are written as escapes."""
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return text.encode("utf-8", "backslashreplace").decode()


def type_name(value: object) -> str:
    """The name of a value's real type, also where `__class__` lies."""
    return clean(type.__dict__["__name__"].__get__(type(value)), 200)


def text_of(value: object, limit: int = 4000) -> str:
    """`repr(value)`, bounded; a sentence where the program's own `__repr__` fails."""
    try:
        text = repr(value)
        return clean(text, limit) if type(text) is str else clean(str.__str__(text), limit)
    except BaseException as error:
        return f"<its __repr__ raised {type_name(error)}>"
