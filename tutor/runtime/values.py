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


class CaseSeen(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a CallProbe: exactly one of `output` and `error` is set."""

    output: Value | None = None
    error: ErrorReport | None = None
    printed: bool = False
    changed: tuple[tuple[int, Value], ...] = ()
    """The arguments that the call changed in place, by position, and what they were afterwards."""
    inputs: tuple[Value, ...] = ()
    """The arguments, where the probe gave them as text; keyword arguments after the others."""


class CallsSeen(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="calls_seen"):
    """What a CallProbe saw, case by case."""

    cases: tuple[CaseSeen, ...]


class EvaluationCall(msgspec.Struct, frozen=True, kw_only=True):
    """Calls of a model, from one line in one mode, through which no backward went."""

    line: int
    training: bool
    grad: bool
    """Whether gradients were being recorded."""
    late: bool
    """Whether it came after the last backward."""
    calls: int
    rows: int
    """Different rows that the model was given; a row is one item along the first dimension."""
    of_data: int
    """How many of them are rows of the probe's data."""
    of_training: int
    """How many of them a backward went through, too."""


class EvaluationSeen(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="evaluation_seen"):
    """What an EvaluationProbe saw: rows that the model was trained on, rows of the data, and how it was evaluated."""

    trained: int
    """Different rows that the model was given in calls through which a backward went."""
    rows: int | None = None
    """Different rows of the data; None where the probe names none, or it holds no tensor."""
    rows_trained: int = 0
    """How many of those the model was trained on."""
    calls: tuple[EvaluationCall, ...] = ()


Seen = Value | ModuleSeen | CallsSeen | EvaluationSeen
"""What a probe may see."""


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one probe: exactly one of `seen` and `error` is set."""

    probe: str
    seen: Seen | None = None
    error: ErrorReport | None = None


class Variable(msgspec.Struct, frozen=True, kw_only=True):
    """A global name of the finished program."""

    name: str
    value: Value


class GraphNode(msgspec.Struct, frozen=True, kw_only=True):
    """A node of the autograd graph: what was done, and the tensor that it made."""

    name: str
    """As torch calls it: "AddmmBackward0", and "AccumulateGrad" for a leaf."""
    tensor: str = ""
    """The name that the program has for the tensor: "loss", "model.0.weight"; empty where it has none."""
    shape: tuple[int, ...] | None = None
    dtype: str = ""
    grad_norm: float | None = None
    """Euclidean norm of the tensor's `.grad`, None where it has or keeps none."""
    inputs: tuple[int, ...] = ()
    """Places of the nodes that its inputs came from; -1 for one that needs no gradient, -2 for one left out."""


class Graph(msgspec.Struct, frozen=True, kw_only=True):
    """The autograd graph of a variable; its own node is the first."""

    name: str
    nodes: tuple[GraphNode, ...]
    left_out: bool = False
    """Whether there are more nodes than these."""


class LineShape(msgspec.Struct, frozen=True, kw_only=True):
    """What a line of the learner's code assigned to a name, where that was a tensor or a NumPy array."""

    line: int
    name: str
    dtype: str
    """Of the last one, without the `torch.` prefix."""
    first: tuple[int, ...]
    """The shape of the first one."""
    last: tuple[int, ...]
    """The shape of the last one."""
    grad: bool = False
    """Whether the last one requires a gradient."""
    times: int = 1
    """How often it was assigned."""


class LoopCount(msgspec.Struct, frozen=True, kw_only=True):
    """How often a loop of the learner's code went round: the number of times that its body began."""

    line: int
    times: int
    last_line: int = 0
    """Where the loop ends."""
    kind: Literal["for", "while"] = "for"
    turns: int = 0
    """How many of `times` were since the loop was last entered."""


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
