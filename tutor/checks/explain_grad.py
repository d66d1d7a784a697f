"""Why a gradient is wrong, or not there: by the tensor that it belongs to, the trace, and the program's text."""

from __future__ import annotations

import numpy as np

from tutor.checks.compare import Mismatch
from tutor.checks.cuts import cut_in_text
from tutor.checks.explanation import Explanation
from tutor.checks.relation import Program, Same
from tutor.checks.syntax import assignments
from tutor.checks.values import Array, array_of
from tutor.runtime.protocol import Report, TraceEvent
from tutor.runtime.values import PlainValue, SequenceValue, TensorValue

CUTS = ("detach", "item", "numpy", "data")
"""Events that take numbers out of the recording."""
_MEAN = "A mean in place of a sum gives that."
_SUM = "A sum in place of a mean gives that."
_WRITTEN = {"detach": ".detach()", "item": ".item()", "numpy": ".numpy()", "data": ".data"}


def of_gradient(
    mismatch: Mismatch,
    arrays: tuple[Array, Array] | None,
    same: Same,
    check: str,
    name: str,
    seen: Report,
    code: str,
    program: Program,
) -> Explanation | None:
    """The explanation of `name.grad`; None where only the numbers can tell, or nothing can."""
    if isinstance(mismatch.got, PlainValue) and mismatch.got.value is None:
        return _none(check, name, seen, code)
    if arrays is None or mismatch.level != "values":
        return None
    got, expected = arrays
    return (
        _cleared(got, name, seen)
        or _accumulated(got, expected, same, name, seen)
        or _summed(got, expected, same, check, name, seen)
        or _sign_or_size(got, expected, same, program)
    )


def events(seen: Report, *kinds: str) -> list[TraceEvent]:
    """The events of these kinds, in order."""
    return [event for event in seen.trace if event.kind in kinds]


# ---- a gradient that is there -----------------------------------------------------------------------------------


def _cleared(got: Array, name: str, seen: Report) -> Explanation | None:
    if np.any(got):
        return None
    return _zeroed(name, seen)


def _zeroed(name: str, seen: Report) -> Explanation | None:
    """A clearing after the last backward."""
    order = events(seen, "backward", "zero_grad")
    if len(order) < 2 or order[-1].kind != "zero_grad" or not any(event.kind == "backward" for event in order):
        return None
    where = f" in line {order[-1].line}" if order[-1].line else ""
    why = f"`zero_grad()`{where} ran after the last `backward()`: it cleared `{name}.grad`."
    next_ = "Read the gradient before it is cleared."
    return Explanation(id="grad-zeroed", why=why, next=next_, line=order[-1].line or None)


def _accumulated(got: Array, expected: Array, same: Same, name: str, seen: Report) -> Explanation | None:
    backwards = events(seen, "backward")
    if len(backwards) < 2 or events(seen, "zero_grad") or not np.any(expected):
        return None
    times = _times(got, expected)
    if not 2 <= times <= len(backwards) or not same(got / times, expected):
        return None
    words = "twice" if times == 2 else f"{times} times"
    why = f"Exactly {words} the expected gradient. `backward()` ran {len(backwards)} times, and each adds to `.grad`."
    next_ = f"Clear `{name}.grad` before the next `backward()`."
    return Explanation(id="grad-accumulated", why=why, next=next_, line=backwards[-1].line or None)


def _summed(got: Array, expected: Array, same: Same, check: str, name: str, seen: Report) -> Explanation | None:
    """The sum of several backwards, of which one alone gives what is expected."""
    added = _added(check, seen)
    if len(added) < 2 or not same(sum(added[1:], added[0]), got):
        return None
    right = next((place for place in reversed(range(len(added))) if same(added[place], expected)), None)
    if right is None:
        return None
    which = "last" if right == len(added) - 1 else "first" if right == 0 else f"{right + 1}."
    lines = [event.line for event in events(seen, "backward")[-len(added) :]]
    line = lines[right] if len(lines) == len(added) else 0
    why = f"`{name}.grad` is the sum of {len(added)} `backward()`: nothing cleared it in between."
    where = f", in line {line}," if line else ""
    why += f" The {which} one{where} alone gives what is expected."
    next_ = f"Clear `{name}.grad` before the next `backward()`."
    return Explanation(id="grad-accumulated", why=why, next=next_, line=line or None)


def _added(check: str, seen: Report) -> list[Array]:
    """What each backward since the last clearing added to the gradient; empty where that is not known."""
    observation = seen.observations.get(f"{check}#around")
    if observation is None or not isinstance(observation.seen, SequenceValue):
        return []
    added: list[Array] = []
    total: Array | None = None
    for pair in observation.seen.items:
        if not isinstance(pair, SequenceValue) or len(pair.items) != 2:
            return []
        before, after = (array_of(item) for item in pair.items)
        if after is None:
            return []
        if before is None or total is None or not np.array_equal(before, total):
            added = []
            if before is not None and np.any(before):
                return []  # what gave the gradient before is not known
        added.append(after if before is None else after - before)
        total = after
    return added


def _times(got: Array, expected: Array) -> int:
    """The whole number that is nearest to the ratio of the largest numbers; 0 where there is none."""
    largest = np.unravel_index(np.argmax(np.abs(expected)), expected.shape)
    with np.errstate(all="ignore"):
        ratio = float(np.real(got[largest] / expected[largest]))
    return round(ratio) if np.isfinite(ratio) else 0


def _sign_or_size(got: Array, expected: Array, same: Same, program: Program) -> Explanation | None:
    if not np.any(expected):
        return None
    if same(-got, expected):
        why = "The gradient has the wrong sign everywhere: the loss was turned over."
        return Explanation(id="grad-sign", why=why, next="Look for a minus, or a difference the wrong way round.")
    sizes = {got.size: "its number of elements"}
    for name, values in program.variables:
        sizes.setdefault(values.size, f"the number of elements of `{name}`")
    larger, smaller = _times(got, expected), _times(expected, got)
    if smaller >= 3 and smaller in sizes and same(got * smaller, expected):
        why = f"The gradient is 1/{smaller} of what it should be; {smaller} is {sizes[smaller]}. {_MEAN}"
        return Explanation(id="grad-of-mean", why=why, next="Is `.sum()` meant where you wrote `.mean()`?")
    if larger >= 3 and larger in sizes and same(got / larger, expected):
        why = f"The gradient is {larger} times what it should be; {larger} is {sizes[larger]}. {_SUM}"
        return Explanation(id="grad-of-sum", why=why, next="Is `.mean()` meant where you wrote `.sum()`?")
    return None


# ---- a gradient that is not there -------------------------------------------------------------------------------


def _none(check: str, name: str, seen: Report, code: str) -> Explanation | None:
    observation = seen.observations.get(f"{check}#of")
    tensor = observation.seen if observation is not None else None
    if not isinstance(tensor, TensorValue):
        return None
    if not tensor.is_leaf:
        return _not_a_leaf(name, tensor, code)
    if not tensor.requires_grad:
        why = f"`{name}` does not ask for gradients, so nothing that was done with it was recorded."
        next_ = f"Make `{name}` with `requires_grad=True`."
        return Explanation(id="grad-none-no-requires-grad", why=why, next=next_)
    if not events(seen, "backward"):
        why = "`backward()` was never called, so no gradient was computed."
        return Explanation(id="grad-none-no-backward", why=why, next="Call it on the result.")
    return _zeroed(name, seen) or _not_reached(name, seen, code)


def _not_a_leaf(name: str, tensor: TensorValue, code: str) -> Explanation:
    lines = assignments(code, name)
    made = f"`{name}`" if not lines else f"`{name}` of line {lines[-1]}"
    why = f"{made} is the result of an operation ({tensor.grad_fn}), not a leaf. Only leaves keep a gradient."
    next_ = f"Call `{name}.retain_grad()` before `backward()`, or make `{name}` directly."
    if len(lines) > 1:
        why = f"Line {lines[-1]} makes `{name}` anew, as the result of an operation: it is no leaf any more."
        next_ = f"Give the result another name, or change `{name}` in place under `torch.no_grad()`."
    return Explanation(id="grad-none-not-leaf", why=why, next=next_, line=lines[-1] if lines else None)


def _not_reached(name: str, seen: Report, code: str) -> Explanation:
    last = max(index for index, event in enumerate(seen.trace) if event.kind == "backward")
    cut = next((event for event in reversed(seen.trace[:last]) if event.kind in CUTS and event.line), None)
    why = f"`backward()` ran, but it did not reach `{name}`: what it was called on does not depend on it."
    if cut is not None:
        next_ = f"Line {cut.line} takes numbers out of the recording with `{_WRITTEN[cut.kind]}`: look there first."
        return Explanation(id="grad-none-detached", why=why, next=next_, line=cut.line)
    written = cut_in_text(code, name)
    if written is not None:
        next_ = f"Line {written[0]} {written[1]}, so it is not recorded: look there first."
        return Explanation(id="grad-none-detached", why=why, next=next_, line=written[0])
    return Explanation(id="grad-none-not-reached", why=why, next=f"Follow the way from `{name}` to the result.")
