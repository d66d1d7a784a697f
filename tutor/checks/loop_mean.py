"""A training that has come to rest where the same answer for every row would be."""

from __future__ import annotations

import ast
import math
import re
from collections import Counter
from collections.abc import Iterator

from tutor.checks.fault import Fault, modules, places
from tutor.checks.syntax import line_of_use, parse
from tutor.runtime.protocol import Report, TraceEvent
from tutor.runtime.values import TensorValue

_MANY = 20
_NEAR = 2e-4
_LOSS = re.compile(r"loss|criterion|mse|bce|cross_entropy", re.IGNORECASE)
_SQUARES = ("MSELoss", "mse_loss", "pow", "square")
_LOGARITHMS = (
    "CrossEntropyLoss",
    "cross_entropy",
    "BCELoss",
    "binary_cross_entropy",
    "BCEWithLogitsLoss",
    "binary_cross_entropy_with_logits",
)


def stuck_at_mean(backwards: list[TraceEvent], report: Report, code: str) -> Fault | None:
    """Whether the loss rests at exactly what it costs to answer with the mean of the targets each time."""
    losses = [event.value or 0.0 for event in backwards]
    rest = losses[-max(5, len(losses) // 10) :]
    if len(losses) < _MANY or max(rest) - min(rest) > _NEAR * abs(rest[-1]) or not _takes_inputs(report):
        return None
    if len({event.line for event in backwards}) > 1 or "Using a target size" in report.stderr:
        return None
    for name, cost, what in _constant_answers(report, code):
        if cost > 0 and math.isclose(rest[-1], cost, rel_tol=_NEAR):
            return Fault(
                id="stuck-at-mean",
                finding=f"the loss rests at {rest[-1]:.5g}: {what} `{name}`",
                why="A model that gives one and the same answer for every row has exactly this loss.",
                next="Compare the shapes of output and targets. Then look at whether the inputs reach the output.",
                line=backwards[-1].line or None,
                at=places(report, backwards[-1:]),
            )
    return None


def _takes_inputs(report: Report) -> bool:
    """Whether there is a model with a weight for inputs, so that more than a mean can be learned."""
    return any(len(p.shape) > 1 for module in modules(report).values() for p in module.parameters)


def _constant_answers(report: Report, code: str) -> Iterator[tuple[str, float, str]]:
    """What the best constant answer costs, for each variable that the losses of the program are computed from."""
    named = _in_losses(code)
    squares = any(line_of_use(code, name) for name in _SQUARES) or "**2" in code.replace(" ", "")
    logarithms = any(line_of_use(code, name) for name in _LOGARITHMS)
    for variable in report.variables:
        value = variable.value
        if variable.name not in named or not isinstance(value, TensorValue) or value.requires_grad:
            continue
        if squares and value.stats is not None and value.stats.std:
            yield variable.name, value.stats.std**2, "the variance of"
        if logarithms:
            yield variable.name, _entropy(value), "the entropy of"


def _in_losses(code: str) -> set[str]:
    """The names in statements that compute a loss or a difference."""
    tree = parse(code)
    found: set[str] = set()
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.Return) and (
            _LOSS.search(ast.unparse(node)) or any(isinstance(part, ast.Sub) for part in ast.walk(node))
        ):
            found |= {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return found


def _entropy(value: TensorValue) -> float:
    """-sum p ln p over the classes of a tensor of labels; 0 where it holds none."""
    from tutor.checks.values import array_of

    array = array_of(value)
    if array is None or array.size < _MANY or array.dtype.kind not in "bif":
        return 0.0
    counts = Counter(array.ravel().tolist())
    if not 2 <= len(counts) <= 20 or any(label != int(label) for label in counts):
        return 0.0
    shares = [count / array.size for count in counts.values()]
    return -sum(share * math.log(share) for share in shares)
