"""A course as a zip: reproducible, whole, opened like a folder, and never unpacked to where it does not belong."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.exports.course import FILES, made
from tutor.cli import FINE, USAGE, main
from tutor.cli.common import course_of
from tutor.cli.kept import course_to_open
from tutor.lessons.load import validate


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a course, in the folder where one works."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path / "home"))
    return made(tmp_path / "source")


def zipped(course: Path, name: str = "small.zip") -> Path:
    assert main(["export", str(course), "--output", name]) == FINE
    return Path(name)


def test_the_same_files_give_the_same_bytes(course: Path, tmp_path: Path) -> None:
    other = made(tmp_path / "elsewhere")
    assert zipped(course, "a.zip").read_bytes() == zipped(other, "b.zip").read_bytes()


def test_it_holds_what_belongs_to_the_course_and_nothing_else(course: Path) -> None:
    with zipfile.ZipFile(zipped(course)) as archive:
        names = {name.replace("lessons", "course", 1) for name in archive.namelist()}
    assert names == set(FILES)


def test_it_opens_from_the_zip_with_its_translations_data_and_functions(course: Path, tmp_path: Path) -> None:
    path = zipped(course)
    opened = course_of(path, "fr")
    assert (opened.title, opened.lessons[0].title) == ("Petit", "Puissances")
    assert opened.path is not None
    assert validate(opened.path) == []
    folders = list((tmp_path / "home" / "courses").iterdir())
    assert course_to_open(path).id == "small"
    assert list((tmp_path / "home" / "courses").iterdir()) == folders  # unpacked once


def test_the_bundled_course_can_be_taken_along(course: Path) -> None:
    assert main(["export", "--output", "bundled.zip"]) == FINE
    taken = course_of(Path("bundled.zip"))
    assert [lesson.id for lesson in taken.lessons] == [lesson.id for lesson in course_of(None).lessons]


def test_a_lesson_alone_is_a_course_too(course: Path) -> None:
    (course.parent / "unit" / "checks.py").write_bytes(FILES["checks.py"])
    assert course_of(zipped(course.parent / "unit" / "powers.yaml")).lessons[0].title == "Powers"


def test_only_the_course_file_gets_the_name_that_is_looked_for(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    beside = course.parent / "course.intro.yaml"
    (course.parent / "unit" / "powers.yaml").rename(beside)
    (course.parent / "unit" / "data").rename(course.parent / "data")
    course.write_text(course.read_text().replace("unit/powers.yaml", beside.name))
    with zipfile.ZipFile(zipped(course)) as archive:
        assert {"lessons.yaml", "lessons.fr.yaml", beside.name} <= set(archive.namelist())
    beside.rename(course.parent / "lessons.yaml")
    course.write_text(course.read_text().replace(beside.name, "lessons.yaml"))
    assert main(["export", str(course), "--output", "both.zip"]) == USAGE
    said = capsys.readouterr().err
    assert "rename that one" in said
    assert str(course.parent / "lessons.yaml") in said


@pytest.mark.parametrize("name", ["../evil.py", "/evil.py", "a/../../evil.py", "a\\..\\evil.py", "c:evil.py"])
def test_nothing_is_unpacked_outside(
    course: Path, name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with zipfile.ZipFile(zipped(course), "a") as archive:
        archive.writestr(name, "print('here')")
    before = {path for path in tmp_path.rglob("*") if path.name != "courses"}
    assert main(["list", "--course", "small.zip"]) == USAGE
    assert "leads out of its folder" in capsys.readouterr().err
    assert {path for path in tmp_path.rglob("*") if path.name != "courses"} - before <= {tmp_path / "home"}


def test_a_link_and_an_endless_archive_are_refused(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile("link.zip", "w") as archive:
        entry = zipfile.ZipInfo("lessons.yaml")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    assert main(["list", "--course", "link.zip"]) == USAGE
    assert "leads out of its folder" in capsys.readouterr().err
    with zipfile.ZipFile("large.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("lessons.yaml", b"\0" * (65 << 20))
    assert main(["list", "--course", "large.zip"]) == USAGE
    assert "holds more than" in capsys.readouterr().err


def test_what_is_no_course_is_told(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile("other.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert main(["list", "--course", "other.zip"]) == USAGE
    assert "is no course" in capsys.readouterr().err


def test_nothing_is_overwritten(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    zipped(course)
    assert main(["export", str(course), "--output", "small.zip"]) == USAGE
    assert "is there already" in capsys.readouterr().err


def test_markdown_can_be_read(course: Path) -> None:
    assert main(["export", str(course), "--to", "markdown", "--output", "text"]) == FINE
    text = Path("text/01-powers.md").read_text()
    assert "# Powers\n\nSquares and roots.\n\n- square a tensor\n\n## Hello\n" in text
    assert "Check it: `torch-tutor check powers/square FILE`" in text
    assert "<details><summary>Hints</summary>\n\n1. A power.\n" in text
    assert "rate = 0.1  # try also: 0.5" in text
