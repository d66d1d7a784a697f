"""For exported notebooks: cells that are checked by the same core as `torch-tutor check`, with the same words.

    from tutor.notebook import checker
    check = checker("my-course.zip")     # the file of the course; empty for the bundled one
    check("powers/square")               # judges the last cell that ends with "# checked below as powers/square"

The code of the cell runs once more, in the tutor's sandbox; what the notebook itself holds is not looked at.
"""

from __future__ import annotations

import asyncio
import atexit
import builtins
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from tutor import paths
from tutor.cli import UsageError
from tutor.cli.check import print_attempt, setting_of
from tutor.cli.common import course_of, step_of
from tutor.exercise import Attempt, Examiner
from tutor.exports.notebooks import MARK
from tutor.lessons.model import CodeStep
from tutor.runtime.client import Runtime

T = TypeVar("T")


def checker(course: str = "") -> Callable[..., None]:
    """A function that judges cells of a course: the path of its file, empty for the bundled course."""
    from tutor.cli.places import located

    loaded = course_of(located(Path(course)) if course else None)
    background = _Background(sklearn=any(lesson.requires.sklearn for lesson in loaded.lessons))

    def check(name: str, **values: Any) -> None:
        """Run the answer of LESSON/STEP in the sandbox, and print what the checks find; `values` are parameters."""
        try:
            _, step = step_of(loaded, name)
            if not isinstance(step, CodeStep):
                raise UsageError(f"{name} is a {step.kind} step: there is no code to check in it")
            setting = setting_of(step, [f"{key}={value}" for key, value in values.items()])
            code = last_answer(name, cells())
            attempt = background.attempt(lambda examiner: examiner.attempt(step, code, setting=setting))
            print_attempt(step, attempt)
        except UsageError as error:
            print(error)

    return check


def cells() -> list[str]:
    """The cells that ran in this notebook so far."""
    shell = getattr(builtins, "get_ipython", None)
    notebook = shell() if shell is not None else None
    if notebook is None:
        raise UsageError("this works in a notebook only; elsewhere, use `torch-tutor check LESSON/STEP FILE`")
    return [str(cell) for cell in notebook.user_ns.get("In", [])]


def last_answer(name: str, ran: list[str]) -> str:
    """The code of the last cell that ran and is marked as the answer to a step, without its mark."""
    for cell in reversed(ran):
        code, found, rest = cell.rstrip().rpartition(MARK + name)
        if found and not rest:
            return code.rstrip() + "\n"
    raise UsageError(f"run the cell of your answer first: its last line is `{MARK}{name}`")


class _Background:
    """A runtime that stays warm from cell to cell, in a thread with an event loop of its own."""

    def __init__(self, *, sklearn: bool) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="torch-tutor", daemon=True).start()
        self._runtime: Runtime | None = None
        self._sklearn = sklearn
        atexit.register(self._end)

    def attempt(self, work: Callable[[Examiner], Coroutine[Any, Any, Attempt]]) -> Attempt:
        """Do something with an examiner, and wait for it."""

        async def session() -> Attempt:
            if self._runtime is None:
                self._runtime = Runtime(sklearn=self._sklearn)
                await self._runtime.start()
            return await work(Examiner(self._runtime, paths.cache_dir()))

        return self._wait(session())

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _end(self) -> None:
        if self._runtime is not None:
            self._wait(self._runtime.close())
            self._runtime = None
