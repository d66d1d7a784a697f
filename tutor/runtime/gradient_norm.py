"""How long the gradient is that an optimizer steps with: measured at the first steps, and then ever more rarely."""

from __future__ import annotations

import math
from typing import Any

import torch

from tutor.runtime.trace_log import Thinning

_base = torch._C.TensorBase
_grad, _requires_grad, _numel, _item = _base.grad.__get__, _base.requires_grad.__get__, _base.numel, _base.item
_no_grad, _foreach_norm, _vector_norm, _stack = (
    torch.no_grad,
    torch._foreach_norm,
    torch.linalg.vector_norm,
    torch.stack,
)
_dispatch_modes, _function_modes = torch._C._len_torch_dispatch_stack, torch._C._len_torch_function_stack
_profiling = torch._C._autograd._profiler_enabled
_ROOM = 200
"""Most measurements of one run; each takes some 10 µs, a tenth of a small training step."""
_ELEMENTS = 10_000_000
_FEW = 8


class GradientNorms:
    """The norms of one run."""

    def __init__(self) -> None:
        self._thinning = Thinning(_ROOM)

    def of(self, optimizer: Any) -> float | None:
        """Euclidean norm over all gradients of an optimizer's parameters; None where it was not measured.

        What watches torch's operations for the program would see the measuring, so there is none then.
        """
        if not self._thinning.keeps() or _dispatch_modes() or _function_modes() or _profiling():
            return None
        try:
            parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
            gradients = [grad for parameter in parameters if (grad := _grad(parameter)) is not None]
            if not gradients or sum(map(_numel, gradients)) > _ELEMENTS:
                return None
            if any(map(_requires_grad, gradients)):  # where the program differentiates its gradients
                with _no_grad():
                    return _norm(gradients)
            return _norm(gradients)
        except (RuntimeError, TypeError, AttributeError):
            return None  # sparse, on several devices, or a thing of the program's own


def _norm(gradients: list[Any]) -> float:
    norms = _foreach_norm(gradients)
    if len(norms) <= _FEW:  # for a handful, Python is quicker than two more operations of torch
        return math.sqrt(sum([float(_item(norm)) ** 2 for norm in norms]))
    return float(_item(_vector_norm(_stack(norms))))
