"""nn.Modules as plain data: their structure, and what a copy of them does with an input."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from typing import Any

import torch

from tutor.runtime.caps import clean, type_name
from tutor.runtime.values import LayerInfo, ModuleValue, ParameterInfo

_Tensor = torch.Tensor
_Module = torch.nn.Module
_named_parameters = _Module.named_parameters
_named_buffers = _Module.named_buffers
_named_modules = _Module.named_modules
_no_grad, _enable_grad, _generator, _randn = torch.no_grad, torch.enable_grad, torch.Generator, torch.randn
_vector_norm = torch.linalg.vector_norm
_base = torch._C.TensorBase
_detach, _copy, _item, _sum, _clone = _base.detach, _base.copy_, _base.item, _base.sum, _base.clone
_requires_grad, _dtype, _is_leaf = _base.requires_grad.__get__, _base.dtype.__get__, _base.is_leaf.__get__
_NAMES = 2000
_REFILL_SCALE = 0.1

Shapes = dict[str, tuple[tuple[int, ...] | None, tuple[int, ...] | None]]


def structure(module: Any, shapes: Shapes | None = None) -> ModuleValue:
    """A module's layers, parameters and buffers; `shapes` are those that `watch_shapes` saw."""
    parameters = tuple(_parameter(name, value) for name, value in _bounded(_named_parameters(module)))
    sizes = {name: _numel(value) for name, value in _named_parameters(module)}
    trainable = sum(sizes[name] for name, value in _named_parameters(module) if _requires_grad(value))
    return ModuleValue(
        type=type_name(module),
        training=bool(module.training),
        parameter_count=sum(sizes.values()),
        trainable_count=trainable,
        layers=tuple(_layer(name, layer, shapes or {}) for name, layer in _bounded(leaves(module))),
        parameters=parameters,
        buffers=tuple(clean(name, 200) for name, _ in _bounded(_named_buffers(module))),
    )


def leaves(module: Any) -> Iterator[tuple[str, Any]]:
    """The submodules without children, in registration order; the module itself (name "") when it has none."""
    for name, layer in _named_modules(module):
        if not any(child is not None for child in layer._modules.values()):
            yield name, layer


def _bounded(pairs: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    for number, pair in enumerate(pairs):
        if number >= _NAMES:
            return
        yield pair


def _numel(value: Any) -> int:
    # A lazy module's parameters have no size before the first call.
    return 0 if torch.nn.parameter.is_lazy(value) else int(_base.numel(value))


def _shape(value: Any) -> tuple[int, ...]:
    return () if torch.nn.parameter.is_lazy(value) else tuple(int(size) for size in _base.shape.__get__(value))


def _parameter(name: str, value: Any) -> ParameterInfo:
    grad = _base.grad.__get__(value)
    norm = None
    if grad is not None:
        with _no_grad():
            norm = float(_item(_vector_norm(grad.to_dense() if grad.is_sparse else grad)))
    return ParameterInfo(
        name=clean(name, 200),
        shape=_shape(value),
        dtype=str(_dtype(value)).removeprefix("torch."),
        requires_grad=bool(_requires_grad(value)),
        grad_norm=norm,
    )


def _layer(name: str, layer: Any, shapes: Shapes) -> LayerInfo:
    try:
        text = clean(layer.extra_repr(), 500)
    except Exception as error:
        text = f"<its extra_repr raised {type_name(error)}>"
    shape_in, shape_out = shapes.get(name, (None, None))
    count = sum(_numel(value) for _, value in _named_parameters(layer))
    return LayerInfo(
        name=clean(name, 200),
        type=type_name(layer),
        text=text,
        parameters=count,
        shape_in=shape_in,
        shape_out=shape_out,
    )


def copy_of(module: Any) -> Any:
    """A deep copy that shares nothing with the module, also where it keeps results of a calculation (non-leaves)."""
    memo: dict[int, Any] = {}
    for _, part in _named_modules(module):
        for kept in list(part.__dict__.values()):
            for value in kept if type(kept) in (list, tuple) else (kept,):
                if issubclass(type(value), _Tensor) and not _is_leaf(value):
                    memo[id(value)] = _clone(_detach(value))
    return copy.deepcopy(module, memo)


def refill(module: Any, seed: int) -> None:
    """Overwrite every parameter, in order, with normal values times 0.1, and reset running statistics."""
    generator = _generator().manual_seed(seed)
    with _no_grad():
        for _, value in _named_parameters(module):
            _copy(_detach(value), _randn(_shape(value), generator=generator) * _REFILL_SCALE)
    for _, part in _named_modules(module):
        reset = getattr(part, "reset_running_stats", None)
        if callable(reset):
            reset()


@contextlib.contextmanager
def watch_shapes(module: Any) -> Iterator[Shapes]:
    """Note the shapes of the first tensor that goes into, and comes out of, each layer at its first call."""
    shapes: Shapes = {}
    handles = []

    def hook_for(name: str) -> Any:
        def hook(_layer: Any, args: Any, kwargs: Any, output: Any) -> None:
            if name not in shapes:
                shapes[name] = (_first_shape([args, kwargs]), _first_shape(output))

        return hook

    for name, layer in _bounded(leaves(module)):
        handles.append(layer.register_forward_hook(hook_for(name), with_kwargs=True))
    try:
        yield shapes
    finally:
        for handle in handles:
            handle.remove()


def _first_shape(value: Any) -> tuple[int, ...] | None:
    found = next(tensors(value), None)
    return None if found is None else _shape(found)


def tensors(value: Any, depth: int = 0) -> Iterator[Any]:
    """The tensors in a result: itself, or those in nested lists, tuples and dicts."""
    if issubclass(type(value), _Tensor):
        yield value
    elif depth < 4 and isinstance(value, (list, tuple, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from tensors(item, depth + 1)


def without_grad(module: Any, output: Any) -> tuple[str, ...]:
    """Trainable parameters that a backward from the sum of the output does not reach; `module` is a throw-away copy."""
    _Module.zero_grad(module)
    reached = [_sum(value) for value in tensors(output) if _requires_grad(value) and _dtype(value).is_floating_point]
    if reached:
        with _enable_grad():
            torch.autograd.backward(sum(reached[1:], reached[0]))
    return tuple(
        clean(name, 200)
        for name, value in _named_parameters(module)
        if _requires_grad(value) and _base.grad.__get__(value) is None
    )
