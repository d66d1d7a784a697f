"""The small changes that are tried on a learner's program."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.checks.edits import edits

LOOP = """\
for _ in range(3):
    loss = f(model(x))
    loss.backward()
    opt.step()
"""


def found(code: str) -> dict[str, tuple[int, str]]:
    return {edit.code: (edit.line, edit.change) for edit in edits(code)}


@pytest.mark.parametrize(
    ("code", "changed", "line", "words"),
    [
        ("m = x.mean(dim=1)", "m = x.mean(dim=1, keepdim=True)", 1, "`keepdim=True` in `mean(…)`"),
        ("m = x.mean(1,)", "m = x.mean(1, keepdim=True)", 1, "`keepdim=True` in `mean(…)`"),
        ("a = 1\np = x.softmax(dim=-1)", "a = 1\np = x.softmax(dim=0)", 2, "`dim=0` in `softmax(…)`"),
        ("p = torch.softmax(x, 0)", "p = torch.softmax(x, 1)", 1, "`dim=1` in `softmax(…)`"),
        (
            "x = torch.tensor(2.0)",
            "x = torch.tensor(2.0, requires_grad=True)",
            1,
            "`requires_grad=True` in `tensor(…)`",
        ),
        ("x = torch.tensor([1, 2])", "x = torch.tensor([1, 2]).float()", 1, "`.float()` after `tensor(…)`"),
        ("y = (x * 2).detach().sum()", "y = (x * 2).sum()", 1, "no `.detach()`: the recording ends there"),
        ("y = x.sum()", "y = x.mean()", 1, "`mean` in place of `sum`"),
        ("y = w * x", "y = w @ x", 1, "`@` in place of `*`"),
        ("é = 'é'; y = é + x.sum(0)", "é = 'é'; y = é + x.sum(1)", 1, "`dim=1` in `sum(…)`"),
        (
            LOOP,
            LOOP.replace("    loss.backward()", "    opt.zero_grad()\n    loss.backward()"),
            3,
            "`opt.zero_grad()` before it",
        ),
        (
            LOOP,
            LOOP.replace("loss.backward()\n    opt.step()", "opt.step()\n    loss.backward()"),
            3,
            "this line and line 4 the other way round",
        ),
    ],
)
def test_a_change_has_its_line_and_its_words(code: str, changed: str, line: int, words: str) -> None:
    assert found(code)[changed] == (line, words)


@pytest.mark.parametrize("code", ["", "x = (", "def f(:\n", "\0"])
def test_of_a_program_that_can_not_be_parsed_there_is_none(code: str) -> None:
    assert found(code) == {}


NAMES = st.sampled_from(["x.sum(0)", "torch.ones(2)", "w * x", "y.mean(dim=1)", "loss.item()", "é + ü", "a - b"])


@given(st.lists(NAMES, max_size=6))
def test_every_change_is_a_program_and_another_one(parts: list[str]) -> None:
    code = "\n".join(f"v{number} = {part}" for number, part in enumerate(parts))
    changes = list(edits(code))
    assert len({edit.code for edit in changes}) == len(changes)
    for edit in changes:
        ast.parse(edit.code)
        assert edit.code != code
        assert 1 <= edit.line <= len(parts)
