"""What checks and requirements claim, where it can be told without running anything that it can't be so."""

from __future__ import annotations

from tutor.checks.syntax import first_loop, line_of_use, parse
from tutor.lessons.conditions import known_error
from tutor.lessons.nodes import Mapping, Node, Scalar
from tutor.lessons.problems import Notes, did_you_mean

DEVICES = ("cpu", "cuda", "mps")
_FLOATS = ("float32", "float64", "float16", "bfloat16", "complex64", "complex128")
_WHOLE = ("int64", "int32", "int16", "int8", "uint8", "uint16", "uint32", "uint64", "bool")
DTYPES = (*_FLOATS, *_WHOLE)
_SHORT = {"float": "float32", "double": "float64", "half": "float16", "long": "int64", "int": "int32", "short": "int16"}
"""torch's other names, under which no tensor reports its dtype."""


def claims(node: Mapping, solution: str, notes: Notes) -> None:
    """Note what no program can meet, or the solution does not, in the checks of a step."""
    devices(node.listed("devices"), notes)
    for check in node.listed("checks"):
        if not isinstance(check, Mapping):
            continue
        match check.text("kind"):
            case "tensor":
                _dtype(check.get("dtype"), notes)
                devices([check.at("device")] if "device" in check.items else [], notes)
            case "raises":
                known_error(check.get("error"), notes)
            case "source" if solution.strip() and parse(solution) is not None:
                _source(check, solution, notes)


def devices(nodes: list[Node], notes: Notes) -> None:
    """Note devices that torch does not have."""
    for node in nodes:
        if isinstance(node, Scalar) and isinstance(node.value, str) and node.value.split(":")[0] not in DEVICES:
            notes.at(node, f"there is no device `{node.value[:40]}`", did_you_mean(node.value, DEVICES))


def _dtype(node: Node | None, notes: Notes) -> None:
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return
    name = node.value.removeprefix("torch.")
    if name in _SHORT:
        notes.at(node, f"no tensor says that its dtype is `{name}`", f"write `{_SHORT[name]}`")
    elif name not in DTYPES and not name.startswith(("q", "float8")):
        notes.at(node, f"there is no dtype `{node.value[:40]}`", did_you_mean(name, DTYPES))


def _source(check: Mapping, solution: str, notes: Notes) -> None:
    """The solution itself is written as the check asks for."""
    for item in check.listed("uses"):
        if isinstance(item.value, str) and line_of_use(solution, item.value) is None:
            notes.at(item, f"the solution does not use `{item.value[:40]}`", "so it would fail its own check")
    for item in check.listed("avoids"):
        if isinstance(item.value, str) and (line := line_of_use(solution, item.value)) is not None:
            notes.at(item, f"line {line} of the solution uses `{item.value[:40]}`", "so it would fail its own check")
    if check.value.get("no_loops") is True and (line := first_loop(solution)) is not None:
        notes.at(check.at("no_loops"), f"line {line} of the solution has a loop", "so it would fail its own check")
