"""The marks and lines that are drawn, in ASCII for where no others can be shown: one character for one."""

from __future__ import annotations

import codecs
import os
from collections.abc import Mapping

_PAIRS = {
    "o": "○",
    "*": "●◉",
    "%": "◐",
    "#": "◆█▓▇▆▅",
    "+": "✓√├┼┤┬┴┌┐└┘╭╮╰╯",
    "x": "✗×",
    ">": "→▸›▶",
    "<": "←◀",
    "^": "↑▲▀",
    "v": "↓▼",
    "~": "…⇕",
    ".": "·•⋅₋°",
    "-": "─–—‐╴╶╸╺▔",
    "_": "▁",
    "|": "│┃‖▏▎▍▌▋▊▉▐▕┊",
    "=": "━═▒▄▃",
    ":": "░▂⠶",
    '"': "“”„",
    "'": "‘’",
    "!": "⚠",
    "&": "✂",
    "?": "�␡␤",
    "8": "∞",
    "u": "µ",
    "1": "¹₁",
    "2": "²₂",
    "3": "³₃",
    "0": "⁰₀",
}
_FEW, _SOME = 2, 5
"""Dots of a braille cell up to which it is drawn as `.` and as `:`."""


def _table() -> dict[int, str]:
    table = {ord(glyph): plain for plain, glyphs in _PAIRS.items() for glyph in glyphs}
    for cell in range(0x2800, 0x2900):
        dots = (cell & 0xFF).bit_count()
        table.setdefault(cell, " " if not dots else "." if dots <= _FEW else ":" if dots <= _SOME else "#")
    return table


ASCII: Mapping[int, str] = _table()
"""For `str.translate`: the ASCII character in place of each glyph; what is not in it is a letter of some language."""

HANDLER = "torch-tutor"
"""The name under which text streams know `_replaced`."""
_POOR_TERMINALS = ("linux", "vt100", "vt220", "dumb")
"""Terminals (TERM) whose fonts lack most of the glyphs."""


def shows_unicode(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the locale is UTF-8 and the terminal has the glyphs, as far as the environment tells."""
    locale = next((environment[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(name)), "")
    return locale.lower().replace("-", "").endswith("utf8") and environment.get("TERM") not in _POOR_TERMINALS


def _replaced(error: UnicodeError) -> tuple[str, int]:
    """What stands for characters that a stream can't write."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(ASCII.get(ord(each), "?") for each in error.object[error.start : error.end]), error.end


codecs.register_error(HANDLER, _replaced)
