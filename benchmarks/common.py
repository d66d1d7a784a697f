"""What more than one group measures with."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

CODE = "import torch\nx = torch.ones(2, 3)\n"
ROUNDS = 50
PAUSE_S = 0.2
"""A little time passes between two runs, in which the next process is prepared, as it does for a learner who reads."""
_IMPORTS = 3


def import_seconds() -> float:
    """`python -c "import torch"`, the whole process, the median of three."""
    times = []
    for _ in range(_IMPORTS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import torch"], check=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times)
