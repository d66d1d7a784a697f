"""The gradients that some tensors of a program had before and after each backward.

Only jobs that ask keep this. A tensor is named by a path (`w`, `model.weight`, `layers[0].bias`) that is followed
without running a line of the learner's code.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

import torch

_Tensor, _Module = torch.Tensor, torch.nn.Module
_PLAIN = (_Tensor, torch.nn.Parameter)
_base = torch._C.TensorBase
_grad, _numel, _detach, _clone = _base.grad.__get__, _base.numel, _base.detach, _base.clone
_is_leaf = _base.is_leaf.__get__
_no_override, _no_grad = torch._C.DisableTorchFunctionSubclass, torch.no_grad
_BACKWARDS = 16
"""Of so many, the last ones, is known what they added."""
_ELEMENTS = 4096
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*")
_STEP = re.compile(r"\w+")

Pair = tuple[Any, Any]


class GradientsSeen:
    """What `.grad` of some tensors was around the backwards of one run."""

    def __init__(self, namespace: dict[str, Any], paths: Iterable[str]) -> None:
        self._namespace = namespace
        self._steps = {path: _STEP.findall(path) for path in paths if _PATH.fullmatch(path)}
        self._before: dict[str, Any] = {}
        self._pairs: dict[str, deque[Pair]] = {path: deque(maxlen=_BACKWARDS) for path in self._steps}

    def before(self) -> None:
        """A backward begins."""
        self._before = dict(self._now())

    def after(self) -> None:
        """The backward that began last has ended."""
        for path, grad in self._now():
            if path in self._before:
                self._pairs[path].append((self._before[path], grad))

    def of(self, path: str) -> list[Pair]:
        """The gradient before and after each of the last backwards, None where there was none."""
        return list(self._pairs.get(path, ()))

    def _now(self) -> Iterator[tuple[str, Any]]:
        with _no_override(), _no_grad():
            for path, steps in self._steps.items():
                tensor = _followed(self._namespace, steps)
                if type(tensor) in _PLAIN and _is_leaf(tensor) and _numel(tensor) <= _ELEMENTS:
                    grad = _grad(tensor)
                    yield path, None if grad is None else _clone(_detach(grad))


def _followed(namespace: dict[str, Any], steps: list[str]) -> Any:
    thing: Any = namespace.get(steps[0])
    for step in steps[1:]:
        if issubclass(type(thing), _Module):
            own = object.__getattribute__(thing, "__dict__")
            parts = own.get("_modules", {})
            if step.isdigit():
                thing = next((part for number, part in enumerate(parts.values()) if number == int(step)), None)
            else:
                thing = next((kept[step] for kept in (own.get("_parameters", {}), parts, own) if step in kept), None)
        elif type(thing) in (list, tuple) and step.isdigit():
            thing = thing[int(step)] if int(step) < len(thing) else None
        else:
            return None
    return thing
