"""`torch-tutor watch`: a file for each step, checked at every save, and never overwritten."""

from __future__ import annotations

import asyncio
import io
import os
import signal
from pathlib import Path

import pytest

from tests.exports.course import made
from tutor.cli import FINE, INTERRUPTED, USAGE, main
from tutor.cli.common import course_of, progress_of
from tutor.cli.watch import Watch, _from
from tutor.lessons.model import Course, StepRef
from tutor.progress import State
from tutor.runtime.client import Runtime

PATIENCE_S = 60.0


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A course, and an empty folder to work in."""
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path / "home"))
    loaded = course_of(made(tmp_path / "source"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return loaded


class Heard(io.StringIO):
    """Standard output that can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._more = asyncio.Event()
        self._from = 0

    def write(self, text: str) -> int:
        self._more.set()
        return super().write(text)

    async def until(self, words: str) -> None:
        """Wait for words after those that were waited for before."""
        async with asyncio.timeout(PATIENCE_S):
            while (found := self.getvalue().find(words, self._from)) < 0:
                self._more.clear()
                await self._more.wait()
        self._from = found + len(words)


def watched(
    course: Course, monkeypatch: pytest.MonkeyPatch, first: StepRef | None, *saves: tuple[str, str, str]
) -> tuple[int, str]:
    """The exit code and what was printed, when files are saved: name, text, and the words to wait for before it."""
    progress = progress_of(course)
    out = Heard()
    monkeypatch.setattr("sys.stdout", out)

    async def session() -> int:
        async with Runtime() as runtime:
            await runtime.start()
            watch = asyncio.create_task(
                Watch(runtime, progress, Path.cwd()).through(list(_from(course, progress, first)))
            )
            for name, text, words in saves:
                await out.until(words)
                if name:
                    Path(name).write_text(text)
                else:
                    os.kill(os.getpid(), signal.SIGINT)
            return await asyncio.wait_for(watch, PATIENCE_S)

    try:
        code = asyncio.run(session())
    finally:
        progress.close()
    return code, out.getvalue()


def test_a_wrong_save_is_told_a_right_one_leads_on_to_the_end(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = watched(
        course,
        monkeypatch,
        None,
        ("square.py", "y = torch.sqrt(x)\n", "Wrote square.py"),
        ("square.py", "y = x * x\n", "The root goes the other way."),
        ("own.py", "z = [1, 2, 5]\n", "Wrote own.py"),
        ("rates.py", "losses = [rate**n for n in range(3)]\n", "Wrote rates.py"),
    )
    assert code == FINE
    assert "That was the last step." in said
    progress = progress_of(course)
    assert progress.state(StepRef("powers", "own")) is State.PASSED
    assert progress.attempts(StepRef("powers", "square")) == 2
    progress.close()


def test_a_file_that_is_there_is_checked_at_once_and_stays(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("square.py").write_text("y = x + x\n")
    code, said = watched(course, monkeypatch, StepRef("powers", "square"), ("", "", "expected"))
    assert code == INTERRUPTED
    assert "Watching square.py" in said
    assert Path("square.py").read_text() == "y = x + x\n"


def test_what_can_not_be_watched_is_told(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "powers/nothing", "--course", str(course.path)]) == USAGE
    assert "there is no step" in capsys.readouterr().err
    progress = progress_of(course)
    for name in ("square", "own", "rates"):
        progress.mark_passed(StepRef("powers", name))
    progress.close()
    assert main(["watch", "--course", str(course.path)]) == USAGE
    assert "every step with code is passed" in capsys.readouterr().err
