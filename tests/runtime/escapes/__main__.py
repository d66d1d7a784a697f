"""Run the suite without a test runner and print the table: `python -m tests.runtime.escapes [WORD …]`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import msgspec

from tests.runtime.escapes import arena
from tests.runtime.escapes.escape import Escape
from tests.runtime.escapes.programs import ALL
from tests.runtime.escapes.ring import Trial
from tests.runtime.escapes.table import table


async def run(programs: list[tuple[str, Escape]]) -> list[Trial]:
    """Try the programs one after the other, each at all levels at once."""
    trials: list[Trial] = []
    missing: list[str] = []
    rings = await arena.opened(missing)
    for why in missing:
        print(why, file=sys.stderr)
    try:
        for family, escape in programs:
            trials += await arena.tried(rings, family, escape)
    finally:
        trials += await arena.closed(rings)
    return trials


def main(arguments: list[str]) -> int:
    """Print the table and what is wrong; with `--json FILE`, write the results there instead."""
    file = None
    if arguments[:1] == ["--json"]:
        file, arguments = Path(arguments[1]), arguments[2:]
    chosen = [
        (family, escape)
        for family, escape in ALL
        if not arguments or any(w in f"{family} {escape.tries}" for w in arguments)
    ]
    trials = asyncio.run(run(chosen))
    if file is not None:
        file.write_bytes(msgspec.json.encode(trials))
        return 0
    broken = [trial for trial in trials if trial.problems]
    print("\n".join(table(trials)))
    for trial in broken:
        print(f"\n{trial.level}: {trial.tries}", *trial.problems, sep="\n  ")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
