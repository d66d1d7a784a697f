"""Values as plain data: what a program's tensors, modules, numbers and errors are, once they have left its process.

All are frozen msgspec structs; sizes are capped where they are made, and nothing in them is code or a reference back.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class Stats(msgspec.Struct, frozen=True, kw_only=True):
    """Summary of a numeric tensor over its finite elements; None where it has none."""

    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    std: float | None = None
    """Population standard deviation (divided by N)."""
    nans: int = 0
    infinities: int = 0


class TensorValue(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="tensor"):
    """A tensor as plain data. `data` is row-major, little-endian, in `dtype` (bfloat16 as its 2 raw bytes).

    `data` is None where the tensor is larger than the cap of its place or has no plain layout (sparse, quantized,
    meta); `stats` then still describes it.
    """

    dtype: str
    """Without the `torch.` prefix: "float32"."""
    shape: tuple[int, ...]
    device: str = "cpu"
    layout: str = "strided"
    requires_grad: bool = False
    is_leaf: bool = True
    grad_fn: str | None = None
    """Name of the node that made it, "AddBackward0", or None for a leaf."""
    data: bytes | None = None
    stats: Stats | None = None
    grad: TensorValue | None = None
    """`.grad` of a leaf (or of a tensor that retains its gradient)."""
    subclass: str | None = None
    """Type name where it is not torch.Tensor itself: "Parameter"."""


class ArrayValue(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="array"):
    """A NumPy array; `data` as in TensorValue."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes | None = None
    stats: Stats | None = None


class PlainValue(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="plain"):
    """None, bool, int (64 bit), float or str; `type` is the name of its Python type ("NoneType", "int")."""

    type: str
    value: bool | int | float | str | None


class SequenceValue(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="sequence"):
    """A list, tuple or torch.Size (`type`); `length` counts all items, also those that the cap left out."""

    type: str
    length: int
    items: tuple[Value, ...]


class MappingValue(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="mapping"):
    """A dict; keys as text (`repr` for keys that are not strings)."""

    type: str
    length: int
    items: tuple[tuple[str, Value], ...]


class ParameterInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter of a module, by its dotted name."""

    name: str
    shape: tuple[int, ...]
    dtype: str = "float32"
    requires_grad: bool = True
    grad_norm: float | None = None
    """Euclidean norm of `.grad`, None where there is no gradient."""


class LayerInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One submodule without children, in registration order."""

    name: str
    type: str
    text: str = ""
    """Its `extra_repr`: "in_features=2, out_features=1, bias=True"."""
    parameters: int = 0
    shape_in: tuple[int, ...] | None = None
    shape_out: tuple[int, ...] | None = None


class ModuleValue(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="module"):
    """An nn.Module: its structure, never its code."""

    type: str
    training: bool
    parameter_count: int
    trainable_count: int
    layers: tuple[LayerInfo, ...] = ()
    parameters: tuple[ParameterInfo, ...] = ()
    buffers: tuple[str, ...] = ()


class OtherValue(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="other"):
    """Anything else: the name of its type and a bounded text."""

    type: str
    text: str


Value = TensorValue | ArrayValue | PlainValue | SequenceValue | MappingValue | ModuleValue | OtherValue


class ModuleSeen(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="module_seen"):
    """What a ModuleProbe saw."""

    module: ModuleValue
    output: Value | None = None
    refilled_output: Value | None = None
    without_grad: tuple[str, ...] = ()
    """Trainable parameters that a backward from the output's sum did not reach."""
    error: ErrorReport | None = None
    """Why the module could not be called on the input."""


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one probe: exactly one of `seen` and `error` is set."""

    probe: str
    seen: Value | ModuleSeen | None = None
    error: ErrorReport | None = None


class Variable(msgspec.Struct, frozen=True, kw_only=True):
    """A global name of the finished program."""

    name: str
    value: Value


# ---- errors -----------------------------------------------------------------------------------------------------


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """One frame of the learner's own code. `part` says which text the line belongs to."""

    line: int
    function: str
    source: str = ""
    part: Literal["setup", "code", "given", "console"] = "code"


class ErrorReport(msgspec.Struct, frozen=True, kw_only=True):
    """An exception: innermost frame last; `involved` are the names of the failing line, with what they were."""

    type: str
    message: str
    line: int | None = None
    """Line in the learner's code, counted from 1; None where the error did not come from a line of it."""
    frames: tuple[Frame, ...] = ()
    involved: tuple[Variable, ...] = ()
    text: str = ""
    """The traceback as text, the learner's frames only."""
