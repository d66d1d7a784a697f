"""`torch-tutor doctor`: what works on this machine, whether its sandbox holds, and what to do where it does not."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from tutor import __version__, paths
from tutor.cli import FINDINGS, FINE
from tutor.cli.common import print_json
from tutor.cli.doctor_text import Progress, print_found
from tutor.cli.session import place_of
from tutor.runtime import canaries, levels, machine, primitives, trial
from tutor.runtime.client import Runtime, RuntimeFault
from tutor.runtime.machine import Machine
from tutor.runtime.outcomes import sentence
from tutor.runtime.protocol import Job, Level, Limits, Outcome, Report, RuntimeInfo

TRIAL = "import torch\nx = torch.ones(2, 3, requires_grad=True)\n(x * 2).sum().backward()\n"
"""What the doctor runs, to see that a run works from end to end."""


class Examined(msgspec.Struct, kw_only=True):
    """What was found on one machine."""

    here: Machine
    primitives: tuple[primitives.Primitive, ...]
    failures: dict[Level, str] = {}
    """For each level that can't be had, why."""
    info: RuntimeInfo | None = None
    fault: str = ""
    """Why nothing can be run at all."""
    report: Report | None = None
    canaries: tuple[canaries.Verdict, ...] = ()


def main(options: argparse.Namespace) -> int:
    """Look, run one trial in the sandbox, attack it, print."""
    asked = None if options.level is None else Level(options.level)
    here, place = machine.look(), place_of(options)
    examined = Examined(here=here, primitives=primitives.probe(here))  # it forks: before there is an event loop
    progress = Progress(sys.stderr)

    async def session() -> None:
        async with Runtime(level=asked or place.level, device=place.device) as runtime:
            await examine(runtime, examined, progress)

    try:
        asyncio.run(session())
    finally:
        progress.clear()
    found = as_json(examined, asked)
    if options.json:
        print_json(found)
    else:
        print_found(found)
    return FINE if found["ok"] else FINDINGS


async def examine(runtime: Runtime, examined: Examined, progress: Progress) -> None:
    """Start the runtime, meanwhile ask every level whether it stands; then a trial run, then the canaries."""
    starting = asyncio.create_task(runtime.start())
    asking = asyncio.gather(*map(trial.why_not, Level))
    began = time.monotonic()
    while not starting.done():
        progress.show(f"loading torch … {time.monotonic() - began:.1f} s")
        await asyncio.wait([starting], timeout=progress.TICK_S)
    examined.failures = {level: why for level, why in zip(Level, await asking, strict=True) if why}
    try:
        started = await starting
    except RuntimeFault as fault:
        examined.fault = str(fault)
        return
    examined.info = started
    examined.failures.pop(started.level, None)
    progress.show("a trial run …")
    examined.report = await runtime.run(Job(code=TRIAL))
    if examined.report.outcome is not Outcome.FINISHED:
        return  # nothing else would run either

    def on_progress(done: int) -> None:
        progress.show(f"the sandbox is attacked … {done} of {len(canaries.NAMES)}")

    on_progress(0)
    kept = [path for path in paths.cache_dir().rglob("*") if path.is_file()] if paths.cache_dir().is_dir() else []
    examined.canaries = await canaries.release(runtime, kept, on_progress)


# ---- as data ----------------------------------------------------------------------------------------------------


def as_json(examined: Examined, asked: Level | None) -> dict[str, Any]:
    """Everything, as `doctor --json` prints it."""
    info, report = examined.info, examined.report
    data = writable(paths.data_dir())
    works = report is not None and report.outcome is Outcome.FINISHED
    return {
        "ok": works
        and data["writable"]
        and bool(examined.canaries)
        and all(canary.holds for canary in examined.canaries),
        "tutor": __version__,
        "python": info.python_version if info else platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "container": examined.here.container or None,
        "torch": info.torch_version if info else None,
        "torch_load_s": round(info.load_s, 2) if info else None,
        "devices": list(info.devices) if info else [],
        "terminal": terminal(),
        "data": data,
        "cache": writable(paths.cache_dir()),
        "level": info.level if info else None,
        "asked": asked or os.environ.get("TORCH_TUTOR_LEVEL") or None,
        "fault": fault_json(examined, asked),
        "protections": [msgspec.to_builtins(one) for one in info.protections] if info else [],
        "levels": [level_json(level, examined) for level in Level],
        "primitives": [msgspec.to_builtins(one) for one in examined.primitives],
        "canaries": [msgspec.to_builtins(one) for one in examined.canaries],
        "trial": trial_json(report) if report else None,
    }


def level_json(level: Level, examined: Examined) -> dict[str, Any]:
    """Whether a level can be had, why not, and what to do about that."""
    why = examined.failures.get(level, "")
    return {
        "name": level,
        "works": not why,
        "taken": examined.info is not None and examined.info.level is level,
        "strangers": level in levels.STRANGERS,
        "why": why,
        "fix": levels.how_to_have(level, why, examined.here) if why else "",
    }


def fault_json(examined: Examined, asked: Level | None) -> dict[str, str] | None:
    """Why nothing can be run, with what to do about it where that is known."""
    if not examined.fault:
        return None
    fix = ""
    if "No module named 'torch'" in examined.fault:
        fix = "Install PyTorch into the Python that torch-tutor runs in: `pip install torch`."
    elif asked in examined.failures:
        fix = levels.how_to_have(asked, examined.failures[asked], examined.here)
    return {"why": examined.fault, "fix": fix}


def trial_json(report: Report) -> dict[str, Any]:
    """How the trial run went."""
    return {"outcome": report.outcome, "seconds": report.wall_s, "says": sentence(report, Limits())}


def terminal() -> dict[str, Any]:
    """What is known of the terminal without asking it."""
    size = shutil.get_terminal_size()
    return {
        "interactive": sys.stdin.isatty() and sys.stdout.isatty(),
        "columns": size.columns,
        "lines": size.lines,
        "term": os.environ.get("TERM", ""),
        "colours": "truecolor" if os.environ.get("COLORTERM") in ("truecolor", "24bit") else "as TERM says",
        "no_color": "NO_COLOR" in os.environ,
        "encoding": sys.stdout.encoding,
    }


def writable(folder: Path) -> dict[str, Any]:
    """Whether something can be kept in a folder, which need not exist yet."""
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return {"path": str(folder), "writable": nearest.is_dir() and os.access(nearest, os.W_OK)}
