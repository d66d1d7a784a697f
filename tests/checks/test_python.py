"""`python`: a function of the course's own file is asked what was observed, and its answer is read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks.build import check, judged, missing, report, tensor
from tutor.checks.base import Status
from tutor.runtime.values import ErrorReport

OWN = check("python", id="own", use="sub/checks.py : is_sorted", observe=("y", "z"))
SEEN = {"own#0": tensor([1.0]), "own#1": 3}


def test_the_file_and_the_function_are_told_apart() -> None:
    assert (OWN.path, OWN.function, OWN.title) == ("sub/checks.py", "is_sorted", "y, z")  # type: ignore[attr-defined]


@pytest.mark.parametrize("use", ["checks.py", "checks:f", "checks.py:f()", ":f", "checks.py:2f"])
def test_what_names_no_function(use: str) -> None:
    (fault,) = type(OWN).faults({"use": use})
    assert fault.path == ("use",)


def test_the_question_holds_both_sides_and_is_not_asked_where_something_is_missing() -> None:
    seen, expected = report(SEEN, stdout="hi"), report({"own#0": tensor([2.0]), "own#1": 4})
    question = OWN.question(seen, expected, "code")  # type: ignore[attr-defined]
    assert (question.id, question.name, question.stdout, question.code) == ("own", "is_sorted", "hi", "code")
    assert (question.values["y"], question.expected["y"]) == (tensor([1.0]), tensor([2.0]))
    assert OWN.question(report({"own#0": 1}), expected, "") is None  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("answer", "status", "finding"),
    [
        (None, Status.PASSED, "as asked for"),
        ("", Status.PASSED, "as asked for"),
        ("Too few.", Status.FAILED, "Too few."),
        (True, Status.COULD_NOT_JUDGE, "`is_sorted` in sub/checks.py must return nothing, or a text"),
        (
            ErrorReport(type="KeyError", message="'q'", line=7),
            Status.COULD_NOT_JUDGE,
            "sub/checks.py, line 7, raised KeyError: 'q'",
        ),
    ],
)
def test_the_answer(answer: Any, status: Status, finding: str) -> None:
    found = judged(OWN, report({**SEEN, "own": answer}))
    assert (found.status, found.finding) == (status, finding)


def test_what_was_not_observed_is_said_first() -> None:
    found = judged(OWN, report({"own#0": tensor([1.0]), "own#1": missing("z")}))
    assert (found.status, found.finding) == (Status.NOT_ATTEMPTED, "there is no `z` yet")
    assert judged(OWN, report(SEEN)).status is Status.COULD_NOT_JUDGE
