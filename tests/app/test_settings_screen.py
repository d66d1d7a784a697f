"""Settings: chosen on a page, kept in the file, in force at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import OptionList

from tests.app.driver import NARROW, WIDE, Driver, tutor
from tutor.keys import key, remember
from tutor.screens.key_changes import KeyChanges
from tutor.screens.keymap import all_commands, problems
from tutor.screens.settings import SettingsScreen
from tutor.settings import Settings, SettingsFile


@pytest.fixture(autouse=True)
def first_names() -> object:
    yield
    remember({})


@asynccontextmanager
async def with_settings(
    home: Path, text: str = "", size: tuple[int, int] = WIDE
) -> AsyncIterator[tuple[Driver, SettingsFile]]:
    path = home / "settings.toml"
    if text:
        path.write_text(text, encoding="utf-8")
    settings = SettingsFile(path)
    async with tutor(home, size=size, settings=settings) as driver:
        yield driver, settings


async def test_a_theme_is_chosen_on_the_page_and_kept(tmp_path: Path) -> None:
    async with with_settings(tmp_path) as (driver, _):
        await driver.press("f12", "right")
        assert isinstance(driver.app.screen, SettingsScreen)
        assert driver.app.theme == "paper"
        await driver.press("escape")
        assert driver.map
    assert SettingsFile(tmp_path / "settings.toml").values == Settings(theme="paper")


async def test_the_page_names_the_file_and_every_setting_but_the_keys(tmp_path: Path) -> None:
    async with with_settings(tmp_path, "page_width = 33\n") as (driver, _):
        await driver.press("f12")
        assert "Kept in" in driver.text
        assert "[ 33 % ]" in driver.text
    from tutor.screens.settings import ROWS

    assert {row.name for row in ROWS} | {"keys"} == set(Settings.__struct_fields__)


async def test_a_theme_of_the_palette_is_kept_and_an_unknown_one_is_told(tmp_path: Path) -> None:
    async with with_settings(tmp_path, "theme = 'inky'\n") as (driver, settings):
        assert driver.app.theme == "ink"
        assert "There is no theme 'inky'" in "\n".join(driver.messages)
        assert settings.values.theme == "inky"
        driver.app.theme = "dracula"
        await driver.settle()
        assert settings.values.theme == "dracula"


async def test_without_colours_there_is_one_theme_and_what_was_set_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with with_settings(tmp_path, "theme = 'paper'\n") as (driver, settings):
        await driver.open("autograd/twice")
        colours = {
            colour
            for strip in driver.app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None
            for colour in (segment.style.color, segment.style.bgcolor)
            if colour is not None and not colour.is_default
        }
        assert not colours
        driver.app.theme = "dracula"
        await driver.settle()
        assert driver.app.theme == "terminal"
        assert settings.values.theme == "paper"


async def test_ascii_draws_every_screen_in_ascii(tmp_path: Path) -> None:
    async with with_settings(tmp_path, "glyphs = 'ascii'\n") as (driver, _):
        assert driver.text.isascii()
        await driver.open("autograd/twice")
        await driver.press("f5")
        await driver.finish_run()
        assert "x x.grad" in driver.text
        assert driver.text.isascii()


async def test_reduced_motion_stops_what_blinks_and_glides(tmp_path: Path) -> None:
    async with with_settings(tmp_path, "motion = 'reduced'\n") as (driver, _):
        await driver.open("autograd/twice")
        assert driver.app.animation_level == "none"
        assert not driver.lesson.desk.editor.cursor_blink


async def test_hidden_shapes_stay_hidden(tmp_path: Path) -> None:
    async with with_settings(tmp_path) as (driver, _):
        await driver.open("autograd/twice")
        await driver.press("f9")
    async with with_settings(tmp_path) as (driver, _):
        await driver.open("autograd/twice")
        assert not driver.lesson.desk.editor.with_ribbon


# ---- keys ---------------------------------------------------------------------------------------------------------


async def test_another_key_is_given_on_the_page_and_named_everywhere(tmp_path: Path) -> None:
    async with with_settings(tmp_path) as (driver, settings):
        await driver.open("autograd/twice")
        await driver.press("f12", "k")
        assert isinstance(driver.app.screen, KeyChanges)
        commands = driver.app.screen.query_one(OptionList)
        commands.highlighted = commands.get_option_index("lesson.run")
        await driver.press("enter", "f2")
        assert "F2 is taken: Hint." in driver.text
        await driver.press("enter", "a")
        assert "A is needed for typing" in driver.text
        await driver.press("enter", "ctrl+e")
        assert settings.values.keys == {"lesson.run": "ctrl+e"}
        await driver.press("escape", "escape")
        assert "^E Run" in driver.bottom
        await driver.press("ctrl+e")
        await driver.finish_run()
        assert driver.examiner.codes
        before = len(driver.examiner.codes)
        await driver.press("f5")
        await driver.finish_run()
        assert len(driver.examiner.codes) == before
    async with with_settings(tmp_path) as (driver, settings):
        await driver.open("autograd/twice")
        assert "^E Run" in driver.bottom
        assert "Press ^E to run your code." in driver.text
        await driver.press("f12", "k")
        commands = driver.app.screen.query_one(OptionList)
        commands.highlighted = commands.get_option_index("lesson.run")
        await driver.press("delete", "escape", "escape")
        assert settings.values.keys == {}
        assert "F5 Run" in driver.bottom


def test_every_key_that_texts_name_is_the_first_of_its_command() -> None:
    from tutor.keys import SPOKEN_OF, key_name

    commands = all_commands()
    assert {name: key_name(commands[command].keys[0]) for name, command in SPOKEN_OF.items()} == {
        name: name for name in SPOKEN_OF
    }


def test_no_two_commands_have_a_key_where_both_hold() -> None:
    assert not problems({command.id: ",".join(command.keys) for command in all_commands().values()})


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"lesson.rnu": "f9"}, "keys: there is no command “lesson.rnu”; did you mean “lesson.run”?"),
        ({"lesson.run": "f5,f55"}, "keys, “lesson.run”: “f55” is the name of no key"),
        ({"lesson.run": "hyper+ctrl+q"}, ""),
        ({"lesson.run": "f1"}, "F1 is taken: Help."),
        ({"lesson.run": "x"}, "X is needed for typing"),
        ({"map.reset": "x"}, ""),
        ({"map.reset": "slash"}, "/ is taken: Search."),
        ({"lesson.run": "f2", "lesson.hint": "f5"}, ""),
    ],
)
def test_keys_of_a_file_are_looked_at(given: dict[str, str], told: str) -> None:
    found = problems(given)
    assert any(told in problem for problem in found) if told else not found


async def test_keys_that_can_not_be_had_are_told_at_the_start(tmp_path: Path) -> None:
    async with with_settings(tmp_path, "[keys]\n'lesson.run' = 'f2'\n") as (driver, _):
        await driver.app.workers.wait_for_complete([w for w in driver.app.workers if w.group == "preload"])
        await driver.settle()
        assert "keys, “lesson.run”: F2 is taken: Hint." in driver.messages


def test_a_key_has_the_name_that_it_was_given() -> None:
    assert key("F5") == "F5"
    remember({"lesson.run": "ctrl+e,f9"})
    assert key("F5") == "^E"
    assert key("Enter") == "Enter"


# ---- sizes --------------------------------------------------------------------------------------------------------


def shares(driver: Driver) -> tuple[int, int]:
    """The page's share of the width and the editor's of the height, in percent."""
    desk, page = driver.lesson.desk, driver.lesson.page
    high = desk.editor.region.height + desk.results.region.height
    return round(100 * page.region.width / driver.app.size.width), round(100 * desk.editor.region.height / high)


async def test_keys_move_the_borders_and_the_next_start_has_them_there(tmp_path: Path) -> None:
    async with with_settings(tmp_path) as (driver, _):
        await driver.open("autograd/twice")
        width, height = shares(driver)
        await driver.press("alt+comma", "alt+comma", "alt+equals_sign")
        narrower, higher = shares(driver)
        assert narrower < width
        assert higher > height
    async with with_settings(tmp_path) as (driver, _):
        await driver.open("autograd/twice")
        assert shares(driver) == (narrower, higher)


async def test_the_mouse_moves_the_borders(tmp_path: Path) -> None:
    async with with_settings(tmp_path) as (driver, settings):
        await driver.open("autograd/twice")
        border = driver.lesson.desk.region.x
        await driver.pilot.mouse_down(offset=(border, 20))
        await driver.pilot.hover(offset=(80, 20))
        await driver.pilot.mouse_up(offset=(80, 20))
        await driver.settle()
        assert driver.lesson.desk.region.x == 80
        line = driver.lesson.desk.results.tab_line.region
        await driver.pilot.mouse_down(offset=(line.x + 2, line.bottom - 1))
        await driver.pilot.hover(offset=(100, 25))
        await driver.pilot.mouse_up(offset=(100, 25))
        await driver.settle()
        assert abs(driver.lesson.desk.results.tab_line.region.bottom - 1 - 25) <= 1
        kept = SettingsFile(settings.path).values
        assert kept.page_width == 67
        assert kept.editor_height > 50


async def test_a_narrow_window_has_its_own_sizes(tmp_path: Path) -> None:
    async with with_settings(tmp_path, "page_width = 30\n", NARROW) as (driver, _):
        await driver.open("autograd/twice")
        assert driver.lesson.page.region.width == NARROW[0]
        await driver.press("f6")
        assert driver.lesson.desk.region.width == NARROW[0]
        await driver.pilot.resize_terminal(*WIDE)
        await driver.settle()
        assert shares(driver)[0] == 30
