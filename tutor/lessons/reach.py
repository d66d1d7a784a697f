"""Misconceptions that no learner will read: an earlier one always speaks first, or nothing meets the conditions."""

from __future__ import annotations

from collections.abc import Collection

from tutor.checks.gives import relations_of
from tutor.lessons.files import Document
from tutor.lessons.nodes import Mapping, Scalar
from tutor.lessons.problems import did_you_mean

_SYNTAX_ERRORS = ("SyntaxError", "IndentationError", "TabError")
"""After one of these nothing is known of what the program uses: only conditions on the error are looked at."""
_COMPARED = 50
"""Misconceptions of a step that later ones are held against; no step has so many."""
Conditions = dict[str, str]


def reachable(node: Mapping, document: Document) -> None:
    """Note the misconceptions of a step that are never read."""
    kinds = _kinds(node)
    before: list[tuple[Mapping, Conditions]] = []
    for when in node.each("misconceptions", "when"):
        if not isinstance(when, Mapping):
            continue
        own = {key: item.value for key, item in when.items.items() if isinstance(item.value, str)}
        if not any(value is not None for value in when.value.values()):
            document.notes.at(when, "`when` has no condition", "write `when: {fails: CHECK}`")
            continue
        _given(when, own, kinds, document)
        first = next((other for other, earlier in before if _implied(earlier, own, alone=len(kinds) == 1)), None)
        if first is not None:
            same = "the same conditions" if first.value == when.value else "conditions that always hold when these do"
            message = f"this is never reached: line {first.line} has {same}"
            document.notes.at(when, message, "add a condition to that one, move this one up, or remove one of the two")
        if len(before) < _COMPARED and len(own) == sum(value is not None for value in when.value.values()):
            before.append((when, own))


# ---- what a check can find ----------------------------------------------------------------------------------------


def _kinds(node: Mapping) -> dict[str, Collection[str] | None]:
    """The relations that each check can give, by the ids that misconceptions may name."""
    found: dict[str, Collection[str] | None] = {}
    for check in node.listed("checks"):
        if isinstance(check, Scalar):
            found[" ".join(check.text.split())] = relations_of("equal", {"expr": check.text})
        elif isinstance(check, Mapping):
            kind = check.text("kind")
            own = check.text("id") or " ".join(check.text("expr").split()) or kind
            found[own] = relations_of(kind, check.value)
    return found


def check_names(node: Mapping) -> Collection[str]:
    """The ids of a step's checks, as far as they are not numbered."""
    return _kinds(node)


def _given(when: Mapping, own: Conditions, kinds: dict[str, Collection[str] | None], document: Document) -> None:
    """Note a relation that the check which must fail, or any check of the step, never gives."""
    relation, fails = own.get("relation"), own.get("fails")
    if relation is None or not kinds or (fails is not None and fails not in kinds):
        return
    asked = [kinds[fails]] if fails is not None else list(kinds.values())
    known = {name for names in asked for name in names or ()}
    if None in asked or relation in known or document.notes.has(when.at("relation")):
        return
    what = f"the check `{fails}` never finds" if fails is not None else "no check of this step finds"
    help_ = did_you_mean(relation, sorted(known)) if 0 < len(known) < 12 else "name a check that compares this value"
    document.notes.at(when.at("relation"), f"{what} the relation `{relation}`", help_)


# ---- what an earlier one says first -------------------------------------------------------------------------------


def _implied(earlier: Conditions, later: Conditions, *, alone: bool) -> bool:
    """Whether the earlier one speaks wherever the later one could; `alone`: the step has one check."""
    if not alone and earlier.get("fails") != later.get("fails"):
        return False  # each check has words of its own, and so has the step as a whole
    if later.get("error") in _SYNTAX_ERRORS and "error" not in earlier:
        return False
    return all(
        _follows(key, value, later.get(key)) for key, value in earlier.items() if key != "fails" or not alone
    ) and bool(earlier)


def _follows(key: str, value: str, other: str | None) -> bool:
    """Whether a condition holds wherever another one, under the same key, does."""
    if other is None:
        return False
    if key == "uses":  # `torch.relu` is a use of `relu`
        return other == value or other.endswith(f".{value}")
    if key == "lacks":
        return other == value or value.endswith(f".{other}")
    return other == value
