"""Signatures as text: their arguments, and which of them the cursor stands in."""

from __future__ import annotations

from collections.abc import Sequence


def arguments(form: str) -> list[str]:
    """The arguments of "(a, *, b=(1, 2))": "a", "*", "b=(1, 2)"."""
    inner = form.strip().removeprefix("(").removesuffix(")")
    found, depth, start, quote = [], 0, 0, ""
    for place, sign in enumerate(inner):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        elif sign == "," and depth == 0:
            found.append(inner[start:place].strip())
            start = place + 1
    last = inner[start:].strip()
    return [*found, last] if last else found


def name_of(argument: str) -> str:
    """The name of "b=1" or "*sizes", without its star."""
    return argument.partition("=")[0].partition(":")[0].strip().lstrip("*")


def place_of(form: str, index: int, keyword: str) -> int | None:
    """Which argument of a form is meant, by its place in `arguments`; None where the form has no such."""
    held = arguments(form)
    if keyword:
        found = next((at for at, one in enumerate(held) if name_of(one) == keyword and not one.startswith("*")), None)
        return found if found is not None else next((at for at, one in enumerate(held) if one.startswith("**")), None)
    number = 0
    for at, one in enumerate(held):
        if one == "/":
            continue
        if one.startswith("**") or one == "*":
            return None
        if one.startswith("*") or number == index:
            return at
        number += 1
    return None


def best_form(forms: Sequence[str], index: int, keyword: str) -> tuple[str, int | None]:
    """The first form that has the argument, and its place there; the first of all where none has it."""
    for form in forms:
        place = place_of(form, index, keyword)
        if place is not None:
            return form, place
    return (forms[0] if forms else ""), None


def keywords(forms: Sequence[str]) -> list[str]:
    """The names that arguments can be given by."""
    found: dict[str, None] = {}
    for form in forms:
        held = arguments(form)
        after = held.index("/") + 1 if "/" in held else 0
        for one in held[after:]:
            name = name_of(one)
            if not one.startswith("*") and name.isidentifier() and name != "self":
                found[name] = None
    return list(found)
