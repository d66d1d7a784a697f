"""A few pictures of screens; `pytest --snapshot-update` takes new ones, to be looked at before they are kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.app.fakes import LAB, FakeExaminer, FakeRuntime, course
from tutor.app import TutorApp
from tutor.lessons.model import StepRef
from tutor.progress import Progress

SnapCompare = Callable[..., bool]
Before = Callable[[Pilot[Any]], Awaitable[None]]


@pytest.fixture
def app(tmp_path: Path) -> TutorApp:
    """The app with some progress, and nothing in it that moves."""
    runtime = FakeRuntime()
    progress = Progress(tmp_path / "progress.sqlite3", "fake")
    for step in ("welcome", "more"):
        progress.mark_passed(StepRef("tensors", step))
    progress.mark_passed(StepRef("autograd", "tape"))
    progress.begin(StepRef("autograd", "words"))
    progress.set_position(StepRef("autograd", "words"))
    made = TutorApp(course(), progress, FakeExaminer(runtime), runtime)
    made.animation_level = "none"
    return made


@pytest.fixture
def lab(tmp_path: Path) -> TutorApp:
    """The app on a course of orders and experiments."""
    runtime = FakeRuntime()
    made = TutorApp(LAB, Progress(tmp_path / "progress.sqlite3", "fake"), FakeExaminer(runtime), runtime)
    made.animation_level = "none"
    return made


def opening(step: str, *keys: str, lesson: str = "autograd") -> Before:
    """Open a step, and press keys."""

    async def before(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, TutorApp)
        app.show_step(StepRef(lesson, step))
        for _ in range(4):
            await pilot.pause()
        app.screen.query_one("#editor").cursor_blink = False  # type: ignore[attr-defined]
        for key in keys:
            await pilot.press(key)
            for _ in range(4):
                await pilot.pause()

    return before


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["120x36", "80x24"])
def test_the_map(snap_compare: SnapCompare, app: TutorApp, size: tuple[int, int]) -> None:
    assert snap_compare(app, terminal_size=size)


def test_the_workspace_wide_with_a_failed_check_and_a_hint(snap_compare: SnapCompare, app: TutorApp) -> None:
    assert snap_compare(app, terminal_size=(120, 36), run_before=opening("twice", "f5", "f2"))


def test_the_workspace_narrow_with_a_failed_check(snap_compare: SnapCompare, app: TutorApp) -> None:
    assert snap_compare(app, terminal_size=(80, 24), run_before=opening("twice", "f6", "f5"))


def test_a_question_answered(snap_compare: SnapCompare, app: TutorApp) -> None:
    assert snap_compare(app, terminal_size=(80, 24), run_before=opening("which", "2"))


def test_lines_in_order(snap_compare: SnapCompare, lab: TutorApp) -> None:
    keys = ("f6", "down", "space", "alt+down", "f5")
    assert snap_compare(lab, terminal_size=(80, 24), run_before=opening("order", *keys, lesson="lab"))


def test_an_experiment_with_three_curves(snap_compare: SnapCompare, lab: TutorApp) -> None:
    keys = ("f5", "right", "f5", "right", "f5")
    assert snap_compare(lab, terminal_size=(120, 36), run_before=opening("rates", *keys, lesson="lab"))


def test_a_question_of_an_experiment(snap_compare: SnapCompare, lab: TutorApp) -> None:
    keys = ("f6", "f5", "right", "f5", "alt+q", "1")
    assert snap_compare(lab, terminal_size=(80, 24), run_before=opening("rates", *keys, lesson="lab"))
