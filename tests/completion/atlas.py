"""A small torch, so that these tests need none."""

from __future__ import annotations

from tutor.completion.names import Names
from tutor.completion.places import Atlas, Named, Place
from tutor.runtime.values import Variable

TENSOR, MODULE = "torch.Tensor", "torch.nn.Module"
PLACES = {
    "torch": Place(
        (),
        (
            Named("rand", "f", "(*size, *, requires_grad=False)", "Random numbers.", TENSOR),
            Named("randn", "f", "(*size, *, requires_grad=False)", "Normal random numbers.", TENSOR),
            Named("tensor", "f", "(data, *, dtype=None, requires_grad=False)", "Makes a tensor.", TENSOR),
            Named("max", "f", "(input)\n(input, dim, keepdim=False)", "The maximum.", ""),
            Named("nn", "m", gives="torch.nn"),
            Named("optim", "m", gives="torch.optim"),
            Named("Tensor", "c", gives=TENSOR),
            Named("float32", "v", gives="torch.dtype"),
        ),
    ),
    TENSOR: Place(
        (),
        (
            Named("add_", "f", "(other)", gives=TENSOR),
            Named("add", "f", "(other)", gives=TENSOR),
            Named("grad", "v", gives=TENSOR),
            Named("shape", "v", gives="torch.Size"),
            Named("sum", "f", "(dim=None)", "Adds up.", TENSOR),
            Named("sum_to_size", "f", "(*size)", gives=TENSOR),
        ),
    ),
    "torch.Size": Place((), (Named("numel", "f", "()", gives="builtins.int"),)),
    "torch.nn": Place(
        (),
        (
            Named("Linear", "c", "(in_features, out_features, bias=True)", "A layer.", "torch.nn.Linear"),
            Named("Module", "c", "()", gives=MODULE),
            Named("Parameter", "c", "(data)", gives="torch.nn.Parameter"),
            Named("Sequential", "c", "(*args)", gives="torch.nn.Sequential"),
            Named("functional", "m", gives="torch.nn.functional"),
        ),
    ),
    "torch.nn.functional": Place((), (Named("relu", "f", "(input, inplace=False)", gives=TENSOR),)),
    "torch.nn.Parameter": Place((TENSOR,), ()),
    MODULE: Place((), (Named("parameters", "f", "(recurse=True)"), Named("eval", "f", "()"))),
    "torch.nn.Linear": Place(
        (MODULE,),
        (Named("forward", "f", "(input)", gives=TENSOR), Named("weight", "v", gives="torch.nn.Parameter")),
    ),
    "torch.nn.Sequential": Place((MODULE,), (Named("forward", "f", "(input)", gives=TENSOR),)),
    "torch.optim": Place((), (Named("SGD", "c", "(params, lr=0.001)", gives="torch.optim.SGD"),)),
    "torch.optim.SGD": Place((), (Named("step", "f", "()"),)),
    "builtins": Place(
        (),
        (
            Named("print", "f", "(*args, sep=' ')"),
            Named("range", "c", gives="builtins.range"),
            Named("str", "c", gives="builtins.str"),
            Named("list", "c", gives="builtins.list"),
        ),
    ),
    "builtins.str": Place((), (Named("upper", "f", "()", gives="builtins.str"),)),
    "builtins.list": Place((), (Named("append", "f", "(object, /)"),)),
}
ATLAS = Atlas(PLACES)
HEAD = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"


def cut(marked: str) -> tuple[str, int, int]:
    """The text, and the row and column of the cursor, which is marked by a bar."""
    before, _, after = marked.partition("|")
    return before + after, before.count("\n"), len(before.rpartition("\n")[2])


def offered(marked: str, variables: tuple[Variable, ...] = (), *, asked: bool = False, setup: str = "") -> list[str]:
    """The names that are offered at the bar."""
    text, row, column = cut(marked)
    found = Names(ATLAS, variables, setup).suggestions(text, row, column, asked=asked)
    return [one.name for one in found.names] if found is not None else []
