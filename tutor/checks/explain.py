"""The explanation of a difference: what really holds between the two values, gradients by what the trace shows."""

from __future__ import annotations

import msgspec
import numpy as np

from tutor.checks import relations
from tutor.checks.base import Tolerance
from tutor.checks.compare import Mismatch, close, tolerance_for
from tutor.checks.values import Array, array_of, dtype_of, kind_of
from tutor.runtime.protocol import PlainValue, Report, TensorValue, TraceEvent

_CUTS = ("detach", "item", "numpy", "data")


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A verified reason for a difference."""

    id: str
    why: str
    next: str = ""
    line: int | None = None


def explain(
    mismatch: Mismatch, check: str, expr: str, seen: Report, code: str, tolerance: Tolerance
) -> Explanation | None:
    """What is known for sure about a difference; None where nothing is."""
    if expr.rstrip().endswith(".grad"):
        found = _gradient(mismatch, check, expr.rstrip().removesuffix(".grad"), seen, tolerance)
        if found is not None:
            return found
    if mismatch.level == "kind":
        return _kind(mismatch)
    if mismatch.level == "dtype":
        return _dtype(mismatch)
    arrays = _arrays(mismatch)
    if arrays is None or mismatch.level not in ("shape", "values"):
        return None
    search = relations.of_shapes if mismatch.level == "shape" else relations.of_values
    relation = search(*arrays, _same(mismatch, tolerance))
    return relation and Explanation(id=relation.id, why=relation.why, next=relation.next)


def _arrays(mismatch: Mismatch) -> tuple[Array, Array] | None:
    got, expected = array_of(mismatch.got), array_of(mismatch.expected)
    if got is None or expected is None or not got.size or not expected.size:
        return None
    both = [a.astype(np.float64) if a.dtype.kind in "biuf" else a for a in (got, expected)]
    return both[0], both[1]


def _same(mismatch: Mismatch, tolerance: Tolerance) -> relations.Same:
    rtol, atol = tolerance_for([dtype_of(mismatch.got), dtype_of(mismatch.expected)], tolerance)
    rtol = max(rtol, 1e-5)  # a quotient or a root has lost a digit

    def same(got: Array, expected: Array) -> bool:
        return got.shape == expected.shape and bool(close(got, expected, rtol, atol).all())

    return same


def _kind(mismatch: Mismatch) -> Explanation | None:
    if kind_of(mismatch.expected) != "tensor":
        return None
    words = {
        "number": (
            "number-not-tensor",
            "This is a plain number, and a tensor is wanted.",
            "Leave out `.item()`, or use `torch.tensor`.",
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
    known = words.get(kind_of(mismatch.got))
    return known and Explanation(id=known[0], why=known[1], next=known[2])


def _dtype(mismatch: Mismatch) -> Explanation | None:
    got, expected = dtype_of(mismatch.got), dtype_of(mismatch.expected)
    whole = got.startswith(("int", "uint"))
    if whole and expected.startswith("float"):
        why = "It holds whole numbers: without a point in any number, torch makes integers."
        return Explanation(
            id="int-not-float", why=why, next="Write a point, as in `2.0`, or say `dtype=torch.float32`."
        )
    if got == "bool" and expected.startswith("float"):
        return Explanation(
            id="bool-not-float", why="It holds True and False.", next="`.float()` makes 1 and 0 of them."
        )
    if got == "float64" and expected == "float32":
        why = "It holds 64-bit floats, as NumPy and Python have them. Layers of torch work with 32 bits."
        return Explanation(id="float64-not-float32", why=why, next="`.float()`, or `dtype=torch.float32`.")
    if got.startswith("float") and expected.startswith(("int", "uint")):
        return Explanation(id="float-not-int", why="It holds floats, and whole numbers are wanted.")
    return None


# ---- gradients --------------------------------------------------------------------------------------------------


def _events(seen: Report, *kinds: str) -> list[TraceEvent]:
    return [event for event in seen.trace if event.kind in kinds]


def _gradient(mismatch: Mismatch, check: str, name: str, seen: Report, tolerance: Tolerance) -> Explanation | None:
    if isinstance(mismatch.got, PlainValue) and mismatch.got.value is None:
        return _no_gradient(check, name, seen)
    backwards = len(_events(seen, "backward"))
    arrays = _arrays(mismatch)
    if arrays is None or mismatch.level != "values":
        return None
    got, expected = arrays
    same = _same(mismatch, tolerance)
    cleared = _events(seen, "zero_grad")
    if backwards > 1 and not cleared and np.any(expected) and same(got / backwards, expected):
        times = "twice" if backwards == 2 else f"{backwards} times"
        why = (
            f"Exactly {times} the expected gradient, and `backward()` ran {backwards} times: each call adds to `.grad`."
        )
        line = _events(seen, "backward")[-1].line or None
        return Explanation(
            id="grad-accumulated", why=why, next=f"Clear `{name}.grad` before the next `backward()`.", line=line
        )
    return None


def _no_gradient(check: str, name: str, seen: Report) -> Explanation | None:
    observation = seen.observations.get(f"{check}#of")
    tensor = observation.seen if observation is not None else None
    if not isinstance(tensor, TensorValue):
        return None
    if not tensor.is_leaf:
        why = f"`{name}` is the result of an operation ({tensor.grad_fn}). Only leaves keep a gradient."
        return Explanation(
            id="grad-none-not-leaf", why=why, next=f"Call `{name}.retain_grad()`, or make `{name}` directly."
        )
    if not tensor.requires_grad:
        why = f"`{name}` does not ask for gradients, so nothing that was done with it was recorded."
        return Explanation(id="grad-none-no-requires-grad", why=why, next=f"Make `{name}` with `requires_grad=True`.")
    if not _events(seen, "backward"):
        return Explanation(
            id="grad-none-no-backward", why="`backward()` was never called.", next="Call it on the result."
        )
    cut = next(iter(_events(seen, *_CUTS)), None)
    if cut is not None:
        why = f"`{cut.kind}` in line {cut.line} takes the numbers out of the recording, so no gradient comes past it."
        return Explanation(
            id="grad-none-detached", why=why, next="Keep computing with the tensor itself.", line=cut.line
        )
    return None
