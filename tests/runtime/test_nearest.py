"""The name that was probably meant is added to errors, as newer Pythons do."""

from __future__ import annotations

import pytest

from tutor.runtime.errors import report

PROGRAMS = [
    ("tensr = 1\nprint(tensor)", "tensr"),
    ("import torch\nx = Torch.ones(2)", "torch"),
    ("def f():\n    learning_rate = 1\n    return learning_rte\nf()", "learning_rate"),
    ("class A:\n    def __init__(self):\n        self.lr = 1\n    def f(self):\n        return lr\nA().f()", "self.lr"),
    ("import torch\ntorch.ones(2).mean().itme()", "item"),
    ("from torch import nn\nnn.Linaer(1, 1)", "Linear"),
    ("from torch import nn\nm = nn.Linear(1, 1)\nm.wieght", "weight"),
    ("from torch import nn\nnn.linear(1, 1)", "Linear"),
    ("from torch.nn import Linera", "Linear"),
    ("prnt(1)", "print"),
]


def raised(code: str) -> str:
    namespace: dict[str, object] = {"__name__": "lesson"}
    try:
        exec(compile(code, "<lesson>", "exec"), namespace)
    except Exception as error:
        return report(error, {"<lesson>": "code"}).text
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(("code", "name"), PROGRAMS)
def test_the_nearest_name_is_added(code: str, name: str) -> None:
    assert raised(code).rstrip().endswith(f"Did you mean: '{name}'?")


@pytest.mark.parametrize(
    "code",
    [
        "print(qqqq)",
        "import torch\ntorch.ones(1).qqqq",
        "from torch import qqqq",
        "import no_such_module",
        "1 / 0",
        "raise NameError('name is wrong')",
        "class A:\n    def __dir__(self):\n        raise ValueError\n    __getattr__ = None\nA().weight",
    ],
)
def test_where_no_name_is_near_nothing_is_added(code: str) -> None:
    assert "Did you mean" not in raised(code)


def test_it_is_added_once() -> None:
    assert raised("tensr = 1\nprint(tensor)").count("Did you mean") == 1
