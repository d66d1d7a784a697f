"""Which parameters an optimizer moved: what they were before its first step, against what they are at the end."""

from __future__ import annotations

from typing import Any

import torch

from tutor.runtime.caps import type_name
from tutor.runtime.protocol import OptimizerInfo

_base = torch._C.TensorBase
_detach, _clone, _equal, _numel = _base.detach, _base.clone, torch.equal, _base.numel
_no_grad, _no_override = torch.no_grad, torch._C.DisableTorchFunctionSubclass
_OPTIMIZERS = 16
_BYTES = 64 << 20
_LINES = 1000


class _One:
    """An optimizer that made a step."""

    def __init__(self, optimizer: Any, target: int, line: int) -> None:
        self.type, self.target, self.line = type_name(optimizer), target, line
        self.groups = 0
        self.parameters: list[Any] = []
        self.before: list[Any] = []
        """A copy of each parameter; its version where it is too large to be copied."""


class Watched:
    """The optimizers of one run."""

    def __init__(self) -> None:
        self._lines: dict[int, int] = {}
        self._seen: dict[int, _One] = {}
        self._bytes_left = _BYTES
        self.unsettled: set[int] = set()
        """The optimizers of which there are parameters that were not noted yet."""

    def made(self, target: int, line: int) -> None:
        """An optimizer was created at `line`."""
        if len(self._lines) < _LINES:
            self._lines[target] = line
            self.unsettled.add(target)

    def grew(self, target: int) -> None:
        """An optimizer has more parameters than before."""
        if target in self._lines:
            self.unsettled.add(target)

    def before_step(self, optimizer: Any, target: int) -> None:
        """Note what the parameters are, at the first step and when there are more of them."""
        self.unsettled.discard(target)
        one = self._seen.get(target)
        if one is None:
            if len(self._seen) >= _OPTIMIZERS:
                return
            one = self._seen[target] = _One(optimizer, target, self._lines.get(target, 0))
        groups = optimizer.param_groups
        if len(groups) == one.groups:
            return
        with _no_override(), _no_grad():
            for group in groups[one.groups :]:
                for parameter in group["params"]:
                    one.parameters.append(parameter)
                    one.before.append(self._state(parameter))
        one.groups = len(groups)

    def _state(self, parameter: Any) -> Any:
        size = _numel(parameter) * parameter.element_size()
        if size > self._bytes_left:
            return int(parameter._version)
        self._bytes_left -= size
        return _clone(_detach(parameter))

    def infos(self) -> tuple[OptimizerInfo, ...]:
        """What is known of each, in the order of their first steps."""
        return tuple(
            OptimizerInfo(
                target=one.target,
                type=one.type,
                line=one.line,
                parameters=len(one.parameters),
                moved=sum(map(_moved, one.parameters, one.before)),
            )
            for one in self._seen.values()
        )


def _moved(parameter: Any, before: Any) -> bool:
    with _no_override(), _no_grad():
        if type(before) is int:
            return bool(parameter._version != before)
        try:
            return not _equal(_detach(parameter), before)
        except (RuntimeError, TypeError):
            return True  # another shape, dtype or device than before
