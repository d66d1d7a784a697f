"""`torch-tutor doctor`: what works on this machine, and what to do where something does not."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
from pathlib import Path
from typing import Any

from tutor import __version__, paths
from tutor.cli import FINDINGS, FINE
from tutor.cli.common import print_json
from tutor.cli.session import with_runtime
from tutor.runtime.client import Runtime
from tutor.runtime.outcomes import sentence
from tutor.runtime.protocol import Job, Limits, Outcome, Report, RuntimeInfo

TRIAL = "import torch\nx = torch.ones(2, 3, requires_grad=True)\n(x * 2).sum().backward()\n"
"""What the doctor runs, to see that a run works from end to end."""


def main(options: argparse.Namespace) -> int:
    """Look, run one trial in the sandbox, print."""

    async def work(runtime: Runtime) -> tuple[RuntimeInfo, Report]:
        return await runtime.start(), await runtime.run(Job(code=TRIAL))

    info, report = with_runtime(work)
    found = examine(info, report)
    if options.json:
        print_json(found)
    else:
        print_found(found)
    return FINE if found["ok"] else FINDINGS


def examine(info: RuntimeInfo, report: Report) -> dict[str, Any]:
    """Everything, as `doctor --json` prints it."""
    trial_works = report.outcome is Outcome.FINISHED
    data = writable(paths.data_dir())
    return {
        "ok": trial_works and data["writable"],
        "tutor": __version__,
        "python": info.python_version,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "torch": info.torch_version,
        "torch_load_s": round(info.load_s, 2),
        "devices": list(info.devices),
        "terminal": terminal(),
        "data": data,
        "cache": writable(paths.cache_dir()),
        "level": info.level,
        "protections": [{"name": p.name, "on": p.on, "why": p.why} for p in info.protections],
        "trial": {"outcome": report.outcome, "seconds": report.wall_s, "says": sentence(report, Limits())},
    }


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


def print_found(found: dict[str, Any]) -> None:
    """The same for eyes."""
    screen = found["terminal"]
    print(f"torch-tutor {found['tutor']}   Python {found['python']}   {found['system']}")
    print(f"torch       {found['torch']}, loaded in {found['torch_load_s']} s, devices: {', '.join(found['devices'])}")
    size = f"{screen['columns']}×{screen['lines']}"
    print(f"terminal    {size}, TERM={screen['term'] or 'not set'}, {screen['encoding']}")
    for name in ("data", "cache"):
        place = found[name]
        print(f"{name:<11} {place['path']}{'' if place['writable'] else '   can not be written'}")
    print(f"isolation   {found['level']}")
    for protection in found["protections"]:
        mark = "✓ on " if protection["on"] else "✗ off"
        print(f"  {mark}  {protection['name']}{': ' + protection['why'] if protection['why'] else ''}")
    print(f"trial run   {found['trial']['outcome']} in {found['trial']['seconds'] * 1000:.0f} ms")
    if found["trial"]["outcome"] is not Outcome.FINISHED:
        print(f"  {found['trial']['says']}")
