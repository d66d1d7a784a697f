"""Whole scripts in the real sandbox: right ones in many styles give no finding, wrong ones give theirs."""

from __future__ import annotations

import textwrap

import pytest

from tests.checks.right_scripts import HEAD, RIGHT
from tests.checks.right_scripts_more import MORE
from tests.checks.running import ran
from tests.checks.wrong_scripts import OTHERS, WRONG
from tutor.checks.ids import FAULTS
from tutor.checks.judge import diagnose
from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Outcome

in_one_loop = pytest.mark.asyncio(loop_scope="module")


def program(body: str) -> str:
    return HEAD + textwrap.dedent(body)


@in_one_loop
@pytest.mark.parametrize("body", [*RIGHT.values(), *MORE.values()], ids=[*RIGHT, *MORE])
async def test_a_right_script_has_no_finding(runtime: Runtime, body: str) -> None:
    report = await ran(runtime, program(body))
    assert report.outcome is Outcome.FINISHED, report.stderr
    assert diagnose(report, program(body)) == ()


@in_one_loop
@pytest.mark.parametrize(("known", "body"), [*WRONG.items(), *OTHERS.values()], ids=[*WRONG, *OTHERS])
async def test_a_wrong_script_has_its_finding(runtime: Runtime, known: str, body: str) -> None:
    code = program(body)
    report = await ran(runtime, code)
    found = [finding.relation for finding in diagnose(report, code)]
    assert found == [known]


def test_every_fault_that_a_script_can_have_is_shown_by_one() -> None:
    of_the_check_evaluation = {"grad-in-eval", "evaluated-on-training-data"}  # it is told which data are to be new
    assert WRONG.keys() | of_the_check_evaluation == FAULTS.keys()
