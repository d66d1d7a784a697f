"""Errors of Python and torch, explained with the learner's own names and shapes."""

from __future__ import annotations

import re

import msgspec

from tutor.checks.error_row import Row
from tutor.checks.error_table import TABLE
from tutor.checks.words import own_shape, shape_text
from tutor.runtime.values import ArrayValue, ErrorReport, ModuleValue, TensorValue

_SUGGESTED = re.compile(r"Did you mean:? '([\w.]+)'\?")
_NOT_IMPORTED = re.compile(r"Did you forget to import '(\w+)'")
_NAMES = ("NameError", "AttributeError", "ImportError", "TypeError")


_IMPORTS = {
    "F": "import torch.nn.functional as F",
    "nn": "from torch import nn",
    "np": "import numpy as np",
    "optim": "from torch import optim",
    "pd": "import pandas as pd",
    "plt": "import matplotlib.pyplot as plt",
    "DataLoader": "from torch.utils.data import DataLoader",
    "TensorDataset": "from torch.utils.data import TensorDataset",
    "Dataset": "from torch.utils.data import Dataset",
}
"""How names that are always written so are imported; any other is a module of that name."""


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """What an error means and what to try."""

    id: str
    why: str
    next: str = ""


def explain_error(error: ErrorReport) -> Explained | None:
    """The explanation of an error that we know; None for any other."""
    for row in TABLE:
        match = re.search(row.pattern, error.message, re.DOTALL) if error.type in row.types else None
        if match is not None:
            return _explained(row, match, error)
    return None


def _explained(row: Row, match: re.Match[str], error: ErrorReport) -> Explained:
    parts = {f"g{number}": own_shape(text or "") for number, text in enumerate(match.groups(), 1)}
    parts |= {f"a{key[1:]}": f"{'An' if text[:1] in 'AEIOUaeiou' else 'A'} {text}" for key, text in parts.items()}
    why = row.why.format(**parts)
    if row.shapes and (shapes := _shapes(error)):
        why = f"{why} {shapes}"
    next_ = row.next.format(**parts)
    if row.id == "not-imported":
        next_ = f"Write `{_IMPORTS.get(parts['g1'], 'import ' + parts['g1'])}` at the top."
    last = error.text.rstrip().rpartition("\n")[2]
    suggested, missing = _SUGGESTED.search(last), _NOT_IMPORTED.search(last)
    if suggested is not None and error.type in _NAMES and row.id != "not-imported":
        next_ = f"Did you mean `{suggested[1]}`?"
    elif missing is not None and error.type == "NameError":
        next_ = f"Write `import {missing[1]}` at the top."
    return Explained(id=row.id, why=why, next=next_)


def _shapes(error: ErrorReport) -> str:
    """The shapes of the tensors, and the layers, in the failing line, by name."""
    found = []
    for variable in error.involved:
        value = variable.value
        if isinstance(value, TensorValue | ArrayValue):
            found.append(f"`{variable.name}` has the shape {shape_text(value.shape)}")
        elif isinstance(value, ModuleValue) and len(value.layers) == 1 and value.layers[0].text:
            found.append(f"`{variable.name}` is {value.layers[0].type}({value.layers[0].text.split(', bias')[0]})")
    return f"Here {', '.join(found[:4])}." if found else ""
