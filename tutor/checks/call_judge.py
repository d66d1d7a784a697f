"""Two functions on the same inputs: which cases differ, which of them is shown, and what they have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from tutor.checks.base import Finding, Tolerance
from tutor.checks.call_case import Case, Failure, smallest
from tutor.checks.call_relation import common_relation
from tutor.checks.call_words import PLAIN, call_text, kind_of_inputs, value_text
from tutor.checks.compare import compare
from tutor.checks.observed import explained, failed, first_line
from tutor.checks.syntax import returns_nothing
from tutor.checks.values import array_of
from tutor.runtime.protocol import CallCase
from tutor.runtime.values import CallsSeen, ErrorReport, PlainValue, Value

_SIGNATURE = re.compile(r"positional argument|unexpected keyword|multiple values for|missing \d+ required")
_SHORT = 60


class Calls:
    """All cases of one check."""

    def __init__(
        self,
        expr: str,
        names: Sequence[str],
        inputs: Sequence[CallCase],
        got: CallsSeen,
        wanted: CallsSeen,
        tolerance: Tolerance,
        code: str,
    ) -> None:
        self.expr, self.names, self.tolerance, self.code = expr, names, tolerance, code
        every = (
            Case(case.args or theirs.inputs, case.given, mine, theirs)
            for case, mine, theirs in zip(inputs, got.cases, wanted.cases, strict=True)
        )
        self.counted = [case for case in every if _counts(case)]

    @cached_property
    def failures(self) -> list[Failure]:
        """The cases that differ."""
        return [failure for case in self.counted if (failure := self._failure(case)) is not None]

    def finding(self) -> Finding | None:
        """What is wrong, in one finding; None where nothing is."""
        if not self.failures:
            return None
        for search in (self._inputs, self._signature, self._nothing, self._errors, self._changes, self._results):
            found = search()
            if found is not None:
                return found
        return None

    # ---- one case -----------------------------------------------------------------------------------------------

    def _failure(self, case: Case) -> Failure | None:
        got, wanted = case.got, case.wanted
        if wanted.error is not None:
            same = got.error is not None and got.error.type == wanted.error.type
            return None if same else Failure(case, got.error)
        if got.error is not None or got.output is None or wanted.output is None:
            return Failure(case, got.error)
        mismatch = compare(got.output, wanted.output, self.tolerance)
        if mismatch is not None and mismatch.level != "unknown":
            return Failure(case, mismatch=mismatch)
        return Failure(case) if _changed_otherwise(case, self.tolerance) else None

    def _text(self, case: Case) -> str:
        return call_text(self.expr, case.inputs, case.given)

    def _kind(self, failures: Sequence[Failure]) -> tuple[str, str]:
        """Id and sentence of the kind of input on which it fails; empty where none can be told."""
        failing = {id(failure.case) for failure in failures}
        if len(failing) != len(self.failures) or all(failure.case.given for failure in failures):
            return "", ""
        passing = [case.inputs for case in self.counted if id(case) not in failing]
        return kind_of_inputs([failure.case.inputs for failure in failures], passing, self.names) or ("", "")

    # ---- what is wrong ------------------------------------------------------------------------------------------

    def _inputs(self) -> Finding | None:
        """Named inputs that read the learner's own variables, and these are not the solution's."""
        for case in self.counted:
            if not case.given or len(case.got.inputs) != len(case.wanted.inputs):
                continue
            if any(compare(mine, theirs) for mine, theirs in zip(case.got.inputs, case.wanted.inputs, strict=True)):
                why = "The function is called with variables of your program, and they are not as they should be."
                return failed(f"`{self._text(case)}` is called with other values than expected", why)
        return None

    def _signature(self) -> Finding | None:
        """A function that can't be called with these arguments."""
        errors = [failure.error for failure in self.failures]
        if len(errors) < len(self.counted) or not all(
            error is not None and _is_of_signature(error) for error in errors
        ):
            return None
        shown = smallest(self.failures)
        case, error = shown.case, shown.error
        assert error is not None
        count = len(case.inputs)
        names = ", ".join(f"`{name}`" for name in self.names)
        called = f"It is called with {count} argument{'s' * (count != 1)}" + (f": {names}." if names else ".")
        finding = f"`{self._text(case)}` raised {first_line(error)}"
        return failed(finding, called, "Give the function these parameters, in this order.", "wrong-signature")

    def _nothing(self) -> Finding | None:
        """A function that returns nothing."""
        wrong = [f for f in self.failures if _is_none(f.case.got.output) and not _is_none(f.case.wanted.output)]
        if len(wrong) < len(self.failures):
            return None
        line = returns_nothing(self.code, f"{self.expr}()")
        case = smallest(wrong).case
        finding = f"`{self._text(case)}` gives None, expected {value_text(case.wanted.output)}"
        if all(failure.case.got.printed for failure in wrong):
            why = "It prints its result. What is printed can be read, but no other code can use it."
            return failed(finding, why, "Write `return` in place of `print`.", "prints-not-returns", line)
        if line is not None:
            why = f"The function in line {line} has no `return` with a value, so calling it gives None."
            return failed(finding, why, "Return the result at its end.", "no-return", line)
        kind, sentence = self._kind(wrong)
        why = sentence or "For some inputs it comes to its end without a `return`."
        return failed(finding, why, "Let every way through it end in a `return`.", kind or "no-return")

    def _errors(self) -> Finding | None:
        """A function that raises an error, or not the one that it should."""
        wrong = [failure for failure in self.failures if failure.error is not None]
        if not wrong:
            return self._no_error()
        failure = smallest(wrong)
        error = failure.error
        assert error is not None
        wanted = failure.case.wanted
        expected = wanted.error.type if wanted.error is not None else value_text(wanted.output)
        finding = f"`{self._text(failure.case)}` raised {first_line(error, 80)}, expected {expected}"
        kind, sentence = self._kind(wrong)
        why, next_ = explained(error)
        why = " ".join(part for part in (sentence, why) if part)
        return failed(finding, why, next_, kind or None, error.line)

    def _no_error(self) -> Finding | None:
        """An input for which the task asks for an error, and there is none."""
        for failure in self.failures:
            wanted, got = failure.case.wanted, failure.case.got
            if wanted.error is not None:
                finding = f"`{self._text(failure.case)}` gave {value_text(got.output)}, expected {wanted.error.type}"
                return failed(finding, next=f"Raise a {wanted.error.type} for it.", relation="no-error")
        return None

    def _changes(self) -> Finding | None:
        """A function that changes its input, or leaves alone the one that it should change."""
        wrong = [failure for failure in self.failures if failure.mismatch is None]
        if not wrong:
            return None
        case = smallest(wrong).case
        for place, now in case.got.changed:
            name = f"`{self.names[place]}`" if place < len(self.names) else "its input"
            if place in dict(case.wanted.changed):
                then = value_text(dict(case.wanted.changed)[place])
                return failed(f"`{self._text(case)}` makes {value_text(now)} of {name}, expected {then}")
            why = f"The result is right, but {name} is {value_text(now)} afterwards: it was changed in place."
            next_ = "Work on a new tensor: `x = x + 1` in place of `x += 1`, or `.clone()` first."
            return failed(f"`{self._text(case)}` changes {name}", why, next_, "changes-input")
        then = value_text(case.wanted.changed[0][1])
        return failed(f"`{self._text(case)}` leaves its input as it was, expected {then}", relation="unchanged-input")

    def _results(self) -> Finding | None:
        """A function that gives other results."""
        wrong = [failure for failure in self.failures if failure.mismatch is not None]
        if not wrong:
            return None
        explanation, shown = common_relation(wrong, self.names, self.expr, self.code, self.tolerance)
        case = shown.case
        call, kinds = self._text(case), self._kind(wrong)
        got, wanted = value_text(case.got.output), value_text(case.wanted.output)
        if got != wanted and len(got) <= _SHORT and len(wanted) <= _SHORT:
            finding = f"`{call}` gave {got}, expected {wanted}"
        else:
            mismatch = shown.mismatch
            assert mismatch is not None
            finding = f"`{call}`: {mismatch.finding}"
        if explanation is not None:
            why = f"{explanation.why} {kinds[1]}".rstrip() if kinds[0] not in PLAIN else explanation.why
        else:
            why = kinds[1] or f"It is wrong on {len(wrong)} of {len(self.counted)} inputs."
        relation = explanation.id if explanation is not None else kinds[0] or None
        return failed(finding, why, explanation.next if explanation else "", relation)


def _counts(case: Case) -> bool:
    """Whether the solution says what is right: a named input always does, a generated one only with a usable result."""
    if case.given:
        return True
    if case.wanted.error is not None or case.wanted.output is None:
        return False
    output = array_of(case.wanted.output)
    usable = output is None or output.dtype.kind not in "fc" or bool(np.isfinite(output).all())
    return usable or not _is_edge(case.inputs)


def _is_edge(inputs: Sequence[Value]) -> bool:
    """Whether an input is empty or has large numbers."""
    arrays = [array for value in inputs if (array := array_of(value)) is not None]
    return any(a.size == 0 or (a.dtype.kind in "if" and bool((np.abs(a) >= 1000).any())) for a in arrays)


def _changed_otherwise(case: Case, tolerance: Tolerance) -> bool:
    mine, theirs = dict(case.got.changed), dict(case.wanted.changed)
    if mine.keys() != theirs.keys():
        return True
    return any(compare(mine[place], theirs[place], tolerance) is not None for place in mine)


def _is_of_signature(error: ErrorReport) -> bool:
    return error.type == "TypeError" and not error.frames and bool(_SIGNATURE.search(error.message))


def _is_none(value: Value | None) -> bool:
    return isinstance(value, PlainValue) and value.value is None
