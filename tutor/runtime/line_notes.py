"""What is noted while a program runs: the tensors that a line named, and how often a loop went round.

A tensor is asked for its shape, never held; what a subclass overrides is not called.
"""

from __future__ import annotations

import sys
from typing import Any

import torch

from tutor.runtime.caps import clean
from tutor.runtime.values import LineShape, LoopCount

_Tensor, _Parameter = torch.Tensor, torch.nn.Parameter
_base = torch._C.TensorBase
_shape, _dtype, _requires_grad = _base.shape.__get__, _base.dtype.__get__, _base.requires_grad.__get__
_modes, _no_override = torch._C._len_torch_function_stack, torch._C.DisableTorchFunction
_type, _issubclass = type, issubclass
_members, _ancestors = type.__dict__["__dict__"].__get__, type.__dict__["__mro__"].__get__
_MOST = 2**53
"""Sizes and counts beyond this are no use to anybody, and may not fit into a message."""


class Name:
    """A name that is assigned to at a line: the first and the last tensor it was, and how often it was one."""

    __slots__ = ("boring", "dtype", "first", "grad", "last", "line", "name", "times")

    def __init__(self, line: int, name: str) -> None:
        self.line, self.name = line, name
        self.times = 0
        self.first: Any = None
        self.last: Any = None
        self.dtype: Any = None
        self.grad = False
        self.boring: type | None = None
        """The type of a value that was of no interest, so that its like is known at once."""

    def __reduce__(self) -> tuple[type[Name], tuple[int, str]]:
        return Name, (self.line, self.name)  # for programs that send their functions to other processes by value

    def see(self, value: Any) -> None:
        """Take note of what was assigned."""
        kind = _type(value)
        if kind is self.boring:
            return
        if (kind is _Tensor or kind is _Parameter) and not _modes():
            try:
                shape = _shape(value)
                self.dtype, self.grad = _dtype(value), _requires_grad(value)
            except RuntimeError:
                return  # nested, or not initialized: it has no one shape
            self.times += 1
            self.last = shape
            if self.first is None:
                self.first = shape
        else:
            self._see_other(value, kind)

    def passed(self, value: Any) -> Any:
        """Take note of a value inside of an expression."""
        self.see(value)
        return value

    def _see_other(self, value: Any, kind: type) -> None:
        numpy = sys.modules.get("numpy")
        if _issubclass(kind, _Tensor):
            # A mode of the program would see the questions; a subclass may answer for its own shape.
            if not _answers_for_itself(kind):
                with _no_override():
                    self._see_tensor(value)
        elif numpy is not None and _issubclass(kind, numpy.ndarray):
            self._keep(numpy.ndarray.shape.__get__(value), numpy.ndarray.dtype.__get__(value), False)
        else:
            self.boring = kind

    def _see_tensor(self, value: Any) -> None:
        try:
            self._keep(_shape(value), _dtype(value), _requires_grad(value))
        except RuntimeError:
            return

    def _keep(self, shape: Any, dtype: Any, grad: bool) -> None:
        self.times += 1
        self.first = shape if self.first is None else self.first
        self.last, self.dtype, self.grad = shape, dtype, grad

    def seen(self) -> LineShape | None:
        """What is known of it, None where it never was a tensor."""
        first, last = _sizes(self.first), _sizes(self.last)
        if first is None or last is None:
            return None
        return LineShape(
            line=self.line,
            name=clean(self.name, 200),
            dtype=clean(str(getattr(self.dtype, "name", self.dtype)).removeprefix("torch."), 200),
            first=first,
            last=last,
            grad=self.grad,
            times=self.times,
        )


class Loop:
    """A loop: how often its body began, in all and before it was last entered."""

    __slots__ = ("before", "is_while", "last_line", "line", "times")

    def __init__(self, line: int, last_line: int, is_while: bool) -> None:
        self.line, self.last_line, self.is_while = line, last_line, is_while
        self.times = self.before = 0

    def __reduce__(self) -> tuple[type[Loop], tuple[int, int, bool]]:
        return Loop, (self.line, self.last_line, self.is_while)

    def count(self) -> LoopCount:
        """What is known of it."""
        times = min(self.times, _MOST)
        return LoopCount(
            line=self.line,
            last_line=self.last_line,
            kind="while" if self.is_while else "for",
            times=times,
            turns=max(0, times - self.before),
        )


def _answers_for_itself(kind: type) -> bool:
    for one in _ancestors(kind):
        if one is _Tensor:
            return False
        if "__torch_dispatch__" in _members(one):
            return True
    return False


def _sizes(shape: Any) -> tuple[int, ...] | None:
    """A shape as plain numbers, None where there is none or its sizes are symbols."""
    if shape is None or any(type(size) is not int or size > _MOST for size in shape):
        return None
    return tuple(shape)
