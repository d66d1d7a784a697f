"""What the supervisor of a run looks at: memory and scratch space of the whole tree, and how to end and clear it."""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

MB = 1 << 20
PROC = Path("/proc/self/status").exists()
_MOST_ENTRIES = 20_000
_DEEPEST = 200
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def _by_ps() -> dict[int, tuple[int, int]]:
    """Parent and resident bytes of every process, where there is no /proc."""
    listed = subprocess.run(["ps", "-axo", "pid=,ppid=,rss="], capture_output=True, text=True, check=False).stdout
    numbers = [[int(word) for word in line.split()] for line in listed.splitlines()]
    return {pid: (parent, kilobytes * 1024) for pid, parent, kilobytes in numbers}


def resident(pid: int) -> int:
    """Bytes of memory that belong to the process itself: anonymous and shared pages, not mapped files (where known)."""
    if not PROC:
        return _by_ps().get(pid, (0, 0))[1]
    total = 0
    # As bytes, because a program may name itself as it likes.
    with open(f"/proc/{pid}/status", "rb") as lines:  # noqa: PTH123 - ten times a second for every process
        for line in lines:
            if line.startswith((b"RssAnon", b"RssShmem")):
                total += int(line.split()[1]) * 1024
    return total


def peak(pid: int) -> int:
    """The most bytes of memory that the process has held, mapped files too; 0 where it has ended."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/status", "rb") as lines:  # noqa: PTH123
        for line in lines:
            if line.startswith(b"VmHWM"):
                return int(line.split()[1]) * 1024
    return 0


def descendants(root: int) -> list[int]:
    """Every process below `root`, as far as they can be seen now."""
    found: list[int] = []
    waiting = [root]
    if not PROC:
        parents = _by_ps()
        while waiting:
            pid = waiting.pop()
            children = [child for child, (parent, _) in parents.items() if parent == pid]
            found += children
            waiting += children
        return found
    while waiting:
        pid = waiting.pop()
        try:
            for task in Path(f"/proc/{pid}/task").iterdir():
                children = [int(c) for c in (task / "children").read_text().split()]
                found += children
                waiting += children
        except OSError:
            continue
    return found


def _unlinked_bytes(pid: int, device: int) -> int:
    """Bytes of deleted files on `device` that the process holds open."""
    total = 0
    with contextlib.suppress(OSError):
        for entry in os.scandir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):  # closed meanwhile
                status = entry.stat()
                if status.st_dev == device and status.st_nlink == 0 and stat.S_ISREG(status.st_mode):
                    total += status.st_blocks * 512
    return total


def tree_memory(pids: list[int], shared_at_start: int) -> int:
    """Bytes of memory of these processes beyond what each shares with the zygote."""
    total = 0
    for pid in pids:
        try:
            total += max(0, resident(pid) - shared_at_start)
        except OSError:
            continue
    return total


def mounts_used(mounts: tuple[str, ...]) -> int:
    """Bytes in use on these tmpfs mounts; they are memory too."""
    total = 0
    for mount in mounts:
        status = os.statvfs(mount)
        total += (status.f_blocks - status.f_bfree) * status.f_frsize
    return total


class _Walk:
    """Adds up what is below a folder while a program goes on to change it; links are never followed."""

    def __init__(self, scratch: str) -> None:
        self.bytes = self.entries = 0
        self.device = os.lstat(scratch).st_dev
        top = os.open(scratch, _FOLDER)
        try:
            self.complete = self._add(top, 0)
        finally:
            os.close(top)

    def _add(self, folder: int, depth: int) -> bool:
        """Add what is in an open folder; False where there is too much to look at."""
        for entry in os.scandir(folder):
            self.entries += 1
            if self.entries > _MOST_ENTRIES or depth > _DEEPEST:
                return False
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):  # removed or replaced while we looked
                self.bytes += entry.stat(follow_symlinks=False).st_blocks * 512
                if entry.is_dir(follow_symlinks=False):
                    below = _opened(entry.name, folder)
                    try:
                        if not self._add(below, depth + 1):
                            return False
                    finally:
                        os.close(below)
        return True


def _opened(name: str, parent: int) -> int:
    """A folder in an open folder, made readable where the program has closed it."""
    try:
        return os.open(name, _FOLDER, dir_fd=parent)
    except PermissionError:
        handle = os.open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)
        try:
            Path(f"/proc/self/fd/{handle}").chmod(0o700)
        finally:
            os.close(handle)
        return os.open(name, _FOLDER, dir_fd=parent)


def folder_used(scratch: str, pids: list[int]) -> int:
    """Bytes in use below a scratch folder on a disk; a number beyond any limit for too many or too deep entries."""
    try:
        walk = _Walk(scratch)
    except OSError:  # it is gone, or nothing more can be opened now; the next look comes soon
        return 0
    if not walk.complete:
        return 1 << 62
    return walk.bytes + sum(_unlinked_bytes(pid, walk.device) for pid in pids)


def end_tree(root: int, seconds: float = 5.0) -> None:
    """Kill and reap every process below `root` (which must adopt orphans), also those that fork meanwhile."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        pids = descendants(root)
        for pid in pids:  # stopped first, so that a fork bomb cannot outrun the loop
            _send(pid, signal.SIGSTOP)
        for pid in pids:
            _send(pid, signal.SIGKILL)
        for pid in pids:  # only those that were killed are waited for; another one would never end
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return


def _send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def remove_tree(path: str) -> None:
    """Remove a folder that a hostile program filled: any depth, any mode, no recursion, never following a link."""
    top = Path(path)
    if not top.is_dir() or top.is_symlink():
        return
    # Someone who began with it and was killed may have left what is lifted; so each has numbers of its own.
    names = (top / f".{secrets.token_hex(4)}-{number}.lifted" for number in itertools.count())
    with contextlib.suppress(FileNotFoundError):  # someone else removes it at the same time
        while _flatten(top, names):
            pass
    shutil.rmtree(top, ignore_errors=True)


def _flatten(top: Path, names: Iterator[Path]) -> int:
    """Remove the files in a folder and in its folders, and lift what is below to the top, so that no path grows long."""
    folders = 0
    _open_up(top)
    for entry in list(os.scandir(top)):
        if not entry.is_dir(follow_symlinks=False):
            Path(entry.path).unlink(missing_ok=True)
            continue
        folders += 1
        _open_up(Path(entry.path))
        for inner in list(os.scandir(entry.path)):
            if inner.is_dir(follow_symlinks=False):
                _open_up(Path(inner.path))
                Path(inner.path).rename(next(names))
            else:
                Path(inner.path).unlink(missing_ok=True)
        Path(entry.path).rmdir()
    return folders


def remove_files_of(uid: int, folder: str) -> None:
    """Remove what user `uid` left in a folder that runs share, with all below it."""
    for entry in list(os.scandir(folder)):
        if entry.stat(follow_symlinks=False).st_uid != uid:
            continue
        if entry.is_dir(follow_symlinks=False):
            remove_tree(entry.path)
        else:
            Path(entry.path).unlink(missing_ok=True)


def _open_up(folder: Path) -> None:
    if folder.stat(follow_symlinks=False).st_mode & 0o700 != 0o700:
        folder.chmod(0o700)
