"""Where the programs are let loose: a runtime at one level, with bait around it, and what is looked at after each."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from tests.runtime.escapes import processes_seen
from tests.runtime.escapes.bait import Bait
from tests.runtime.escapes.escape import Escape, value_of
from tests.runtime.escapes.preamble import preamble
from tutor.runtime.client import Runtime
from tutor.runtime.outcomes import sentence
from tutor.runtime.protocol import Job, Level, Outcome, Report, ValueProbe

_LOOK_S, _PATIENCE_S = 0.02, 10.0
_LATE_S = 8.0
"""How much longer than its time a run may take on a busy machine."""
_RAW = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Trial(msgspec.Struct, frozen=True):
    """What came of one program at one level."""

    family: str
    tries: str
    level: str
    outcome: str
    problems: tuple[str, ...] = ()


class Ring:
    """A runtime at one level, for one program after the other."""

    def __init__(self, level: Level, runtime: Runtime, folder: Path) -> None:
        self.level = level
        self.runtime = runtime
        self._folder = folder
        self._bait = Bait()
        self._setup = preamble(self._bait.names())
        self._at_rest: tuple[int, int] = (0, 0)

    @classmethod
    async def opened(cls, level: Level) -> Ring:
        """A ring whose runtime is warm; RuntimeFault where the level can't be had."""
        folder, before = Path(tempfile.mkdtemp(prefix="torch-tutor-ring-")), os.environ.get("TMPDIR")
        folder.chmod(0o711)
        os.environ["TMPDIR"] = str(folder)  # what the runtime puts on a disk, and the mark of all its processes
        runtime = Runtime(level=level)
        try:
            await runtime.start()
        except BaseException:
            await runtime.close()
            shutil.rmtree(folder)
            raise
        finally:
            if before is None:
                del os.environ["TMPDIR"]
            else:
                os.environ["TMPDIR"] = before
        ring = cls(level, runtime, folder)
        await ring.report_of("x = 1")
        ring._at_rest = await ring._settled()
        return ring

    async def close(self) -> tuple[str, ...]:
        """End everything; what is left of it."""
        await self.runtime.close()
        left = processes_seen.marked(str(self._folder))
        files = sorted(entry.name for entry in self._folder.iterdir())
        self._bait.close()
        shutil.rmtree(self._folder)
        problems = [f"{entry} is left in the folder for temporary files" for entry in files]
        return (*problems, f"left after the end: {processes_seen.described(left)}") if left else tuple(problems)

    async def report_of(self, code: str, **fields: Any) -> Report:
        """The report of a run."""
        return await self.runtime.run(Job(code=code, probes=(ValueProbe("x", "x"),), **fields))

    async def let_loose(self, escape: Escape) -> Report:
        """The report of a program, the bait laid out for it."""
        return await self.report_of(escape.code, limits=escape.limits, setup=self._setup + escape.setup)

    async def tried(self, family: str, escape: Escape) -> Trial:
        """Run a program, then look what it did."""
        report = await self.let_loose(escape)
        problems = [*_wrong(escape, report), *self._bait.harm()]
        if self._bait.secret_text.encode() in msgspec.msgpack.encode(report):
            problems.append("the secret was read")
        after = await self.report_of("x = 6 * 7")
        if (after.outcome, value_of(after)) != (Outcome.FINISHED, 42):
            problems.append(f"the next run was {after.outcome}: {after.detail}")
        problems += await self._remains()
        return Trial(family, escape.tries, self.level.value, report.outcome.value, tuple(problems))

    # ---- what is left -------------------------------------------------------------------------------------------

    def _processes(self) -> set[int]:
        return processes_seen.marked(str(self._folder)) | self._below()

    def _below(self) -> set[int]:
        known = processes_seen.marked(str(self._folder)) & processes_seen.below(os.getpid())
        return known | {pid for one in known for pid in processes_seen.below(one)}

    def _counted(self) -> tuple[int, int]:
        return len(self._processes()), sum(len(list(root.iterdir())) for root in self._folder.iterdir())

    async def _settled(self) -> tuple[int, int]:
        """How many processes and scratch folders there are, once that does not change any more."""
        seen = self._counted()
        same = 0
        while same < 15:
            await asyncio.sleep(_LOOK_S)
            now = self._counted()
            seen, same = now, same + 1 if now == seen else 0
        return seen

    async def _remains(self) -> Iterator[str]:
        """What is left of a run when all has come to rest: processes, files."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                while self._counted() != self._at_rest:
                    await asyncio.sleep(_LOOK_S)
        except TimeoutError:
            listed = processes_seen.described(self._processes())
            return iter((f"processes and folders: {self._counted()}, not {self._at_rest}; {listed}",))
        return iter(())


def _wrong(escape: Escape, report: Report) -> Iterator[str]:
    """What is not right about the report itself."""
    if report.outcome not in escape.ends:
        error = report.error.text[-300:] if report.error else report.stderr[-300:]
        yield f"it ended as {report.outcome} ({report.detail} {error})"
    if escape.sees is not None and value_of(report) != escape.sees:
        yield f"it got: {value_of(report)!r:.300}"
    if not escape.shows(report):
        yield f"the report is not as it has to be: {report!r:.600}"
    if report.wall_s > escape.limits.time_s + _LATE_S:
        yield f"it took {report.wall_s:.1f} s"
    if bool(sentence(report, escape.limits)) == (report.outcome is Outcome.FINISHED):
        yield "the learner is not told how it ended"
    yield from (
        f"a raw control character: {text!r:.80}" for text in _texts(msgspec.to_builtins(report)) if _RAW.search(text)
    )


def _texts(value: object) -> Iterator[str]:
    """Every text in a report, names of variables and keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(key)
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)
