"""Live values from plain data, as `observe` made it: tensors, arrays, numbers, lists and dicts of them."""

from __future__ import annotations

from typing import Any

import torch

from tutor.runtime.values import ArrayValue, MappingValue, PlainValue, SequenceValue, TensorValue, Value

_frombuffer, _empty, _reshape = torch.frombuffer, torch.empty, torch.Tensor.reshape


def rebuilt(value: Value) -> Any:
    """The value itself; a tensor whose numbers were not exported is on the device "meta", other things stay data."""
    if isinstance(value, TensorValue):
        return tensor(value)
    if isinstance(value, ArrayValue):
        return _array(value)
    if isinstance(value, PlainValue):
        return value.value
    if isinstance(value, SequenceValue):
        items = [rebuilt(item) for item in value.items]
        return items if value.type == "list" else tuple(items)
    if isinstance(value, MappingValue):
        return {key: rebuilt(item) for key, item in value.items}
    return value


def tensor(value: TensorValue) -> Any:
    """A tensor on the CPU, with its dtype and shape; it requires a gradient and has one where it did."""
    dtype = getattr(torch, value.dtype, torch.float32)
    if value.data is None:
        return _empty(value.shape, dtype=dtype, device="meta")
    if value.data:
        made = _reshape(_frombuffer(bytearray(value.data), dtype=dtype), value.shape)
    else:
        made = _empty(value.shape, dtype=dtype)
    if value.requires_grad:
        made.requires_grad_()
        if value.grad is not None:
            made.grad = tensor(value.grad)
    return made


def _array(value: ArrayValue) -> Any:
    import numpy

    if value.data is None:
        return numpy.empty(value.shape, dtype=object)
    return numpy.frombuffer(value.data, dtype=value.dtype).reshape(value.shape).copy()
