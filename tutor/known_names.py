"""What torch and its like hold, for the editor: asked once of a process that has them, for each version, and kept."""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path
from typing import Protocol

import msgspec

import tutor.runtime
from tutor import __version__
from tutor.completion.places import Atlas, read
from tutor.runtime.protocol import Job, Limits, Outcome, Report, RuntimeInfo

PROGRAM = Path(tutor.runtime.__file__).with_name("names_program.py")
MOST_TRIES = 3
"""How often the names are asked for before they are done without."""


class RunsAside(Protocol):
    """What runs the program, as tutor.runtime.client.Runtime does."""

    async def start(self) -> RuntimeInfo: ...  # noqa: D102
    async def run(self, job: Job, *, aside: bool = False) -> Report: ...  # noqa: D102


def names_job() -> Job:
    """The run that lists the names."""
    source = PROGRAM.read_text(encoding="utf-8")
    limits = Limits(time_s=60, cpu_s=60, output_kb=8000)
    return Job(code=source, filename=PROGRAM.name, limits=limits, trace=False, variables=False)


class KnownNames:
    """Finds the atlas of names; nothing that goes wrong on the way is worth a word to the learner."""

    def __init__(self, runtime: RunsAside, cache_dir: Path) -> None:
        self._runtime, self._cache_dir = runtime, cache_dir
        self._tries = 0
        self.atlas: Atlas | None = None
        """None before the names are there."""

    @property
    def wanted(self) -> bool:
        """Whether they are not there, and may still come."""
        return self.atlas is None and self._tries < MOST_TRIES

    async def learn(self) -> None:
        """Have the names, from the cache or from torch; a run that is stopped or fails leaves them for another time."""
        info = await self._runtime.start()
        job = await asyncio.to_thread(names_job)
        key = hashlib.sha256(msgspec.msgpack.encode((job, info.torch_version, info.python_version, __version__)))
        path = self._cache_dir / f"{key.hexdigest()}.names"
        self.atlas = await asyncio.to_thread(_kept, path)
        if self.atlas is None:
            report = await self._runtime.run(job, aside=True)
            if report.outcome is not Outcome.INTERRUPTED:
                self._tries += 1
            if report.outcome is Outcome.FINISHED:
                self.atlas = await asyncio.to_thread(_taken, path, report.stdout)


def _kept(path: Path) -> Atlas | None:
    try:
        return Atlas(read(path.read_bytes()))
    except (OSError, msgspec.MsgspecError):
        return None


def _taken(path: Path, printed: str) -> Atlas | None:
    """The atlas of what was printed, which is kept; a folder that can't be written costs only the next asking."""
    try:
        atlas = Atlas(read(printed))
    except msgspec.MsgspecError:
        return None
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(printed, encoding="utf-8")
        part.replace(path)
    except OSError:
        return atlas
    return atlas
