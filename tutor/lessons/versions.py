"""Versions of torch: whether the one that is installed is one of those that a course works with."""

from __future__ import annotations

import re
from pathlib import Path

_WRITTEN = re.compile(r"^__version__\s*=\s*['\"]([^'\"]+)", re.MULTILINE)
_CLAUSE = re.compile(r"\s*(>=|<=|==|!=|~=|<|>)\s*(\d+(?:\.\d+)*)(\.\*)?\s*")
_NUMBERS = re.compile(r"\d+(?:\.\d+)*")


def installed() -> str:
    """The version of torch that is installed, without loading it; empty where that is not known."""
    from importlib.util import find_spec

    spec = find_spec("torch")  # finds it and does not run it; what packages say of themselves takes 20 ms to look up
    if spec is None or spec.origin is None:
        return ""
    try:
        text = Path(spec.origin).with_name("version.py").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
    match = _WRITTEN.search(text)
    return match[1] if match else ""


def allows(wanted: str, version: str) -> bool:
    """Whether a version lies in a range such as ">=2.6,<3"; what follows its numbers ("+cpu", "rc1") does not count.

    The operators are those of Python's packages: `~=2.6.1` is at least 2.6.1 and below 2.7, `==2.6.*` any 2.6.
    """
    match = _NUMBERS.match(version.strip())
    if match is None:
        return True  # a build without a number: nothing can be said against it
    have = _numbers(match.group())
    return all(_holds(operator, text, star, have) for operator, text, star in _CLAUSE.findall(wanted))


def _holds(operator: str, text: str, star: str, have: tuple[int, ...]) -> bool:
    want = _numbers(text)
    if star or operator == "~=":
        start = want if star else want[:-1]
        same = _filled(have, len(start))[: len(start)] == start
        if operator == "~=":
            return same and _compare(have, want) >= 0
        return same is (operator != "!=")
    order = _compare(have, want)
    return {">=": order >= 0, "<=": order <= 0, "==": not order, "!=": bool(order), "<": order < 0, ">": order > 0}[
        operator
    ]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


def _filled(numbers: tuple[int, ...], length: int) -> tuple[int, ...]:
    return numbers + (0,) * (length - len(numbers))


def _compare(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """Below 0, 0 or above 0, as the one is older, the same or newer."""
    length = max(len(one), len(other))
    a, b = _filled(one, length), _filled(other, length)
    return (a > b) - (a < b)
