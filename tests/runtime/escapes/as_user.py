"""Run a Python module as an ordinary user, for tests that are run by root: `python -m tests.runtime.escapes.as_user`.

Python and this checkout may lie below folders that only root can enter. In a mount namespace of its own, such a folder is
covered by an empty one that everybody can enter, in which what is needed is shown at its old place.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from tutor.runtime import places, syscalls
from tutor.runtime.helper import import_path

UID = 54321
"""Nobody's number."""


def _needed() -> list[Path]:
    python = [Path(root) for root in places.python_roots(tuple(import_path()))]
    return [*python, places.PACKAGE.parent.resolve()]


def _closed_above(path: Path) -> Path | None:
    """The outermost folder that leads to the path and can't be entered by everybody."""
    return next((folder for folder in reversed(path.parents) if not folder.stat().st_mode & 0o001), None)


def open_the_way(needed: list[Path]) -> None:
    """Let everybody reach these paths, for this process and its children only."""
    syscalls.unshare(syscalls.CLONE_NEWNS)
    syscalls.mount(None, "/", None, syscalls.MS_REC | syscalls.MS_PRIVATE)
    stage = Path(tempfile.mkdtemp(prefix="torch-tutor-stage-"))
    shown: dict[Path, list[tuple[Path, Path]]] = {}
    for number, path in enumerate(needed):
        closed = _closed_above(path)
        if closed is not None:
            held = stage / str(number)
            held.mkdir()
            syscalls.mount(str(path), str(held), None, syscalls.MS_BIND | syscalls.MS_REC)
            shown.setdefault(closed, []).append((held, path))
    for closed, paths in shown.items():
        syscalls.mount("tmpfs", str(closed), "tmpfs", syscalls.MS_NOSUID, "mode=755,size=1m")
        for held, path in paths:
            path.mkdir(parents=True, exist_ok=True)
            syscalls.mount(str(held), str(path), None, syscalls.MS_BIND | syscalls.MS_REC)
            syscalls.unmount(str(held))
    shutil.rmtree(stage)


def main(arguments: list[str]) -> None:
    """Become the user, with a home folder of its own (the first argument), and go on as `python -m` the rest."""
    home, *rest = arguments
    open_the_way(_needed())
    os.chown(home, UID, UID)
    os.setgroups([])
    os.setresgid(UID, UID, UID)
    os.setresuid(UID, UID, UID)
    os.environ.update(HOME=home, TORCH_TUTOR_HOME=f"{home}/tutor", USER="somebody", PYTHONDONTWRITEBYTECODE="1")
    os.chdir(places.PACKAGE.parent)
    os.execv(sys.executable, [sys.executable, "-m", *rest])


if __name__ == "__main__":
    main(sys.argv[1:])
