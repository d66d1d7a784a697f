"""A step is judged in order: did it run, was it attempted, what does each check say, what does the author say."""

from __future__ import annotations

import pytest

from tests.checks.build import check, judged, misconception, missing, report, tensor
from tutor.checks.base import Check, Status, Verdict
from tutor.checks.judge import judge
from tutor.runtime.protocol import Outcome, Report
from tutor.runtime.values import ErrorReport, OtherValue

SEVEN = report({"y": 7})
ERROR = ErrorReport(
    type="RuntimeError",
    message="The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0",
    line=3,
)


def verdicts(
    checks: list[Check], seen: Report, expected: Report, code: str = "y = 7", starter: str = "", *words: object
) -> dict[str, Verdict]:
    found = judge(checks, words, seen, expected, code=code, starter=starter)  # type: ignore[arg-type]
    return {verdict.id: verdict for verdict in found}


# ---- did it run -------------------------------------------------------------------------------------------------

UNFINISHED = [outcome for outcome in Outcome if outcome is not Outcome.FINISHED]


@pytest.mark.parametrize("outcome", UNFINISHED)
@pytest.mark.parametrize("observed", [True, False])
def test_a_run_that_did_not_finish_never_passes(outcome: Outcome, observed: bool) -> None:
    """Also where a forged report holds all that was asked for."""
    error = ERROR if outcome is Outcome.RAISED else None
    seen = report({"y": 7} if observed else {}, outcome=outcome, error=error, stdout="a")
    checks = [check("equal", expr="y"), check("stdout", contains="a"), check("source", avoids=("b",))]
    found = judge(checks, (), seen, SEVEN, code="y = 7", starter="")
    assert not all(verdict.passed for verdict in found)


@pytest.mark.parametrize("outcome", [Outcome.TIMED_OUT, Outcome.ENDED_EARLY, Outcome.OUT_OF_MEMORY, Outcome.KILLED])
def test_what_ended_a_run_is_the_finding(outcome: Outcome) -> None:
    found = judged(check("equal", expr="y"), report({"y": 7}, outcome=outcome), SEVEN)
    assert found.status is Status.FAILED
    assert found.finding.startswith(("the run", "the program"))
    assert found.next


def test_our_own_fault_is_not_the_learners() -> None:
    found = judged(check("equal", expr="y"), report(outcome=Outcome.RUNTIME_FAULT, detail="no fork"), SEVEN)
    assert found.status is Status.COULD_NOT_JUDGE
    assert found.why == "no fork"


def test_what_was_made_before_an_error_is_judged_and_the_error_explained_once() -> None:
    seen = report({"x": 1, "y": missing("y"), "z": missing("z")}, error=ERROR)
    checks = [check("equal", expr=name) for name in "xyz"]
    found = verdicts(checks, seen, report({"x": 1, "y": 7, "z": 8}))
    assert found["x"].passed
    assert found["y"].finding == "`y` was not made: line 3 raised RuntimeError"
    assert found["y"].relation == "not-reached"
    assert "In dimension 0 one has 2 and the other 3 elements" in found["y"].why
    assert found["z"].status is Status.FAILED
    assert not found["z"].why


def test_an_error_after_all_checks_passed_fails_the_last_one() -> None:
    checks = [check("equal", expr="x"), check("equal", expr="y")]
    found = verdicts(checks, report({"x": 1, "y": 7}, error=ERROR), report({"x": 1, "y": 7}))
    assert found["x"].passed
    assert found["y"].status is Status.FAILED
    assert found["y"].finding.startswith("then the program stopped in line 3: RuntimeError")


def test_an_error_that_the_task_asks_for_fails_nothing() -> None:
    checks = [check("raises", error="RuntimeError"), check("equal", expr="x")]
    seen = report({"x": 1}, error=ERROR)
    assert all(verdict.passed for verdict in judge(checks, (), seen, seen, code="x = 1", starter=""))


# ---- was it attempted -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "starter"), [("", ""), ("x = 1", "x = 1\n"), ("x = 1  # a\n\n", "x = 1"), ("x=(1)", "x = 1")]
)
def test_a_program_that_is_the_starter_was_not_attempted(code: str, starter: str) -> None:
    found = verdicts([check("equal", expr="y")], SEVEN, SEVEN, code, starter, misconception("No", fails="y"))
    assert found["y"].status is Status.NOT_ATTEMPTED
    assert found["y"].why == ""


def test_a_name_that_is_not_there_was_not_attempted() -> None:
    found = judged(check("equal", expr="y + 1"), report({"y + 1": missing("y")}), report({"y + 1": 8}))
    assert found.status is Status.NOT_ATTEMPTED
    assert found.finding == "there is no `y` yet"


@pytest.mark.parametrize(
    ("got", "code"),
    [(None, "y = None"), (OtherValue(type="ellipsis", text="Ellipsis"), "y = ...")],
)
def test_a_placeholder_was_not_attempted(got: object, code: str) -> None:
    found = judged(check("equal", expr="y"), report({"y": got}), SEVEN, code)
    assert found.status is Status.NOT_ATTEMPTED
    assert "is still" in found.finding


def test_none_that_was_computed_was_attempted() -> None:
    assert judged(check("equal", expr="y"), report({"y": None}), SEVEN, "y = print()").status is Status.FAILED


@pytest.mark.parametrize("body", ["pass", "...", '"""Add."""', "raise NotImplementedError", "return None"])
@pytest.mark.parametrize("answer", [None, ErrorReport(type="NotImplementedError", message="")])
def test_an_empty_function_was_not_attempted(body: str, answer: object) -> None:
    found = judged(
        check("equal", expr="f(1)"), report({"f(1)": answer}), report({"f(1)": 2}), f"def f(x):\n    {body}\n"
    )
    assert found.status is Status.NOT_ATTEMPTED
    assert "line 1" in found.finding


# ---- needs, points, titles --------------------------------------------------------------------------------------


def test_a_check_that_needs_a_failed_one_waits_and_says_so() -> None:
    checks = [check("equal", expr="z", needs=("y",)), check("equal", expr="y"), check("equal", expr="w", needs=("z",))]
    same = {"z": 1, "w": 1}
    found = verdicts(checks, report({**same, "y": 14}), report({**same, "y": 7}))
    assert list(found) == ["z", "y", "w"]
    assert found["z"].status is found["w"].status is Status.NOT_ATTEMPTED
    assert "`y`" in found["z"].finding


def test_checks_that_need_each_other_are_judged_all_the_same() -> None:
    checks = [check("equal", expr="y", needs=("z",)), check("equal", expr="z", needs=("y",))]
    seen = report({"y": 1, "z": 1})
    assert len(verdicts(checks, seen, seen)) == 2


def test_points_are_earned_by_passing_alone() -> None:
    checks = [check("equal", expr="y", points=3, hidden=True), check("equal", expr="x", points=2)]
    found = verdicts(checks, report({"y": 7, "x": 1}), report({"y": 7, "x": 2}))
    assert (found["y"].points, found["y"].earned, found["y"].hidden) == (3, 3, True)
    assert (found["x"].points, found["x"].earned) == (2, 0)


def test_what_the_solution_lacks_could_not_be_judged() -> None:
    found = judged(check("equal", expr="y"), report({"y": 7}), report({"y": missing("y")}))
    assert found.status is Status.COULD_NOT_JUDGE
    assert "not yours" in found.why


# ---- the author's words -----------------------------------------------------------------------------------------

WRONG = report({"y": tensor([2, 4, 6.5])})
RIGHT = report({"y": tensor([1, 2, 3.25])})
CODE = "import torch\nfrom torch import nn\ny = nn.functional.relu(x)  # torch.sin\n"


def said(*words: object, code: str = CODE, seen: Report = WRONG, **fields: str) -> str:
    return judged(check("equal", expr="y", **fields), seen, RIGHT, code, *words).why


def test_the_generic_reason_stands_where_the_author_says_nothing() -> None:
    assert said() == "Every number is exactly twice what it should be."


def test_the_authors_say_wins_over_the_generic_reason_and_a_misconception_over_both() -> None:
    assert said(say="Mine.") == "Mine."
    assert said(misconception("Twice.", fails="y", relation="scaled"), say="Mine.") == "Twice."


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({"fails": "y"}, True),
        ({"fails": "x"}, False),
        ({"relation": "scaled"}, True),
        ({"relation": "shifted"}, False),
        ({"uses": "relu"}, True),
        ({"uses": "torch.nn.functional.relu"}, True),
        ({"uses": "torch.sin"}, False),
        ({"lacks": "torch.sin"}, True),
        ({"lacks": "relu"}, False),
        ({"error": "RuntimeError"}, False),
        ({"trace": "no-zero-grad"}, False),
        ({"fails": "y", "uses": "relu", "relation": "scaled"}, True),
        ({"fails": "y", "uses": "sin", "relation": "scaled"}, False),
    ],
)
def test_a_misconception_speaks_when_all_its_conditions_hold(when: dict[str, str], holds: bool) -> None:
    assert (said(misconception("Said.", **when)) == "Said.") is holds


def test_the_first_that_holds_speaks() -> None:
    words = misconception("First.", uses="sin"), misconception("Second.", fails="y"), misconception("Third.", fails="y")
    assert said(*words) == "Second."


def test_a_misconception_may_ask_for_the_error_of_the_check_itself() -> None:
    seen = report({"y": ErrorReport(type="ValueError", message="no")})
    assert said(misconception("Said.", error="ValueError"), seen=seen) == "Said."


def test_a_check_that_passed_is_not_spoken_to() -> None:
    found = judged(check("equal", expr="y", say="No."), RIGHT, RIGHT, CODE, misconception("No.", fails="y"))
    assert found.passed
    assert found.why == ""


# ---- what the author's words are not for ------------------------------------------------------------------------


def test_the_author_says_nothing_of_values_after_a_run_that_was_cut_short() -> None:
    seen = report({}, outcome=Outcome.TIMED_OUT)
    check_ = check("equal", expr="y", say="Use a mean.")
    words = misconception("Do not print.", lacks="print")
    found = verdicts([check_], seen, SEVEN, "while True: pass", "", words)["y"]
    assert found.status is Status.FAILED
    assert found.why == ""


def test_a_check_that_the_program_never_came_to_has_the_error_as_its_reason() -> None:
    seen = report({"y": missing("y")}, outcome=Outcome.RAISED, error=ERROR)
    found = verdicts([check("equal", expr="y", say="Use a mean.")], seen, SEVEN, "x = 1 + z\ny = x")["y"]
    assert "line 3 raised RuntimeError" in found.finding
    assert "Use a mean." not in found.why


@pytest.mark.parametrize("error", [None, "SyntaxError"])
def test_of_a_program_that_can_not_be_read_nothing_is_said_to_be_lacking(error: str | None) -> None:
    broken = ErrorReport(type="SyntaxError", message="invalid syntax", line=1)
    seen = report({"y": missing("y")}, outcome=Outcome.RAISED, error=broken)
    when = {"fails": "y", "lacks": "mean", **({"error": error} if error else {})}
    found = verdicts([check("equal", expr="y")], seen, SEVEN, "y = (", "", misconception("There is no mean.", **when))[
        "y"
    ]
    assert "line 1 can't be read, so nothing ran" in found.finding
    assert (found.why == "There is no mean.") is (error is not None)
