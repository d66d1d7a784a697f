"""Somebody who presses anything: seeded random keys, words, pastes, clicks and sizes, and what must hold all the while.

`python -m tests.app.walker --minutes 30 --seed 1` walks through the bundled course with the real runtime.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual import events
from textual.errors import NoWidget
from textual.pilot import Pilot

from tutor.app import TutorApp
from tutor.lessons.model import Course, OrderStep, StepRef
from tutor.progress import Progress
from tutor.screens.keymap import all_commands
from tutor.screens.workspace import Workspace
from tutor.settings import SettingsFile

NOT_PRESSED = {"ctrl+q", "ctrl+o", "f8", "ctrl+c"}
"""They leave the program, or open another one."""
EDITING = (
    *("left", "right", "up", "down", "home", "end", "pageup", "pagedown", "tab", "shift+tab", "enter", "backspace"),
    *("delete", "ctrl+z", "ctrl+y", "ctrl+w", "ctrl+k", "ctrl+a", "ctrl+x", "ctrl+v", "shift+up", "shift+right"),
    *("escape", "escape", "space", "1", "2", "3", "y", "n", "slash", "at", "left_square_bracket"),
)
WORDS = (
    "x = torch.ones(2, 3)\n",
    "for i in range(3):\n",
    "loss.backward()",
    "print(x)",
    "é漢字",
    "'''",
    "((",
    "\t",
    "#",
)
PASTES = ("y = 1\n", "漢字 😀 e\u0301\n", "\x1b[31mred\x1b[0m", "a\r\nb\r\n", "")
SIZES = ((80, 24), (120, 36), (200, 60), (60, 18), (40, 10), (100, 30), (99, 29), (61, 19))


class Broken(AssertionError):
    """Something that must hold did not."""


class Walker:
    """Walks about in an app, and knows what every draft should be."""

    def __init__(self, app: TutorApp, pilot: Pilot[Any], seed: int, drafts: dict[StepRef, str]) -> None:
        self.app, self.pilot, self.drafts = app, pilot, drafts
        self.random = random.Random(seed)
        self.keys = [key for each in all_commands().values() for key in each.keys if key not in NOT_PRESSED]
        self.did: Counter[str] = Counter()
        self.last: list[str] = []
        self._here: StepRef | None = None
        self._follow_resets()

    def _follow_resets(self) -> None:
        progress = self.app.services.progress
        step, lesson = progress.reset_step, progress.reset_lesson

        def reset_step(ref: StepRef) -> None:
            self.drafts.pop(ref, None)
            self._here = None
            step(ref)

        def reset_lesson(lesson_id: str) -> None:
            for ref in [ref for ref in self.drafts if ref.lesson == lesson_id]:
                del self.drafts[ref]
            self._here = None
            lesson(lesson_id)

        progress.reset_step, progress.reset_lesson = reset_step, reset_lesson  # type: ignore[method-assign]

    # ---- what is done -------------------------------------------------------------------------------------------

    async def go(self, until: Callable[[], bool]) -> None:
        """Do one thing after the other."""
        ways = ((self.press, 40), (self.edit, 30), (self.type, 10), (self.paste, 3), (self.click, 12), (self.resize, 3))
        ways = (*ways, (self.scroll, 2), (self.run, 5))
        while not until():
            [way] = self.random.choices([way for way, _ in ways], [weight for _, weight in ways])
            self.did[way.__name__] += 1
            await way()
            await self.look()

    def _note(self, what: str) -> None:
        self.last = [*self.last[-40:], what]

    async def _send(self, *keys: str) -> None:
        """Keys as they come from somebody who does not wait for what they do."""
        for key in keys:
            named = {"space": " ", "slash": "/", "at": "@", "left_square_bracket": "["}
            self.app.post_message(events.Key(key, named.get(key, key if len(key) == 1 else None)))
        await self.pilot.pause()

    async def press(self) -> None:
        """Any key that has a command."""
        key = self.random.choice(self.keys)
        self._note(key)
        await self._send(key)

    async def edit(self) -> None:
        """A few keys that edit and move."""
        keys = self.random.choices(EDITING, k=self.random.randint(1, 4))
        self._note(" ".join(keys))
        await self._send(*keys)

    async def type(self) -> None:
        """A word, as fast as it comes."""
        word = self.random.choice(WORDS)
        self._note(f"type {word!r}")
        await self._send(*({"\n": "enter", "\t": "tab", " ": "space"}.get(each, each) for each in word))

    async def paste(self) -> None:
        """Anything, now and then very much."""
        text = self.random.choice(PASTES) * (500 if self.random.random() < 0.05 else 1)
        self._note(f"paste {len(text)}")
        self.app.post_message(events.Paste(text))
        await self.pilot.pause()

    async def click(self) -> None:
        """Anywhere."""
        at = self.random.randrange(self.app.size.width), self.random.randrange(self.app.size.height)
        self._note(f"click {at}")
        with contextlib.suppress(NoWidget):
            await self.pilot.click(offset=at, times=self.random.choice((1, 1, 1, 2)))

    async def scroll(self) -> None:
        """The wheel."""
        at = self.random.randrange(self.app.size.width), self.random.randrange(self.app.size.height)
        self._note(f"scroll {at}")
        for kind in self.random.choices((events.MouseScrollDown, events.MouseScrollUp), k=3):
            self.app.screen._forward_event(
                kind(self.app.screen, *at, 0, 0, 0, False, False, False, screen_x=at[0], screen_y=at[1])
            )
        await self.pilot.pause()

    async def resize(self) -> None:
        """Another window."""
        size = self.random.choice(SIZES)
        self._note(f"resize {size}")
        await self.pilot.resize_terminal(*size)

    async def run(self) -> None:
        """Run, and do not wait."""
        self._note("f5")
        await self._send("f5")

    # ---- what holds ---------------------------------------------------------------------------------------------

    async def look(self) -> None:
        """Nothing broke, and the draft is what it was made."""
        if self.app._exception is not None:
            raise Broken(f"after {self.last}") from self.app._exception
        for notification in self.app._notifications:
            if "failed" in notification.title or "met a fault" in notification.message:
                raise Broken(f"{notification.title}: {notification.message} after {self.last}")
        if sum(isinstance(screen, Workspace) for screen in self.app.screen_stack) > 1:
            raise Broken(f"a step is open twice after {self.last}")
        await self._look_at_draft()

    async def _look_at_draft(self) -> None:
        screen = next((each for each in self.app.screen_stack if isinstance(each, Workspace)), None)
        if screen is None or not screen.is_mounted or not screen.query("CodeDesk") or screen.desk.ref is None:
            self._here = None
            return
        ref, text = screen.desk.ref, screen.desk.text
        if self._here != ref and ref in self.drafts and not isinstance(screen.desk.step, OrderStep):
            kept = self.app.services.progress.draft(ref)
            if self.drafts[ref] not in (text, kept):
                raise Broken(f"{ref} was left as {self.drafts[ref]!r} and is {text!r}, after {self.last}")
        self._here = ref
        self.drafts[ref] = text


async def walk(
    make: Callable[[], TutorApp], seed: int, drafts: dict[StepRef, str], until: Callable[[], bool]
) -> Counter[str]:
    """Walk in an app until it is enough, and leave it as a learner does; what was done, by its kind."""
    app = make()
    app.animation_level = "none"
    async with app.run_test(size=(120, 36)) as pilot:
        walker = Walker(app, pilot, seed, drafts)
        await walker.go(until)
        for screen in app.screen_stack:
            if isinstance(screen, Workspace):
                screen.flush()
        for ref, text in drafts.items():
            kept = app.services.progress.draft(ref)
            if kept is not None and kept != text:
                raise Broken(f"{ref} is kept as {kept!r}, and was {text!r}")
        await app.services.runtime.close()
    return walker.did


def main() -> None:
    """A long walk with the real runtime."""
    from tutor.lessons.load import load_course

    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    course: Course = load_course(Path(__file__).parents[2] / "lessons.yaml")
    with tempfile.TemporaryDirectory() as home:
        os.environ["TORCH_TUTOR_HOME"] = home
        file = Path(home, "progress.sqlite3")
        ends = time.monotonic() + 60 * options.minutes

        def make() -> TutorApp:
            return TutorApp(course, Progress(file, course.id), settings=SettingsFile(Path(home, "settings.toml")))

        drafts: dict[StepRef, str] = {}
        seed, did = options.seed, Counter[str]()
        while time.monotonic() < ends:
            leaves = min(ends, time.monotonic() + 120)
            did += asyncio.run(walk(make, seed, drafts, lambda: time.monotonic() > leaves))  # noqa: B023
            seed += 1000
            print(f"{did.total()} things done: {dict(did)}", flush=True)


if __name__ == "__main__":
    main()
