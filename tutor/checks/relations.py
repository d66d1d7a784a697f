"""Which relation really holds between a wrong tensor and the expected one; only what was verified is ever named.

Relations are tried from the simplest on; the first that holds for every element, within the tolerance, is the answer.
Where data are so few that much would hold by chance, a relation is named only if it is the only one that holds.
"""

from __future__ import annotations

from tutor.checks.relation import ENOUGH, Program, Relation, Same, varied
from tutor.checks.relations_program import VAGUE, of_operations, of_whole
from tutor.checks.relations_shape import SHAPE_SEARCHES, not_reduced
from tutor.checks.relations_value import FEW, VALUE_SEARCHES, nearly
from tutor.checks.values import Array

__all__ = ["Program", "Relation", "of_shapes", "of_values"]

_NOTHING = Program()


def of_shapes(got: Array, expected: Array, same: Same, program: Program = _NOTHING) -> Relation | None:
    """The relation between values of different shapes."""
    for search in SHAPE_SEARCHES:
        found = search(got, expected, same)
        if found is not None:
            return found
    found = of_operations(got, expected, same, program)
    if found is not None and found.id != VAGUE:
        return found
    return not_reduced(got, expected, same) or found or of_whole(got, expected, same, program)


def of_values(got: Array, expected: Array, same: Same, program: Program = _NOTHING) -> Relation | None:
    """The relation between values of one shape."""
    if varied(expected, same) < ENOUGH:
        return _of_few(got, expected, same, program)
    found = nearly(got, expected, same)
    operation = None if found else of_operations(got, expected, same, program)
    if operation is not None and operation.id != VAGUE:
        return operation
    for search in VALUE_SEARCHES:
        found = found or search(got, expected, same, program)
    return found or operation or of_whole(got, expected, same, program)


def _of_few(got: Array, expected: Array, same: Same, program: Program) -> Relation | None:
    """One relation of those without a free constant, if no other holds as well."""
    found = [relation for search in FEW if (relation := search(got, expected, same, program)) is not None]
    known = of_operations(got, expected, same, program)
    if known is not None:
        found = [known]
    return found[0] if len({relation.id for relation in found}) == 1 else None
