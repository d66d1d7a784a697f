"""`training`: the trace shows a proper loop, and the loss fell."""

from __future__ import annotations

import math
import re
from typing import Annotated, ClassVar

import msgspec

from tutor.checks.base import Check, Finding
from tutor.checks.observed import could_not_judge, failed, not_attempted, passed
from tutor.runtime.protocol import Report

_FACTOR = re.compile(r"\s*(\d+(?:\.\d+)?)\s*x?\s*")


class Steps(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many steps of the optimizer there must be; without an optimizer, how many backward calls."""

    min: Annotated[int, msgspec.Meta(ge=1)] = 1
    """The fewest."""
    max: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """The most."""


class Training(Check, frozen=True, kw_only=True):
    """The program trained: each iteration clears, computes, goes backward and steps, and the loss falls.

    What it does: reads the trace of the run. Faults of the loop that the solution has too (gradients that are summed on
    purpose) do not count.
    Why it matters: a loop in the wrong order runs without any error.
    Example: `{kind: training, steps: {min: 100}, loss_falls: 10x, last_below: 0.01, every_parameter_moves: true}`.
    Use instead: `metric` for the accuracy that the training reached.
    """

    kind: ClassVar[str] = "training"

    steps: Steps = Steps()
    """How many steps there must be."""
    loss_falls: float | str | None = None
    """The first loss divided by the last must be at least this: `10x`, or 10."""
    last_below: float | None = None
    """The last loss must be below this."""
    every_parameter_moves: bool = False
    """Whether every parameter of the solution's optimizer must change."""

    def __post_init__(self) -> None:
        if isinstance(self.loss_falls, str) and not _FACTOR.fullmatch(self.loss_falls):
            raise ValueError("`loss_falls` is a factor, such as `10x`")

    @property
    def factor(self) -> float | None:
        """How many times smaller the last loss must be than the first; None where it may be anything."""
        if isinstance(self.loss_falls, str):
            match = _FACTOR.fullmatch(self.loss_falls)
            return float(match[1]) if match else None
        return self.loss_falls

    @property
    def title(self) -> str:
        """What is looked at."""
        return "training"

    def judge(self, seen: Report, expected: Report, code: str) -> Finding:
        """Was there a loop, is it in order, did parameters move, did the loss fall."""
        from tutor.checks.loop import count, faults

        wanted = "step" if count(expected, "step") else "backward"
        if not count(expected, wanted):
            return could_not_judge("the solution does not train anything")
        if not count(seen, "step") and not count(seen, "backward"):
            return not_attempted("no training was seen", "Write the loop: loss, `backward()`, `step()`.")
        own = {fault.id for fault in faults(expected, "")}
        fault = next((fault for fault in faults(seen, code) if fault.id not in own), None)
        if fault is not None:
            return failed(fault.finding, fault.why, fault.next, fault.id, fault.line)
        return self._steps(seen, wanted) or self._moves(seen, expected) or self._loss(seen)

    def _steps(self, seen: Report, wanted: str) -> Finding | None:
        from tutor.checks.loop import count

        steps = count(seen, wanted)
        name = "steps" if wanted == "step" else "backward calls"
        if steps < self.steps.min:
            return failed(f"{steps} {name}, expected at least {self.steps.min}")
        if self.steps.max is not None and steps > self.steps.max:
            return failed(f"{steps} {name}, expected at most {self.steps.max}")
        return None

    def _moves(self, seen: Report, expected: Report) -> Finding | None:
        if not self.every_parameter_moves:
            return None
        for optimizer in seen.optimizers:
            if optimizer.moved < optimizer.parameters:
                finding = f"{optimizer.moved} of {optimizer.parameters} parameters moved"
                why = "The others had no gradient: the loss does not depend on them."
                return failed(finding, why, line=optimizer.line or None)
        have, want = (sum(o.parameters for o in report.optimizers) for report in (seen, expected))
        if have < want:
            why = "The optimizer changes only the parameters that it was given."
            next_ = "Give it all: `model.parameters()`."
            return failed(f"the optimizer holds {have} parameters, expected {want}", why, next_, "other-parameters")
        return None

    def _loss(self, seen: Report) -> Finding:
        from tutor.checks.loop import last_loss
        from tutor.checks.values import number_text

        losses = seen.losses
        if not losses:
            asked = self.factor is not None or self.last_below is not None
            return failed("no loss was seen: `backward` needs a single number") if asked else passed("a proper loop")
        last = last_loss(losses)
        text = f"from {number_text(losses[0], 3)} to {number_text(last, 3)}"
        if not math.isfinite(last):
            return failed(f"loss {text}", relation="loss-nan")
        if self.factor is not None and not losses[0] >= self.factor * last:
            return failed(f"loss {text}, expected to fall {self.factor:g} times")
        if self.last_below is not None and last >= self.last_below:
            return failed(f"loss {text}, expected below {self.last_below:g}")
        return passed(f"loss {text}")
