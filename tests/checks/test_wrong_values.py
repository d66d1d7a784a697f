"""Wrong programs are given the relation that they have, and what is said of it is fit to be read."""

from __future__ import annotations

import pytest

from tests.checks.programs import explained, namespace, read
from tests.checks.wrong_values import SETUP, TABLES
from tutor.checks.ids import RELATIONS

NAMES = namespace(SETUP)
CASES = [pytest.param(*case, id=f"{table}-{n}") for table, text in TABLES.items() for n, case in enumerate(read(text))]


@pytest.mark.parametrize(("known", "wrong", "right"), CASES)
def test_a_wrong_program_is_given_its_relation(known: str, wrong: str, right: str) -> None:
    found = explained(wrong, right, NAMES)
    assert not found.passed
    assert found.relation == known, (found.finding, found.why)
    assert found.why.endswith(".")
    assert found.next.endswith((".", "?"))
    assert "!" not in found.why + found.next
    assert known in RELATIONS


def test_there_are_many_and_no_two_are_the_same() -> None:
    cases = [case for text in TABLES.values() for case in read(text)]
    assert len(cases) >= 250
    assert len({case[1:] for case in cases}) == len(cases)
