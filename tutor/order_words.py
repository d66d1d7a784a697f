"""What verdicts say of lines in a wrong order, where the usual words ask for what can't be done: changing a line."""

from __future__ import annotations

from msgspec import structs

from tutor.checks.base import Verdict
from tutor.runtime.values import ErrorReport

WHY = "A line that stands further in belongs to a block, and a line that ends with `:` begins it."
NEXT = "Put the lines that stand further in below the line that begins their block."
ERRORS = ("IndentationError", "TabError")


def in_order_words(verdicts: tuple[Verdict, ...], error: ErrorReport | None) -> tuple[Verdict, ...]:
    """The verdicts, with words for a wrong order in place of those for a wrong indentation."""
    if error is None or error.type not in ERRORS:
        return verdicts
    from tutor.checks.errors import explain_error

    known = explain_error(error)
    if known is None:
        return verdicts
    return tuple(
        structs.replace(verdict, why=WHY, next=NEXT) if verdict.why == known.why else verdict for verdict in verdicts
    )
