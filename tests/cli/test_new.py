"""`torch-tutor new`: what it makes passes `test`, nothing is overwritten, one line says what to do next."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tutor.cli import FINE, USAGE, main
from tutor.cli.new import id_of, title_of
from tutor.cli.templates import STEPS
from tutor.lessons.load import load_course, validate
from tutor.lessons.model import STEP_KINDS


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = FINE) -> str:
    assert main(["new", *arguments]) == code
    captured = capsys.readouterr()
    return captured.out if code == FINE else captured.err


def test_a_new_course_passes_and_the_command_that_is_named_proves_it(capsys: pytest.CaptureFixture[str]) -> None:
    line = said(capsys, "course", "my course")
    assert line == "Made my course/lessons.yaml and my course/first-lesson.yaml. Next: torch-tutor test 'my course'\n"
    course = load_course(Path("my course"))
    assert (course.id, course.title) == ("my-course", "My course")
    assert main(["test", "my course", "--mutate", "--seeds", "1"]) == FINE
    assert "3 steps, all proved." in capsys.readouterr().out


def test_a_new_lesson_with_a_step_of_each_kind_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "lesson", "powers") == "Made powers.yaml. Next: torch-tutor preview powers.yaml\n"
    for number, kind in enumerate(STEPS, 1):
        name = "new-step" if number == 1 else f"new-step-{number}"
        line = f"Added the step {name} to powers.yaml. Next: torch-tutor preview powers.yaml {name}\n"
        assert said(capsys, "step", "powers.yaml", "--kind", kind) == line
    (lesson,) = load_course(Path("powers.yaml")).lessons
    assert [step.kind for step in lesson.steps] == ["read", "predict", "code", *STEP_KINDS]
    assert main(["test", "powers.yaml", "--mutate", "--seeds", "1"]) == FINE
    text = capsys.readouterr().out
    assert "10 steps, all proved." in text
    assert [share for share in re.findall(r"\((\d+) %\)", text) if share != "100"] == []


@pytest.mark.parametrize("what", ["course", "lesson"])
def test_without_a_path_there_is_one(what: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, what)
    assert sorted(path.name for path in here.iterdir()) == [f"my-{what}" if what == "course" else "my-lesson.yaml"]


def test_a_step_without_a_file_is_printed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "step", "--kind", "choice").startswith("- id: new-step\n  kind: choice\n")
    assert list(here.iterdir()) == []


def test_nothing_is_overwritten(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "lesson.yaml").write_text("mine")
    (here / "course").mkdir()
    (here / "course" / "first-lesson.yaml").write_text("mine")
    (here / "link.yaml").symlink_to(here / "nowhere")
    for what, path in (("lesson", "lesson.yaml"), ("course", "course"), ("lesson", "link.yaml"), ("lesson", "lesson")):
        assert "is there already, and nothing is overwritten" in said(capsys, what, path, code=USAGE)
    assert (here / "lesson.yaml").read_text() == (here / "course" / "first-lesson.yaml").read_text() == "mine"
    assert sorted(path.name for path in (here / "course").iterdir()) == ["first-lesson.yaml"]


LESSON = "format: 1\nid: a\ntitle: A\nsteps:\n- id: one\n  kind: read\n  text: |\n    One.\n\n\n# the end\n"


def test_a_step_is_added_as_the_others_are_written(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "a.yaml").write_text(LESSON.replace("\n\n\n# the end", "") + "minutes: 3\n# the end\n")
    said(capsys, "step", "a.yaml", "--kind", "read")
    text = (here / "a.yaml").read_text()
    assert "    One.\n\n- id: new-step\n  kind: read\n" in text
    assert text.endswith("    print(x * 2)\nminutes: 3\n# the end\n")
    assert validate(here / "a.yaml") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LESSON.replace("title", "tile"), "has problems; nothing was added.\n\na.yaml:1:1: `title` is missing"),
        ("format: 1\nid: c\ntitle: C\nlessons: [b.yaml]\n", "is no lesson file"),
        ("format: 1\nid: c\ntitle: C\nlessons:\n- " + LESSON.replace("\n", "\n  ").strip() + "\n", "is no lesson file"),
        ("format: 1\nid: a\ntitle: A\nsteps: [{id: one, kind: read, text: One.}]\n", "does not begin each step with `- `"),
    ],
)  # fmt: skip
def test_a_file_that_can_t_have_one_more_stays_as_it_is(
    text: str, words: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "a.yaml").write_text(text)
    (here / "b.yaml").write_text(LESSON.replace("id: a", "id: b"))
    assert words in said(capsys, "step", "a.yaml", code=USAGE)
    assert (here / "a.yaml").read_text() == text
    assert sorted(path.name for path in here.iterdir()) == ["a.yaml", "b.yaml"]


def test_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert "lost.yaml" in said(capsys, "step", "lost.yaml", code=USAGE)


@pytest.mark.parametrize(
    ("name", "id", "title"),
    [
        ("my_lesson", "my-lesson", "My lesson"),
        ("Größen & Formen", "gr-en-formen", "Größen Formen"),
        ("3d", "3d", "Lesson 3d"),
        ("…", "new", "Lesson"),
        ("a" * 80, "a" * 64, "A" + "a" * 79),
        ("no", "no", "No"),
        ("x: y # z", "x-y-z", "X y z"),
    ],
)
def test_names_make_ids_and_titles(name: str, id: str, title: str) -> None:
    assert (id_of(name), title_of(name)) == (id, title)
