"""Every screen in three sizes and two themes, held against the picture that was looked at.

`PICTURES=new python -m pytest tests/app/test_pictures.py` keeps new ones; look at them (`PICTURES=FOLDER` also writes each
as SVG into the folder) before you commit them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from math import cos, hypot, sin
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from tests.app.driver import Driver, tutor
from tests.app.fakes import LAB, course, training
from tests.app.pictures import Screenshot, picture, taken
from tests.app.test_graph import CODE, MORE
from tutor.lessons.model import StepRef
from tutor.progress import Progress
from tutor.runtime.plot import GRID, Plot
from tutor.runtime.protocol import Outcome
from tutor.runtime.values import ErrorReport

KEPT = Path(__file__).with_name("pictures")
SIZES = ((80, 24), (120, 36), (200, 60))
THEMES = ("ink", "paper")

ERROR = ErrorReport(
    type="RuntimeError",
    message="mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)",
    line=3,
    text="  line 3\n    y = x @ w\nRuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)\n",
)

_ANGLES = [0.35 * turn for turn in range(60)]
PLOTS = (
    Plot(
        kind="regions",
        name="after 60 epochs",
        x=tuple(cos(angle) * (1 + turn % 2) for turn, angle in enumerate(_ANGLES)),
        y=tuple(sin(angle) * (1 + turn % 2) for turn, angle in enumerate(_ANGLES)),
        classes=tuple(turn % 2 for turn in range(60)),
        predicted=(*(turn % 2 for turn in range(59)), 0),
        bounds=(-2.2, 2.2, -2.2, 2.2),
        grid=bytes(
            int(hypot(4.4 * (column + 0.5) / GRID[0] - 2.2, 2.2 - 4.4 * (row + 0.5) / GRID[1]) > 1.5)
            for row in range(GRID[1])
            for column in range(GRID[0])
        ),
    ),
    Plot(kind="confusion", counts=((29, 1), (0, 30))),
)

# What is opened, and the keys that lead to the screen; each key is followed by whatever it begins.
SCREENS: dict[str, tuple[str, str]] = {
    "map": ("", ""),
    "map-search": ("", "slash g r a d"),
    "read": ("autograd/words", ""),
    "question": ("autograd/which", ""),
    "question-answered": ("autograd/which", "2"),
    "prediction": ("autograd/shape", "1"),
    "code": ("autograd/twice", "f6"),
    "page": ("autograd/twice", ""),
    "failed-with-a-hint": ("autograd/twice", "f5 f2"),
    "answer": ("autograd/twice", "f3 y"),
    "error": ("autograd/twice", "f5 alt+o"),
    "tensors": ("autograd/twice", "f5 alt+t alt+t"),
    "inspector": ("autograd/twice", "f5 alt+t alt+t enter"),
    "curve": ("autograd/twice", "f5 alt+u"),
    "plots": ("autograd/twice", "f5 alt+p alt+p"),
    "trace": ("autograd/twice", "f5 alt+r alt+r"),
    "graph": ("autograd/twice", "f5 alt+g alt+g"),
    "console": ("autograd/twice", "f5 alt+n x . s h p e enter x"),
    "find": ("autograd/twice", "f6 ctrl+f b a c k"),
    "order": ("lab/order", "f6 down space alt+down f5"),
    "experiment": ("lab/rates", "f5 right f5 right f5"),
    "experiment-question": ("lab/rates", "f6 f5 right f5 alt+q 1"),
    "help": ("autograd/twice", "f1"),
    "history": ("autograd/twice", "f5 f10"),
    "confirm": ("autograd/twice", "f7"),
    "lesson-end": ("autograd/loop", "ctrl+n"),
    "settings": ("autograd/twice", "f12"),
    "keys": ("autograd/twice", "f12 k down down"),
    "fault": ("autograd/twice", "alt+f"),
    "tour": ("", "TOUR"),
    "tour-lesson": ("", "TOUR right"),
    "palette": ("autograd/twice", "ctrl+p h i n"),
}


STILL_S = 0.04
"""What changes after its last message does so within less."""


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The history tells times of the day."""
    monkeypatch.setattr(time, "strftime", lambda *_: "Nov 27  12:00")


def make_progress(home: Path) -> None:
    """Something to see on the map."""
    progress = Progress(home / "progress.sqlite3", "fake")
    for step in ("welcome", "more"):
        progress.mark_passed(StepRef("tensors", step))
    progress.mark_passed(StepRef("autograd", "tape"))
    progress.begin(StepRef("autograd", "words"))
    progress.set_position(StepRef("autograd", "words"))
    progress.close()


def what_runs_find(driver: Driver, name: str) -> None:
    """What the runs of the fake examiner report for a view."""
    if name == "graph":
        driver.examiner.more = dict(MORE)
    if name == "plots":
        driver.examiner.more = {"plots": PLOTS}
    if name == "trace":
        driver.examiner.more = {"trace": training(40, "forward", "backward", "step")}
    if name == "error":
        driver.examiner.outcome = Outcome.RAISED
        driver.examiner.more = {"error": ERROR, "stdout": "shapes are next\n"}


async def lead_to(driver: Driver, name: str, place: str, keys: str) -> None:
    """Open the step, and press the keys."""
    what_runs_find(driver, name)
    if place:
        await driver.open(place)
        if name == "graph":
            driver.lesson.desk.editor.text = CODE
    for key in keys.split():
        if key == "TOUR":
            driver.app.action_tour()
            await driver.settle()
            continue
        await driver.press(key)
        await driver.finish_run()
        await driver._ended("console")
    await driver.settle()
    calm(driver)


def calm(driver: Driver) -> None:
    """Have nothing blink."""
    for widget in driver.app.screen.query("*"):
        if isinstance(widget, TextArea | Input):
            widget.cursor_blink = False


async def pictures(driver: Driver, name: str) -> dict[tuple[int, int], str]:
    """The picture at each size."""
    shots: dict[tuple[int, int], list[Screenshot]] = {size: [] for size in SIZES}
    await driver.pilot.resize_terminal(*SIZES[-1])
    for theme in THEMES:
        await change_theme(driver, theme, name)
        for size in SIZES:
            await driver.pilot.resize_terminal(*size)
            shots[size].append(await at_rest(driver))
            look_at(driver, f"{name}-{size[0]}x{size[1]}-{theme}")
    return {size: picture(each) for size, each in shots.items()}


async def at_rest(driver: Driver) -> Screenshot:
    """The screen, when it does not change any more."""
    await driver.pilot.pause()
    before, shot = None, taken(driver.app)
    while shot != before:
        await driver.pilot.pause(STILL_S)
        before, shot = shot, taken(driver.app)
    return shot


async def change_theme(driver: Driver, theme: str, name: str) -> None:
    """Take another theme; the palette, which is Textual's own, takes its colours when it opens."""
    if name == "palette":
        await driver.press("escape")
    driver.app.theme = theme
    await driver.settle()
    if name == "palette":
        await driver.press(*SCREENS[name][1].split())
        await driver.app.workers.wait_for_complete([w for w in driver.app.workers if w.group == "palette"] or None)
        calm(driver)


def look_at(driver: Driver, name: str) -> None:
    """Write the screen as SVG, where somebody wants to look at it."""
    folder = os.environ.get("PICTURES", "")
    if "/" in folder:
        svg = driver.app.export_screenshot().replace("<text ", '<text xml:space="preserve" ')
        Path(folder, f"{name}.svg").write_text(svg, encoding="utf-8")


@pytest.mark.parametrize("name", SCREENS)
async def test_a_screen_looks_as_it_did_when_it_was_looked_at(name: str, tmp_path: Path) -> None:
    place, keys = SCREENS[name]
    if not place.startswith("lab/"):
        make_progress(tmp_path)
    async with tutor(tmp_path, SIZES[0], made=LAB if place.startswith("lab/") else course()) as driver:
        await lead_to(driver, name, place, keys)
        seen = await pictures(driver, name)
    compare(name, seen)


def compare(name: str, seen: dict[tuple[int, int], str]) -> None:
    """Hold the pictures against those that are kept."""
    for (width, height), text in seen.items():
        kept = KEPT / f"{name}-{width}x{height}.txt"
        if os.environ.get("PICTURES"):
            KEPT.mkdir(exist_ok=True)
            kept.write_text(text, encoding="utf-8")
        assert kept.exists(), f"there is no {kept.name}; PICTURES=new keeps one"
        assert text.splitlines() == kept.read_text(encoding="utf-8").splitlines(), kept.name


def test_no_picture_is_kept_of_a_screen_that_is_no_more() -> None:
    names: Sequence[str] = sorted(f"{name}-{w}x{h}.txt" for name in SCREENS for w, h in SIZES)
    assert sorted(path.name for path in KEPT.iterdir()) == names
