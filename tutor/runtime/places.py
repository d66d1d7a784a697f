"""Which folders a learner's process may read: Python, its packages and the system's libraries, nothing of the user's.

The tutor's own package is shown only as far as the runtime needs it, because the lessons beside it hold the answers.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).resolve().parent.parent
PACKAGES = ("site-packages", "dist-packages")
"""Names of the folders that hold installed packages."""
_OF_PACKAGE = ("__init__.py", "runtime")

SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/nix/store",
    "/gnu/store",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/localtime",
    "/etc/nsswitch.conf",
    "/sys/devices/system/cpu",
)
PROC = ("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat")
DEVICES = ("/dev/null", "/dev/full", "/dev/random", "/dev/urandom")
"""Not /dev/zero: mapped, it is memory that belongs to no process."""


class Places(NamedTuple):
    """Folders and files to read with all below them, and folders of which only the names may be read."""

    read: tuple[str, ...]
    list_only: tuple[str, ...] = ()


def is_below(path: Path, root: Path) -> bool:
    """Whether the path is the root or something in it."""
    return path == root or root in path.parents


def python_roots(path: Iterable[str] | None = None) -> tuple[str, ...]:
    """The folders that this Python and its packages live in, outermost only, links followed.

    `path` stands for sys.path; the tutor's own may begin with a folder of its user's.
    """
    found = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    found |= {entry for entry in (sys.path if path is None else path) if entry and Path(entry).exists()}
    roots = {Path(f).resolve() for f in found} - {PACKAGE.parent}
    if PACKAGE.parent.name in PACKAGES:
        roots.add(PACKAGE.parent)
    home = Path(os.environ.get("HOME", "/nonexistent")).resolve()
    outermost = [r for r in roots if not any(r != other and is_below(r, other) for other in roots)]
    refused = [r for r in outermost if is_below(home, r) and r != Path("/usr")]
    if refused:
        raise OSError(
            f"Python is installed in {refused[0]}, which holds the whole home folder: it can't be shown safely"
        )
    return tuple(sorted(str(r) for r in outermost))


def package_parts() -> tuple[str, ...]:
    """What of the tutor's own package may be read."""
    return tuple(str(PACKAGE / name) for name in _OF_PACKAGE)


def _around_package(root: Path) -> Places:
    """All of `root`, which holds the tutor's package, but the parts of the package that hold answers."""
    read: list[str] = list(package_parts())
    list_only: list[str] = []
    folder = PACKAGE
    while folder != root:
        parent = folder.parent
        list_only.append(str(parent))
        read += [str(p) for p in parent.iterdir() if p != folder]
        folder = parent
    return Places(tuple(read), tuple(list_only))


def readable() -> Places:
    """Everything that a run may read where no mount namespace hides the rest."""
    read: list[str] = [*SYSTEM, *PROC]
    list_only: list[str] = []
    for root in python_roots():
        if is_below(PACKAGE, Path(root)):
            part = _around_package(Path(root))
            read += part.read
            list_only += part.list_only
        else:
            read.append(root)
    return Places((*read, *package_parts()), tuple(list_only))
