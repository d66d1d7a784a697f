"""The functions by which a learner's program asks for plots: built in while it runs in the tutor, and only there."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

import msgspec
import torch

from tutor.runtime.caps import clean
from tutor.runtime.plot import GRID, MOST_CLASSES, MOST_NUMBERS, MOST_PLOTS, MOST_POINTS, Plot

MARGIN = 0.1
"""Room around the points of regions, as a share of their extent."""


class PlotsAsked:
    """Keeps what was asked for; models are looked at when the program has ended, so that no loop waits for it."""

    def __init__(self) -> None:
        self._plots: list[Plot | Callable[[], Plot]] = []

    def install(self) -> None:
        """Make the functions known to the program."""
        for function in (self.tutor_plot, self.tutor_scatter, self.tutor_regions, self.tutor_confusion):
            setattr(builtins, function.__name__, function)

    def made(self) -> tuple[Plot, ...]:
        """The plots, the last ones of many."""
        return tuple(plot if isinstance(plot, Plot) else plot() for plot in self._plots[-MOST_PLOTS:])

    # ---- what a program calls -----------------------------------------------------------------------------------

    def tutor_plot(self, values: Any, name: str = "") -> None:
        """Draw numbers as a curve, beside the losses: a list, or a tensor of one dimension."""
        numbers = torch.as_tensor([float(each) for each in values], dtype=torch.float64)
        shown = tuple(numbers[:MOST_NUMBERS].tolist())
        self._plots.append(Plot(kind="curve", name=clean(str(name), 40), y=shown, left_out=len(numbers) - len(shown)))

    def tutor_scatter(self, points: Any, classes: Any = None, name: str = "") -> None:
        """Draw points, given as a tensor of shape (N, 2), each with the mark of its class, a whole number."""
        at, of = _points(points, classes)
        self._plots.append(_scatter("scatter", at, of, name))

    def tutor_regions(self, model: Any, points: Any, classes: Any = None, name: str = "") -> None:
        """Draw which class `model` gives to each place around the points, and the points with their true classes.

        `model` takes a tensor of shape (M, 2) and gives logits: (M, C) of classes, or one each, (M,) or (M, 1).
        """
        at, of = _points(points, classes)
        where = points.device if isinstance(points, torch.Tensor) else None

        def regions() -> Plot:
            plot = _scatter("regions", at, of, name)
            try:
                bounds, places = _places(at)
                grid = _asked(model, places, where)
                predicted = _asked(model, torch.tensor([plot.x, plot.y]).T, where)
            except Exception as error:
                return Plot(kind="regions", name=plot.name, problem=clean(f"{type(error).__name__}: {error}", 300))
            return msgspec.structs.replace(plot, bounds=bounds, grid=bytes(grid), predicted=tuple(predicted))

        self._plots.append(regions)

    def tutor_confusion(self, classes: Any, predicted: Any, name: str = "") -> None:
        """Count how often each true class was taken for each: two tensors of N whole numbers."""
        true, taken = _whole(classes, "classes"), _whole(predicted, "predicted")
        if true.shape != taken.shape:
            raise ValueError(f"classes and predicted must be as long as each other; got {len(true)} and {len(taken)}")
        size = int(max(true.max(), taken.max())) + 1 if len(true) else 0
        counts = torch.zeros(size, size, dtype=torch.int64)
        for one, other in zip(true.tolist(), taken.tolist(), strict=True):
            counts[one, other] += 1
        rows = tuple(tuple(row) for row in counts.tolist())
        self._plots.append(Plot(kind="confusion", name=clean(str(name), 40), counts=rows))


def _points(points: Any, classes: Any) -> tuple[torch.Tensor, torch.Tensor]:
    at = torch.as_tensor(points).detach().to("cpu", torch.float64)
    if at.ndim != 2 or at.shape[1] != 2:
        raise ValueError(f"points must have the shape (N, 2); got {tuple(at.shape)}")
    if classes is None:
        return at, torch.empty(0, dtype=torch.int64)
    of = _whole(classes, "classes")
    if len(of) != len(at):
        raise ValueError(f"classes must have one number for each point; got {len(of)} for {len(at)} points")
    return at, of


def _whole(classes: Any, what: str) -> torch.Tensor:
    """Classes as a tensor of shape (N,)."""
    given = torch.as_tensor(classes).detach().to("cpu").reshape(-1)
    whole = given.to(torch.int64)
    if len(given) and (not torch.equal(whole.to(given.dtype), given) or whole.min() < 0 or whole.max() >= MOST_CLASSES):
        raise ValueError(f"{what} must be whole numbers from 0 to {MOST_CLASSES - 1}")
    return whole


def _scatter(kind: str, at: torch.Tensor, of: torch.Tensor, name: str) -> Plot:
    finite = torch.isfinite(at).all(1)
    at, of = at[finite], of[finite] if len(of) else of
    x, y = at[:MOST_POINTS, 0].tolist(), at[:MOST_POINTS, 1].tolist()
    return Plot(
        kind=kind,  # type: ignore[arg-type]  # one of two literals
        name=clean(str(name), 40),
        x=tuple(x),
        y=tuple(y),
        classes=tuple(of[:MOST_POINTS].tolist()),
        left_out=int((~finite).sum()) + max(0, len(at) - MOST_POINTS),
    )


def _places(at: torch.Tensor) -> tuple[tuple[float, float, float, float], torch.Tensor]:
    """The bounds around the points, and the middles of the cells between them, from the top row on: (M, 2)."""
    at = at[torch.isfinite(at).all(1)]
    if not len(at):
        raise ValueError("there are no points around which to look")
    low, high = at.min(0).values, at.max(0).values
    room = (high - low).clamp(min=1e-6) * MARGIN
    (left, bottom), (right, top) = (low - room).tolist(), (high + room).tolist()
    columns, rows = GRID
    across = left + (right - left) * (torch.arange(columns) + 0.5) / columns
    down = top - (top - bottom) * (torch.arange(rows) + 0.5) / rows
    return (left, right, bottom, top), torch.stack([across.repeat(rows), down.repeat_interleave(columns)], 1)


def _asked(model: Any, places: torch.Tensor, device: torch.device | None) -> list[int]:
    """The class that the model gives to each place, in evaluation mode and without recording gradients."""
    places = places.to(device=device, dtype=torch.get_default_dtype())
    was_training = getattr(model, "training", None)
    try:
        if was_training:
            model.eval()
        with torch.no_grad():
            given = model(places).detach().to("cpu")
    finally:
        if was_training:
            model.train()
    classes: list[int] = _classes(given, len(places)).clamp(0, MOST_CLASSES - 1).tolist()
    return classes


def _classes(given: torch.Tensor, count: int) -> torch.Tensor:
    """The class of each row of a model's output."""
    if given.ndim == 2 and given.shape[0] == count and given.shape[1] > 1:
        return given.argmax(1)
    if given.numel() != count:
        raise ValueError(f"the model must give one row for each of {count} places; got the shape {tuple(given.shape)}")
    if not given.is_floating_point():
        return given.reshape(-1).to(torch.int64)
    return (given.reshape(-1) > 0).to(torch.int64)
