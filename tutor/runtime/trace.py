"""What a training loop does, seen without touching the learner's code.

While a program runs, a few methods of torch are wrapped: they do what they did, and note that they were called, from
which line. Nothing is added to the graph, no random number is drawn, and what the program wraps itself goes on working.

A small training step takes 200 µs, and leaves little of Python in the processor's caches. So a wrapper touches as few
functions and objects as it can, and all that can wait is done by `Log`, many events at a time.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from typing import Any

import torch
from torch.optim.optimizer import (
    Optimizer,
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from tutor.runtime.gradient_norm import GradientNorms
from tutor.runtime.gradients_seen import GradientsSeen
from tutor.runtime.optimizers import Watched
from tutor.runtime.protocol import OptimizerInfo, TraceBatch, TraceTotals
from tutor.runtime.rows_seen import RowsSeen
from tutor.runtime.trace_log import Log
from tutor.runtime.trace_marks import Numbers, Places, frame_of

_Tensor = torch.Tensor
_Module = torch.nn.Module
_PLAIN = (_Tensor, torch.nn.Parameter)
"""Other kinds of tensors may see, and answer for themselves, every question that is asked of them."""
_base = torch._C.TensorBase
_requires_grad, _numel, _item, _is_meta = _base.requires_grad.__get__, _base.numel, _base.item, _base.is_meta.__get__
_grad_enabled = torch.is_grad_enabled
_clock = time.perf_counter
_thread = threading.get_ident
_TENSOR_BACKWARD, _STEP = _Tensor.backward.__code__, torch.optim.SGD.step.__code__
"""What stands between the program and two of the wrappers: all optimizers share the code around their steps."""
_KNOWN_CALL = ("_compiled_call_impl", "_call_impl")


def _nowhere(_batch: TraceBatch) -> None:
    """Stands in for a channel as long as there is none."""


class Recorder:
    """Records one run: `prepare` before the program, `begin` at its first line, `end` after its last.

    Wrapping touches every class that inherits from torch's, memory that a run would have to copy first. So it is done
    once (`install`), in the process that all runs are forked from, and undone only where a run is not to be watched.
    """

    def __init__(self) -> None:
        self._in_forward: set[int] = set()
        self._in_backward: set[int] = set()
        """The threads that are inside of a module's call, and of a backward."""
        self._undo: list[Callable[[], None]] = []
        self._numbers = Numbers()
        self.prepare((), "", _nowhere)

    # ---- its life -----------------------------------------------------------------------------------------------

    def prepare(self, filenames: tuple[str, ...], learners: str, send: Callable[[TraceBatch], None]) -> None:
        """Be ready for a run of these files, of which `learners` holds the learner's code."""
        self._files = frozenset(filenames)
        self._log = Log(send)
        self._waiting = self._log.waiting
        self._begun = 0.0
        self._on = False
        self._places = Places(learners)
        self._numbers.clear()
        self._backwards = 0
        self._watched = Watched()
        self._norms = GradientNorms()
        self._before_steps: Any = None
        """The hook before steps, while there is an optimizer whose parameters are to be noted."""
        self.rows: RowsSeen | None = None
        """What modules were given; set by those who want to know."""
        self.gradients: GradientsSeen | None = None
        """What gradients were around backwards; set by those who want to know."""

    def install(self) -> None:
        """Wrap what is watched; until `begin`, nothing is noted."""
        self._replace(_Module, "__call__", self._call)
        self._replace(torch.autograd, "backward", self._backward)
        self._replace(_Module, "train", self._train)
        self._replace(_Module, "eval", self._eval)
        self._replace(_Module, "zero_grad", self._zero_grad)
        self._replace(Optimizer, "zero_grad", self._zero_grad)
        self._replace(Optimizer, "__init__", self._new_optimizer)
        self._replace(Optimizer, "__setstate__", self._new_optimizer)
        self._replace(Optimizer, "add_param_group", self._new_group)
        for name in ("detach", "item", "numpy"):
            self._replace(_Tensor, name, functools.partial(self._taken, name))
        self._replace_data()
        self._undo.append(register_optimizer_step_post_hook(self._after_step).remove)

    def begin(self, at: float) -> None:
        """Start to record; times count from `at`, a time of `time.perf_counter`."""
        self._begun = at
        self._on = True

    def end(self) -> None:
        """Stop, and send what is left."""
        self._on = False
        self._look_before_steps(False)
        self._log.finish(_clock() - self._begun)

    def uninstall(self) -> None:
        """Put back what was wrapped."""
        for undo in reversed(self._undo):
            undo()
        self._undo.clear()

    def totals(self) -> TraceTotals:
        """How often each kind of event happened."""
        return self._log.totals()

    def optimizers(self) -> tuple[OptimizerInfo, ...]:
        """The optimizers that made a step."""
        return self._watched.infos()

    def target_of(self, thing: Any) -> int:
        """The small number that events have for a thing; 0 for one that no event is about."""
        return self._numbers.known(thing)

    def _replace(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        own = vars(owner).get(name)
        original = getattr(owner, name)
        setattr(owner, name, functools.wraps(original)(make(original)))
        put_back = (
            functools.partial(delattr, owner, name) if own is None else functools.partial(setattr, owner, name, own)
        )
        self._undo.append(put_back)

    # ---- events -------------------------------------------------------------------------------------------------

    def _note(
        self, kind: str, name: str, value: float | None, training: bool | None, grad: bool | None, target: int
    ) -> None:
        """Write an event down; its fields are those of `TraceEvent`, the caller's caller is where it came from."""
        at = _clock() - self._begun
        frame: Any = frame_of(2)
        if frame.f_code is _TENSOR_BACKWARD or frame.f_code is _STEP:
            frame = frame.f_back
        code, lines = self._places.last
        line = lines[frame.f_lasti >> 1] if frame.f_code is code else self._places.line(frame)
        self._waiting.append((kind, at, line, name, value, training, grad, target))
        if at >= self._log.due:
            self._log.flush(at)

    # ---- what is wrapped ----------------------------------------------------------------------------------------

    def _call(self, original: Any) -> Any:
        recorder, forwards, backwards, number = self, self._in_forward, self._in_backward, self._numbers.of
        # Torch's own function of two lines, whose call can be saved.
        known = getattr(getattr(original, "__code__", None), "co_names", None) == _KNOWN_CALL

        def __call__(self: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N807 - it stands in for Module.__call__
            if forwards or backwards or not recorder._on:
                me = _thread()
                if me in forwards or me in backwards or not recorder._on:
                    if known and self._compiled_call_impl is None:
                        return self._call_impl(*args, **kwargs)
                    return original(self, *args, **kwargs)
            me = _thread()
            try:
                forwards.add(me)
                if known and self._compiled_call_impl is None:
                    result = self._call_impl(*args, **kwargs)
                else:
                    result = original(self, *args, **kwargs)
            finally:
                forwards.discard(me)
            training = self.__dict__.get("training") is True
            recorder._note("forward", type(self).__name__, None, training, _grad_enabled(), number(self))
            if recorder.rows is not None:
                line = recorder._places.line(frame_of(1))
                recorder.rows.called(number(self), line, training, _grad_enabled(), (args, kwargs), result)
            return result

        return __call__

    def _backward(self, original: Any) -> Any:
        backwards = self._in_backward

        def backward(tensors: Any, *args: Any, **kwargs: Any) -> Any:
            me = _thread()
            if me in backwards or not self._on:
                return original(tensors, *args, **kwargs)
            value = _loss(tensors)
            if self.gradients is not None:
                self.gradients.before()
            try:
                backwards.add(me)
                result = original(tensors, *args, **kwargs)
            finally:
                backwards.discard(me)
            if self.gradients is not None:
                self.gradients.after()
            self._backwards += 1
            self._note("backward", "", value, None, None, self._backwards)
            return result

        return backward

    def _train(self, original: Any) -> Any:
        recorder = self

        def train(self: Any, mode: bool = True) -> Any:
            if recorder._on and frame_of(1).f_code.co_filename in recorder._files:
                recorder._note("mode", type(self).__name__, None, bool(mode), None, recorder._numbers.of(self))
            return original(self, mode)

        return train

    def _eval(self, original: Any) -> Any:
        recorder = self

        def eval(self: Any) -> Any:  # noqa: A001 - it stands in for Module.eval
            if recorder._on and frame_of(1).f_code.co_filename in recorder._files:
                recorder._note("mode", type(self).__name__, None, False, None, recorder._numbers.of(self))
            return original(self)

        return eval

    def _zero_grad(self, original: Any) -> Any:
        recorder, number = self, self._numbers.of

        def zero_grad(self: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(self, *args, **kwargs)
            if recorder._on:
                recorder._note("zero_grad", type(self).__name__, None, None, None, number(self))
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
        if self._on and frame_of(2).f_code.co_filename in self._files:
            self._note(kind, "", None, None, None, 0)

    def _replace_data(self) -> None:
        recorder, original = self, _base.data

        def get(self: Any) -> Any:
            if type(self) in _PLAIN and _requires_grad(self):
                recorder._note_taken("data")
            return original.__get__(self)

        _Tensor.data = property(get, original.__set__, original.__delete__, original.__doc__)
        self._undo.append(functools.partial(delattr, _Tensor, "data"))

    # ---- optimizers ---------------------------------------------------------------------------------------------

    def _new_optimizer(self, original: Any) -> Any:
        recorder = self

        def wrapper(self: Any, *args: Any, **kwargs: Any) -> None:
            original(self, *args, **kwargs)
            if recorder._on:
                recorder._watched.made(recorder._numbers.of(self), recorder._places.line(frame_of(1)))
                recorder._look_before_steps(True)

        return wrapper

    def _new_group(self, original: Any) -> Any:
        def add_param_group(optimizer: Any, *args: Any, **kwargs: Any) -> None:
            original(optimizer, *args, **kwargs)
            if self._on:
                self._watched.grew(self._numbers.of(optimizer))
                self._look_before_steps(True)

        return add_param_group

    def _look_before_steps(self, look: bool) -> None:
        if look and self._before_steps is None:
            self._before_steps = register_optimizer_step_pre_hook(self._before_step)
        elif not look and self._before_steps is not None:
            self._before_steps.remove()
            self._before_steps = None

    def _before_step(self, optimizer: Any, _args: Any, _kwargs: Any) -> None:
        if self._on:
            self._watched.before_step(optimizer, self._numbers.of(optimizer))

    def _after_step(self, optimizer: Any, _args: Any, _kwargs: Any) -> None:
        if self._on:
            norm = self._norms.of(optimizer)
            self._note("step", type(optimizer).__name__, norm, None, None, self._numbers.of(optimizer))
            if self._before_steps is not None and not self._watched.unsettled:
                self._look_before_steps(False)


def _loss(tensors: Any) -> float | None:
    """The number that a backward starts from, None where it is not one number."""
    if type(tensors) not in _PLAIN or _numel(tensors) != 1 or _is_meta(tensors):
        return None
    try:
        value = _item(tensors)
    except RuntimeError:
        return None  # inside of torch.func, a tensor has no value
    return float(value) if type(value) in (int, float) else None
