"""Locks a learner's process down for good, before it has heard of its job; whatever can't be had raises OSError."""

from __future__ import annotations

import contextlib
import os
import resource
from pathlib import Path
from typing import NamedTuple

from tutor.runtime import landlock, levels, places, seccomp, syscalls
from tutor.runtime.protocol import Level, Limits

MB = 1 << 20
SCRATCH = "/learner"
"""The scratch folder of a run in its own mount namespace."""
_FIRST_UID = 61184
MOST_RUNS = 4096
"""User numbers set aside for runs, used in turn."""


def spare_uid(number: int) -> int:
    """An unprivileged user number for run `number`; nothing else of the machine's uses this range at the same time."""
    return _FIRST_UID + number % MOST_RUNS


def limit(name: str, value: int, *, hard_extra: int = 0) -> None:
    """Lower the resource limit RLIMIT_`name`; the hard limit follows, `hard_extra` above it."""
    which = getattr(resource, f"RLIMIT_{name}")
    hard = resource.getrlimit(which)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
        hard_extra = min(hard_extra, hard - value)
    resource.setrlimit(which, (value, value + hard_extra))


def _tasks_of(uid: int) -> int:
    """How many threads the user `uid` runs now; RLIMIT_NPROC counts them all."""
    count = 0
    for entry in Path("/proc").glob("[0-9]*"):
        if entry.name.isdigit():
            try:
                if entry.stat().st_uid == uid:
                    count += sum(1 for _ in (entry / "task").iterdir())
            except OSError:
                continue
    return count


def lock_common() -> None:
    """What every level does first: first victim when memory runs out, private files, no core dumps."""
    with contextlib.suppress(OSError):  # a convenience for the machine, not a protection
        Path("/proc/self/oom_score_adj").write_text("1000")
    os.umask(0o077)
    for name in ("CORE", "MEMLOCK", "MSGQUEUE"):
        if hasattr(resource, f"RLIMIT_{name}"):
            limit(name, 0)


def lock_in_namespaces(processes: int, writable: tuple[str, ...]) -> None:
    """The `full` level, inside the slot's namespaces: own user namespace, no capabilities, Landlock, seccomp."""
    uid, gid = os.getuid(), os.getgid()
    syscalls.unshare(syscalls.CLONE_NEWUSER)
    syscalls.map_to_self(uid, gid)
    syscalls.keep_capabilities()
    # After the user namespace: set before, it would count the processes of all runs together.
    limit("NPROC", processes)
    if landlock.abi():
        rules = landlock.Rules(read=("/",), write=writable, devices=places.DEVICES)
        landlock.restrict(rules, tcp=True)
    seccomp.install(seccomp.program(sockets=True, strict=False))


def _read_capability(roots: tuple[str, ...], uid: int) -> int:
    """The capability to keep so that Python can be read where only root may (a venv below /root), else 0."""
    for root in roots:
        for folder in (Path(root), *Path(root).parents):
            status = folder.stat()
            if status.st_uid != uid and not status.st_mode & 0o001:
                have = syscalls.capabilities()
                for capability in (syscalls.CAP_DAC_READ_SEARCH, syscalls.CAP_DAC_OVERRIDE):
                    if have >> capability & 1:
                        return 1 << capability
                raise OSError(f"{folder} can't be read by an ordinary user, and Python is installed below it")
    return 0


class Bare(NamedTuple):
    """What a learner's process without namespaces of its own may do; `uid` is for root to change to."""

    processes: int
    writable: tuple[str, ...]
    uid: int
    readable: places.Places
    level: Level
    device: str


def lock_bare(bare: Bare) -> None:
    """The levels `jail`, `basic` and `spare`: Landlock, a strict seccomp filter and, as root, another user.

    In a jail all around is an empty network, so that sockets lead nowhere and are allowed. A spare process has what the
    machine offers; where it drives a GPU, it must reach the driver's own files and calls, and neither filter is put on.
    """
    if bare.level is Level.SPARE and not levels.confines_spare(bare.device):
        if Path("/proc").exists():  # the limit counts all that the user runs, which can be told only there
            limit("NPROC", bare.processes + _tasks_of(os.getuid()))
        return
    jailed, uid = bare.level is Level.JAIL, bare.uid
    as_root = os.getuid() == 0
    keep = _read_capability(places.python_roots(), uid) if as_root else 0
    limit("NPROC", bare.processes + (0 if as_root else _tasks_of(os.getuid())))
    version = landlock.abi()
    readable = bare.readable
    landlock.restrict(
        landlock.Rules(readable.read, bare.writable, places.DEVICES, readable.list_only),
        tcp=jailed,
    )
    if as_root:
        syscalls.become(uid, uid, keep)
        syscalls.die_with_parent()  # the kernel forgets that with the user
    else:
        syscalls.keep_capabilities()
    # Without Landlock's scopes (before ABI 6) nothing else keeps signals from the user's other programs.
    signals_to = None if version >= 6 else (os.getpid(), 0)
    seccomp.install(seccomp.program(sockets=jailed, strict=True, signals_to=signals_to))


def data_bytes() -> int:
    """How much of its own data this process holds now, as RLIMIT_DATA counts it; 0 where that can't be told."""
    with contextlib.suppress(FileNotFoundError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmData:"):
                return int(line.split()[1]) * 1024
    return 0


def limit_for_job(limits: Limits, device: str, data: int) -> None:
    """The limits that come with the job; memory beyond `data`, for a clear MemoryError (the watchdog stands behind)."""
    limit("NOFILE", limits.open_files)
    limit("FSIZE", limits.file_mb * MB)
    limit("CPU", limits.cpu_s, hard_extra=1)
    if device == "cpu" and data:
        limit("DATA", data + limits.memory_mb * MB)
