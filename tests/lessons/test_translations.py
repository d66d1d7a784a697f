"""A course in another language: its texts, what has none, and what a translation gets wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lessons.broken import Broken, into, places
from tutor.cli import FINE, main
from tutor.lessons.load import CourseProblems, load_course, validate
from tutor.lessons.model import ChoiceStep, CodeStep, Option, PredictStep, ReadStep

LESSON = """\
format: 1
id: fit
title: Fit
summary: A line.
objectives: [See, Do]
steps:
  - {id: hello, kind: read, title: Hello, text: Read me.}
  - id: pick
    kind: choice
    title: Pick
    ask: Which?
    options: [{text: a, correct: true, say: Yes.}, {text: b, say: No.}]
  - {id: guess, kind: predict, title: Guess, ask: What?, run: print(1), of: stdout, distractors: ['2', {text: '3', say: No.}]}
  - id: make
    kind: code
    title: Make
    task: Make y.
    solution: y = 1
    checks: [y, {kind: stdout, id: out, contains: hi, say: Print hi.}]
    hints: [One., Two.]
    misconceptions: [{when: {fails: y}, say: Not so.}]
"""
FRENCH = """\
format: 1
language: fr
title: Ajuster
summary: Une droite.
objectives: [Voir]
steps:
  hello: {text: Lisez-moi.}
  pick: {ask: Laquelle ?, options: [null, {text: bé, say: Non.}]}
  guess: {ask: Quoi ?, distractors: [{say: Non.}, trois]}
  make:
    title: Faire
    task: Faites y.
    hints: [null, Deux.]
    misconceptions: [Pas ainsi.]
    checks: {y: Regardez y., out: {title: texte}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "fit.yaml").write_text(LESSON)
    (tmp_path / "fit.fr.yaml").write_text(FRENCH)
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path / "home"))
    return tmp_path


def test_texts_are_those_of_the_translation_and_else_the_original_s(folder: Path) -> None:
    assert validate(folder / "fit.yaml") == []
    course = load_course(folder / "fit.yaml", "fr")
    (lesson,) = course.lessons
    assert (course.language, course.title, lesson.title, lesson.summary) == ("fr", "Ajuster", "Ajuster", "Une droite.")
    assert lesson.objectives == ("Voir", "Do")
    read, pick, guess, make = lesson.steps
    assert isinstance(read, ReadStep)
    assert (read.title, read.text) == ("Hello", "Lisez-moi.")
    assert isinstance(pick, ChoiceStep)
    assert pick.options == (Option(text="a", correct=True, say="Yes."), Option(text="bé", say="Non."))
    assert isinstance(guess, PredictStep)
    assert guess.distractors == (Option(text="2", say="Non."), Option(text="trois", say="No."))
    assert isinstance(make, CodeStep)
    assert (make.title, make.task, make.solution) == ("Faire", "Faites y.", "y = 1")
    assert [hint.text for hint in make.hints] == ["One.", "Deux."]
    assert make.misconceptions[0].say == "Pas ainsi."
    assert [(check.say, check.own_title) for check in make.checks] == [("Regardez y.", ""), ("Print hi.", "texte")]


def test_a_country_falls_back_to_its_language_and_a_missing_one_to_the_original(folder: Path) -> None:
    assert load_course(folder / "fit.yaml", "fr-CA").title == "Ajuster"
    assert load_course(folder / "fit.yaml", "de") == load_course(folder / "fit.yaml")
    (folder / "fit.fr-CA.yaml").write_text("format: 1\nlanguage: fr-CA\ntitle: Tuque\n")
    assert load_course(folder / "fit.yaml", "fr-CA").lessons[0].title == "Tuque"


def test_a_course_is_translated_file_by_file(folder: Path) -> None:
    inline = "  - {id: b, title: B, steps: [{id: r, kind: read, title: R, text: x}]}\n"
    (folder / "lessons.yaml").write_text("format: 1\nid: k\ntitle: K\nlessons:\n  - fit.yaml\n" + inline)
    words = "lessons:\n  b: {title: Bé, steps: {r: {text: y}}}\n  fit: {title: not this one}\n"
    (folder / "lessons.fr.yaml").write_text("format: 1\nlanguage: fr\ndescription: Un cours.\n" + words)
    assert validate(folder) == []
    course = load_course(folder, "fr")
    assert (course.title, course.description) == ("K", "Un cours.")
    assert [lesson.title for lesson in course.lessons] == ["Ajuster", "Bé"]
    (step,) = course.lessons[1].steps
    assert isinstance(step, ReadStep)
    assert step.text == "y"


def test_commands_speak_the_language(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(folder / "fit.yaml")
    assert main(["show", "fit/make", "--course", file, "--language", "fr"]) == FINE
    assert "Faites y." in capsys.readouterr().out
    assert main(["list", "--course", file]) == FINE
    assert "Fit   0 of 4" in capsys.readouterr().out
    assert main(["list", "--course", file, "--language", "fr"]) == FINE
    assert "Ajuster   0 of 4" in capsys.readouterr().out
    assert main(["list", "--course", file, "--language", "de"]) == FINE
    assert "not translated into 'de'" in capsys.readouterr().err


def test_a_translation_is_opened_by_way_of_its_original(folder: Path) -> None:
    with pytest.raises(CourseProblems, match=r"this is a translation of fit\.yaml"):
        load_course(folder / "fit.fr.yaml")
    (folder / "fit.fr.yaml").write_text(FRENCH.replace("summary:", "sumary:"))
    assert [problem.message for problem in validate(folder / "fit.fr.yaml")] == ["unknown key `sumary`"]
    assert validate(folder / "fit.fr.yaml") == validate(folder / "fit.yaml")


def test_a_file_of_another_kind_beside_a_lesson_is_left_alone(folder: Path) -> None:
    (folder / "fit.old.yaml").write_text(LESSON.replace("kind: read", "kind: reed"))
    (folder / "fit.txt.yaml.bak").write_text("{")
    assert validate(folder / "fit.yaml") == []


CASES: dict[str, Broken] = {}
case = into(CASES)


def french(old: str, new: str) -> str:
    assert old in FRENCH
    return FRENCH.replace(old, new)


case("no language", "«" + french("language: fr\n", ""), "`language` is missing")
case("another language", french("language: fr", "language: «de"), "the name of the file says that it is in `fr`")
case("no format", "«" + french("format: 1\n", ""), "`format` is missing")
case(
    "newer format",
    french("format: 1", "format: «2"),
    "the file has format 2; this version of torch-tutor reads formats up to 1",
)
case("unknown key", french("summary:", "«sumary:"), "unknown key `sumary`")
case("title a number", french("title: Ajuster", "title: «3"), "`title` must be text, not the number 3")
case("unknown step", french("  hello:", "  «helo:"), "there is no step `helo`")
case("step a text", french("{text: Lisez-moi.}", "«Lisez-moi."), "`hello` must be a mapping, not `Lisez-moi.`")
case("text of another kind", french("{text: Lisez", "{«task: Lisez"), "a `read` step has no `task`")
case("text that no step has", french("{text: Lisez", "{«txet: Lisez"), "unknown key `txet`")
case("empty text", french("text: Lisez-moi.", "text: «''"), "`text` is empty")
case(
    "page too long",
    french("{text: Lisez-moi.}", "\n    text: «|\n" + "      x\n" * 41),
    "the page has 41 lines; a step shows at most 40",
)
case("too many options", french("say: Non.}]}", "say: Non.}, «c]}"), "the original has 2 options, and this is number 3")
case(
    "too many objectives",
    french("[Voir]", "[Voir, Faire, «Dire]"),
    "the original has 2 objectives, and this is number 3",
)
case(
    "too many hints",
    french("[null, Deux.]", "[null, Deux., «Trois.]"),
    "the original has 2 hints, and this is number 3",
)
case(
    "too many distractors",
    french(", trois]", ", trois, «quatre]"),
    "the original has 2 distractors, and this is number 3",
)
case(
    "too many words",
    french("[Pas ainsi.]", "[Pas ainsi., «Non.]"),
    "the original has 1 misconceptions, and this is number 2",
)
case("unknown check", french("{y: Regardez", "{«z: Regardez"), "there is no check `z`")
case("hint a number", french("Deux.", "«2"), "item 2 of `hints` must be text, not the number 2")
case(
    "cut text",
    french("summary: Une droite.", "summary: Une droite «#1"),
    "` #` begins a comment, so the text ends before it",
)
case("not YAML", french("title: Ajuster", "title: «'Ajuster"), "the quotes that begin here are never closed")
case("step twice", french("  pick:", "  «hello: {}\n  pick:"), "`hello` is given twice; first in line 7")


@pytest.mark.parametrize("broken", CASES.values(), ids=CASES.keys())
def test_problem_of_a_translation_is_named_at_its_place(broken: Broken, folder: Path) -> None:
    text, marks = places(broken.text)
    (folder / "fit.fr.yaml").write_text(text)
    found = validate(folder / "fit.yaml")
    assert [Path(problem.file).name for problem in found] == ["fit.fr.yaml"] * len(marks)
    assert [(problem.line, problem.column, problem.message) for problem in found] == [
        (*mark, message) for mark, message in zip(marks, broken.messages, strict=True)
    ]
    sections = {problem.page.partition("#")[2] for problem in found}
    assert sections <= {"translations", "when-something-is-wrong"} or "language" not in text


def test_a_course_is_not_opened_with_a_translation_that_is_wrong(folder: Path) -> None:
    (folder / "fit.fr.yaml").write_text(french("  hello:", "  helo:"))
    with pytest.raises(CourseProblems, match=r"fit\.fr\.yaml:7:3: there is no step `helo`"):
        load_course(folder / "fit.yaml", "fr")
