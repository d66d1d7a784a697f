"""The processes below this one, and those that ran away from there, as /proc shows them."""

from __future__ import annotations

import os
from pathlib import Path


def below(root: int) -> set[int]:
    """Every process below `root`, dead ones that wait for their parent too."""
    found: set[int] = set()
    waiting = [root]
    while waiting:
        for task in _listed(Path(f"/proc/{waiting.pop()}/task")):
            try:
                children = {int(child) for child in (task / "children").read_text().split()}
            except OSError:
                continue
            waiting += children - found
            found |= children
    return found


def marked(mark: str) -> set[int]:
    """Every process of the machine that was started with `mark` in its environment, or forked from such a one."""
    found = set()
    for entry in _listed(Path("/proc")):
        if entry.name.isdigit():
            try:
                if mark.encode() in (entry / "environ").read_bytes():
                    found.add(int(entry.name))
            except OSError:
                continue
    return found


def described(pids: set[int]) -> str:
    """Each with its command line."""
    lines = []
    for pid in sorted(pids):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            command = "ended meanwhile"
        lines.append(f"{pid} ({command[:60]})")
    return ", ".join(lines)


def open_descriptors() -> set[str]:
    """The descriptors of this process, with what they are open on."""
    found = set()
    for entry in _listed(Path("/proc/self/fd")):
        try:
            found.add(f"{entry.name} -> {entry.readlink()}")
        except OSError:
            continue  # the one that the list itself was read with
    return found


def mounts() -> set[str]:
    """The mounts of this process's namespace."""
    return set(Path("/proc/self/mountinfo").read_text().splitlines())


def _listed(folder: Path) -> list[Path]:
    try:
        return [Path(entry.path) for entry in os.scandir(folder)]
    except OSError:
        return []
