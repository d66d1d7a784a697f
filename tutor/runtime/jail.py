"""The namespaces of the `full` level: a jail around the zygote, built once, and a room in it for every run.

The jail shows Python, its packages and the system's libraries, read-only, and nothing else of the machine: no home
folder, no other process, no network. A room adds what a run may write: folders in memory, of a bounded size, that
vanish with it.
"""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path

from tutor.runtime import lockdown, places, syscalls

_ROOMS = {lockdown.SCRATCH: "700", "/tmp": "1777", "/dev/shm": "1777"}
"""What a run may write to, each a file system of its own, with its mode."""
_EVERYTHING = (
    syscalls.CLONE_NEWUSER
    | syscalls.CLONE_NEWNS
    | syscalls.CLONE_NEWPID
    | syscalls.CLONE_NEWIPC
    | syscalls.CLONE_NEWUTS
    | syscalls.CLONE_NEWNET
    | syscalls.CLONE_NEWCGROUP
)
_OF_A_RUN = syscalls.CLONE_NEWNS | syscalls.CLONE_NEWIPC | syscalls.CLONE_NEWUTS | syscalls.CLONE_NEWNET
_CAREFUL = syscalls.MS_NOSUID | syscalls.MS_NODEV
_STAGE = "/tmp"
"""Where the new root is put together; only this process sees it there."""
_NEW, _OLD = "/new", "/old"
_MOST_FILES = 20_000
_LINKS = {"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1", "stderr": "/proc/self/fd/2"}


def rooms() -> tuple[str, ...]:
    """The folders that a run may write to; never one that Python itself is installed below."""
    roots = [Path(root) for root in (*places.python_roots(), *places.package_parts())]
    return tuple(room for room in _ROOMS if not any(places.is_below(root, Path(room)) for root in roots))


def enter(control: socket.socket) -> None:
    """Go on as the first process of a new jail; the process that was started stays outside and waits for it."""
    roots, uid = places.python_roots(), os.getuid()
    if uid == 0:  # as root, build first: an ordinary user could not reach a Python that is installed below /root
        uid = lockdown.spare_uid(os.getpid())
        syscalls.unshare(syscalls.CLONE_NEWNS)
        _build(roots, uid)
        _move_in()
        syscalls.become(uid, uid)
        syscalls.die_with_parent()
        syscalls.unshare(_EVERYTHING)
        syscalls.map_to_self(uid, uid)
        _fork_inside(control)
    else:
        gid = os.getgid()
        syscalls.unshare(_EVERYTHING)
        syscalls.map_to_self(uid, gid)
        _fork_inside(control)
        _build(roots, uid)
        _move_in()
    syscalls.mount("proc", "/proc", "proc", _CAREFUL | syscalls.MS_NOEXEC)
    # Modules of torch make a folder for themselves at their import; the rooms of the runs are mounted over this one.
    syscalls.mount("tmpfs", lockdown.SCRATCH, "tmpfs", _CAREFUL, "mode=700,size=4m")
    socket.sethostname("sandbox")


def _fork_inside(control: socket.socket) -> None:
    """Return in a child, which is process 1 of the new namespace; the parent leaves when the child does."""
    pid = os.fork()
    if pid:
        control.close()
        syscalls.set_dumpable(False)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)
        os._exit(0)
    syscalls.die_with_parent()


def _build(roots: tuple[str, ...], uid: int) -> None:
    """Put the new root together at `_STAGE`/new, with the machine's own root at `_STAGE`/old."""
    syscalls.mount(None, "/", None, syscalls.MS_REC | syscalls.MS_PRIVATE)
    syscalls.mount("tmpfs", _STAGE, "tmpfs", _CAREFUL, "mode=755,size=4m")
    for name in (_NEW, _OLD):
        Path(_STAGE + name).mkdir()
    syscalls.pivot_root(_STAGE, _STAGE + _OLD)
    os.chdir("/")
    syscalls.mount(_NEW, _NEW, None, syscalls.MS_BIND)
    for folder in ("/proc", "/etc", *_ROOMS):
        Path(_NEW + folder).mkdir(parents=True, exist_ok=True)
    for path in (*places.SYSTEM, *roots):
        _show(path)
    _show_package(roots)
    for device in places.DEVICES:
        syscalls.bind_read_only(_OLD + device, _NEW + device, devices=True)
    for name, target in _LINKS.items():
        Path(f"{_NEW}/dev/{name}").symlink_to(target)
    account = f"learner:x:{uid}:{uid}::{lockdown.SCRATCH}:/bin/sh\n"
    files = {"passwd": account, "group": f"learner:x:{uid}:\n", "hosts": "127.0.0.1 localhost sandbox\n::1 localhost\n"}
    for name, text in files.items():
        Path(f"{_NEW}/etc/{name}").write_text(text)
    # A process may mount its own /proc only where one is in sight already; this one is covered before anything runs.
    syscalls.mount(f"{_OLD}/proc", f"{_NEW}/proc", None, syscalls.MS_BIND | syscalls.MS_REC)


def _show(path: str) -> None:
    """Make a folder, a file or a link of the machine visible in the new root, read-only."""
    source, target = Path(_OLD + path), Path(_NEW + path)
    if source.is_symlink():
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_symlink():
            target.symlink_to(source.readlink())
    elif source.exists() and not target.is_mount():
        syscalls.bind_read_only(str(source), str(target))


def _show_package(roots: tuple[str, ...]) -> None:
    """Show of the tutor's package only what a run needs: the lessons beside it hold the answers."""
    package = str(places.PACKAGE)
    target = _NEW + package
    hidden = any(places.is_below(places.PACKAGE, Path(root)) for root in roots)
    if hidden:
        syscalls.mount("tmpfs", target, "tmpfs", _CAREFUL, "mode=755,size=1m")
    for part in places.package_parts():
        syscalls.bind_read_only(_OLD + part, _NEW + part)
    if hidden:
        flags = syscalls.MS_REMOUNT | syscalls.MS_BIND | syscalls.MS_RDONLY | _CAREFUL
        syscalls.mount(None, target, None, flags)


def _move_in() -> None:
    """Make the new root the root, and let go of the machine's."""
    os.chdir(_NEW)
    syscalls.pivot_root(".", ".")
    syscalls.unmount(".")
    os.chdir("/")
    syscalls.mount(None, "/", None, syscalls.MS_REMOUNT | syscalls.MS_BIND | syscalls.MS_RDONLY | _CAREFUL)


def fork_room() -> int:
    """Fork a process that is the first of its own process namespace; the number as the caller sees it, 0 in it."""
    home = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    syscalls.unshare(syscalls.CLONE_NEWPID)
    pid = -1
    try:
        pid = os.fork()
    finally:
        if pid:  # the next one gets a namespace of its own, beside this one and not below it
            syscalls.setns(home, syscalls.CLONE_NEWPID)
        os.close(home)
    return pid


def furnish(folders: tuple[str, ...], scratch_mb: int) -> None:
    """As the first process of a room: its own network, and folders in memory; without any capability afterwards."""
    syscalls.unshare(_OF_A_RUN)
    for folder in folders:
        options = f"mode={_ROOMS[folder]},size={scratch_mb}m,nr_inodes={_MOST_FILES}"
        syscalls.mount("tmpfs", folder, "tmpfs", _CAREFUL, options)
    syscalls.mount("proc", "/proc", "proc", _CAREFUL | syscalls.MS_NOEXEC)
    syscalls.loopback_up()
    syscalls.keep_capabilities()
