"""`torch-tutor test FILE… [LESSON/STEP]`: prove courses: what must pass does, and what must fail fails as declared."""

from __future__ import annotations

import argparse
import asyncio
import difflib
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from tutor.cli import FINDINGS, FINE, UsageError
from tutor.cli.common import reading
from tutor.cli.proofs import Printer, printer_of
from tutor.cli.session import place_of
from tutor.lessons.model import AnyStep, Lesson
from tutor.proving.prove import Plan, prove
from tutor.proving.source import Source, read_source
from tutor.runtime.client import Runtime, RuntimeFault

Work = tuple[Source, Lesson, AnyStep]


def main(options: argparse.Namespace) -> int:
    """Read the courses, prove the steps, print what was found."""
    if not 1 <= options.seeds <= 100:
        raise UsageError("--seeds takes a number from 1 to 100")
    if not 1 <= options.jobs <= 64:
        raise UsageError("--jobs takes a number from 1 to 64")
    files, names = words(options.what)
    sources = [reading(file, read_source) for file in files] or [reading(None, read_source)]
    work = chosen(sources, names)
    printer = printer_of(options.format, sys.stdout)
    try:
        return asyncio.run(_session(work, options, printer))
    except RuntimeFault as fault:
        raise UsageError(f"{fault}\n`torch-tutor doctor` says what this machine allows.") from None


def words(what: Sequence[str]) -> tuple[list[Path], list[str]]:
    """The files and the names of lessons and steps among the words of the command line."""
    files = [word for word in what if Path(word).exists() or word.endswith((".yaml", ".yml", ".zip"))]
    return [Path(file) for file in files], [word for word in what if word not in files]


def chosen(sources: Sequence[Source], names: Sequence[str]) -> list[Work]:
    """The steps that LESSON and LESSON/STEP name, in the order of the courses; all where nothing is named."""
    work = [(source, lesson, step) for source in sources for lesson in source.course.lessons for step in lesson.steps]
    known = {name for _, lesson, step in work for name in (lesson.id, f"{lesson.id}/{step.id}")}
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.4)
            ask = f"did you mean {near[0]}?" if near else "name it as LESSON or LESSON/STEP."
            raise UsageError(f"there is no file, lesson or step {name!r}; {ask}")
    asked = set(names)
    return [one for one in work if not asked or asked & {one[1].id, f"{one[1].id}/{one[2].id}"}]


async def _session(work: Sequence[Work], options: argparse.Namespace, printer: Printer) -> int:
    """Prove on several runtimes; each proof is printed as soon as its turn comes."""
    place = place_of(options)
    sklearn = any(lesson.requires.sklearn for _, lesson, _ in work)
    plan = Plan(seeds=options.seeds, mutate=options.mutate)
    passed = True
    async with AsyncExitStack() as stack:
        runtimes = [
            await stack.enter_async_context(Runtime(level=place.level, device=place.device, sklearn=sklearn))
            for _ in range(max(1, min(options.jobs, len(work))))
        ]
        number = 0
        async for proof in prove([(lesson, step) for _, lesson, step in work], runtimes, plan):
            source = work[number][0]
            printer.add(proof, source)
            passed = passed and proof.passed
            number += 1
    printer.end()
    return FINE if passed else FINDINGS
