"""Where a program cut tensors off from their history, for the picture of its graphs: by name, line and what did it."""

from __future__ import annotations

import ast

import msgspec

from tutor.checks.cuts import reads, rewraps, simple_statements, targets
from tutor.runtime.protocol import Report
from tutor.runtime.values import ModuleValue

_WRITTEN = {"detach": ".detach()", "item": ".item()", "numpy": ".numpy()", "data": ".data"}
_MOST = 200


class Cut(msgspec.Struct, frozen=True):
    """A tensor without its history: its name (empty where the cut is inside of an expression), the line, the call."""

    name: str
    line: int
    how: str


class Cuts(msgspec.Struct, frozen=True):
    """All cuts of a run: the variables that have no history, and for others, what of their inputs has none."""

    variables: dict[str, Cut] = {}
    inputs: dict[str, tuple[Cut, ...]] = {}


def graph_cuts(report: Report, code: str) -> Cuts:
    """The cuts that the run shows; what a later line assigns anew is no cut any more."""
    recorded = {(shape.line, shape.name): shape.grad for shape in report.line_shapes if _is_float(shape.dtype)}
    taken = {event.line: _WRITTEN[event.kind] for event in report.trace if event.kind in _WRITTEN and event.line}
    modules = {variable.name for variable in report.variables if isinstance(variable.value, ModuleValue)}
    sources = modules | {shape.name for shape in report.line_shapes if shape.grad}
    variables: dict[str, Cut] = {}
    inputs: dict[str, tuple[Cut, ...]] = {}
    for statement, block in simple_statements(code):
        line = statement.lineno
        names = {name: recorded[line, name] for name in targets(statement) if (line, name) in recorded}
        how = _how(statement, block, taken, sources)
        gone = [cut for name, cut in variables.items() if reads(statement, {name})]
        for name, grad in names.items():
            variables.pop(name, None)
            inputs.pop(name, None)
            if not grad and how:
                variables[name] = Cut(name, line, how)
            elif not grad and gone:
                variables[name] = gone[0]
            elif grad and (gone or how):
                inputs[name] = (*gone, *([Cut("", line, how)] if how else []))
        if len(variables) + len(inputs) > _MOST:
            break
    return Cuts(variables, inputs)


def _how(statement: ast.stmt, block: str, taken: dict[int, str], sources: set[str]) -> str:
    """What in a statement takes something out of the recording that comes from `sources`; empty where nothing does."""
    lines = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    by_event = next((taken[line] for line in lines if line in taken), "")
    rewrapped = rewraps(statement, sources)
    if by_event in (".detach()", ".data") or (by_event and rewrapped):
        return by_event
    if block:
        return block if reads(statement, sources) else ""
    return f"{rewrapped}(…)" if rewrapped else ""


def _is_float(dtype: str) -> bool:
    return dtype.startswith(("float", "bfloat", "complex"))
