"""What docs/authoring.md shows to authors is what the loader reads."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from tutor.checks import KINDS
from tutor.lessons.load import load_course, validate
from tutor.lessons.model import STEP_KINDS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "authoring.md").read_text(encoding="utf-8")
COURSE, CHECKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_first_course_has_no_problem_and_loads(tmp_path: Path) -> None:
    file = tmp_path / "course.yaml"
    file.write_text(COURSE)
    assert validate(file) == []
    assert [step.id for step in load_course(file).lesson("powers").steps] == ["welcome", "predict-it", "square"]


def test_every_check_shown_can_be_made() -> None:
    shown = [one for one in yaml.safe_load(CHECKS)["checks"] if isinstance(one, dict)]
    for fields in shown:
        kind = KINDS[fields.pop("kind")]
        assert set(fields) <= set(kind.__struct_fields__), fields
    assert len(shown) == len(KINDS) - 1


def test_every_kind_is_named() -> None:
    for kind in (*STEP_KINDS, *KINDS):
        assert f"`{kind}`" in PAGE or f"kind: {kind}" in PAGE
