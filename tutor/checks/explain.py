"""The explanation of a difference: kinds, dtypes, gradients by what the trace shows, then relations of the numbers."""

from __future__ import annotations

import numpy as np

from tutor.checks import relations
from tutor.checks.base import Tolerance
from tutor.checks.compare import Mismatch, tolerance_for
from tutor.checks.explain_grad import of_gradient
from tutor.checks.explanation import Explanation
from tutor.checks.relation import Same
from tutor.checks.relations_random import other_seed
from tutor.checks.syntax import returns_nothing
from tutor.checks.values import Array, array_of, dtype_of, kind_of
from tutor.runtime.protocol import Report
from tutor.runtime.values import ArrayValue, OtherValue, TensorValue

__all__ = ["Explanation", "explain"]

_VARIABLES, _ELEMENTS = 30, 4096


def explain(
    mismatch: Mismatch, check: str, expr: str, seen: Report, code: str, tolerance: Tolerance
) -> Explanation | None:
    """What is known for sure about a difference; None where nothing is."""
    arrays = _arrays(mismatch)
    same = _same(mismatch, tolerance)
    program = _program(seen, expr)
    if expr.rstrip().endswith(".grad"):
        found = of_gradient(mismatch, arrays, same, check, expr.rstrip().removesuffix(".grad"), seen, code, program)
        if found is not None:
            return found
    if mismatch.level == "kind":
        return _kind(mismatch, expr, code)
    if mismatch.level == "dtype":
        return _of_place(arrays, same, program) or _dtype(mismatch, arrays, same)
    if mismatch.level == "device":
        return _device(mismatch)
    if arrays is None or mismatch.level not in ("shape", "values"):
        return _not_finite(mismatch)
    search = relations.of_shapes if mismatch.level == "shape" else relations.of_values
    relation = search(*arrays, same, program)
    if relation is None and mismatch.level == "values":
        relation = other_seed(*arrays, code)
    return relation and Explanation(id=relation.id, why=relation.why, next=relation.next)


def _arrays(mismatch: Mismatch) -> tuple[Array, Array] | None:
    got, expected = array_of(mismatch.got), array_of(mismatch.expected)
    if got is None or expected is None or not got.size or not expected.size:
        return None
    both = [a.astype(np.float64) if a.dtype.kind in "biuf" else a for a in (got, expected)]
    return both[0], both[1]


def _same(mismatch: Mismatch, tolerance: Tolerance) -> Same:
    rtol, atol = tolerance_for([dtype_of(mismatch.got), dtype_of(mismatch.expected)], tolerance)
    return Same(max(rtol, 1e-5), atol)  # a quotient or a root has lost a digit


def _program(seen: Report, expr: str) -> relations.Program:
    """The learner's small variables but the one that is looked at."""
    found = []
    for variable in seen.variables:
        value = variable.value
        if variable.name == expr or not isinstance(value, TensorValue | ArrayValue) or value.data is None:
            continue
        array = array_of(value)
        if array is not None and 1 < array.size <= _ELEMENTS and array.dtype.kind in "biuf":
            found.append((variable.name, array.astype(np.float64)))
    return relations.Program(tuple(found[:_VARIABLES]))


# ---- kinds and dtypes -------------------------------------------------------------------------------------------

_NO_TENSOR = {
    "number": (
        "number-not-tensor",
        "This is a plain number, and a tensor is wanted.",
        "Leave out `.item()`, or use `torch.tensor(…)`.",
    ),
    "sequence": (
        "list-not-tensor",
        "This is a list or tuple, and a tensor is wanted.",
        "Make one of it: `torch.tensor(…)`.",
    ),
    "array": (
        "numpy-not-tensor",
        "This is a NumPy array, and a tensor is wanted.",
        "Make one of it: `torch.from_numpy(…)`.",
    ),
}


def _kind(mismatch: Mismatch, expr: str, code: str) -> Explanation | None:
    got, expected = kind_of(mismatch.got), kind_of(mismatch.expected)
    if got == "none":
        line = returns_nothing(code, expr)
        if line is None:
            return None
        why = f"The function in line {line} has no `return` with a value, so calling it gives None."
        return Explanation(id="no-return", why=why, next="Return the result at its end.", line=line)
    if isinstance(mismatch.got, OtherValue) and mismatch.got.type in ("function", "builtin_function_or_method"):
        return Explanation(
            id="not-called", why="This is the function itself, not its result.", next="Add the brackets."
        )
    if expected == "tensor" and got in _NO_TENSOR:
        known, why, next_ = _NO_TENSOR[got]
        return Explanation(id=known, why=why, next=next_)
    if got == "tensor" and expected in ("number", "bool"):
        why = "This is a tensor, and a plain number is wanted."
        return Explanation(id="tensor-not-number", why=why, next="`.item()` takes the number out of it.")
    if got == "array" and expected in ("number", "bool"):
        why = "This is a NumPy value, and a plain number is wanted."
        return Explanation(id="array-not-number", why=why, next="`.item()` takes the number out of it.")
    if got == "tensor" and expected in ("sequence", "array"):
        next_ = "`.tolist()` makes a list of it." if expected == "sequence" else "`.numpy()` makes an array of it."
        known = "tensor-not-list" if expected == "sequence" else "tensor-not-numpy"
        return Explanation(id=known, why=f"This is a tensor, and a {_PLAIN[expected]} is wanted.", next=next_)
    if expected == "number" and got == "text":
        return Explanation(id="text-not-number", why="This is a text, and a number is wanted.", next="Leave out `str`.")
    return None


_PLAIN = {"sequence": "list", "array": "NumPy array"}


def _of_place(arrays: tuple[Array, Array] | None, same: Same, program: relations.Program) -> Explanation | None:
    """A place where a value is wanted, or the other way round; the dtype differs only because of that."""
    if arrays is None or same(*arrays):
        return None
    search = relations.of_values if arrays[0].shape == arrays[1].shape else relations.of_shapes
    found = search(*arrays, same, program)
    if found is None or found.id not in ("values-not-indices", "indices-not-values", "scores-not-classes"):
        return None
    return Explanation(id=found.id, why=found.why, next=found.next)


def _dtype(mismatch: Mismatch, arrays: tuple[Array, Array] | None, same: Same) -> Explanation | None:
    got, expected = dtype_of(mismatch.got), dtype_of(mismatch.expected)
    whole = got.startswith(("int", "uint"))
    if whole and expected.startswith(("float", "bfloat")):
        if arrays is not None and not same(*arrays) and same(arrays[0], np.trunc(arrays[1])):
            why = "It holds whole numbers: what stood after the point is lost."
            return Explanation(id="truncated-to-int", why=why, next="Keep floats: `dtype=torch.float32`.")
        if arrays is not None and not same(*arrays):
            why = "It holds whole numbers, and other ones than are wanted."
            return Explanation(id="int-not-float", why=why, next="Look at how the numbers come about first.")
        why = "It holds whole numbers: without a point in any number, torch makes integers."
        next_ = "Write a point, as in `2.0`, or say `dtype=torch.float32`."
        return Explanation(id="int-not-float", why=why, next=next_)
    if got == "bool":
        return Explanation(
            id="bool-not-float", why="It holds True and False.", next="`.float()` makes 1 and 0 of them."
        )
    if got == "float64" and expected == "float32":
        why = "It holds 64-bit floats, as NumPy has them. Layers of torch work with 32 bits."
        return Explanation(id="float64-not-float32", why=why, next="`.float()`, or `dtype=torch.float32`.")
    if got == "float32" and expected == "float64":
        why = "It holds 32-bit floats, torch's usual ones. 64 bits are wanted."
        return Explanation(id="float32-not-float64", why=why, next="`.double()`, or `dtype=torch.float64`.")
    if got.startswith(("float", "bfloat")) and expected.startswith(("int", "uint")):
        why = "It holds floats, and whole numbers are wanted."
        return Explanation(id="float-not-int", why=why, next="`.long()` makes whole numbers of them.")
    if expected == "bool":
        why = "It holds numbers, and True and False are wanted."
        return Explanation(id="number-not-bool", why=why, next="Keep the comparison itself.")
    return None


def _device(mismatch: Mismatch) -> Explanation | None:
    if not isinstance(mismatch.got, TensorValue) or not isinstance(mismatch.expected, TensorValue):
        return None
    why = f"It lies on {mismatch.got.device}, and what is wanted lies on {mismatch.expected.device}."
    return Explanation(id="wrong-device", why=why, next="`.to(device)` gives a copy there: keep what it returns.")


def _not_finite(mismatch: Mismatch) -> Explanation | None:
    if mismatch.level != "finite":
        return None
    array = array_of(mismatch.got)
    if array is None:
        return None
    if np.isnan(array).any():
        why = "nan comes of 0/0, inf - inf, or the root or logarithm of a negative number."
        return Explanation(id="nan", why=why, next="Print the steps before it, and find the first that has a nan.")
    why = "inf comes of a division by 0, of log(0), or of a number too large for the dtype."
    return Explanation(id="inf", why=why, next="Print the steps before it, and find the first that has an inf.")
