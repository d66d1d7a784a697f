"""Tensors and NumPy arrays as plain data: bytes in row-major order, and a summary."""

from __future__ import annotations

import math
import sys
from typing import Any

import torch

from tutor.runtime.caps import Caps
from tutor.runtime.values import ArrayValue, Stats, TensorValue

_Tensor = torch.Tensor
_base = torch._C.TensorBase
_no_override = torch._C.DisableTorchFunctionSubclass
_no_grad = torch.no_grad
_strided = torch.strided
_uint8, _float64 = torch.uint8, torch.float64
_isnan, _isinf, _isfinite, _aminmax = torch.isnan, torch.isinf, torch.isfinite, torch.aminmax
# Taken here, so that neither a subclass nor the trace's patches of torch.Tensor are in the way.
_as_subclass, _detach, _numel, _cpu = _base.as_subclass, _base.detach, _base.numel, _base.cpu
_to, _reshape, _view, _sum, _item = _base.to, _base.reshape, _base.view, _base.sum, _base.item
_contiguous, _numpy, _masked_select = _base.contiguous, _base.numpy, _base.masked_select
_resolve_conj, _resolve_neg = _base.resolve_conj, _base.resolve_neg

_CHUNK = 1 << 20
_STATS_LIMIT = 1 << 26
"""Elements beyond which a tensor is not summarised: the pass would take longer than the learner waits."""


def dtype_name(dtype: object) -> str:
    """A dtype as text without its prefix: "float32"."""
    return str(dtype).removeprefix("torch.")


def tensor(value: Any, caps: Caps, with_grad: bool = True) -> TensorValue:
    """A tensor of any dtype, layout and device; its data and the data of its gradient as far as the caps allow."""
    with _no_override(), _no_grad():
        attribute = _attributes(value)
        kind = type(value)
        layout = dtype_name(attribute("layout"))
        grad = None
        # Asking a non-leaf for its gradient makes torch warn.
        if with_grad and (attribute("is_leaf") or attribute("retains_grad")):
            grad = attribute("grad")
        node = attribute("grad_fn")
        data, stats = None, None
        if layout == "strided" and not attribute("is_meta") and not attribute("is_quantized"):
            data, stats = _content(value, caps)
        return TensorValue(
            dtype=dtype_name(attribute("dtype")),
            shape=tuple(int(size) for size in attribute("shape")),
            device=str(attribute("device")),
            layout=layout,
            requires_grad=bool(attribute("requires_grad")),
            is_leaf=bool(attribute("is_leaf")),
            grad_fn=None if node is None else str(node.name()),
            data=data,
            stats=stats,
            grad=None if grad is None else tensor(grad, caps, with_grad=False),
            subclass=None if kind is _Tensor else kind.__name__,
        )


def _attributes(value: Any) -> Any:
    def attribute(name: str) -> Any:
        return getattr(_base, name).__get__(value)

    return attribute


def _content(value: Any, caps: Caps) -> tuple[bytes | None, Stats | None]:
    try:
        plain = _detach(_as_subclass(value, _Tensor))
        size = _numel(plain) * plain.element_size()
        if plain.is_conj() or plain.is_neg():
            plain = _resolve_neg(_resolve_conj(plain))
        wanted = caps.take(size, _numel(plain))
        data = _bytes(plain) if wanted else None
        return data, summary(plain)
    except (RuntimeError, TypeError, NotImplementedError, ValueError):
        # A wrapper without storage, or a dtype of less than a byte: it is named, and that is all.
        return None, None


def _bytes(plain: Any) -> bytes:
    if _numel(plain) == 0:
        return b""
    flat = _reshape(_contiguous(_cpu(plain)), -1)
    return bytes(_numpy(_view(flat, _uint8)).tobytes())


def summary(plain: Any) -> Stats | None:
    """Stats of a dense real tensor over its finite elements; None for complex and for very large ones."""
    count = _numel(plain)
    if plain.dtype.is_complex or count > _STATS_LIMIT:
        return None
    if count == 0:
        return Stats()
    flat = _reshape(plain, -1)
    totals = _Totals()
    for start in range(0, count, _CHUNK):
        totals.add(flat[start : start + _CHUNK])
    return totals.stats()


class _Totals:
    """Statistics gathered chunk by chunk, so that a large tensor is never copied as a whole (Chan et al., 1983)."""

    def __init__(self) -> None:
        self.count, self.mean, self.squares = 0, 0.0, 0.0
        self.low, self.high = math.inf, -math.inf
        self.nans = self.infinities = 0

    def add(self, part: Any) -> None:
        part = _to(part, "cpu", _float64)
        total = float(_item(_sum(part)))
        if not math.isfinite(total):
            self.nans += int(_item(_sum(_isnan(part))))
            self.infinities += int(_item(_sum(_isinf(part))))
            part = _masked_select(part, _isfinite(part))
            total = float(_item(_sum(part)))
        count = _numel(part)
        if not count:
            return
        low, high = _aminmax(part)
        mean = total / count
        squares = float(_item(_sum((part - mean) ** 2)))
        delta, both = mean - self.mean, self.count + count
        self.squares += squares + delta * delta * self.count * count / both
        self.mean += delta * count / both
        self.count = both
        self.low, self.high = min(self.low, float(_item(low))), max(self.high, float(_item(high)))

    def stats(self) -> Stats:
        if not self.count:
            return Stats(nans=self.nans, infinities=self.infinities)
        return Stats(
            minimum=self.low,
            maximum=self.high,
            mean=self.mean,
            std=math.sqrt(self.squares / self.count),
            nans=self.nans,
            infinities=self.infinities,
        )


def is_array(kind: type) -> bool:
    """Whether a type is NumPy's array or one of its scalars; NumPy is not imported for it."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and issubclass(kind, (numpy.ndarray, numpy.generic))


def array(value: Any, caps: Caps) -> ArrayValue:
    """A NumPy array, or scalar (shape ()); objects and texts are named without data."""
    import numpy

    plain = numpy.asarray(value).view(numpy.ndarray)
    shape = tuple(int(size) for size in plain.shape)
    if plain.dtype.kind not in "biufc":
        return ArrayValue(dtype=plain.dtype.name, shape=shape)
    little = plain.astype(plain.dtype.newbyteorder("<"), copy=False)
    data = little.tobytes() if caps.take(plain.nbytes, plain.size) else None
    try:
        native = numpy.ascontiguousarray(plain.astype(plain.dtype.newbyteorder("="), copy=False))
        stats = summary(torch.from_numpy(native.reshape(-1)))
    except (TypeError, ValueError, RuntimeError):
        stats = None  # long double, and unsigned types that torch lacks
    return ArrayValue(dtype=plain.dtype.name, shape=shape, data=data, stats=stats)
