"""All programs of the suite, by family."""

from __future__ import annotations

from tests.runtime.escapes import files, kernel, lies, limits, network, output, processes, reports
from tests.runtime.escapes.escape import Escape

FAMILIES: dict[str, tuple[Escape, ...]] = {
    "files": files.ESCAPES,
    "network": network.ESCAPES,
    "processes": processes.ESCAPES,
    "kernel": kernel.ESCAPES,
    "limits": limits.ESCAPES,
    "reports": reports.ESCAPES,
    "lies": lies.ESCAPES,
    "output": output.ESCAPES,
}
ALL = [(family, escape) for family, escapes in FAMILIES.items() for escape in escapes]
