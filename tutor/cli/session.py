"""Running something on a runtime from a command, with Ctrl+C ending the run and nothing left behind."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from tutor.cli import UsageError
from tutor.lessons.model import Course
from tutor.lessons.versions import allows, installed
from tutor.runtime.protocol import ANYWHERE, Level, Place

if TYPE_CHECKING:  # opening the tutor reads this module, and loads the runtime only after its first paint
    from tutor.runtime.client import Runtime

T = TypeVar("T")


def place_of(options: argparse.Namespace) -> Place:
    """Where `--runtime` and `--device` ask code to run."""
    return Place(level=Level.SPARE if options.runtime == "spawn" else None, device=options.device)


def require_torch(course: Course) -> None:
    """An error where the torch that is installed is none of those that the course works with."""
    version = installed()
    if version and not allows(course.requires, version):
        raise UsageError(
            f"this course needs torch {course.requires}, and torch {version} is installed."
            f'\nInstall another one: python -m pip install "torch{course.requires}"'
        )


def with_runtime(
    work: Callable[[Runtime], Awaitable[T]], place: Place = ANYWHERE, *, sklearn: bool = False, strict: bool = True
) -> T:
    """Start a runtime, do the work, end it; Ctrl+C stops the run, so that its report still comes.

    Without `strict`, a level or device that can't be had is a warning on standard error.
    """
    from tutor.runtime.client import Runtime, RuntimeFault

    async def session() -> T:
        async with Runtime(level=place.level, device=place.device, sklearn=sklearn, strict=strict) as runtime:
            warning = (await runtime.start()).warning
            if warning:
                print(f"torch-tutor: {warning}", file=sys.stderr)
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, runtime.stop)
            return await work(runtime)

    try:
        return asyncio.run(session())
    except RuntimeFault as fault:
        raise UsageError(f"{fault}\n`torch-tutor doctor` says what this machine allows.") from None
