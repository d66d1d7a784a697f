"""What a program wrote, as text that a terminal may be given: UTF-8, with every control character made visible."""

from __future__ import annotations

import codecs
from typing import Any, TypeVar

import msgspec

_KEPT = "\n\t\r"
_VISIBLE = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in _KEPT}
_VISIBLE |= {0x7F: "␡"} | {code: f"\\x{code:02x}" for code in range(0x80, 0xA0)}
_VISIBLE |= {code: f"\\u{code:04x}" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
"""C0 but newline, tab and carriage return; DEL; C1; and what reorders text."""


def visible(text: str) -> str:
    """The text with its control characters written out, so that none reaches the terminal."""
    return text.translate(_VISIBLE)


T = TypeVar("T")


def cleaned(value: T) -> T:
    """The same plain value with every text in it made visible; what needs no change is passed on as it is."""
    changed: Any = _cleaned(value)
    return changed  # type: ignore[no-any-return]  # of the same type: only texts inside are replaced


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isprintable() else visible(value)
    if isinstance(value, msgspec.Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        changes = {name: new for name, old in fields.items() if (new := _cleaned(old)) is not old}
        return msgspec.structs.replace(value, **changes) if changes else value
    if isinstance(value, tuple):
        new_items = tuple(map(_cleaned, value))
        return value if all(new is old for new, old in zip(new_items, value, strict=True)) else new_items
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(item) for key, item in value.items()}
    return value


class Decoder:
    """Bytes of one stream, as they come, to safe text; a character cut in two waits for its rest."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, data: bytes, *, last: bool = False) -> str:
        """The text of the next bytes."""
        return visible(self._decoder.decode(data, last))
