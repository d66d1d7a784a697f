"""The autograd graphs of a finished program's tensors, as plain data: nodes, names, shapes and gradients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from tutor.runtime.caps import clean
from tutor.runtime.values import Graph, GraphNode

_Tensor, _Module = torch.Tensor, torch.nn.Module
_base = torch._C.TensorBase
_grad_fn, _grad, _shape, _dtype = (
    _base.grad_fn.__get__,
    _base.grad.__get__,
    _base.shape.__get__,
    _base.dtype.__get__,
)
_requires_grad, _retains_grad, _numel, _item = (
    _base.requires_grad.__get__,
    _base.retains_grad.__get__,
    _base.numel,
    _base.item,
)
_named_parameters = _Module.named_parameters
_no_grad, _vector_norm, _no_override = torch.no_grad, torch.linalg.vector_norm, torch._C.DisableTorchFunctionSubclass
_GRAPHS, _NODES = 12, 200
"""Most graphs of one program, and most nodes of one graph."""
_NAMES, _ITEMS = 2000, 100
_ELEMENTS = 10_000_000
LEAF = "AccumulateGrad"


def graphs(variables: dict[str, Any]) -> tuple[Graph, ...]:
    """The graph of each variable that has one, of many the last ones; `variables` are in the order of the program."""
    with _no_override(), _no_grad():
        known = _Known(variables)
        roots = [(name, value) for name, value in variables.items() if _is_recorded(value)][-_GRAPHS:]
        return tuple(graph for name, value in roots if (graph := _graph(name, value, known)) is not None)


def _is_recorded(value: Any) -> bool:
    return issubclass(type(value), _Tensor) and _grad_fn(value) is not None


class _Known:
    """Tensors that have a name: the leaves by themselves, the others by the node that made them."""

    def __init__(self, variables: dict[str, Any]) -> None:
        self.leaves: dict[int, str] = {}
        self.made: dict[Any, tuple[str, Any]] = {}
        for place, (name, value) in enumerate(_named(variables)):
            if place >= _NAMES:
                break
            node = _grad_fn(value)
            if node is None:
                self.leaves.setdefault(id(value), name)
            else:
                self.made.setdefault(node, (name, value))


def _named(variables: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Tensors with their names: variables, what modules hold, what stands in lists and dicts."""
    for name, value in variables.items():
        kind = type(value)
        if issubclass(kind, _Tensor):
            yield name, value
        elif issubclass(kind, _Module):
            for inner, parameter in _named_parameters(value):
                yield f"{name}.{inner}", parameter
        elif kind in (list, tuple):
            for place, item in enumerate(value[:_ITEMS]):
                if issubclass(type(item), _Tensor):
                    yield f"{name}[{place}]", item
        elif kind is dict:
            for key, item in list(value.items())[:_ITEMS]:
                if issubclass(type(item), _Tensor) and type(key) in (str, int):
                    yield f"{name}[{key!r}]", item


def _graph(name: str, value: Any, known: _Known) -> Graph | None:
    try:
        first = _grad_fn(value)
        order, places = [first], {first: 0}
        left_out = False
        for node in order:
            for following, _ in node.next_functions:
                if following is None or following in places:
                    continue
                if len(order) >= _NODES:
                    left_out = True
                    continue
                places[following] = len(order)
                order.append(following)
        nodes = tuple(_node(node, places, known) for node in order)
    except (RuntimeError, AttributeError, TypeError, ValueError):
        return None  # a function of the program's own that answers otherwise than torch's
    return Graph(name=clean(name, 200), nodes=nodes, left_out=left_out)


def _node(node: Any, places: dict[Any, int], known: _Known) -> GraphNode:
    kind = clean(str(node.name()).rpartition("::")[2], 200)
    inputs = tuple(-1 if following is None else places.get(following, -2) for following, _ in node.next_functions)
    name, tensor = "", None
    if kind == LEAF:
        tensor = node.variable
        name = known.leaves.get(id(tensor), "")
    elif node in known.made:
        name, tensor = known.made[node]
    shape, dtype = _made(node) if tensor is None else (_sizes(_shape(tensor)), _dtype(tensor))
    return GraphNode(
        name=kind,
        tensor=clean(name, 200),
        shape=shape,
        dtype=str(dtype).removeprefix("torch.") if dtype is not None else "",
        grad_norm=None if tensor is None else _norm(tensor, kind),
        inputs=inputs,
    )


def _made(node: Any) -> tuple[tuple[int, ...] | None, Any]:
    """Shape and dtype of what a node made, where it is one tensor."""
    metadata = getattr(node, "_input_metadata", None)
    if not metadata or len(metadata) != 1:
        return None, None
    return _sizes(metadata[0].shape), metadata[0].dtype


def _sizes(shape: Any) -> tuple[int, ...] | None:
    try:
        return tuple(int(size) for size in shape)
    except (TypeError, ValueError, RuntimeError):
        return None


def _norm(tensor: Any, kind: str) -> float | None:
    """Norm of a gradient that is there; to ask a tensor that keeps none makes torch warn."""
    if kind != LEAF and not _retains_grad(tensor):
        return None
    grad = _grad(tensor)
    if grad is None or _numel(grad) > _ELEMENTS:
        return None
    return float(_item(_vector_norm(grad.to_dense() if grad.is_sparse else grad)))
