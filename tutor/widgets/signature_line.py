"""The signature of the open call as one line, with a mark before the argument that the cursor stands in."""

from __future__ import annotations

from rich.cells import cell_len

from tutor.completion.names import Called
from tutor.completion.signatures import arguments
from tutor.widgets.suggestions import Piece, cut

MARK = "▸"


def signature_pieces(call: Called, width: int) -> list[Piece]:
    """The line in `width` cells; where it is longer, arguments before the present one give way first."""
    held = arguments(call.form)
    at = call.at if call.at is not None and call.at < len(held) else None
    name = cut(call.name, max(8, width // 3))
    first = 0
    while at is not None and first < at and _size(name, held[first : at + 1], left_out=first > 0) > width:
        first += 1
    pieces: list[Piece] = [(name, "name"), ("(", "dim")]
    if first:
        pieces.append(("…, ", "dim"))
    for number in range(first, len(held)):
        if number == at:
            pieces += [(MARK, "mark"), (held[number], "here")]
        else:
            pieces.append((held[number], "dim"))
        pieces.append((", " if number < len(held) - 1 else "", "dim"))
    pieces.append((")", "dim"))
    return _fitted(pieces, width)


def _size(name: str, held: list[str], *, left_out: bool) -> int:
    return cell_len(name) + 1 + (3 if left_out else 0) + len(MARK) + sum(cell_len(one) + 2 for one in held) + 1


def _fitted(pieces: list[Piece], width: int) -> list[Piece]:
    found: list[Piece] = []
    left = width
    rest = sum(cell_len(text) for text, _ in pieces)
    for text, look in pieces:
        if rest > left and cell_len(text) >= left:
            found.append((cut(text + "…", left), look))
            return found
        found.append((text, look))
        left -= cell_len(text)
        rest -= cell_len(text)
    return found
