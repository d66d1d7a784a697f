from __future__ import annotations

from pathlib import Path

import pytest

from tutor.settings import Settings, SettingsFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some" / "settings.toml"


def write(path: Path, text: str) -> SettingsFile:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return SettingsFile(path)


def test_without_a_file_everything_is_as_at_first(path: Path) -> None:
    settings = SettingsFile(path)
    assert settings.values == Settings()
    assert not settings.problems


def test_a_change_is_there_at_the_next_start(path: Path) -> None:
    assert SettingsFile(path).change(theme="paper", page_width=60) == ""
    assert SettingsFile(path).values == Settings(theme="paper", page_width=60)


def test_what_is_as_at_first_again_is_no_line_of_the_file(path: Path) -> None:
    settings = SettingsFile(path)
    settings.change(theme="paper", shapes=False)
    settings.change(theme="ink")
    assert "theme" not in path.read_text(encoding="utf-8")
    assert SettingsFile(path).values == Settings(shapes=False)


def test_comments_and_what_another_tutor_changed_stay(path: Path) -> None:
    first = write(path, "# mine\npage_width = 30  # narrow\n\n[keys]\n'lesson.run' = 'f9'\n")
    SettingsFile(path).change(motion="reduced")
    first.change(theme="contrast")
    text = path.read_text(encoding="utf-8")
    assert "# mine" in text
    assert "# narrow" in text
    assert SettingsFile(path).values == Settings(
        page_width=30, motion="reduced", theme="contrast", keys={"lesson.run": "f9"}
    )
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_each_problem_is_told_with_its_line_and_the_rest_holds(path: Path) -> None:
    settings = write(path, "theme = 'paper'\n\nmotoin = 'reduced'\npage_width = 99\nglyphs = 'runes'\n")
    assert settings.values == Settings(theme="paper")
    told = "\n".join(settings.problems)
    assert f"{path}, line 3, motoin: there is no such setting; did you mean motion?" in told
    assert "line 4, page_width: Expected `int` <= 80." in told
    assert "line 5, glyphs: Invalid enum value 'runes'." in told


def test_a_file_that_is_not_toml_is_left_alone(path: Path) -> None:
    broken = "theme = paper\n"
    settings = write(path, broken)
    assert "is not TOML: Invalid value (at line 1, column 9)." in settings.problems[0]
    assert "Mend or delete it" in settings.problems[0]
    settings.change(theme="contrast")
    assert settings.values.theme == "contrast"
    assert path.read_text(encoding="utf-8") == broken


def test_a_file_that_is_not_text_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe")
    settings = SettingsFile(path)
    assert "can't be read" in settings.problems[0]
    settings.change(theme="contrast")
    assert path.read_bytes() == b"\xff\xfe"


def test_a_place_that_can_not_be_written_is_told(path: Path) -> None:
    settings = SettingsFile(path)
    path.parent.write_text("a file, where a folder is wanted", encoding="utf-8")
    assert "could not be kept" in settings.change(theme="paper")
    assert settings.values.theme == "paper"


def test_the_page_of_the_docs_tells_every_setting_and_its_file_is_understood(path: Path) -> None:
    page = (Path(__file__).parents[1] / "docs" / "settings.md").read_text(encoding="utf-8")
    settings = write(path, page.partition("```toml\n")[2].partition("```")[0])
    assert not settings.problems
    assert set(settings._kept) == set(Settings.__struct_fields__)
