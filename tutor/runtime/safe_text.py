"""What a program wrote, as text that a terminal may be given: UTF-8, with every control character made visible."""

from __future__ import annotations

import codecs

_KEPT = "\n\t\r"
_VISIBLE = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in _KEPT}
_VISIBLE |= {0x7F: "␡"} | {code: f"\\x{code:02x}" for code in range(0x80, 0xA0)}
_VISIBLE |= {code: f"\\u{code:04x}" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
"""C0 but newline, tab and carriage return; DEL; C1; and what reorders text."""


def visible(text: str) -> str:
    """The text with its control characters written out, so that none reaches the terminal."""
    return text.translate(_VISIBLE)


class Decoder:
    """Bytes of one stream, as they come, to safe text; a character cut in two waits for its rest."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, data: bytes, *, last: bool = False) -> str:
        """The text of the next bytes."""
        return visible(self._decoder.decode(data, last))
