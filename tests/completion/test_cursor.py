"""What stands before the cursor."""

from __future__ import annotations

import pytest

from tutor.completion.cursor import chain_start, code_of, open_call


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("x = 1", False),
        ("# torch.", True),
        ("# torch.\nx", False),
        ("'torch.", True),
        ("'torch.' + x", False),
        ('"""torch.\nx', True),
        ('"""torch.\n"""\nx', False),
        ("'it\\'s", True),
        ("x = 'a\ny", False),
        ("'#' + x", False),
        ('""', False),
    ],
)
def test_texts_and_comments_are_no_code(text: str, inside: bool) -> None:
    code, found = code_of(text)
    assert found is inside
    assert len(code) == len(text)


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("y = x", "x"),
        ("y = x.grad", "x.grad"),
        ("print(x.sum(dim=0)", "x.sum(dim=0)"),
        ("a + x[0].T", "x[0].T"),
        ("f(a)(b)[c]", "f(a)(b)[c]"),
        ("z = (a + b)", "(a + b)"),
        ("-model.layers[0].weight", "model.layers[0].weight"),
        ("[1, 2]", "[1, 2]"),
    ],
)
def test_a_chain_begins_with_its_first_name(text: str, chain: str) -> None:
    start = chain_start(text, len(text))
    assert start is not None
    assert text[start:] == chain


@pytest.mark.parametrize("text", ["x = 1", "..", "x = 12", "f)", ""])
def test_where_no_chain_stands(text: str) -> None:
    assert chain_start(text, len(text)) is None


@pytest.mark.parametrize(
    ("before", "called", "index", "keyword"),
    [
        ("f(", "f", 0, ""),
        ("f(a, ", "f", 1, ""),
        ("f(a, g(b), ", "f", 2, ""),
        ("f(a, g(b", "g", 0, ""),
        ("f(a, dim=", "f", 1, "dim"),
        ("f(a, dim=0, ", "f", 2, ""),
        ("f(a == ", "f", 0, ""),
        ("torch.tensor([[1, 2], [3, ", "torch.tensor", 0, ""),
        ("torch.zeros((2, 3), ", "torch.zeros", 1, ""),
        ("nn.Sequential(\n    nn.Linear(2, 1),\n    ", "nn.Sequential", 1, ""),
        ("x.grad.add_(", "x.grad.add_", 0, ""),
    ],
)
def test_the_open_call(before: str, called: str, index: int, keyword: str) -> None:
    found = open_call(before)
    assert found is not None
    assert (before[found.start : found.end], found.index, found.keyword) == (called, index, keyword)


@pytest.mark.parametrize(
    "before",
    ["f(a)", "x = (1, ", "def f(a, ", "class Net(", "if (a and ", "return (x, ", "print(\nreturn x", "[f, (", "not ("],
)
def test_where_no_call_is_open(before: str) -> None:
    assert open_call(before) is None
