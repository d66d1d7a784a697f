"""Two tensors that should be equal, beside each other, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from textual.content import Content

from tutor.checks.difference import Difference
from tutor.widgets.formats import MUTED, count, elements, number, shape_text, tensor_text
from tutor.widgets.inspector_rows import heading
from tutor.widgets.tensor_data import decode, matrix_of
from tutor.widgets.tensor_pictures import HEAT_ROWS, reduced, value_rows

if TYPE_CHECKING:
    from tutor.widgets.tensor_data import Array

SAME, OTHER = "·", "✗"
GAP = 3
_STYLES = {SAME: MUTED, OTHER: "bold $error"}


def rows(difference: Difference, width: int, slice_number: int = 0) -> list[Content]:
    """What differs in a sentence, got beside expected, and the mask of differences, in rows of `width` cells."""
    got, expected = decode(difference.got), decode(difference.expected)
    if got is None or expected is None:
        return heading("Expected", tensor_text(difference.expected))
    here, note = matrix_of(got, slice_number)
    there, there_note = matrix_of(expected, slice_number)
    half = (width - GAP) // 2
    left = [*heading("Got", note or shape_text(got.shape)), *value_rows(here, half)]
    right = [*heading("Expected", there_note or shape_text(expected.shape)), *value_rows(there, half)]
    out = [Content(""), *Content(_sentence(difference, got, expected)).wrap(width), *_beside(left, right, half)]
    if got.shape == expected.shape and got.ndim and (mask := difference.mask(got, expected)).any():
        out += [*heading("Where they differ", note), *_mask_rows(matrix_of(mask, slice_number)[0], width)]
    return out


def _beside(left: Sequence[Content], right: Sequence[Content], width: int) -> list[Content]:
    """Two columns of rows, the left one so many cells wide."""
    pairs = zip_longest(left, right, fillvalue=Content(""))
    return [Content.assemble(one, " " * (width + GAP - one.cell_length), other) for one, other in pairs]


def _sentence(difference: Difference, got: Array, expected: Array) -> str:
    """How many elements differ, and the first that does; or what else is not the same."""
    import numpy

    if got.shape != expected.shape:
        return f"The shapes differ: got {shape_text(got.shape)}, expected {shape_text(expected.shape)}."
    mask = difference.mask(got, expected)
    if not mask.any():
        return f"The values agree: got {tensor_text(difference.got)}, expected {tensor_text(difference.expected)}."
    if not got.ndim:
        return f"Got {number(got.item())}, expected {number(expected.item())}."
    place = tuple(int(i) for i in numpy.unravel_index(int(mask.argmax()), mask.shape))
    pair = f"got {number(got[place].item())}, expected {number(expected[place].item())}"
    amount = f"{count(int(mask.sum()))} of {count(elements(got.shape))} elements differ"
    return f"{amount}; the first at [{', '.join(map(str, place))}]: {pair}."


def _mask_rows(mask: Array, width: int) -> list[Content]:
    """A sign an element, or a block of elements where they are too many: different if one of them is."""
    import numpy

    grid = mask.reshape(1, -1) if mask.ndim < 2 else mask
    tall, broad = -(-grid.shape[0] // HEAT_ROWS), -(-grid.shape[1] // width)
    blocks = reduced(grid, tall, broad, numpy.logical_or)
    gap = " " if blocks.shape[1] * 2 <= width else ""
    signs = [[OTHER if different else SAME for different in row] for row in blocks.tolist()]
    out = [Content.assemble(*((sign + gap, _STYLES[sign]) for sign in row)) for row in signs]
    note = f"one sign: {tall}×{broad} elements, ✗ where one of them differs"
    return out if tall == broad == 1 else [*out, *Content.styled(note, MUTED).wrap(width)]
