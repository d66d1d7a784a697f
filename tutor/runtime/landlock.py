"""Landlock: what a process may open, whom it may signal and which ports it may reach, decided by the kernel.

Rules name what is allowed; everything else is refused, also to the children of the process, for good. A path that is
not there is skipped (nothing can be reached through it); every other error is raised, so that it fails closed.
"""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tutor.runtime import syscalls

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_CREATE_RULESET_VERSION, _RULE_PATH_BENEATH = 1, 1
_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 3


class Rules(NamedTuple):
    """The paths that a process may use: read and execute, everything, read and write a device, list a folder."""

    read: Iterable[str] = ()
    write: Iterable[str] = ()
    devices: Iterable[str] = ()
    list_only: Iterable[str] = ()


def abi() -> int:
    """The version of Landlock that the kernel offers, 0 for none."""
    try:
        return syscalls.syscall("landlock_create_ruleset", None, 0, _CREATE_RULESET_VERSION)
    except OSError:
        return 0


def _handled(version: int) -> int:
    """Every file access that this version of Landlock can refuse."""
    bits = (1 << 13) - 1
    for since, bit in ((2, 1 << 13), (3, _TRUNCATE), (5, _IOCTL_DEV)):
        if version >= since:
            bits |= bit
    return bits


def _allow(ruleset: int, path: str, access: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        allowed = access if Path(path).is_dir() else access & _ON_FILES
        syscalls.syscall("landlock_add_rule", ruleset, _RULE_PATH_BENEATH, struct.pack("=Qi", allowed, fd), 0)
    finally:
        os.close(fd)


def restrict(rules: Rules, *, tcp: bool) -> None:
    """Confine this process to `rules`, without TCP unless `tcp`; raises OSError where Landlock is missing."""
    version = abi()
    if not version:
        raise OSError(errno.ENOSYS, "Landlock is not available")
    handled = _handled(version)
    network = 3 if version >= 4 and not tcp else 0
    scope = _SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0
    size = 8 if version < 4 else 16 if version < 6 else 24
    attributes = struct.pack("QQQ", handled, network, scope)[:size]
    ruleset = syscalls.syscall("landlock_create_ruleset", attributes, size, 0)
    try:
        for paths, access in (
            (rules.read, _EXECUTE | _READ_FILE | _READ_DIR),
            (rules.write, handled),
            (rules.devices, _READ_FILE | _WRITE_FILE | (handled & _IOCTL_DEV)),
            (rules.list_only, _READ_DIR),
        ):
            for path in paths:
                _allow(ruleset, path, access & handled)
        syscalls.no_new_privileges()
        syscalls.syscall("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)
