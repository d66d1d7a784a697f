"""The command that puts a zygote into a jail made by bubblewrap, for the `jail` level.

Some distributions let no ordinary program make user namespaces, but have a rule for `bwrap`. The jail shows what the
`full` level shows: Python, its packages and the system's libraries, read-only, and nothing else of the machine. Runs
share it, so each of them is held by Landlock and seccomp besides.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tutor.runtime import lockdown, places
from tutor.runtime.helper import import_path

SCRATCH_MB, SHARED_MB = 1024, 256
"""Sizes of the file systems in memory that all runs of a jail share."""
SHARED_MEMORY = "/dev/shm"
_MB = 1 << 20
# As root, each run gets a user number of its own; that takes these, which no run keeps.
_ROOT_KEEPS = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID", "SETPCAP", "SYS_RESOURCE")


def command() -> list[str]:
    """What to put before the zygote's own command; raises OSError where bubblewrap is not installed."""
    program = shutil.which("bwrap")
    if program is None:
        raise OSError("bubblewrap is not installed (its program is bwrap)")
    return [program, *_namespaces(), *_files(), "--"]


def _namespaces() -> list[str]:
    words = ["--die-with-parent", "--hostname", "sandbox"]
    words += [f"--unshare-{kind}" for kind in ("ipc", "pid", "net", "uts", "cgroup-try")]
    if os.getuid() != 0:
        return [*words, "--unshare-user", "--cap-drop", "ALL"]
    words += ["--cap-drop", "ALL"]
    for capability in _ROOT_KEEPS:
        words += ["--cap-add", f"CAP_{capability}"]
    return words


def _files() -> list[str]:
    roots = places.python_roots(import_path())
    words = [word for folder in _above((*places.SYSTEM, *roots, str(places.PACKAGE))) for word in _folder(folder)]
    for path in (*places.SYSTEM, *roots):
        words += _shown(path)
    package = str(places.PACKAGE)
    hidden = any(places.is_below(places.PACKAGE, Path(root)) for root in roots)
    if hidden:  # the lessons beside the runtime hold the answers
        words += ["--tmpfs", package]
    for part in places.package_parts():
        words += ["--ro-bind", part, part]
    if hidden:
        words += ["--remount-ro", package]
    words += ["--proc", "/proc", "--dev", "/dev"]
    words += ["--perms", "1777", "--size", str(SHARED_MB * _MB), "--tmpfs", SHARED_MEMORY]
    words += ["--perms", "0711", "--size", str(SCRATCH_MB * _MB), "--tmpfs", lockdown.SCRATCH]
    return words


def _above(paths: tuple[str, ...]) -> list[str]:
    """The folders that lead to these paths, outermost first; bubblewrap would close those that it makes by itself."""
    return sorted({str(parent) for path in paths for parent in Path(path).parents} - {"/"})


def _folder(path: str) -> list[str]:
    return ["--perms", "0755", "--dir", path]


def _shown(path: str) -> list[str]:
    """Show a folder, a file or a link of the machine as it is."""
    if Path(path).is_symlink():
        return ["--symlink", str(Path(path).readlink()), path]
    return ["--ro-bind-try", path, path]
