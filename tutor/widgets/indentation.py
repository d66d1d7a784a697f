"""What Enter, Tab and the comment key do to lines of Python; pure text."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH = 4
LEAVES_BLOCK = ("return", "break", "continue", "pass", "raise")


def after_enter(before: str) -> str:
    """The indentation of a new line, given the text of the line before the cursor."""
    indent = before[: len(before) - len(before.lstrip(" \t"))]
    code = without_comment(before).strip()
    if code.endswith((":", "(", "[", "{")):
        return indent + " " * WIDTH
    if code.split(" ", 1)[0] in LEAVES_BLOCK and len(indent) >= WIDTH and not open_bracket(code):
        return indent[:-WIDTH]
    return indent


def without_comment(line: str) -> str:
    """The line up to a `#` outside of quotes."""
    quote = ""
    for index, character in enumerate(line):
        if quote:
            quote = "" if character == quote and line[index - 1] != "\\" else quote
        elif character in "'\"":
            quote = character
        elif character == "#":
            return line[:index]
    return line


def open_bracket(code: str) -> bool:
    """Whether more brackets open than close."""
    return sum(code.count(c) for c in "([{") > sum(code.count(c) for c in ")]}")


def shifted(lines: Sequence[str], deeper: bool) -> list[str]:
    """The lines one level deeper, or less deep; empty lines stay empty."""
    if deeper:
        return [" " * WIDTH + line if line.strip() else line for line in lines]
    return [line[min(WIDTH, len(line) - len(line.lstrip(" "))) :] for line in lines]


def commented(lines: Sequence[str]) -> list[str]:
    """The lines as comments; as code again where all of them are comments."""
    full = [line for line in lines if line.strip()]
    if full and all(line.lstrip().startswith("#") for line in full):
        return [uncommented(line) for line in lines]
    column = min((len(line) - len(line.lstrip()) for line in full), default=0)
    return [f"{line[:column]}# {line[column:]}" if line.strip() else line for line in lines]


def uncommented(line: str) -> str:
    """The line without its first `#` and one space after it."""
    before, mark, rest = line.partition("#")
    return before + rest.removeprefix(" ") if mark and not before.strip() else line
