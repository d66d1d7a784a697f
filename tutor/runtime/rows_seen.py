"""Which rows a program's modules were given, and which of them a backward went through.

Only jobs that ask for an evaluation keep this. A row is one item along the first dimension of a module's first tensor;
a digest of its numbers (as float32) is kept, never the numbers. Whether a call belongs to training is told by its
result: a hook of autograd's node says when a gradient passes it.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from typing import Any

import torch

from tutor.runtime.values import EvaluationCall

_Tensor = torch.Tensor
_base = torch._C.TensorBase
_detach, _reshape, _to, _contiguous, _numpy, _cpu = (
    _base.detach,
    _base.reshape,
    _base.to,
    _base.contiguous,
    _base.numpy,
    _base.cpu,
)
_grad_fn, _version, _dim, _shape = (_base.grad_fn.__get__, _base._version.__get__, _base.dim, _base.shape.__get__)
_numel, _stack, _is_inference = _base.numel, torch.stack, _base.is_inference
_float32 = torch.float32
_no_override, _no_grad = torch._C.DisableTorchFunctionSubclass, torch.no_grad
_ROWS = 200_000
"""Rows kept of one run; the same rows again cost nothing."""
_ROW_ELEMENTS = 2048
"""Elements of a row that are looked at, spread over it."""
_CALLS = 20_000
_ITEMS = 10_000

Rows = frozenset[int]


class _Call:
    """One call of a module."""

    __slots__ = ("grad", "line", "number", "rows", "target", "trained", "training")

    def __init__(self, target: int, line: int, training: bool, grad: bool, rows: Rows, number: int) -> None:
        self.target, self.line, self.training, self.grad, self.rows = target, line, training, grad, rows
        self.number = number
        self.trained = False


class RowsSeen:
    """The calls of one run."""

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self._rows_left = _ROWS
        self._known: dict[int, tuple[weakref.ref[Any], int, Rows]] = {}
        self._last_trained = -1

    def called(self, target: int, line: int, training: bool, grad: bool, given: Any, result: Any) -> None:
        """Note the outermost call of a module; `given` are its arguments."""
        if len(self._calls) >= _CALLS:
            return
        call = _Call(target, line, training, grad, self._rows_of(next(_tensors(given), None)), len(self._calls))
        self._calls.append(call)
        node = next((node for tensor in _tensors(result) if (node := _grad_fn(tensor)) is not None), None)
        if grad and node is not None:
            node.register_prehook(lambda gradients: self._passed(call))

    def _passed(self, call: _Call) -> None:
        call.trained = True
        self._last_trained = max(self._last_trained, len(self._calls) - 1)

    def _rows_of(self, given: Any) -> Rows:
        if given is None or self._rows_left <= 0:
            return frozenset()
        if _is_inference(given):  # it has no version that would tell a change
            return frozenset(digests(given))
        known = self._known.get(id(given))
        if known is not None and known[0]() is given and known[1] == _version(given):
            return known[2]
        rows = frozenset(digests(given))
        self._rows_left -= len(rows)
        if len(self._known) > 1000:
            self._known.clear()
        self._known[id(given)] = weakref.ref(given), _version(given), rows
        return rows

    def trained_on(self, target: int) -> Rows:
        """The rows with which a module was trained."""
        return frozenset().union(*(call.rows for call in self._calls if call.target == target and call.trained))

    def evaluations(self, target: int, data: Rows, trained: Rows) -> tuple[EvaluationCall, ...]:
        """The calls of a module without training, those of one line and mode together."""
        groups: dict[tuple[int, bool, bool, bool], list[_Call]] = {}
        for call in self._calls:
            if call.target == target and not call.trained:
                key = call.line, call.training, call.grad, call.number > self._last_trained
                groups.setdefault(key, []).append(call)
        found = []
        for (line, training, grad, late), calls in groups.items():
            rows = frozenset().union(*(call.rows for call in calls))
            found.append(
                EvaluationCall(
                    line=line,
                    training=training,
                    grad=grad,
                    late=late,
                    calls=len(calls),
                    rows=len(rows),
                    of_data=len(rows & data),
                    of_training=len(rows & trained),
                )
            )
        return tuple(found[:200])


def rows_of(data: Any) -> Rows | None:
    """The rows of a tensor, of a list of tensors, of a dataset or loader (its inputs); None for all else."""
    if issubclass(type(data), _Tensor):
        return frozenset(digests(data))
    dataset = getattr(data, "dataset", data) if hasattr(data, "batch_size") else data
    if isinstance(dataset, (list, tuple)):
        parts = [next(_tensors(part), None) for part in dataset[:_ITEMS]]
        return frozenset().union(*(digests(part) for part in parts if part is not None)) if parts else None
    if not hasattr(dataset, "__getitem__") or not hasattr(dataset, "__len__"):
        return None
    items = [next(_tensors(dataset[place]), None) for place in range(min(len(dataset), _ITEMS))]
    return frozenset(digests(_stack([item for item in items if item is not None])))


def digests(tensor: Any) -> Iterable[int]:
    """A digest of each row of a tensor; none for a tensor that has no rows, or no plain numbers."""
    with _no_override(), _no_grad():
        try:
            if _dim(tensor) == 0 or not _numel(tensor):
                return ()
            flat = _reshape(_detach(tensor), (_shape(tensor)[0], -1))
            step = -(-_shape(flat)[1] // _ROW_ELEMENTS)
            flat = flat[:_ROWS, ::step] if step > 1 else flat[:_ROWS]
            data = _numpy(_contiguous(_cpu(_to(flat, _float32)))).tobytes()
        except (RuntimeError, TypeError, NotImplementedError, ValueError):
            return ()
    width = len(data) // _shape(flat)[0]
    return [hash(data[start : start + width]) for start in range(0, len(data), width)]


def _tensors(given: Any) -> Iterator[Any]:
    """The tensors among arguments or results, also those in tuples, lists and dicts."""
    if issubclass(type(given), _Tensor):
        yield given
    elif type(given) in (tuple, list):
        for part in given:
            yield from _tensors(part)
    elif type(given) is dict:
        for part in given.values():
            yield from _tensors(part)
