"""The sentence that says what a loss curve shows."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tutor.widgets.formats import number
from tutor.widgets.loss_plot import smooth

NO_LOSS = "No loss was recorded: nothing called backward()."


def sentence(values: Sequence[float], name: str = "") -> str:
    """What a curve shows, in one sentence; `name` is that of a list which is drawn in place of losses."""
    if name and not values:
        return f"There are no numbers in {name}."
    said = _sentence(values)
    if not name or name.startswith("loss"):
        return said
    said = said.replace(" diverged: it grew ", " rose ")  # of a loss that is bad; of other numbers nobody knows
    return said.replace("Loss", name, 1).replace("One loss", "One number", 1)


def _sentence(losses: Sequence[float]) -> str:
    """What the losses show; steps are counted from 1."""
    if not losses:
        return NO_LOSS
    broken = next((step for step, value in enumerate(losses, 1) if not math.isfinite(value)), None)
    if broken is not None:
        return _broken(losses, broken)
    first, last, steps = losses[0], losses[-1], len(losses)
    if steps == 1:
        return f"One loss was recorded: {number(first, 3)}."
    span = max(losses) - min(losses)
    if span <= 0.01 * max(abs(first), abs(last)):
        return f"Loss stayed at {number(last, 3)} for {steps} steps."
    if swings(losses, span / 2) >= 4:
        low, high = number(min(losses), 3), number(max(losses), 3)
        return f"Loss swings between {low} and {high}; after {steps} steps it is {number(last, 3)}."
    ends = f"from {number(first, 3)} to {number(last, 3)} in {steps} steps"
    if last > first:
        return _rising(losses, ends)
    lowest = min(losses)
    if last - lowest > 0.25 * (first - lowest) and steps >= 5:
        at = losses.index(lowest) + 1
        return f"Loss fell from {number(first, 3)} to {number(lowest, 3)} at step {at}, then rose to {number(last, 3)}."
    flat = flat_since(losses)
    return f"Loss fell {ends}" + (f", flat since step {flat}." if flat else ".")


def _broken(losses: Sequence[float], step: int) -> str:
    name = "NaN" if math.isnan(losses[step - 1]) else "infinite"
    if step == 1:
        return f"Loss was {name} from the first step."
    return f"Loss became {name} at step {step}; the step before it was {number(losses[step - 2], 3)}."


def _rising(losses: Sequence[float], ends: str) -> str:
    first, last = losses[0], losses[-1]
    if last > 10 * abs(first) and last > 1:
        return f"Loss diverged: it grew {ends}."
    lowest = min(losses)
    if first - lowest > 0.25 * (max(losses) - lowest):
        at = losses.index(lowest) + 1
        return f"Loss fell from {number(first, 3)} to {number(lowest, 3)} at step {at}, then rose to {number(last, 3)}."
    return f"Loss rose {ends}."


def swings(losses: Sequence[float], least: float) -> int:
    """How often the loss goes up or down by more than `least` before it turns."""
    turns, direction, extreme = 0, 0, losses[0]
    for value in losses:
        if direction * (value - extreme) > 0:
            extreme = value
        elif abs(value - extreme) > least:
            turns, direction, extreme = turns + 1, 1 if value > extreme else -1, value
    return turns


def flat_since(losses: Sequence[float]) -> int | None:
    """The first step after which a falling loss moved by at most a twentieth of its whole fall, smoothed a little.

    None if that is not at least the last fifth of ten steps or more.
    """
    steps = len(losses)
    if steps < 10:
        return None
    level = smooth(losses, max(1, steps // 50))
    final = sum(losses[-(steps // 10) :]) / (steps // 10)
    band = 0.05 * abs(losses[0] - final)
    last_outside = max((step for step, value in enumerate(level, 1) if abs(value - final) > band), default=0)
    return last_outside + 1 if last_outside + 1 <= 0.8 * steps else None
