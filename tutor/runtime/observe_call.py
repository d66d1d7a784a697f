"""What a function gives for each of a list of arguments; it is called on copies, and what it prints is only noted."""

from __future__ import annotations

import contextlib
import copy
import io
import sys
from collections.abc import Callable
from typing import Any

import torch

from tutor.runtime import errors
from tutor.runtime.caps import Caps
from tutor.runtime.observe import observe
from tutor.runtime.protocol import CallCase
from tutor.runtime.rebuild import rebuilt
from tutor.runtime.values import CallsSeen, CaseSeen, Value

_Tensor = torch.Tensor
_base = torch._C.TensorBase
_detach, _clone, _equal = _base.detach, _base.clone, torch.equal
_requires_grad, _shape, _dtype = _base.requires_grad.__get__, _base.shape.__get__, _base.dtype.__get__
_no_grad, _no_override = torch.no_grad, torch._C.DisableTorchFunctionSubclass
_ERRORS = 20
"""Errors that are reported with their text; of more than that, only type and message."""

Arguments = tuple[list[Any], dict[str, Any]]


def calls(
    function: Any,
    cases: tuple[CallCase, ...],
    namespace: dict[str, Any],
    caps: Caps,
    parts: errors.Parts,
    prepare: Callable[[], None],
    during: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext,
) -> CallsSeen:
    """Call `function` once for each case; `prepare` comes before each (it seeds), `during` is around the call alone."""
    caller = _Caller(function, namespace, caps, parts, during)
    seen = []
    for case in cases:
        prepare()
        seen.append(caller.call(case))
    return CallsSeen(cases=tuple(seen))


class _Caller:
    def __init__(
        self,
        function: Any,
        namespace: dict[str, Any],
        caps: Caps,
        parts: errors.Parts,
        during: Callable[[], contextlib.AbstractContextManager[None]],
    ) -> None:
        self._function, self._namespace, self._caps, self._parts = function, namespace, caps, parts
        self._during = during
        self._errors = 0

    def call(self, case: CallCase) -> CaseSeen:
        positional, named = self._arguments(case)
        before = [_copied(value) for value in (*positional, *named.values())]
        inputs = tuple(observe(value, self._caps) for value in before) if case.given else ()
        printed = sys.stdout = io.StringIO()
        try:
            with self._during():
                result = self._function(*positional, **named)
            output = observe(result, self._caps)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return CaseSeen(error=self._error(error), printed=bool(printed.tell()), inputs=inputs)
        after = (*positional, *named.values())
        changed = tuple(
            (place, self._observed(now))
            for place, (now, was) in enumerate(zip(after, before, strict=True))
            if not _same(now, was)
        )
        return CaseSeen(output=output, printed=bool(printed.tell()), changed=changed, inputs=inputs)

    def _observed(self, value: Any) -> Value:
        return observe(value, self._caps)

    def _arguments(self, case: CallCase) -> Arguments:
        """New arguments, so that what the function does to them stays within the call."""
        if not case.given:
            return [rebuilt(value) for value in case.args], {}
        names = {"torch": torch, **self._namespace, "_arguments": lambda *args, **named: (args, named)}
        code = compile(f"_arguments({case.given})", "<probe>", "eval", dont_inherit=True)
        args, named = eval(code, names)
        return [_copied(value) for value in args], {name: _copied(value) for name, value in named.items()}

    def _error(self, error: BaseException) -> Any:
        self._errors += 1
        found = errors.report(error, self._parts)
        return found if self._errors <= _ERRORS else type(found)(type=found.type, message=found.message[:200])


def _copied(value: Any) -> Any:
    if issubclass(type(value), _Tensor):
        with _no_override(), _no_grad():
            made = _clone(_detach(value))
        return made.requires_grad_() if _requires_grad(value) else made
    with contextlib.suppress(Exception):
        return copy.deepcopy(value)
    return value


def _same(now: Any, was: Any) -> bool:
    """Whether a tensor still has its numbers, and a list, dict or tuple its parts; other things are not compared."""
    if issubclass(type(was), _Tensor):
        with _no_override(), _no_grad():
            if _shape(now) != _shape(was) or _dtype(now) != _dtype(was):
                return False
            return bool(_equal(_detach(now), _detach(was))) or bool((_detach(now) != _detach(now)).any())
    if type(was) in (list, tuple):
        return len(now) == len(was) and all(map(_same, now, was))
    if type(was) is dict:
        return list(now) == list(was) and all(map(_same, now.values(), was.values()))
    return True if type(was) not in (int, float, bool, str) else bool(now == was)
