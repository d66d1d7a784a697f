from __future__ import annotations

import pytest

from tutor.widgets.code_change import LONGEST, OTHER, SAME, what_changed

PROGRAM = """
import torch
model = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(100):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
"""


@pytest.mark.parametrize(
    ("old", "new", "labels"),
    [
        ("lr=0.1", "lr=1e-2", ["lr=0.1", "lr=0.01"]),
        ("lr=0.1", "lr=0.1, momentum=0.9", ["without momentum=0.9", "with momentum=0.9"]),
        ("    optimizer.zero_grad()\n", "", ["with optimizer.zero_grad()", "without optimizer.zero_grad()"]),
        ("nn.ReLU", "nn.Tanh", ["nn.ReLU", "nn.Tanh"]),
        ("(2, 8)", "(2, 16)", ["nn.Linear(2, 8)", "nn.Linear(2, 16)"]),
        ("range(100)", "range(500)", ["range(100)", "range(500)"]),
        ("model(x), y", "y, model(x)", ["criterion(model(x), y)", "criterion(y, model(x))"]),
        ("import torch\n", "import torch  # a remark\n\n\n", [SAME, SAME]),
        ("for step in", "for each in", ["for step in range(100)", "for each in range(100)"]),
        ("optimizer.zero_grad()", "optimizer.zero_grad(", [OTHER, OTHER]),
    ],
)
def test_a_run_is_known_by_what_changed(old: str, new: str, labels: list[str]) -> None:
    assert what_changed((PROGRAM, PROGRAM.replace(old, new))) == labels


def test_each_run_is_compared_with_the_one_before_it() -> None:
    programs = [PROGRAM.replace("0.1", rate) for rate in ("0.1", "0.2", "0.3")]
    assert what_changed((*programs, programs[-1].replace("ReLU", "GELU"))) == ["lr=0.1", "lr=0.2", "lr=0.3", "nn.GELU"]


def test_a_change_in_a_long_program_or_at_a_decorator_is_found() -> None:
    long = "".join(f"x{number} = {number}\n" for number in range(900))
    assert what_changed((long, long.replace("x500 = 500", "x500 = 501"))) == ["x500 = 500", "x500 = 501"]
    function = "@torch.no_grad()\ndef look():\n    pass\n"
    assert what_changed((function, function.replace("no_grad", "enable_grad")))[1] == "torch.enable_grad"


def test_many_changes_are_counted_and_long_ones_cut() -> None:
    other = "first = 1\n" + "second = " + " + ".join("abcdefghijklmnopqrst") + "\nthird = 3\nfourth = 4\n"
    label = what_changed(("", other))[1]
    assert label.startswith("with first = 1, with second = a + b")
    assert label.endswith("…, 2 more")
    assert all(len(part) <= len("with ") + LONGEST for part in label.split(", "))


@pytest.mark.parametrize("program", ["x = 1\0", "(" * 3000, "x" + " + x" * 900, "x" + " + x" * 5000, "x = 1\n" * 9000])
def test_what_can_not_be_read_or_is_too_long_is_other_code(program: str) -> None:
    assert what_changed((PROGRAM, program)) == [OTHER, OTHER]
    assert what_changed((program, program)) == [SAME, SAME]
