"""The changes of programs: each kind, what is left alone, and how many; no program is run here."""

from __future__ import annotations

import ast

import pytest

from tutor.checks.edits import Source
from tutor.lessons.load import load_course
from tutor.lessons.model import CodeStep
from tutor.proving.mutants import KINDS, MOST, mutant, mutants


def changed(kind: str, code: str, *, prints_count: bool = False) -> list[str]:
    source, tree = Source(code), ast.parse(code)
    return [source.with_text(*change) for change in KINDS[kind](source, tree, prints_count)]


@pytest.mark.parametrize(
    ("kind", "code", "expected"),
    [
        ("operator", "y = a + b", ["y = a - b"]),
        ("operator", "y = a @ b", ["y = a * b"]),
        ("operator", "y = a ** 2", ["y = a * 2"]),
        ("operator", "y *= 2", ["y /= 2"]),
        ("operator", "y = (a) / (b)", ["y = (a) * (b)"]),
        ("operator", "y = a < b", ["y = a <= b", "y = a > b"]),
        ("operator", "y = a == b", ["y = a != b"]),
        ("operator", "y = a and b", ["y = a or b"]),
        ("operator", "y = -a", ["y = a"]),
        ("operator", "y = not a", ["y = a"]),
        ("constant", "y = 3", ["y = 4", "y = 0", "y = (-3)"]),
        ("constant", "y = 0.5", ["y = 1.5", "y = 0.0", "y = (-0.5)"]),
        ("constant", "y = 0", ["y = 1"]),
        ("constant", "y = -1", ["y = 1"]),
        ("constant", "y = [[1, 2], [3, -4]]", ["y = [[1, 2], [4, -4]]", "y = [[1, 2], [0, -4]]", "y = [[1, 2], [(-3), -4]]"]),
        ("constant", "y = f(x, dim=1)", []),
        ("constant", "y = True", []),
        ("dim", "y = x.sum(dim=1)", ["y = x.sum(dim=0)", "y = x.sum(dim=1, keepdim=True)"]),
        ("dim", "y = x.argmax(-1)", ["y = x.argmax(0)"]),
        ("dim", "y = f(x, axis=0)", ["y = f(x, axis=1)"]),
        ("flag", "y = x.sum(1, keepdim=True)", ["y = x.sum(1, keepdim=False)"]),
        ("removed statement", "x = 1\nfor i in y:\n    z = 2\n", ["pass\nfor i in y:\n    z = 2\n", "x = 1\nfor i in y:\n    pass\n"]),
        ("swapped statements", "a = 1\nb = 2  # two\n", ["b = 2\na = 1  # two\n"]),
        ("swapped statements", "import a\nb = 2\n", []),
        ("removed call", "y = x.sum()", ["y = x"]),
        ("removed call", "y = (a + b).sum() * 2", ["y = (a + b) * 2"]),
        ("removed call", "y = x.T", ["y = x"]),
        ("removed call", "y = float(a)", ["y = a"]),
        ("removed call", "import torch\ny = torch.stack(a, 1)", []),
        ("removed call", "import torch\ny = torch.nn.Linear(2, 3, bias=False)", ["import torch\ny = torch.nn.Linear(2, 3)"]),
        ("removed call", "with f():\n    y = 1\n", ["if True:\n    y = 1\n"]),
        ("removed call", "x.backward()", []),
        ("swapped arguments", "y = f(a, b)", ["y = f(b, a)"]),
        ("swapped arguments", "y = a - b", ["y = b - a"]),
        ("swapped arguments", "y = a - (b + c)", []),
        ("swapped arguments", "y = a + b", []),
        ("other function", "y = x.mean()", ["y = x.sum()"]),
        ("other function", "y = t.zeros(2)", ["y = t.ones(2)"]),
    ],
)  # fmt: skip
def test_each_kind(kind: str, code: str, expected: list[str]) -> None:
    assert sorted(changed(kind, code)) == sorted(expected)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_printed_is_changed_only_where_it_counts(kind: str) -> None:
    code = "x = t()\nprint(-x.sum(dim=1, keepdim=True) - 1, x)\nprint(x.mean(), 2)\n"
    assert all("print(-x.sum(dim=1, keepdim=True) - 1, x)" in one for one in changed(kind, code))
    assert changed(kind, code, prints_count=True) != changed(kind, code)


def test_imports_texts_and_annotations_are_left_alone() -> None:
    code = 'import a, b\n"""It is -1."""\ndef f(x: int = 1) -> "3":\n    """1 + 1"""\n    return x\n'
    texts = [one.code for one in mutants(code, most=1000)]
    assert texts
    assert all(one.startswith('import a, b\n"""It is -1."""') and '"""1 + 1"""' in one for one in texts)


def test_the_lines_that_differ_are_shown() -> None:
    one = mutant("a\nb\nc\nd\n", "a\nc\nb\nd\n", "swapped statements")
    assert (one.line, one.old, one.new) == (2, ("b", "c"), ("c", "b"))
    assert mutant("a\na\n", "a\na\na\n", "more").new == ("a",)


def test_columns_are_counted_in_bytes_as_ast_does() -> None:
    assert changed("operator", "y = 'größe→' + b") == ["y = 'größe→' - b"]


def test_the_choice_is_the_same_each_time_bounded_and_even() -> None:
    code = "\n".join(f"v{i} = f(a, b).sum(dim=1) + {i} - g(c, d)" for i in range(2, 30))
    made = mutants(code)
    assert made == mutants(code)
    assert len(made) == MOST
    kinds = [one.kind for one in made]
    assert {kinds.count(kind) for kind in set(kinds)} <= {2, 3}
    assert [one.line for one in made] == sorted(one.line for one in made)


def test_every_change_of_the_bundled_solutions_is_python_and_differs() -> None:
    for lesson in load_course().lessons:
        for step in lesson.steps:
            if isinstance(step, CodeStep):
                made = mutants(step.solution, prints_count=True, most=1000)
                dumps = {ast.dump(ast.parse(one.code)) for one in made}
                assert len(dumps) == len(made) > 2
                assert ast.dump(ast.parse(step.solution)) not in dumps


def test_what_is_no_python_has_none() -> None:
    assert mutants("y = = 1") == []
