"""Which of torch's own operations a learner's code led to, by torch's dispatcher: however they are spelled.

Not counted is what torch does of its own accord: the operations of backward, of an optimizer's step, of a loader that
makes batches, of the first values of parameters, of printing a tensor; and those of the trace.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

_TORCH = Path(torch.__file__).parent
_APART = tuple(str(_TORCH / part) for part in ("optim", "utils/data", "nn/init.py", "_tensor_str.py", "autograd"))
_OWN = str(Path(__file__).parent)
_graph_task = torch._C._current_graph_task_id
_frame = sys._getframe
_HOPS = 200
_NAMES = 1000


class Operations:
    """Counts the operations of one run; nothing is slowed outside of `counting`."""

    def __init__(self, learners: str) -> None:
        self._learners = learners
        self._counts: dict[Any, int] = {}
        self._counted: dict[str, bool] = {}

    @contextlib.contextmanager
    def counting(self, *, only_learners: bool = False) -> Iterator[None]:
        """Count inside; with `only_learners`, only what a line of the learner's file leads to."""
        with _Mode(self, only_learners):
            yield

    def names(self) -> dict[str, int]:
        """How often each operation ran, by its name in torch without the namespace: "addmm", "_softmax"."""
        found: dict[str, int] = {}
        for operation, count in self._counts.items():
            name = str(operation._schema.name).rpartition("::")[2]
            if not name.startswith("_record_function"):  # marks for a profiler
                found[name] = found.get(name, 0) + count
        return dict(list(found.items())[:_NAMES])

    def note(self, operation: Any, caller: Any, only_learners: bool) -> None:
        """Count an operation that the code of `caller` asked for."""
        if _graph_task() != -1:
            return  # inside of backward
        file = caller.f_code.co_filename
        counted = self._counted.get(file)
        if counted is None:
            counted = self._counted[file] = not file.startswith((*_APART, _OWN))
        if counted and (not only_learners or self._from_learner(caller)):
            self._counts[operation] = self._counts.get(operation, 0) + 1

    def _from_learner(self, frame: Any) -> bool:
        for _ in range(_HOPS):
            if frame is None:
                return False
            if frame.f_code.co_filename == self._learners:
                return True
            frame = frame.f_back
        return False


class _Mode(TorchDispatchMode):  # type: ignore[misc]  # torch is not followed by mypy
    def __init__(self, counts: Operations, only_learners: bool) -> None:
        super().__init__()
        self._counts = counts
        self._only_learners = only_learners


def _dispatch(self: _Mode, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
    self._counts.note(func, _frame(1), self._only_learners)
    return func(*args, **(kwargs or {}))


# Set from outside: what is defined in the class, torch wraps for its compiler, and the caller is then a wrapper.
_Mode.__torch_dispatch__ = _dispatch
