"""docs/authoring.md is true: its YAML opens, its commands exist, and its tables have every field and no other."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from tests.lessons.broken import lesson
from tutor.checks import KINDS
from tutor.checks.base import Check, Tolerance
from tutor.checks.training import Steps
from tutor.cli import FINE, main
from tutor.cli.parser import parse
from tutor.lessons import model
from tutor.lessons.load import load_course, validate
from tutor.lessons.pages import sections
from tutor.runtime.protocol import Limits

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "authoring.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
FIRST, COURSE, FRENCH = (block for block in BLOCKS if block.startswith("format:"))
STEPS = [block for block in BLOCKS if block.startswith("- id:")]
(CHECKS,) = (block for block in BLOCKS if block.startswith("checks:"))
(OWN_CHECKS,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = re.findall(r"^torch-tutor (.+)$", PAGE, re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that holds the first lesson and the course of the page."""
    (tmp_path / "powers.yaml").write_text(FIRST)
    (tmp_path / "course.yaml").write_text(COURSE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path / "home"))
    return tmp_path


def test_every_block_of_yaml_is_tried_here() -> None:
    assert len(BLOCKS) == 3 + len(STEPS) + 1
    assert len(STEPS) == 9


def test_the_first_lesson_and_the_course_have_no_problem(folder: Path) -> None:
    assert validate(folder / "powers.yaml") == validate(folder / "course.yaml") == []
    (folder / "powers.fr.yaml").write_text(FRENCH)
    assert validate(folder / "powers.yaml") == []
    assert load_course(folder / "powers.yaml", "fr").title == "Puissances"
    (powers,) = load_course(folder / "course.yaml").lessons
    assert [step.kind for step in powers.steps] == ["read", "predict", "code"]
    assert isinstance(powers.steps[2], model.CodeStep)
    assert powers.steps[2].limits.time_s == 5


@pytest.mark.parametrize("steps", STEPS)
def test_every_step_shown_has_no_problem(steps: str, tmp_path: Path) -> None:
    (tmp_path / "lesson.yaml").write_text(lesson(steps=steps))
    (tmp_path / "checks.py").write_text(OWN_CHECKS)
    assert validate(tmp_path / "lesson.yaml") == []


def test_every_check_shown_has_no_problem_and_every_kind_is_shown(tmp_path: Path) -> None:
    made = "y = counts = batch = x = model = accuracy = center = x_test = 1"
    (tmp_path / "checks.py").write_text(OWN_CHECKS)
    step = f"- id: c\n  kind: code\n  task: Make them.\n  solution: {made}\n  " + CHECKS.replace("\n", "\n  ").rstrip()
    (tmp_path / "lesson.yaml").write_text(lesson(steps=step + "\n"))
    assert validate(tmp_path / "lesson.yaml") == []
    shown = load_course(tmp_path / "lesson.yaml").lessons[0].steps[0]
    assert isinstance(shown, model.CodeStep)
    assert {check.kind for check in shown.checks} == set(KINDS)


def test_the_commands_shown_are_commands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(COMMANDS) == 14
    for command in COMMANDS:
        options = parse(command.partition(" >")[0].split())
        assert getattr(options, "course", None) in (None, Path("powers.yaml"), Path("course.yaml"))
    assert main(["validate", "powers.yaml"]) == FINE
    assert main(["show", "powers/square", "--course", "powers.yaml"]) == FINE
    assert "Make `y`, the squares" in capsys.readouterr().out


def test_the_problem_shown_is_what_validate_prints(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "powers.yaml").write_text(FIRST.replace("starter:", "sarter:"))
    main(["validate", "powers.yaml"])
    (shown,) = re.findall(r"```\n(powers\.yaml:.*?)```", PAGE, re.DOTALL)
    assert shown in capsys.readouterr().out


def test_the_anchors_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^a-z0-9_ -]", "", line.lower()).strip().replace(" ", "-")
        for line in re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
    }
    for anchor in re.findall(r"\]\(#([\w-]+)\)", PAGE):
        assert anchor in headings
    assert sections() <= headings


# ---- tables -------------------------------------------------------------------------------------------------------


def section(heading: str) -> str:
    """The page from a heading to the next one of any level."""
    _, _, rest = PAGE.partition(f"\n{heading}\n")
    assert rest, heading
    return re.split(r"\n#+ ", rest)[0]


def rows(text: str) -> dict[str, str]:
    """The first column's names in the tables of a text, and the rest of their rows."""
    found = {}
    for cells in (line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")):
        for name in re.findall(r"`([a-z_0-9-]+)`", cells[0]):
            found[name] = "|".join(cells[1:])
    return found


def fields(kind: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(kind) if not field.encode_name.startswith("x-")}


@pytest.mark.parametrize(
    ("heading", "kind", "more"),
    [
        ("### Fields of a course", model.Course, {"format"}),
        ("### Fields of a lesson", model.Lesson, {"format"}),
        ("### Fields of `defaults`", model.Defaults, set()),
        ("### `read`", model.ReadStep, {"id", "title"}),
        ("### `choice`", model.ChoiceStep, {"id", "title"}),
        ("### `predict`", model.PredictStep, {"id", "title"}),
        ("### `code`", model.CodeStep, {"id", "title"}),
    ],
)
def test_every_field_is_in_the_table(heading: str, kind: type[msgspec.Struct], more: set[str]) -> None:
    """`more` are named in every section's text or belong to the file."""
    assert set(rows(section(heading))) ^ fields(kind) == more


@pytest.mark.parametrize(
    ("heading", "kind"), [("### `order`", model.OrderStep), ("### `experiment`", model.ExperimentStep)]
)
def test_every_field_that_code_does_not_have_is_in_the_table(heading: str, kind: type[msgspec.Struct]) -> None:
    assert fields(kind) - fields(model.CodeStep) <= set(rows(section(heading)))
    assert set(rows(section(heading))) <= fields(kind)


def test_the_fields_of_fields_are_named() -> None:
    for heading, kind in (
        ("### Fields of a lesson", model.Requires),
        ("### Fields of a lesson", model.DataFile),
        ("### `choice`", model.Option),
        ("### `experiment`", model.Asked),
        ("### `code`", model.Limits),
        ("### `code`", model.Hint),
        ("## Proof", model.Excused),
        ("## Checks", Tolerance),
        ("## Checks", Steps),
    ):
        named = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"`([^`]+)`", section(heading)))))
        assert fields(kind) <= named, kind
    assert fields(Limits) == fields(model.Limits)


def test_every_kind_of_step_and_check_has_its_fields_in_the_tables() -> None:
    assert all(f"### `{kind}`" in PAGE for kind in model.STEP_KINDS)
    table = rows(section("## Checks"))
    common = fields(Check)
    assert set(table) == common | set(KINDS)
    for name, kind in KINDS.items():
        named = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"`([^`]+)`", table[name].split("|")[1]))))
        assert fields(kind) - common <= named, name


def test_every_condition_and_every_field_of_a_wrong_answer_is_in_the_table() -> None:
    assert set(rows(section("## Words for wrong answers"))) == fields(model.When) | fields(model.Wrong)


def test_the_relations_and_faults_named_are_some_that_are_found() -> None:
    sources = "".join(file.read_text() for file in (Path(model.__file__).parents[1] / "checks").glob("*.py"))
    table = rows(section("## Words for wrong answers"))
    for name in re.findall(r"`([a-z-]+)`", table["relation"] + table["trace"]):
        assert f'"{name}"' in sources, name
