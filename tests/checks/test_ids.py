"""The public list of ids is what the code names, no more and no less."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import tutor.checks
from tutor.checks.ids import FAULTS, RELATIONS

LISTS = ("ids.py", "gives.py")
FILES = [path for path in Path(tutor.checks.__file__).parent.glob("*.py") if path.name not in LISTS]


def texts(files: list[Path]) -> set[str]:
    """All texts in the code of some files."""
    nodes = [node for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


TEXTS = texts(FILES)


def given(name: str, keyword: str, place: int) -> set[str]:
    """The texts that all calls of a function are given as one argument."""
    found: set[str] = set()
    for path in FILES:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id != name:
                continue
            arguments = [k.value for k in call.keywords if k.arg == keyword] + list(call.args[place : place + 1])
            parts = [part for argument in arguments for part in ast.walk(argument)]
            found |= {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return found


WORDS = {
    word
    for path in Path(__file__).parent.rglob("*.py")
    if path.name != Path(__file__).name
    for word in re.findall(r"[a-z0-9-]+", path.read_text(encoding="utf-8"))
}


KINDS_OF_THEIR_OWN = ("call", "evaluation", "operations", "python", "source")
"""Beginnings of modules whose tests stand apart."""
SHARED = texts([path for path in FILES if not path.name.startswith(KINDS_OF_THEIR_OWN)])


@pytest.mark.parametrize("known", [*RELATIONS, *FAULTS])
def test_every_listed_id_stands_in_the_code(known: str) -> None:
    assert known in TEXTS


@pytest.mark.parametrize("known", [known for known in (*RELATIONS, *FAULTS) if known in SHARED])
def test_every_id_that_all_kinds_share_is_provoked_by_a_test(known: str) -> None:
    assert known in WORDS


def test_every_relation_that_the_code_names_is_listed() -> None:
    named = given("Relation", "id", 0) | given("Explanation", "id", 99)
    assert named - RELATIONS.keys() == set()
    assert len(named) > 50


def test_every_fault_that_the_code_names_is_listed() -> None:
    named = given("Fault", "id", 99)
    assert named - FAULTS.keys() == set()
    assert len(named) > 15


def test_every_relation_of_a_finding_is_listed() -> None:
    named = given("failed", "relation", 3) - {""}
    assert named - RELATIONS.keys() - FAULTS.keys() == set()
    assert {"no-grad", "not-registered", "loss-nan"} <= named


def test_meanings_are_one_short_line_and_ids_are_of_one_kind() -> None:
    assert not RELATIONS.keys() & FAULTS.keys()
    for known, meaning in {**RELATIONS, **FAULTS}.items():
        assert known == known.lower()
        assert " " not in known
        assert 3 < len(meaning) <= 80
        assert not meaning.endswith(".")
