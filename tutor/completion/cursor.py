"""What stands before the cursor, read from the text alone: a program that is being typed is seldom whole."""

from __future__ import annotations

import keyword as keywords
import re

import msgspec

LONGEST_CALL = 2_000
"""Characters before the cursor in which the bracket of its call is looked for."""
_PROSE = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"""|\Z)|' + r"'''(?:\\.|[^\\])*?(?:'''|\Z)|" + r'"(?:\\.|[^"\\\n])*(?:"|$)|'
    r"'(?:\\.|[^'\\\n])*(?:'|$)|#[^\n]*",
    re.DOTALL | re.MULTILINE,
)
_WORD = re.compile(r"[^\W\d]\w*\Z")
_LINK = re.compile(r"(?:[^\W\d]\w*|\"_*\")\Z")
_BRACKETS = re.compile(
    r"[()\[\]{},]|^[ \t]*(?:def|class|return|import|from|while|with|try|raise|del|pass)\b", re.MULTILINE
)
_KEYWORD = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)")
_STATEMENT = re.compile(r"(?:^|\n)[ \t]*(?:async\s+)?(?:def|class)\s+\w+\Z")
_NOT_CALLED = frozenset(keywords.kwlist)


class OpenCall(msgspec.Struct, frozen=True):
    """The call between whose brackets the cursor stands."""

    start: int
    end: int
    """Where what is called begins and ends in the text."""
    index: int
    """The number of the argument, from 0."""
    keyword: str = ""
    """Its name, where it is given by one."""
    bare: bool = True
    """Whether the cursor stands in no further bracket within the call."""


def code_of(text: str) -> tuple[str, bool]:
    """The text with its strings and comments as dashes of the same length; whether its end stands in one of them."""
    inside = False

    def dashes(match: re.Match[str]) -> str:
        nonlocal inside
        found = match[0]
        if found.startswith("#"):
            inside = match.end() == len(text)
            return " " * len(found)
        mark = found[:3] if found[:3] in ('"""', "'''") else found[0]
        closed = len(found) >= 2 * len(mark) and found.endswith(mark)
        inside = inside or (match.end() == len(text) and not closed)
        return '"' + "_" * (len(found) - 2) + '"' if len(found) > 1 else " "

    code = _PROSE.sub(dashes, text)
    return code, inside


def word_before(code: str) -> str:
    """The name, or its beginning, that ends where the code ends."""
    match = _WORD.search(code[-80:])
    return match[0] if match else ""


def chain_start(code: str, end: int) -> int | None:
    """Where the chain of names, calls and indices begins that ends at `end`: at the x of "x.grad.sum()"."""
    place = end
    while place > 0:
        if code[place - 1] in ")]":
            opening = _opening(code, place - 1)
            if opening is None:
                return None
            place = opening
            if place > 0 and (code[place - 1].isalnum() or code[place - 1] in '_)]"'):
                continue
            if code[place] == "[":
                return place if end > place else None
        else:
            match = _LINK.search(code, max(0, place - 80), place)
            if match is None or (match.start() and code[match.start() - 1].isalnum()):
                return None
            place = match.start()
        if place > 0 and code[place - 1] == "." and code[place - 2 : place - 1] != ".":
            place -= 1
            continue
        return place
    return place if place < end else None


def _opening(code: str, closing: int) -> int | None:
    """The place of the bracket that a closing one belongs to."""
    depth = 0
    for place in range(closing, max(-1, closing - LONGEST_CALL), -1):
        if code[place] in ")]}":
            depth += 1
        elif code[place] in "([{":
            depth -= 1
            if depth == 0:
                return place
    return None


def open_call(code: str) -> OpenCall | None:
    """The innermost call that is open where the code ends; tuples and lists within it belong to it."""
    base = max(0, len(code) - LONGEST_CALL)
    marks = list(_BRACKETS.finditer(code, base))
    depth = commas = 0
    bare, argument_at = True, len(code)
    for mark in reversed(marks):
        sign = mark[0]
        if sign in ")]}":
            depth += 1
        elif sign in "([{":
            if depth:
                depth -= 1
                continue
            called = _called(code, mark.start()) if sign == "(" else None
            if called is not None:
                start = mark.end() if not commas else argument_at
                keyword = _KEYWORD.match(code, start)
                return OpenCall(called, mark.start(), commas, keyword[1] if keyword else "", bare)
            if sign == "(" and _STATEMENT.search(code, 0, mark.start()):
                return None
            commas, bare = 0, False
        elif sign == ",":
            if depth == 0:
                argument_at = mark.end() if not commas else argument_at
                commas += 1
        elif depth == 0:
            return None
    return None


def _called(code: str, bracket: int) -> int | None:
    """Where what stands before a bracket begins; None where that is no call."""
    if bracket == 0 or not (code[bracket - 1].isalnum() or code[bracket - 1] in "_)]"):
        return None
    start = chain_start(code, bracket)
    if start is None or code[start:bracket] in _NOT_CALLED:
        return None
    return None if _STATEMENT.search(code, max(0, bracket - 200), bracket) else start
