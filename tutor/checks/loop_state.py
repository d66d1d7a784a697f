"""Faults around a training loop: its mode, what the optimizer holds, graphs that are kept, a loss that was cut off."""

from __future__ import annotations

import ast

from tutor.checks.explain_grad import CUTS
from tutor.checks.fault import ENOUGH, Fault, count, gapless, modules, places, switching_layer
from tutor.checks.syntax import assignments, parse
from tutor.runtime.protocol import Report, TraceEvent
from tutor.runtime.values import ModuleValue, TensorValue

_WORDS = {"detach": "`.detach()`", "item": "`.item()`", "numpy": "`.numpy()`", "data": "`.data`"}


def state_faults(report: Report, code: str) -> list[Fault]:
    """These faults, the most fundamental first."""
    found = [
        _detached(report),
        _other_parameters(report, code),
        _eval_in_training(report),
        _train_in_eval(report),
        _graph_kept(report, code),
    ]
    return [fault for fault in found if fault is not None]


def _detached(report: Report) -> Fault | None:
    """The error that backward raises where nothing was recorded, after a line that takes numbers out."""
    error = report.error
    if error is None or "does not require grad" not in error.message or "element 0" not in error.message:
        return None
    last = max((i for i, event in enumerate(report.trace) if event.kind == "backward"), default=-1)
    cut = next((event for event in report.trace[last + 1 :] if event.kind in CUTS and event.line), None)
    if cut is None:
        return None
    return Fault(
        id="loss-detached",
        finding=f"line {cut.line} takes numbers out of the recording",
        why=f"{_WORDS[cut.kind]} gives numbers without their history, and `backward()` then found none.",
        next="Compute the loss from the tensors themselves.",
        line=cut.line,
        at=places(report, [cut]),
    )


def _other_parameters(report: Report, code: str) -> Fault | None:
    """Whether nothing that an optimizer holds moved, while a model has gradients that it does not hold."""
    if count(report, "step") < ENOUGH or count(report, "backward") < ENOUGH or len(report.optimizers) != 1:
        return None
    optimizer = report.optimizers[0]
    if optimizer.moved or not optimizer.parameters:
        return None
    name = next((n for n, m in modules(report).items() if any(p.grad_norm for p in m.parameters)), None)
    if name is None or (code and not _holds_others(report, code, name, optimizer.line)):
        return None
    where = f" of line {optimizer.line}" if optimizer.line else ""
    return Fault(
        id="other-parameters",
        finding=f"none of the {optimizer.parameters} parameters of the optimizer moved",
        why=f"The gradients went to `{name}`, and the optimizer{where} holds other parameters.",
        next=f"Make the optimizer after the model, from `{name}.parameters()`.",
        line=optimizer.line or None,
        at=places(report, (event for event in report.trace if event.kind == "step")),
    )


def _holds_others(report: Report, code: str, name: str, line: int) -> bool:
    """Whether the text shows it: the model was made after the optimizer, or the optimizer was given another thing."""
    if any(made > line for made in assignments(code, name)):
        return True
    tree = parse(code)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)] if tree is not None else []
    given = {
        part.id
        for call in calls
        if call.lineno <= line <= (call.end_lineno or 0)
        for argument in call.args[:1]
        for part in ast.walk(argument)
        if isinstance(part, ast.Name)
    }
    known = {v.name for v in report.variables if isinstance(v.value, ModuleValue | TensorValue)}
    return bool(given & known) and name not in given


def _forwards(report: Report) -> list[list[TraceEvent]]:
    """The forward calls before each backward; the last list holds those after the last."""
    groups: list[list[TraceEvent]] = [[]]
    for event in gapless(report):
        if event.kind == "forward":
            groups[-1].append(event)
        elif event.kind == "backward":
            groups.append([])
    return groups


def _eval_in_training(report: Report) -> Fault | None:
    """Whether the model was in eval mode in most turns, and has layers for which that matters."""
    turns = [[e for e in group if e.grad] for group in _forwards(report)[:-1]]
    turns = [group for group in turns if group]
    wrong = [group for group in turns if all(e.training is False for e in group)]
    if len(wrong) < ENOUGH or 2 * len(wrong) < len(turns):
        return None
    model = wrong[0][-1]
    layer = switching_layer(report, model.name)
    switch = next((e for e in report.trace if e.kind == "mode" and not e.training and e.target == model.target), None)
    if layer is None or switch is None:
        return None
    return Fault(
        id="eval-in-training",
        finding=f"the model trains in eval mode, since line {switch.line}",
        why=f"In eval mode its {layer} does not do what it should do in training.",
        next="Call `model.train()` before the turns of training.",
        line=switch.line or None,
        at=places(report, (event for group in wrong for event in group)),
    )


def _train_in_eval(report: Report) -> Fault | None:
    """Whether a trained model is evaluated in training mode only, and has layers for which that matters."""
    if count(report, "backward") < ENOUGH:
        return None
    calls = [event for event in report.trace if event.kind == "forward"]
    for call in calls:
        if call.grad is not False or call.training is not True:
            continue
        own = [other for other in calls if other.target == call.target]
        layer = switching_layer(report, call.name)
        if layer is None or not any(e.grad for e in own) or any(e.training is False for e in own):
            continue
        return Fault(
            id="train-mode-in-eval",
            finding=f"line {call.line} evaluates in training mode",
            why=f"Its {layer} still does what it does in training, so the result is not the model's.",
            next="Call `model.eval()` before it, and `model.train()` after it.",
            line=call.line or None,
            at=places(report, [call]),
        )
    return None


def _graph_kept(report: Report, code: str) -> Fault | None:
    """`total += loss` after `loss.backward()` in a loop, where `total` still has a history at the end."""
    kept = {
        v.name
        for v in report.variables
        if isinstance(v.value, TensorValue) and v.value.grad_fn == "AddBackward0" and v.value.shape == ()
    }
    tree = parse(code) if kept else None
    for loop in ast.walk(tree) if tree is not None else ():
        if not isinstance(loop, ast.For | ast.While):
            continue
        called = {_owner(node) for node in ast.walk(loop) if isinstance(node, ast.Call)}
        for node in ast.walk(loop):
            if not isinstance(node, ast.AugAssign) or not isinstance(node.op, ast.Add):
                continue
            target, value = node.target, node.value
            if not isinstance(target, ast.Name) or not isinstance(value, ast.Name) or target.id not in kept:
                continue
            if value.id in called and target.id not in called:
                return Fault(
                    id="graph-kept",
                    finding=f"line {node.lineno} keeps the recording of every turn",
                    why=f"`{target.id}` is a tensor with the history of all losses: memory grows with every turn.",
                    next=f"Add the number alone: `{target.id} += {value.id}.item()`.",
                    line=node.lineno,
                )
    return None


def _owner(call: ast.Call) -> str:
    """`loss` of `loss.backward()`; empty for any other call."""
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr == "backward" and isinstance(function.value, ast.Name):
        return function.value.id
    return ""
