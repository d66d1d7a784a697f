"""What a training loop does, seen without touching the learner's code.

While a program runs, a few methods of torch are wrapped: they do what they did, and note that they were called, from
which line. Nothing is added to the graph, no random number is drawn, and what the program wraps itself goes on working.
"""

from __future__ import annotations

import functools
import sys
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch.optim.optimizer import (
    Optimizer,
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from tutor.runtime.optimizers import Watched
from tutor.runtime.protocol import OptimizerInfo, TraceBatch, TraceEvent, TraceTotals
from tutor.runtime.trace_log import Log

_Tensor = torch.Tensor
_Module = torch.nn.Module
_PLAIN = (_Tensor, torch.nn.Parameter)
"""Other kinds of tensors may see, and answer for themselves, every question that is asked of them."""
_base = torch._C.TensorBase
_requires_grad, _numel, _item, _is_meta = _base.requires_grad.__get__, _base.numel, _base.item, _base.is_meta.__get__
_grad_enabled = torch.is_grad_enabled
_clock = time.perf_counter
_frame = sys._getframe
_HOPS = 200
_LINES = 10_000


def _nowhere(_batch: TraceBatch) -> None:
    """Stands in for a channel as long as there is none."""


class _Depth(threading.local):
    """What this thread is inside of."""

    forward = False
    backward = False


class Recorder:
    """Records one run: `prepare` before the program, `begin` at its first line, `end` after its last.

    What it wraps stays wrapped. Wrapping touches every class of torch that inherits, memory that a run would have to
    copy first, so it is done once for all runs (`install`), where nothing runs yet.
    """

    def __init__(self) -> None:
        self._depth = _Depth()
        self.prepare((), "", _nowhere)

    # ---- its life -----------------------------------------------------------------------------------------------

    def prepare(self, filenames: tuple[str, ...], learners: str, send: Callable[[TraceBatch], None]) -> None:
        """Be ready for a run of these files, of which `learners` holds the learner's code."""
        self._files = frozenset(filenames)
        self._learners = learners
        self._log = Log(send)
        self._begun = 0.0
        self._on = False
        self._lines: dict[tuple[int, int], tuple[int, object]] = {}
        self._targets: dict[int, tuple[weakref.ref[Any], int]] = {}
        self._next = 0
        self._watched = Watched()

    def install(self) -> None:
        """Wrap what is watched; until `begin`, nothing is noted."""
        self._replace(_Module, "__call__", self._call)
        self._replace(torch.autograd, "backward", self._backward)
        self._replace(_Module, "train", self._train)
        self._replace(_Module, "eval", self._eval)
        self._replace(_Module, "zero_grad", self._zero_grad)
        self._replace(Optimizer, "zero_grad", self._zero_grad)
        self._replace(Optimizer, "__init__", self._new_optimizer)
        for name in ("detach", "item", "numpy"):
            self._replace(_Tensor, name, functools.partial(self._taken, name))
        self._replace_data()
        register_optimizer_step_pre_hook(self._before_step)
        register_optimizer_step_post_hook(self._after_step)

    def begin(self, at: float) -> None:
        """Start to record; times count from `at`, a time of `time.perf_counter`."""
        self._begun = at
        self._on = True

    def end(self) -> None:
        """Stop, and send what is left."""
        self._on = False
        self._log.finish(_clock() - self._begun)

    def totals(self) -> TraceTotals:
        """How often each kind of event happened."""
        return self._log.totals()

    def optimizers(self) -> tuple[OptimizerInfo, ...]:
        """The optimizers that made a step."""
        return self._watched.infos()

    def _replace(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        original = getattr(owner, name)
        setattr(owner, name, functools.wraps(original)(make(original)))

    # ---- events -------------------------------------------------------------------------------------------------

    def _note(
        self,
        kind: Any,
        name: str = "",
        value: float | None = None,
        training: bool | None = None,
        grad: bool | None = None,
        target: int = 0,
    ) -> None:
        self._log.add(TraceEvent(kind, _clock() - self._begun, self._line(), name, value, training, grad, target))

    def _line(self) -> int:
        """The line of the learner's file that is being run, 0 where there is none."""
        frame = _frame(2)
        learners = self._learners
        for _ in range(_HOPS):
            code = frame.f_code
            if code.co_filename == learners:
                # Working out a line number takes longer than all the rest of an event.
                key = (id(code), frame.f_lasti)
                known = self._lines.get(key)
                if known is None:
                    known = (frame.f_lineno or 0, code)
                    if len(self._lines) < _LINES:
                        self._lines[key] = known
                return known[0]
            if frame.f_back is None:
                break
            frame = frame.f_back
        return 0

    def _target(self, thing: Any) -> int:
        known = self._targets.get(id(thing))
        if known is not None and known[0]() is thing:
            return known[1]
        self._next += 1
        try:
            self._targets[id(thing)] = (weakref.ref(thing), self._next)
        except TypeError:
            return 0
        return self._next

    # ---- what is wrapped ----------------------------------------------------------------------------------------

    def _call(self, original: Any) -> Any:
        depth, recorder = self._depth, self

        def __call__(self: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N807 - it stands in for Module.__call__
            if depth.forward or depth.backward or not recorder._on:
                return original(self, *args, **kwargs)
            depth.forward = True
            try:
                result = original(self, *args, **kwargs)
            finally:
                depth.forward = False
            training = self.__dict__.get("training") is True
            recorder._note("forward", type(self).__name__, None, training, _grad_enabled(), recorder._target(self))
            return result

        return __call__

    def _backward(self, original: Any) -> Any:
        depth = self._depth

        def backward(tensors: Any, *args: Any, **kwargs: Any) -> Any:
            if depth.backward or not self._on:
                return original(tensors, *args, **kwargs)
            value = _loss(tensors)
            depth.backward = True
            try:
                result = original(tensors, *args, **kwargs)
            finally:
                depth.backward = False
            self._note("backward", value=value, target=self._log.counts.get("backward", 0) + 1)
            return result

        return backward

    def _train(self, original: Any) -> Any:
        recorder = self

        def train(self: Any, mode: bool = True) -> Any:
            if recorder._on and _frame(1).f_code.co_filename in recorder._files:
                recorder._note("mode", type(self).__name__, training=bool(mode), target=recorder._target(self))
            return original(self, mode)

        return train

    def _eval(self, original: Any) -> Any:
        recorder = self

        def eval(self: Any) -> Any:  # noqa: A001 - it stands in for Module.eval
            if recorder._on and _frame(1).f_code.co_filename in recorder._files:
                recorder._note("mode", type(self).__name__, training=False, target=recorder._target(self))
            return original(self)

        return eval

    def _zero_grad(self, original: Any) -> Any:
        recorder = self

        def zero_grad(self: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(self, *args, **kwargs)
            if recorder._on:
                recorder._note("zero_grad", type(self).__name__, target=recorder._target(self))
            return result

        return zero_grad

    def _taken(self, kind: str, original: Any) -> Any:
        recorder = self

        def taken(self: Any, *args: Any, **kwargs: Any) -> Any:
            if type(self) in _PLAIN and _requires_grad(self):
                recorder._note_taken(kind)
            return original(self, *args, **kwargs)

        return taken

    def _note_taken(self, kind: str) -> None:
        # Torch's own code takes values all the time; what counts is what the learner's lines take.
        if self._on and _frame(2).f_code.co_filename in self._files:
            self._note(kind)

    def _replace_data(self) -> None:
        recorder, original = self, _base.data

        def get(self: Any) -> Any:
            if type(self) in _PLAIN and _requires_grad(self):
                recorder._note_taken("data")
            return original.__get__(self)

        _Tensor.data = property(get, original.__set__, original.__delete__, original.__doc__)

    # ---- optimizers ---------------------------------------------------------------------------------------------

    def _new_optimizer(self, original: Any) -> Any:
        recorder = self

        def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 - it stands in for Optimizer.__init__
            original(self, *args, **kwargs)
            if recorder._on:
                recorder._watched.made(recorder._target(self), recorder._line())

        return __init__

    def _before_step(self, optimizer: Any, _args: Any, _kwargs: Any) -> None:
        if self._on:
            self._watched.before_step(optimizer, self._target(optimizer))

    def _after_step(self, optimizer: Any, _args: Any, _kwargs: Any) -> None:
        if self._on:
            self._note("step", type(optimizer).__name__, target=self._target(optimizer))


def _loss(tensors: Any) -> float | None:
    """The number that a backward starts from, None where it is not one number."""
    if type(tensors) not in _PLAIN or _numel(tensors) != 1 or _is_meta(tensors):
        return None
    try:
        value = _item(tensors)
    except RuntimeError:
        return None  # inside of torch.func, a tensor has no value
    return float(value) if type(value) in (int, float) else None
