"""The tour at the first start, and the report of a fault in a step."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.driver import NARROW, tutor
from tests.app.fakes import course, report
from tutor import fault_report
from tutor.fault_report import Found, fault_text
from tutor.lessons.model import StepRef
from tutor.screens.tour import Tour
from tutor.settings import SettingsFile


async def test_the_tour_comes_once_and_has_three_pages(tmp_path: Path) -> None:
    settings = SettingsFile(tmp_path / "settings.toml")
    async with tutor(tmp_path, NARROW, settings=settings, tour=True) as driver:
        for page in ("The map   1 of 3", "A lesson   2 of 3", "When you want help   3 of 3"):
            assert page in driver.text
            await driver.press("enter")
        assert driver.map
    assert not SettingsFile(tmp_path / "settings.toml").values.tour


async def test_the_tour_goes_back_and_can_be_left(tmp_path: Path) -> None:
    async with tutor(tmp_path, NARROW, tour=True) as driver:
        await driver.press("right", "left", "left")
        assert "1 of 3" in driver.text
        await driver.press("escape")
        assert driver.map
        driver.app.action_tour()
        await driver.settle()
        assert isinstance(driver.app.screen, Tour)


async def test_a_fault_is_written_with_what_the_author_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path / "home"))
    async with tutor(tmp_path) as driver:
        await driver.open("autograd/twice")
        await driver.press("f5")
        await driver.finish_run()
        await driver.press("alt+f")
        await driver.type("14 is right")
        await driver.press("enter")
        [path] = (tmp_path / "home" / "faults").iterdir()
        assert str(path) in driver.messages[-1]
        text = path.read_text(encoding="utf-8")
        assert "14 is right" in text
        assert "- Step: autograd/twice (code): Gradients add up" in text
        assert driver.lesson.desk.text.strip() in text
        assert "failed x.grad: got 14, expected 7" in text
        assert "cpu · torch 2.13 · isolated" in text
        await driver.press("alt+f")
        await driver.type("again")
        await driver.press("enter")
        assert len(list(path.parent.iterdir())) == 2


async def test_a_fault_that_was_not_described_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path / "home"))
    async with tutor(tmp_path) as driver:
        await driver.open("autograd/which")
        await driver.press("alt+f", "enter", "escape")
        assert not (tmp_path / "home").exists()


async def test_a_place_that_can_not_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").write_text("a file, where a folder is wanted", encoding="utf-8")
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path / "home"))
    async with tutor(tmp_path) as driver:
        await driver.open("autograd/which")
        await driver.press("alt+f", "x", "enter")
        assert "The file could not be written" in driver.messages[-1]


def text_of(found: Found) -> str:
    made, ref = course(), StepRef("autograd", "twice")
    return fault_text(made, ref, made.lesson("autograd").step("twice"), found)


def test_a_report_names_no_path_of_the_machine() -> None:
    assert "/" not in text_of(Found(words="wrong")).replace("autograd/twice", "")


def test_code_with_fences_stays_one_block() -> None:
    text = text_of(Found(words="wrong", code='"""\n```\n````\n"""'))
    assert "`````python\n" in text


def test_only_the_end_of_a_long_output_is_told() -> None:
    long = "\n".join(f"line {number}" for number in range(100))
    text = text_of(Found(words="wrong", report=report(stdout=long)))
    assert "… 80 lines …" in text
    assert "line 99" in text
    assert "line 79" not in text


def test_each_report_has_a_name_of_its_own(tmp_path: Path) -> None:
    ref = StepRef("autograd", "twice")
    names = {fault_report.write(tmp_path, ref, "text") for _ in range(3)}
    assert len(names) == 3
