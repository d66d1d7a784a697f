"""Python's own errors as 3.12 and 3.13 word them are explained as those of 3.11 are."""

from __future__ import annotations

import pytest

from tutor.checks.errors import explain_error
from tutor.runtime.values import ErrorReport

WORDED = [
    # what Python adds to the last line of the traceback; the message is without it
    ("name", "NameError", "name 'tensor' is not defined", ". Did you mean: 'tensr'?", "Did you mean `tensr`?"),
    ("name", "NameError", "name 'lr' is not defined", ". Did you mean: 'self.lr'?", "Did you mean `self.lr`?"),
    ("name", "NameError", "name 'sys' is not defined", ". Did you forget to import 'sys'", "Write `import sys` at"),
    ("name", "NameError", "name 'sys' is not defined", ". Did you forget to import 'sys'?", "Write `import sys` at"),
    ("not-imported", "NameError", "name 'math' is not defined", ". Did you forget to import 'math'?", "`import math`"),
    (
        "name",
        "UnboundLocalError",
        "cannot access local variable 'total' where it is not associated with a value",
        "",
        "Look at its spelling",
    ),
    (
        "name",
        "NameError",
        "cannot access free variable 'z' where it is not associated with a value in enclosing scope",
        "",
        "Look at its spelling",
    ),
    (
        "attribute",
        "AttributeError",
        "'Net' object has no attribute 'wieght'",
        ". Did you mean: 'weight'?",
        "Did you mean `weight`?",
    ),
    (
        "module-attribute",
        "AttributeError",
        "module 'math' has no attribute 'sine'",
        ". Did you mean: 'sin'?",
        "Did you mean `sin`?",
    ),
    (
        "class-attribute",
        "AttributeError",
        "type object 'Net' has no attribute 'layer'",
        ". Did you mean: 'layers'?",
        "Did you mean `layers`?",
    ),
    (
        "import-name",
        "ImportError",
        "cannot import name 'dumpz' from 'json' (/usr/lib/python3.13/json/__init__.py)",
        ". Did you mean: 'dump'?",
        "Did you mean `dump`?",
    ),
    (
        "unexpected-argument",
        "TypeError",
        "f() got an unexpected keyword argument 'alpa'. Did you mean 'alpha'?",
        "",
        "Did you mean `alpha`?",
    ),
    ("unexpected-argument", "TypeError", "print() got an unexpected keyword argument 'foo'", "", "spelling"),
    ("unexpected-argument", "TypeError", "'foo' is an invalid keyword argument for print()", "", "spelling"),
    ("nothing-to-compare", "ValueError", "max() iterable argument is empty", "", "fill it"),
    ("nothing-to-compare", "ValueError", "min() arg is an empty sequence", "", "fill it"),
    ("not-closed", "SyntaxError", "'{' was never closed", "", "Count the brackets"),
    ("open-text", "SyntaxError", "unterminated f-string literal (detected at line 1)", "", "Close them"),
    ("open-text", "SyntaxError", "unterminated triple-quoted f-string literal (detected at line 3)", "", "Close them"),
    ("syntax", "SyntaxError", "Expected one or more names after 'import'", "", "missing bracket"),
    ("syntax", "SyntaxError", "invalid syntax. Perhaps you forgot a comma?", "", "missing bracket"),
    ("syntax", "SyntaxError", "cannot assign to literal here. Maybe you meant '==' instead of '='?", "", "missing"),
    ("indentation", "IndentationError", "expected an indented block after 'if' statement on line 1", "", "four spaces"),
    ("indentation", "IndentationError", "unindent does not match any outer indentation level", "", "four spaces"),
    ("part-by-name", "TypeError", "string indices must be integers, not 'float'", "", "whole number"),
    ("missing-argument", "TypeError", "Net.__init__() missing 1 required positional argument: 'a'", "", "`help("),
    ("forgot-self", "TypeError", "Net.forward() takes 1 positional argument but 2 were given", "", "self"),
    ("no-super-init", "AttributeError", "cannot assign module before Module.__init__() call", "", "super().__init__()"),
]


@pytest.mark.parametrize(("known", "kind", "message", "added", "next_"), WORDED)
def test_an_error_is_explained_in_whatever_words(known: str, kind: str, message: str, added: str, next_: str) -> None:
    text = f'Traceback (most recent call last):\n  File "lesson.py", line 1\n{kind}: {message}{added}\n'
    found = explain_error(ErrorReport(type=kind, message=message, text=text))
    assert found is not None
    assert found.id == known
    assert next_ in found.next
    assert "{g" not in found.why + found.next


def test_a_suggestion_that_an_earlier_error_made_is_not_taken_for_this_one() -> None:
    text = "NameError: name 'a' is not defined. Did you mean: 'b'?\n\nDuring handling:\n\nNameError: name 'c' is not defined\n"
    found = explain_error(ErrorReport(type="NameError", message="name 'c' is not defined", text=text))
    assert found is not None
    assert "Did you mean" not in found.next
