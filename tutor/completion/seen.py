"""The variables of the last run as places: a module's layers and parameters are names that its class does not tell."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.completion.places import Atlas, Named, Place, Places
from tutor.runtime.values import (
    ArrayValue,
    MappingValue,
    ModuleValue,
    OtherValue,
    PlainValue,
    SequenceValue,
    TensorValue,
    Value,
    Variable,
)

TENSOR, PARAMETER, MODULE = "torch.Tensor", "torch.nn.Parameter", "torch.nn.Module"
RUN = "<run>"
PROGRAM = "<program>"


def seen_places(variables: Sequence[Variable], atlas: Atlas) -> tuple[dict[str, Named], Places]:
    """What each variable is, and the places that only this run has."""
    places: Places = {}
    named = {each.name: Named(each.name, gives=_place(each.name, each.value, atlas, places)) for each in variables}
    return named, places


def _place(name: str, value: Value, atlas: Atlas, places: Places) -> str:
    match value:
        case TensorValue():
            return PARAMETER if value.subclass == "Parameter" else TENSOR
        case ArrayValue():
            return "numpy.ndarray"
        case PlainValue() | SequenceValue() | MappingValue():
            return atlas.class_named(value.type)
        case ModuleValue():
            return _module(f"{RUN}.{name}", value, atlas, places)
        case OtherValue():
            return "" if value.type in ("function", "type") else atlas.class_named(value.type)


def _module(root: str, value: ModuleValue, atlas: Atlas, places: Places) -> str:
    """A place for the module and for each of those in it."""
    kinds = {"": value.type, **{layer.name: layer.type for layer in value.layers if layer.name}}
    leaves = {each.name: PARAMETER for each in value.parameters} | dict.fromkeys(value.buffers, TENSOR)
    children: dict[str, dict[str, Named]] = {"": {}}
    for path, gives in [*((path, "") for path in kinds if path), *leaves.items()]:
        parts = path.split(".")
        for depth, part in enumerate(parts):
            parent, whole = ".".join(parts[:depth]), ".".join(parts[: depth + 1])
            last = depth == len(parts) - 1
            inner = gives if last and gives else f"{root}.{whole}"
            if inner.startswith(RUN):
                children.setdefault(whole, {})
            if part.isidentifier():
                children.setdefault(parent, {}).setdefault(part, Named(part, gives=inner))
    for path, names in children.items():
        kind = kinds.get(path, "")
        known = atlas.class_named(kind) if kind else ""
        bases = (f"{PROGRAM}.{kind}", known or MODULE) if kind else (MODULE,)
        places[f"{root}.{path}" if path else root] = Place(bases, tuple(names.values()))
    return root
