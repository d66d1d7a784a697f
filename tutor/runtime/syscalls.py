"""Linux system calls that Python has no function for: each works or raises OSError, none is skipped silently.

Landlock, seccomp, namespaces, mounts and capabilities are reached through libc with ctypes, so that the isolation
depends on nothing but the kernel. Numbers are given for x86_64 and aarch64; elsewhere `supported()` is False.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import socket
import struct
import sys
from pathlib import Path

MACHINE = platform.machine()
X86 = MACHINE == "x86_64"

CLONE_NEWNS = 0x0002_0000
CLONE_NEWCGROUP = 0x0200_0000
CLONE_NEWUTS = 0x0400_0000
CLONE_NEWIPC = 0x0800_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MNT_DETACH = 2

CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_KEEPCAPS, _PR_CAPBSET_DROP = 1, 4, 8, 24
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 36, 38, 47
_CAPABILITY_VERSION_3 = 0x2008_0522
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_SIOCSIFFLAGS, _IFF_UP_LOOPBACK_RUNNING = 0x8914, 0x49

_NUMBERS = {  # name: (x86_64, aarch64)
    "capset": (126, 91),
    "pivot_root": (155, 41),
    "seccomp": (317, 277),
    "mount_setattr": (442, 442),
    "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
}

if sys.platform == "linux":
    _libc = ctypes.CDLL(None, use_errno=True)
    _libc.syscall.restype = ctypes.c_long


def supported() -> bool:
    """Whether this module knows the machine's system calls."""
    return sys.platform == "linux" and MACHINE in {"x86_64", "aarch64"}


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(name: str, *arguments: int | bytes | None) -> int:
    """Make the system call `name`; raises OSError, ENOSYS on a machine it has no number for."""
    if not supported():
        raise OSError(errno.ENOSYS, f"{name}: not known on {sys.platform} {MACHINE}")
    number = _NUMBERS[name][0 if X86 else 1]
    plain = [ctypes.c_long(a) if isinstance(a, int) else ctypes.c_char_p(a) for a in arguments]
    return _checked(_libc.syscall(ctypes.c_long(number), *plain), name)


def _prctl(option: int, *values: int) -> int:
    padded = [ctypes.c_ulong(v) for v in (*values, 0, 0, 0, 0)[:4]]
    return _checked(_libc.prctl(option, *padded), f"prctl {option}")


def die_with_parent(signal_number: int = 9) -> None:
    """Ask for a signal when the parent ends; forgotten by a change of user, so call it after one."""
    _prctl(_PR_SET_PDEATHSIG, signal_number)


def set_dumpable(dumpable: bool) -> None:
    """Say whether processes of the same user may read this one's memory and /proc entry."""
    _prctl(_PR_SET_DUMPABLE, int(dumpable))


def no_new_privileges() -> None:
    """Give up gaining rights by exec; needed before Landlock and seccomp."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def unshare(flags: int) -> None:
    """Enter new namespaces."""
    _checked(_libc.unshare(flags), f"unshare {flags:#x}")


def setns(fd: int, kind: int) -> None:
    """Enter the namespace behind `fd`."""
    _checked(_libc.setns(fd, kind), "setns")


def mount(source: str | None, target: str, kind: str | None = None, flags: int = 0, data: str | None = None) -> None:
    """Mount `source` on `target`."""
    texts = [None if t is None else t.encode() for t in (source, target, kind)]
    options = None if data is None else data.encode()
    _checked(_libc.mount(*texts, ctypes.c_ulong(flags), options), f"mount {source or kind} on {target}")


def unmount(target: str) -> None:
    """Detach the mount at `target`."""
    _checked(_libc.umount2(target.encode(), MNT_DETACH), f"umount {target}")


def pivot_root(new: str, old: str) -> None:
    """Make `new` the root of this mount namespace and put the former one at `old`."""
    syscall("pivot_root", new.encode(), old.encode())


def bind_read_only(source: str, target: str, *, devices: bool = False) -> None:
    """Show `source` (with what is mounted below it) at `target`, read-only, without set-user-id programs."""
    if Path(source).is_dir():
        Path(target).mkdir(parents=True, exist_ok=True)
    else:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(target).touch()
    mount(source, target, None, MS_BIND | MS_REC)
    attributes = MS_NOSUID | (0 if devices else MS_RDONLY | MS_NODEV)
    packed = struct.pack("QQQQ", attributes, 0, 0, 0)
    syscall("mount_setattr", _AT_FDCWD, target.encode(), _AT_RECURSIVE, packed, len(packed))


def map_to_self(uid: int, gid: int) -> None:
    """In a new user namespace, keep the same user and group number and nobody else's."""
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        Path(f"/proc/self/{name}").write_text(text)


def capabilities() -> int:
    """The effective capabilities of this process, as bits."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:"):
            return int(line.split()[1], 16)
    return 0


def keep_capabilities(keep: int = 0) -> None:
    """Drop every capability but the bits in `keep`, also for programs started later."""
    _bound_capabilities(keep)
    _prctl(_PR_CAP_AMBIENT, 4)
    low, high = keep & 0xFFFF_FFFF, keep >> 32
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    syscall("capset", header, struct.pack("6I", low, low, low, high, high, high))
    for capability in range(64):
        if keep >> capability & 1:
            _prctl(_PR_CAP_AMBIENT, 2, capability)


def _bound_capabilities(keep: int) -> None:
    for capability in range(64):
        if not keep >> capability & 1 and _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:
            number = ctypes.get_errno()
            if number == errno.EINVAL:  # beyond the kernel's last capability
                break
            if number != errno.EPERM:  # without CAP_SETPCAP there is nothing in the bounding set to gain from
                raise OSError(number, f"prctl capability {capability}")


def become(uid: int, gid: int, keep: int = 0) -> None:
    """Change from root to an ordinary user for good, keeping the capabilities `keep`; its own /proc stays readable."""
    if keep:
        _prctl(_PR_SET_KEEPCAPS, 1)
    _bound_capabilities(keep)  # now, because an ordinary user can't
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    keep_capabilities(keep)
    set_dumpable(True)


def loopback_up() -> None:
    """Switch the loopback interface of a new network namespace on."""
    import fcntl  # here, so that the module can be imported where there is none

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        fcntl.ioctl(probe, _SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", _IFF_UP_LOOPBACK_RUNNING, b""))
