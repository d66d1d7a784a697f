"""What a program asks to have drawn arrives as plain data, whatever the program gives."""

from __future__ import annotations

import msgspec
import pytest

from tutor.runtime.client import Runtime
from tutor.runtime.plot import GRID, MOST_CLASSES, MOST_NUMBERS, MOST_PLOTS, MOST_POINTS, Plot, sound
from tutor.runtime.protocol import Job, Limits, Report

pytestmark = pytest.mark.asyncio(loop_scope="module")

POINTS = (
    "points = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [1.0, 2.0]])\nclasses = torch.tensor([0, 1, 0, 1])\n"
)
RIGHT_HALF = "class Side(torch.nn.Module):\n    def forward(self, x):\n        return x[:, 0] - 0.5\n"


async def run(runtime: Runtime, code: str) -> Report:
    return await runtime.run(Job(code=f"import torch\n{code}", limits=Limits(time_s=30)))


async def plots(runtime: Runtime, code: str) -> tuple[Plot, ...]:
    report = await run(runtime, code)
    assert report.error is None, report.error.text
    return report.plots


async def test_numbers_and_points_arrive_as_they_were_given(runtime: Runtime) -> None:
    curve, scatter, bare = await plots(
        runtime,
        POINTS
        + "tutor_plot([torch.tensor(2.0, requires_grad=True), 1, 0.5], 'valid')\n"
        + "tutor_scatter(points, classes, name='data')\ntutor_scatter(points.tolist())\n",
    )
    assert curve == Plot(kind="curve", name="valid", y=(2.0, 1.0, 0.5))
    assert scatter == Plot(kind="scatter", name="data", x=(0, 1, 0, 1), y=(0, 0, 2, 2), classes=(0, 1, 0, 1))
    assert bare == msgspec.structs.replace(scatter, name="", classes=())


async def test_the_regions_of_a_model_are_looked_up_when_the_program_has_ended(runtime: Runtime) -> None:
    [plot] = await plots(
        runtime, POINTS + RIGHT_HALF + "model = Side()\ntutor_regions(model, points, classes)\nassert model.training\n"
    )
    left, right, bottom, top = plot.bounds
    assert (left, right, bottom, top) == pytest.approx((-0.1, 1.1, -0.2, 2.2))
    columns, rows = GRID
    assert plot.grid == (bytes(columns // 2) + b"\1" * (columns // 2)) * rows
    assert plot.predicted == plot.classes == (0, 1, 0, 1)


async def test_one_logit_for_each_class_is_a_region_for_each(runtime: Runtime) -> None:
    [plot] = await plots(
        runtime,
        POINTS + "tutor_regions(lambda x: torch.stack([x[:, 0] * 0 + 1, x[:, 1], x[:, 0] * 9 - 8], 1), points)\n",
    )
    assert set(plot.grid) == {0, 1, 2}


async def test_a_model_that_can_not_be_asked_says_why_and_the_run_is_as_it_was(runtime: Runtime) -> None:
    report = await run(runtime, POINTS + "tutor_regions(torch.nn.Linear(3, 2), points, classes)\nx = 1\n")
    assert report.error is None
    assert "cannot be multiplied" in report.plots[0].problem


async def test_looking_at_regions_is_no_forward_of_the_program_and_changes_no_random_number(runtime: Runtime) -> None:
    with_plot = await run(
        runtime,
        POINTS
        + "model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Dropout())\n"
        + "tutor_regions(model, points)\nx = torch.rand(1).item()\n",
    )
    assert not [event for event in with_plot.trace if event.kind == "forward"]


async def test_a_confusion_counts_what_was_taken_for_what(runtime: Runtime) -> None:
    [plot] = await plots(runtime, "tutor_confusion(torch.tensor([0, 0, 1, 2]), [0, 1, 1, 1])\n")
    assert plot.counts == ((1, 1, 0), (0, 1, 0), (0, 1, 0))


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("tutor_scatter(torch.ones(3, 3))", "points must have the shape (N, 2); got (3, 3)"),
        ("tutor_scatter(torch.ones(3, 2), [0, 1])", "classes must have one number for each point; got 2 for 3 points"),
        ("tutor_scatter(torch.ones(1, 2), [0.5])", "classes must be whole numbers from 0 to 9"),
        ("tutor_confusion([0, 1], [0])", "classes and predicted must be as long as each other; got 2 and 1"),
    ],
)
async def test_what_can_not_be_drawn_is_an_error_of_the_line(runtime: Runtime, call: str, told: str) -> None:
    report = await run(runtime, call)
    assert report.error is not None
    assert told in report.error.message
    assert report.error.line == 2


async def test_there_are_only_so_many_of_everything(runtime: Runtime) -> None:
    found = await plots(
        runtime,
        "for n in range(20):\n    tutor_plot([n], f'{n}')\ntutor_plot(torch.rand(50_000))\n"
        "points = torch.rand(5000, 2)\npoints[0, 0] = float('nan')\ntutor_scatter(points)\n",
    )
    assert len(found) == MOST_PLOTS
    assert (len(found[-2].y), found[-2].left_out) == (MOST_NUMBERS, 40_000)
    assert (len(found[-1].x), found[-1].left_out) == (MOST_POINTS, 3000)


GOOD = Plot(kind="regions", x=(0.0,), y=(1.0,), classes=(1,), predicted=(0,), grid=bytes(GRID[0] * GRID[1]))


@pytest.mark.parametrize(
    "changes",
    [
        {"x": (0.0, 1.0)},
        {"x": (float("nan"),)},
        {"classes": (1, 2)},
        {"classes": (MOST_CLASSES,)},
        {"predicted": (-1,)},
        {"grid": b"\0"},
        {"grid": bytes([200]) * (GRID[0] * GRID[1])},
        {"bounds": (0.0, float("inf"), 0.0, 1.0)},
        {"bounds": (1.0, 1.0, 0.0, 1.0)},
        {"counts": ((1, 2),)},
        {"counts": ((-1,),)},
        {"counts": ((),)},
        {"x": (0.0,) * (MOST_POINTS + 1), "y": (0.0,) * (MOST_POINTS + 1), "classes": (), "predicted": ()},
    ],
)
async def test_what_a_forged_message_holds_is_not_drawn(changes: dict[str, object]) -> None:
    assert sound(GOOD) is GOOD
    assert sound(msgspec.structs.replace(GOOD, **changes)).problem == "It could not be read."
