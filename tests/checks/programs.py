"""Expressions evaluated with torch, and judged as the learner's and the solution's values are."""

from __future__ import annotations

import ast
import math
import warnings
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from torch import nn

from tests.checks.build import check, judged, report
from tutor.checks.base import Verdict
from tutor.runtime.caps import Caps
from tutor.runtime.observe import observe


def namespace(setup: str) -> dict[str, Any]:
    """The names that a program has after `setup`."""
    names: dict[str, Any] = {"torch": torch, "nn": nn, "F": F, "math": math}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(setup, names)
    return names


def read(table: str) -> list[tuple[str, str, str]]:
    """(relation, wrong, right) of each line."""
    found = []
    for line in table.strip().splitlines():
        known, _, both = line.partition(": ")
        wrong, arrow, right = both.partition(" -> ")
        assert arrow, line
        found.append((known, wrong, right))
    return found


def evaluated(expression: str, names: dict[str, Any]) -> Any:
    torch.manual_seed(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return eval(expression, names)


def explained(wrong: str, right: str, names: dict[str, Any]) -> Verdict:
    """The verdict of `equal` on a program that makes `answer`, with the variables that it names."""
    values = [observe(evaluated(expression, names), Caps()) for expression in (wrong, right)]
    used = {node.id for node in ast.walk(ast.parse(wrong)) if isinstance(node, ast.Name)}
    variables = {
        name: observe(names[name], Caps()) for name in sorted(used) if isinstance(names.get(name), torch.Tensor)
    }
    one = check("equal", expr="answer")
    seen = report({"answer": values[0]}, variables={**variables, "answer": values[0]})
    return judged(one, seen, report({"answer": values[1]}), f"answer = {wrong}")
