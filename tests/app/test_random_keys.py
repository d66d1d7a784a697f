"""Random keys, clicks and sizes break nothing and lose no draft."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from tests.app.fakes import LAB, FakeExaminer, FakeRuntime, course
from tests.app.walker import walk
from tutor.app import TutorApp
from tutor.lessons.model import Course, StepRef
from tutor.progress import Progress
from tutor.settings import SettingsFile

STEPS = 120


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_is_pressed_nothing_breaks_and_no_draft_is_lost(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path / "home"))
    made: Course = LAB if seed % 2 else course()

    def make() -> TutorApp:
        runtime = FakeRuntime()
        progress = Progress(tmp_path / "progress.sqlite3", made.id)
        return TutorApp(
            made, progress, FakeExaminer(runtime), runtime, settings=SettingsFile(tmp_path / "settings.toml")
        )

    drafts: dict[StepRef, str] = {}
    for part in range(2):
        steps = count()
        await walk(make, 10 * seed + part, drafts, lambda steps=steps: next(steps) >= STEPS)  # type: ignore[misc]
