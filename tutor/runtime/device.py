"""The device a run uses: its name, and how much memory the run took."""

from __future__ import annotations

import functools
import os
import platform
import sys
from pathlib import Path

import torch

_STATUS = Path("/proc/self/status")


def warm() -> None:
    """Read the processor's name once, for all later runs."""
    _cpu_name()


def prepare(device: str) -> None:
    """Hide accelerators that the run was not given; must come before the first use of CUDA."""
    if device != "cuda":
        os.environ["CUDA_VISIBLE_DEVICES"] = ""


def describe(device: str) -> tuple[str, str]:
    """The device that was really there and its name; ("cpu", …) where the one asked for is missing."""
    try:
        if device == "cuda" and torch.cuda.is_available():
            return "cuda", str(torch.cuda.get_device_name())
        if device == "mps" and torch.backends.mps.is_available():
            return "mps", platform.processor() or "Apple GPU"
    except (RuntimeError, AssertionError):
        pass  # a driver that fails is a device that is missing
    return "cpu", _cpu_name()


@functools.cache
def _cpu_name() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.lower().startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def resident_mb(field: str = "VmRSS") -> float:
    """Resident memory of this process now (`VmRSS`) or at its peak (`VmHWM`), in MiB."""
    try:
        for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith(field):
                return int(line.split()[1]) / 1024
    except (OSError, ValueError, IndexError):
        pass
    return _usage_mb()


def _usage_mb() -> float:
    if sys.platform == "win32":
        return 0.0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if sys.platform == "darwin" else peak / 1024


def peak_mb(device: str, baseline: float) -> float:
    """The most memory that the run held: on CUDA what torch allocated there, else resident memory over `baseline`."""
    if device == "cuda" and torch.cuda.is_initialized():
        return float(torch.cuda.max_memory_allocated()) / (1 << 20)
    return max(0.0, resident_mb("VmHWM") - baseline)
