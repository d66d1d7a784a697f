"""Contracts that a program breaks without any error: what goes into a loss, what a module registers."""

from __future__ import annotations

import ast
import re

from tutor.checks.fault import Fault, modules
from tutor.checks.syntax import dotted, layers_in_plain_containers, line_of_use, parse
from tutor.runtime.protocol import Report
from tutor.runtime.values import LayerInfo, TensorValue

_CROSS_ENTROPY = ("CrossEntropyLoss", "cross_entropy")
_BCE_LOGITS = ("BCEWithLogitsLoss", "binary_cross_entropy_with_logits")
_NLL = ("NLLLoss", "nll_loss")
_WANTS_LONG = re.compile(r"expected (?:scalar type|target dtype to be) Long|expected .*Long.* but (?:found|got) Float")


def contract_faults(report: Report, code: str) -> list[Fault]:
    """Broken contracts that the run and the text prove together."""
    found = [
        _squashed(report, code, ("Softmax", "softmax"), _CROSS_ENTROPY, "softmax-before-cross-entropy"),
        _squashed(report, code, ("Sigmoid", "sigmoid"), _BCE_LOGITS, "sigmoid-before-bce-with-logits"),
        _one_output(report, code),
        _float_classes(report, code),
        _negative(report, code),
        _target_shape(report),
        _unregistered(code),
    ]
    return [fault for fault in found if fault is not None]


def _line_of_any(code: str, names: tuple[str, ...]) -> int | None:
    return next((line for name in names if (line := line_of_use(code, name)) is not None), None)


def _last_layers(report: Report) -> dict[str, LayerInfo]:
    """The last layer of each module that is a plain sequence, where the order of layers is that of the calls."""
    found = {name: module for name, module in modules(report).items() if module.type == "Sequential"}
    return {name: module.layers[-1] for name, module in found.items() if module.layers}


def _squashed(report: Report, code: str, names: tuple[str, str], losses: tuple[str, ...], known: str) -> Fault | None:
    layer, function = names
    line = _line_of_any(code, losses)
    if line is None or len(modules(report)) > 1 or _line_of_any(code, ("log", "log_softmax")) is not None:
        return None
    model = next((name for name, last in _last_layers(report).items() if last.type == layer), None)
    where = f"`{model}` ends with {layer}" if model is not None else None
    returned = _returned_call(code, function)
    if where is None and returned is not None:
        where = f"`forward` returns {function} in line {returned}"
    if where is None:
        return None
    return Fault(
        id=known,
        finding=f"{where}, and the loss applies it again",
        why=f"The loss of line {line} wants raw scores: it applies {function} itself. Twice keeps it from falling far.",
        next=f"Leave {function} out of the model; use it only to read probabilities.",
        line=returned or line,
    )


def _returned_call(code: str, function: str) -> int | None:
    """The line in which every `forward` of the program returns the result of a function, such as softmax."""
    tree = parse(code)
    lines: list[int | None] = []
    for node in ast.walk(tree) if tree is not None else ():
        if not isinstance(node, ast.FunctionDef) or node.name != "forward":
            continue
        returns = [part.value for part in ast.walk(node) if isinstance(part, ast.Return)]
        last = returns[-1] if returns else None
        called = isinstance(last, ast.Call) and dotted(last.func).rpartition(".")[2] == function
        lines.append(last.lineno if called and last is not None else None)
    return lines[0] if len(lines) == 1 else None


def _one_output(report: Report, code: str) -> Fault | None:
    line = _line_of_any(code, _CROSS_ENTROPY)
    losses = report.losses
    if line is None or len(losses) < 2 or any(loss != 0 for loss in losses):
        return None
    model = next((n for n, last in _last_layers(report).items() if "out_features=1," in f"{last.text},"), None)
    if model is None:
        return None
    return Fault(
        id="one-output-cross-entropy",
        finding=f"`{model}` has one output, and cross-entropy compares several",
        why="The softmax of one number is always 1, so the loss is 0 whatever the model says.",
        next="Give it one output a class, or use `BCEWithLogitsLoss`.",
        line=line,
    )


def _float_classes(report: Report, code: str) -> Fault | None:
    """Class numbers as floats: an error, or one row of probabilities where outputs have one dimension."""
    line = _line_of_any(code, (*_CROSS_ENTROPY, *_NLL))
    error = report.error
    if line is not None and error is not None and error.type == "RuntimeError" and _WANTS_LONG.search(error.message):
        return Fault(
            id="float-class-targets",
            finding=f"line {error.line} gives floats to the loss as class numbers",
            why="Cross-entropy wants the number of the right class for each row, as a whole number.",
            next="Turn the targets into whole numbers: `.long()`.",
            line=error.line,
        )
    shapes = {v.name: v.value.shape for v in report.variables if isinstance(v.value, TensorValue) and _floats(v.value)}
    for call in loss_calls(code, _CROSS_ENTROPY):
        names = [arg.id if isinstance(arg, ast.Name) else "" for arg in call.args[:2]]
        both = [shapes.get(name, ()) for name in names]
        if len(both) == 2 and both[0] == both[1] and len(both[0]) == 1 and both[0][0] > 1:
            return Fault(
                id="float-class-targets",
                finding=f"line {call.lineno} gives floats to the loss as class numbers",
                why=f"`{names[0]}` and `{names[1]}` have one dimension, so cross-entropy reads each as one single row: "
                f"the scores and the probabilities of {both[0][0]} classes.",
                next="Give it a row of scores for each example, and whole numbers as targets: `.long()`.",
                line=call.lineno,
            )
    return None


def _floats(value: TensorValue) -> bool:
    return value.dtype.startswith(("float", "bfloat"))


def loss_calls(code: str, losses: tuple[str, ...]) -> list[ast.Call]:
    """The calls of these losses, by their own names or by a name that one was given."""
    tree = parse(code)
    if tree is None:
        return []
    own = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _ends(node.value.func, losses):
            own |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        call
        for call in calls
        if (_ends(call.func, losses) and len(call.args) > 1)
        or (isinstance(call.func, ast.Name) and call.func.id in own)
        or (isinstance(call.func, ast.Call) and _ends(call.func.func, losses))
    ]


def _ends(function: ast.expr, names: tuple[str, ...]) -> bool:
    return dotted(function).rpartition(".")[2] in names


def _negative(report: Report, code: str) -> Fault | None:
    line = _line_of_any(code, _NLL)
    negative = next((loss for loss in report.losses if loss < 0), None)
    if line is None or negative is None or _line_of_any(code, (*_CROSS_ENTROPY, *_BCE_LOGITS)) is not None:
        return None
    return Fault(
        id="nll-of-logits",
        finding=f"the loss is negative: {negative:.3g}",
        why="NLLLoss wants logarithms of probabilities; those give no negative loss. It was given raw scores.",
        next="Use `CrossEntropyLoss`, or `log_softmax` before it.",
        line=line,
    )


def _target_shape(report: Report) -> Fault | None:
    """Torch itself warns; its warning is easily missed."""
    if "Using a target size" not in report.stderr or "that is different to the input size" not in report.stderr:
        return None
    return Fault(
        id="target-shape-broadcast",
        finding="the loss compared outputs and targets of different shapes",
        why="Broadcasting paired every output with every target, so the model learns the mean.",
        next="Give both one shape: `.squeeze(1)` on the output, or `.unsqueeze(1)` on the targets.",
    )


def _unregistered(code: str) -> Fault | None:
    name = layers_in_plain_containers(code)
    if name is None:
        return None
    line = line_of_use(code, name)
    return Fault(
        id="unregistered-layers",
        finding=f"the layers in `{name}` are not registered",
        why="A module does not see layers in a plain list or dict, so their parameters are never trained.",
        next="Use `nn.ModuleList([…])`.",
        line=line,
    )
