"""Which small change makes a learner's program pass, found by running each."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tutor.checks import KINDS
from tutor.checks.edits import Edit
from tutor.counterfactual import MOST, passing_edit
from tutor.exercise import Examiner
from tutor.lessons.model import CodeStep
from tutor.runtime.client import Runtime

pytestmark = pytest.mark.asyncio(loop_scope="module")

TRAINED = """\
import torch
w = torch.tensor([1.0, -1.0], requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
for _ in range(4):
    opt.zero_grad()
    loss = (w ** 2).sum()
    loss.backward()
    opt.step()
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def examiner() -> AsyncIterator[Examiner]:
    async with Runtime() as runtime:
        yield Examiner(runtime)


def step(solution: str, *exprs: str) -> CodeStep:
    checks = tuple(KINDS["equal"](id=expr, expr=expr) for expr in exprs)  # type: ignore[call-arg]
    return CodeStep(id="one", title="One", task="", solution=solution, checks=checks)


@pytest.mark.parametrize(
    ("solution", "exprs", "wrong", "line", "change"),
    [
        (
            "import torch\nx = torch.arange(6.0).view(2, 3)\ny = x - x.mean(dim=1, keepdim=True)\n",
            ("y",),
            "import torch\nx = torch.arange(6.0).view(2, 3)\ny = x - x.mean(dim=1)\n",
            3,
            "`keepdim=True` in `mean(…)`",
        ),
        (TRAINED, ("w",), TRAINED.replace("    opt.zero_grad()\n", ""), 6, "`opt.zero_grad()` before it"),
        (
            TRAINED,
            ("w",),
            TRAINED.replace("    loss.backward()\n    opt.step()\n", "    opt.step()\n    loss.backward()\n"),
            7,
            "this line and line 8 the other way round",
        ),
        (
            "import torch\nx = torch.tensor(2.0, requires_grad=True)\n(x * x).backward()\n",
            ("x.grad",),
            "import torch\nx = torch.tensor(2.0)\ny = x * x\ny.backward()\n",
            2,
            "`requires_grad=True` in `tensor(…)`",
        ),
        (
            "import torch\nx = torch.tensor([1, 2, 3]).float()\nm = x.mean()\n",
            ("x", "m"),
            "import torch\nx = torch.tensor([1, 2, 3])\nm = x.mean()\n",
            2,
            "`.float()` after `tensor(…)`",
        ),
    ],
)
async def test_the_change_is_found(
    examiner: Examiner, solution: str, exprs: tuple[str, ...], wrong: str, line: int, change: str
) -> None:
    edit = await passing_edit(examiner, step(solution, *exprs), wrong)
    assert edit is not None
    assert (edit.line, edit.change) == (line, change)


async def test_where_none_passes_nothing_is_said(examiner: Examiner) -> None:
    tries: list[int] = []
    one = step("import torch\nx = torch.eye(3)\n", "x")
    assert await passing_edit(examiner, one, "import torch\nx = torch.ones(2, 2) * 3\n", tries.append) is None
    assert 0 < len(tries) <= MOST


async def test_a_program_that_can_not_be_read_is_left_alone(examiner: Examiner) -> None:
    edit: Edit | None = await passing_edit(examiner, step("x = 1", "x"), "x = (")
    assert edit is None
