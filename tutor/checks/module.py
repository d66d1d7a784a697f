"""`module`: an nn.Module has the structure, and does what the solution's does with the same weights."""

from __future__ import annotations

from typing import ClassVar

from tutor.checks.base import Check, Finding
from tutor.checks.observed import could_not_judge, expected_of, explained, failed, first_line, got_of, passed
from tutor.checks.tensor import fits
from tutor.checks.words import shape_text
from tutor.runtime.protocol import ModuleProbe, Probe, Report
from tutor.runtime.values import ArrayValue, ModuleSeen, ModuleValue, OtherValue, TensorValue, Value

REFILL = 20_240
"""Seed of the weights that both sides get for `same_as_solution`."""


class Module(Check, frozen=True, kw_only=True):
    """An nn.Module with these parameters and layers; called on an input, it gives this shape and uses every parameter.

    What it does: counts parameters, names layers, calls a copy of the module; with `same_as_solution`, both sides get
    the same weights and must give the same output.
    Why it matters: a layer that is not registered, or that forward forgets, is never trained, and nothing says so.
    Example: `{kind: module, expr: model, layers: [Linear, ReLU, Linear], input: "torch.ones(4, 2)",
    output_shape: [4, 1], same_as_solution: true}`.
    Use instead: `equal` for the output of a module whose weights are known.
    """

    kind: ClassVar[str] = "module"

    expr: str
    """An expression that gives the module."""
    parameters: int | None = None
    """How many numbers all its parameters hold."""
    trainable: int | None = None
    """How many of them require a gradient."""
    layers: tuple[str, ...] | None = None
    """Types of the layers, in the order in which they were registered."""
    input: str | None = None
    """An expression; a tuple is given as several arguments."""
    output_shape: tuple[int | str, ...] | None = None
    """The shape of what it gives for `input`; a letter stands for any size."""
    same_as_solution: bool = False
    """Whether it must give the solution's output when both hold the same weights."""

    def __post_init__(self) -> None:
        if self.input is None and (self.output_shape is not None or self.same_as_solution):
            raise ValueError("`output_shape` and `same_as_solution` need an `input`, such as `torch.ones(4, 2)`")

    @property
    def title(self) -> str:
        """The expression."""
        return self.expr

    def probes(self) -> tuple[Probe, ...]:
        """The module, called on the input where there is one."""
        return (ModuleProbe(self.id, self.expr, self.input, REFILL if self.same_as_solution else None),)

    def judge(self, seen: Report, expected: Report, code: str) -> Finding:
        """Structure first, then the call, then the output."""
        wanted = expected_of(expected, self.id, self.expr)
        if isinstance(wanted, Finding):
            return wanted
        if not isinstance(wanted, ModuleSeen) or wanted.error is not None:
            return could_not_judge(f"the solution's `{self.expr}` is no module that can be called on `{self.input}`")
        got = got_of(seen, self.id, self.expr, code)
        if isinstance(got, Finding):
            return got
        if not isinstance(got, ModuleSeen):
            return _no_module(got)
        return (
            self._structure(got.module, wanted.module, code)
            or self._call(got)
            or self._output(got, wanted)
            or passed(f"{got.module.parameter_count} parameters, {_count(len(got.module.layers), 'layer')}")
        )

    def _structure(self, got: ModuleValue, wanted: ModuleValue, code: str) -> Finding | None:
        if self.layers is not None and tuple(layer.type for layer in got.layers) != self.layers:
            found = ", ".join(layer.type for layer in got.layers if layer.name) or "none"
            why, next_ = unregistered(got, code)
            finding = f"layers {found}; expected {', '.join(self.layers)}"
            return failed(finding, why, next_, "not-registered" if why else None)
        count = wanted.parameter_count if self.parameters is None and self.same_as_solution else self.parameters
        if count is not None and got.parameter_count != count:
            why, next_ = unregistered(got, code)
            why = why or _counted(got)
            finding = f"{_count(got.parameter_count, 'parameter')}, expected {count}"
            return failed(finding, why, next_, "not-registered" if next_ else None)
        if self.trainable is not None and got.trainable_count != self.trainable:
            return failed(f"{got.trainable_count} numbers can be trained, expected {self.trainable}")
        return None

    def _call(self, got: ModuleSeen) -> Finding | None:
        if self.input is None:
            return None
        if got.error is not None:
            finding = f"`{self.expr}({self.input})` raised {first_line(got.error)}"
            return failed(finding, *explained(got.error), line=got.error.line)
        shape = got.output.shape if isinstance(got.output, TensorValue | ArrayValue) else None
        if shape is None:
            return _no_tensor(got.output)
        if self.output_shape is not None and not fits(shape, self.output_shape):
            return failed(f"output of shape {shape_text(shape)}, expected {shape_text(self.output_shape)}")
        return None

    def _output(self, got: ModuleSeen, wanted: ModuleSeen) -> Finding | None:
        missed = [name for name in got.without_grad if name not in wanted.without_grad]
        if self.input is not None and missed:
            why = "It is registered, but the output does not depend on it, so it would never be trained."
            finding = f"no gradient reaches `{missed[0]}`" + (f" and {len(missed) - 1} more" if missed[1:] else "")
            return failed(finding, why, "Use the layer in `forward`, or remove it.", "no-grad")
        if not self.same_as_solution:
            return None
        return self._same(got, wanted)

    def _same(self, got: ModuleSeen, wanted: ModuleSeen) -> Finding | None:
        from tutor.checks.compare import compare

        shapes = [p.shape for p in got.module.parameters], [p.shape for p in wanted.module.parameters]
        if shapes[0] != shapes[1]:
            at = next((n for n, (a, b) in enumerate(zip(*shapes, strict=False)) if a != b), None)
            if at is None:
                return failed(f"{len(shapes[0])} parameter tensors, expected {len(shapes[1])}")
            name = got.module.parameters[at].name
            return failed(f"`{name}` has shape {shape_text(shapes[0][at])}, expected {shape_text(shapes[1][at])}")
        if wanted.refilled_output is None:
            return could_not_judge("the solution's output could not be observed")
        if got.refilled_output is None:
            return failed("its output could not be observed")
        mismatch = compare(got.refilled_output, wanted.refilled_output, self.tolerance)
        if mismatch is None:
            return None
        if mismatch.level == "unknown":
            return could_not_judge(mismatch.finding)
        why = "With the same weights in it, your module gives another output than the solution's."
        return failed(f"output: {mismatch.finding}", why, "Look at what `forward` does between the layers.")


def _no_module(got: Value) -> Finding:
    from tutor.checks.values import describe

    if isinstance(got, OtherValue) and got.type == "class":
        why = "A class is the plan of a module; calling it makes one."
        return failed("got the class itself, expected a module", why, "Add the brackets: `model = Net()`.")
    return failed(f"got {describe(got)}, expected a module")


def _no_tensor(output: Value | None) -> Finding:
    from tutor.checks.values import describe

    what = "nothing" if output is None else describe(output)
    if what == "None":
        return failed("calling it gives None", "`forward` has no `return`.", "Return the result.", "no-return")
    return failed(f"calling it gives {what}, expected a tensor")


def unregistered(module: ModuleValue, code: str) -> tuple[str, str]:
    """Why and next where layers stand in a plain list or dict of the module's class; empty texts where they do not."""
    from tutor.checks.syntax import layers_in_plain_containers

    name = layers_in_plain_containers(code)
    if name is None:
        return "", ""
    why = f"`{name}` is a plain Python container: a module does not see the layers in it."
    return why, "Keep them in `nn.ModuleList([...])`, or in `nn.Sequential(...)`."


def _counted(module: ModuleValue) -> str:
    """Each layer's parameters, so that the wrong one can be found."""
    layers = [f"{layer.type}({layer.name}) {layer.parameters}" for layer in module.layers if layer.parameters]
    return f"Counted: {', '.join(layers)}." if 0 < len(layers) <= 6 else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
