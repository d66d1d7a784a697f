from __future__ import annotations

import pytest

from tests.widgets.tensors import tensor
from tutor.checks.base import Status, Verdict
from tutor.checks.difference import differences
from tutor.checks.equal import Equal
from tutor.runtime.protocol import Outcome, Report
from tutor.runtime.values import Observation, PlainValue, Value


def report(**values: Value) -> Report:
    seen = {name: Observation(probe=name, seen=value) for name, value in values.items()}
    return Report(outcome=Outcome.FINISHED, observations=seen)


def verdict(status: Status, *, hidden: bool = False) -> Verdict:
    return Verdict(id="y", kind="equal", title="y", status=status, finding="", hidden=hidden)


GOT, WANTED = tensor([1.0, 2.0]), tensor([1.0, 3.0])


def test_what_a_failed_check_compared_is_there_whole() -> None:
    (found,) = differences([Equal(id="y", expr="y")], [verdict(Status.FAILED)], report(y=GOT), report(y=WANTED))
    assert (found.expr, found.got, found.expected) == ("y", GOT, WANTED)


@pytest.mark.parametrize(
    ("check", "said", "got"),
    [
        (Equal(id="y", expr="y"), verdict(Status.PASSED), GOT),
        (Equal(id="y", expr="y"), verdict(Status.NOT_ATTEMPTED), GOT),
        (Equal(id="y", expr="y", hidden=True), verdict(Status.FAILED, hidden=True), GOT),
        (Equal(id="y", expr="y", expected=3), verdict(Status.FAILED), GOT),
        (Equal(id="y", expr="y"), verdict(Status.FAILED), PlainValue(type="int", value=1)),
    ],
    ids=["passed", "not attempted", "hidden", "typed", "no tensor"],
)
def test_nothing_else_is(check: Equal, said: Verdict, got: Value) -> None:
    assert differences([check], [said], report(y=got), report(y=WANTED)) == ()
