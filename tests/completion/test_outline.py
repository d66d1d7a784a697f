"""What a program defines, also while it is being typed."""

from __future__ import annotations

import pytest

from tutor.completion.outline import outline

NET = "class Net(nn.Module):\n    def forward(self, x):\n        h = x\n        return h\n"


def test_imports_functions_classes_and_assignments_are_found() -> None:
    text = f"import torch.nn.functional as F\nfrom torch import nn, optim as o\nimport math\na = b = 1\n{NET}def f(c):\n    d = 1\nfor i, j in a:\n    k = i\n"
    found = outline(text)
    assert found.imports == {"F": "torch.nn.functional", "nn": "torch.nn", "o": "torch.optim", "math": "math"}
    assert list(found.functions) == ["f"]
    assert list(found.classes) == ["Net"]
    assert [one.name for one in found.assigned] == ["a", "b", "self", "x", "h", "c", "d", "i", "j", "k"]


def test_rows_and_scopes_are_those_of_the_whole_text() -> None:
    found = outline("\n\nx = 1\n\ndef f():\n    y = 2\n    return y\n")
    x, y = found.assigned
    assert (x.row, x.scope) == (2, None)
    assert y.row == 5
    assert y.scope is not None
    assert (y.scope.first, y.scope.last) == (4, 6)


@pytest.mark.parametrize("line", ["t.", "f(", "for", "x = [", "'", "if a"])
def test_an_unfinished_line_hides_no_other(line: str) -> None:
    text = f"import torch\nx = 1\n{line}\ny = 2\n"
    assert {"torch", "x", "y"} <= set(outline(text, 2).names)


@pytest.mark.parametrize("line", ["        x.", "        return f(", "    def"])
def test_an_unfinished_line_in_a_class_leaves_the_class(line: str) -> None:
    text = f"class Net:\n    def forward(self, x):\n        h = 1\n{line}\n\nnet = Net()\n"
    found = outline(text, 3)
    assert list(found.classes) == ["Net"]
    assert {"h", "net"} <= {one.name for one in found.assigned}


def test_what_can_never_be_read_is_left_out() -> None:
    assert outline("x = 1\nimport\n\0\n").names == ["x"]
    assert outline("").names == []
