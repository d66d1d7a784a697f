"""Print every performance figure as a ratio: `make bench`, or `python -m benchmarks NAME…` for some of them."""

from __future__ import annotations

import importlib
import sys

from benchmarks.table import Row

GROUPS = (
    "first_paint",
    "verdicts",
    "checks",
    "validate",
    "runtime",
    "trace",
    "memory",
    "keys",
    "live_curve",
    "large_course",
)


def main(names: list[str]) -> int:
    """Run the groups one after the other; each prints as soon as it is measured."""
    for name in names or GROUPS:
        print(f"\n{name.replace('_', ' ')}", flush=True)
        rows: list[Row] = importlib.import_module(f"benchmarks.{name}").rows()
        for row in rows:
            print(row.line(), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
