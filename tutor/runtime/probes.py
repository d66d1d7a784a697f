"""The answers to probes and the list of variables; asking leaves the learner's program as it was."""

from __future__ import annotations

import contextlib
import io
import random
import sys
import types
from collections.abc import Iterator
from typing import Any

import torch

from tutor.runtime import errors, observe_module
from tutor.runtime.caps import Caps, clean, type_name
from tutor.runtime.observe import observe
from tutor.runtime.observe_call import calls
from tutor.runtime.operations import Operations
from tutor.runtime.protocol import CallProbe, EvaluationProbe, GradientsProbe, ModuleProbe, Probe, PythonProbe
from tutor.runtime.rebuild import rebuilt
from tutor.runtime.rows_seen import rows_of
from tutor.runtime.trace import Recorder
from tutor.runtime.values import ErrorReport, EvaluationSeen, ModuleSeen, Observation, OtherValue, Seen, Value, Variable

_Module = torch.nn.Module
_get_rng_state, _set_rng_state = torch.get_rng_state, torch.set_rng_state
_manual_seed = torch.default_generator.manual_seed
_enable_grad, _no_grad = torch.enable_grad, torch.no_grad
_VARIABLES = 200
_VARIABLE_ELEMENTS = 4096


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Random numbers go on outside as if nothing had happened inside; nothing is printed; gradients are recorded."""
    numpy = sys.modules.get("numpy")
    torch_state, python_state = _get_rng_state(), random.getstate()
    numpy_state = numpy.random.get_state() if numpy else None
    streams = {name: vars(sys)[name] for name in ("stdout", "stderr") if name in vars(sys)}
    sys.stdout = sys.stderr = io.StringIO()
    try:
        with _enable_grad():
            yield
    finally:
        for name, stream in streams.items():
            setattr(sys, name, stream)
        _set_rng_state(torch_state)
        random.setstate(python_state)
        if numpy:
            numpy.random.set_state(numpy_state)


def seed_all(seed: int) -> None:
    """Seed torch on the CPU, random, and NumPy where it is loaded."""
    _manual_seed(seed)
    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy:
        numpy.random.seed(seed & 0xFFFFFFFF)


class Asked:
    """All that answers come from: the finished program, what was recorded of its run, and how much may be told."""

    def __init__(
        self,
        namespace: dict[str, Any],
        caps: Caps,
        parts: errors.Parts,
        seed: int,
        recorder: Recorder | None = None,
        operations: Operations | None = None,
    ) -> None:
        self.namespace, self.caps, self.parts, self.seed = namespace, caps, parts, seed
        self.recorder, self.operations = recorder, operations


def answer(probe: Probe, asked: Asked) -> Observation:
    """What a probe asked for, or the error that its expression ended in; its random numbers start from the seed."""
    try:
        seed_all(asked.seed)
        return Observation(probe=probe.id, seen=_seen(probe, asked))
    except BaseException as error:
        return Observation(probe=probe.id, error=errors.report(error, asked.parts))


def _seen(probe: Probe, asked: Asked) -> Seen:
    match probe:
        case ModuleProbe():
            return _module(probe, _evaluate(probe.expr, asked.namespace), asked.namespace, asked.caps, asked.parts)
        case CallProbe():
            return _calls(probe, asked)
        case EvaluationProbe():
            return _evaluation(probe, asked)
        case GradientsProbe():
            kept = asked.recorder.gradients if asked.recorder else None
            return observe(kept.of(probe.expr) if kept else [], asked.caps)
        case PythonProbe():
            return observe(_judged(probe, asked.namespace), asked.caps)
        case _:
            return observe(_evaluate(probe.expr, asked.namespace), asked.caps)


def _calls(probe: CallProbe, asked: Asked) -> Seen:
    function = _evaluate(probe.expr, asked.namespace)
    if not callable(function):
        return observe(function, asked.caps)

    def prepare() -> None:
        seed_all(asked.seed)

    during = asked.operations.counting if asked.operations else contextlib.nullcontext
    return calls(function, probe.cases, asked.namespace, asked.caps, asked.parts, prepare, during)


def _evaluation(probe: EvaluationProbe, asked: Asked) -> Seen:
    recorder = asked.recorder
    if recorder is None or recorder.rows is None:
        return EvaluationSeen(trained=0)
    model = _evaluate(probe.model, asked.namespace)
    if not issubclass(type(model), _Module):
        return observe(model, asked.caps)
    data = rows_of(_evaluate(probe.data, asked.namespace)) if probe.data is not None else None
    target = recorder.target_of(model)
    trained = recorder.rows.trained_on(target)
    return EvaluationSeen(
        trained=len(trained),
        rows=None if data is None else len(data),
        rows_trained=len(trained & data) if data is not None else 0,
        calls=recorder.rows.evaluations(target, data or frozenset(), trained) if target else (),
    )


def _judged(probe: PythonProbe, namespace: dict[str, Any]) -> Any:
    """What an author's function says of another run."""
    seen = types.SimpleNamespace(
        values={name: rebuilt(value) for name, value in probe.values.items()},
        expected={name: rebuilt(value) for name, value in probe.expected.items()},
        stdout=probe.stdout,
        code=probe.code,
        losses=list(probe.losses),
    )
    return namespace[probe.name](seen)


def _evaluate(expression: str, namespace: dict[str, Any]) -> Any:
    return eval(compile(expression.strip(), "<probe>", "eval", dont_inherit=True), namespace)


def _module(
    probe: ModuleProbe, module: Any, namespace: dict[str, Any], caps: Caps, parts: errors.Parts
) -> ModuleSeen | Value:
    if not issubclass(type(module), _Module):
        return observe(module, caps)
    if probe.input is None:
        return ModuleSeen(module=observe_module.structure(module))
    return _called(probe, module, _evaluate(probe.input, namespace), caps, parts)


def _called(probe: ModuleProbe, module: Any, given: Any, caps: Caps, parts: errors.Parts) -> ModuleSeen:
    output: Value | None = None
    refilled: Value | None = None
    missed: tuple[str, ...] = ()
    failure: ErrorReport | None = None
    shapes: observe_module.Shapes = {}
    try:
        trial = observe_module.copy_of(module)
        with observe_module.watch_shapes(trial) as shapes:
            result = _call(trial, given)
        output = observe(result, caps)
        missed = observe_module.without_grad(trial, result)
        if probe.refill is not None:
            blank = observe_module.copy_of(module)
            observe_module.refill(blank, probe.refill)
            blank.eval()
            with _no_grad():
                refilled = observe(_call(blank, given), caps)
    except BaseException as error:
        failure = errors.report(error, parts)
    return ModuleSeen(
        module=observe_module.structure(module, shapes),
        output=output,
        refilled_output=refilled,
        without_grad=missed,
        error=failure,
    )


def _call(module: Any, given: Any) -> Any:
    return module(*given) if type(given) is tuple else module(given)


def variables(namespace: dict[str, Any], caps: Caps, without: frozenset[str] = frozenset()) -> tuple[Variable, ...]:
    """The program's global names in order of creation: no modules, imported functions, or names with an underscore."""
    caps.elements = _VARIABLE_ELEMENTS
    found = listed(namespace, without)
    return tuple(Variable(name=clean(name, 200), value=_listed(value, caps)) for name, value in found.items())


def listed(namespace: dict[str, Any], without: frozenset[str]) -> dict[str, Any]:
    """The names of a program that are its variables, with what they are; the first ones of many."""
    found: dict[str, Any] = {}
    for name, value in list(namespace.items()):
        if type(name) is not str or name.startswith("_") or name in without or _imported(value):
            continue
        found[name] = value
        if len(found) == _VARIABLES:
            break
    return found


def _listed(value: Any, caps: Caps) -> Value:
    try:
        return observe(value, caps)
    except KeyboardInterrupt:
        return OtherValue(type=type_name(value), text="<reading it was interrupted>")


def _imported(value: Any) -> bool:
    kind = type(value)
    if issubclass(kind, types.ModuleType):
        return True
    if issubclass(kind, type):
        return bool(type.__dict__["__module__"].__get__(value) != "__main__")
    if issubclass(kind, (types.FunctionType, types.BuiltinFunctionType)):
        return getattr(value, "__module__", None) != "__main__"
    return type_name(value) in ("ufunc", "_SpecialForm", "OpOverloadPacket")
