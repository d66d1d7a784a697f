"""The schema for editors is the committed one, describes every field, and agrees with what the loader reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.lessons import broken, test_broken_courses, test_broken_steps, test_translations
from tests.lessons.schemas import KNOWN, fits, words
from tutor.cli import FINE, main
from tutor.lessons import schema
from tutor.lessons.load import PACKAGE, load_course
from tutor.lessons.problems import Notes
from tutor.lessons.yaml import parse

SCHEMA = schema.schema()
COURSE = PACKAGE.parent / "lessons.yaml"
FILES = [
    COURSE,
    *sorted((PACKAGE / "lessons" / "content").glob("*.yaml")),
    *sorted((PACKAGE.parent / "tests" / "content" / "kinds").glob("*.yaml")),
]


def values(text: str) -> Any:
    """The values of a file as the loader reads them."""
    node = parse(text, Notes("file"))
    assert node is not None
    return node.value


def allowed(text: str) -> bool:
    return fits(values(text), SCHEMA, SCHEMA)


def test_the_committed_schema_is_the_one_that_the_model_makes() -> None:
    again = "python -c 'from tutor.lessons import schema; schema.FILE.write_text(schema.text())'"
    assert schema.FILE.read_text(encoding="utf-8") == schema.text(), f"write it again: {again}"


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == FINE
    assert json.loads(capsys.readouterr().out) == SCHEMA
    assert main(["schema", "--path"]) == FINE
    assert Path(capsys.readouterr().out.strip()) == schema.FILE


def test_every_field_and_every_kind_is_described_by_what_the_tests_can_check() -> None:
    for path, inner in words(SCHEMA):
        assert set(inner) <= KNOWN, path
        for name, field in inner.get("properties", {}).items():
            if "not" not in field:  # a kind that plug-ins bring
                assert len(field.get("description", "")) > 5, f"{path}/{name}"
        if "$ref" in inner:
            assert inner["$ref"].rpartition("/")[2] in SCHEMA["definitions"]
            assert list(inner) == ["$ref"], path


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_files_that_open_fit(file: Path) -> None:
    assert load_course(file).lessons
    assert allowed(file.read_text(encoding="utf-8"))


def test_a_translation_fits() -> None:
    assert allowed(test_translations.FRENCH)
    assert not allowed(test_translations.FRENCH.replace("task:", "tsak:"))


WRONG_TYPES = (
    "must be text",
    "must be a list",
    "must be a mapping",
    "must be `true`",
    "must be a whole",
    "unknown key",
    "is missing",
    "must be at least",
    "is no kind of step",
)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(one, id=name)
        for table in (test_broken_courses.CASES, test_broken_steps.CASES)
        for name, one in table.items()
        if any(part in one.messages[0] for part in WRONG_TYPES) and "python" not in name
    ],
)
def test_wrong_types_and_keys_do_not_fit(case: broken.Broken) -> None:
    assert not allowed(broken.places(case.text)[0])


def test_editors_find_it_by_the_first_line_of_the_course() -> None:
    first = COURSE.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=tutor/lessons/schema.json"
    assert (COURSE.parent / first.rpartition("=")[2]).samefile(schema.FILE)


def test_it_is_json_that_yaml_reads_alike() -> None:
    assert yaml.safe_load(schema.text()) == SCHEMA
