"""The system-call filter of a learner's process: a classic BPF program that the kernel runs before every call.

It allows by default and refuses what no lesson needs: reaching into other processes, mounts and namespaces, kernel
interfaces with a history of holes, memory that the watchdog cannot count, and (at the basic level, where no namespace
stands behind it) sockets, signals and changes of file attributes that Landlock does not govern. Calls of another ABI
(32 bit, x32) end the process, because the numbers below would not apply to them.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from functools import cache

from tutor.runtime import syscalls

# name: (x86_64, aarch64); None where the machine has no such call
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    # mounts and namespaces
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "unshare": (272, 97),
    "setns": (308, 268),
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    # kernel interfaces
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "fanotify_init": (300, 262),
    "personality": (135, 92),
    "lookup_dcookie": (212, 18),
    "uselib": (134, None),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
    # the machine
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "syslog": (103, 116),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "vhangup": (153, 58),
    # memory that belongs to no process
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    "mbind": (237, 235),
}
# Refused where no namespace stands behind the filter. `chmod` and the like answer that they worked: many programs
# (shutil.copy, tempfile) call them in passing, and none needs the effect.
_REFUSED_STRICT: dict[str, tuple[int | None, int | None]] = {
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "setxattrat": (463, 463),
    "removexattrat": (466, 466),
    "file_setattr": (469, 469),
    "truncate": (76, 45),
    # what others do in a folder can be watched without reading it
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "inotify_add_watch": (254, 27),
}
_PRETENDED_STRICT: dict[str, tuple[int | None, int | None]] = {
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
}

_CLONE, _CLONE3, _IOCTL, _PRLIMIT = (56, 220), 435, (16, 29), (302, 261)
_SOCKET, _SOCKETPAIR, _SET_AFFINITY = (41, 198), (53, 199), (203, 122)
_SIGNALLING = ((62, 129), (200, 130), (234, 131), (129, 138), (297, 240), (424, 424))
"""kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo, pidfd_send_signal"""
_PIDFD_OPEN = (434, 434)
_NEW_NAMESPACES = 0x7E02_0000 | 0x80
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_AF_UNIX, _AF_INET, _AF_INET6, _AF_NETLINK = 1, 2, 10, 16
_SOCK_DGRAM = 2
"""As a bit: of the kinds of sockets, only datagrams and raw packets have it."""
_MMAP, _MAP_SHARED, _MAP_ANONYMOUS = (9, 222), 1, 0x20

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF_0000, 0x8000_0000, 0x0005_0000
_X32 = 0x4000_0000

_Step = str | tuple[int, int | str, int | str, int]
"""A label, or an instruction: code, jump if true, jump if false (a distance or a label), operand."""


def _assemble(steps: list[_Step]) -> bytes:
    positions: dict[str, int] = {}
    count = 0
    for step in steps:
        if isinstance(step, str):
            positions[step] = count
        else:
            count += 1
    out = bytearray()
    at = 0
    for step in steps:
        if isinstance(step, str):
            continue
        code, if_true, if_false, operand = step
        jumps = [positions[j] - at - 1 if isinstance(j, str) else j for j in (if_true, if_false)]
        out += struct.pack("HBBI", code, *jumps, operand & 0xFFFF_FFFF)
        at += 1
    return bytes(out)


def _argument(index: int) -> _Step:
    return (_LOAD, 0, 0, 16 + 8 * index)


def _answer(action: int, error: int = 0) -> _Step:
    return (_RETURN, 0, 0, action | error)


def _refuse(table: dict[str, tuple[int | None, int | None]], error: int) -> list[_Step]:
    steps: list[_Step] = []
    for numbers in table.values():
        number = numbers[0 if syscalls.X86 else 1]
        if number is not None:
            steps += [(_EQUAL, 0, 1, number), _answer(_ERROR, error)]
    return steps


def _only_values(values: tuple[int, ...]) -> list[_Step]:
    """Steps that allow the loaded argument when it is one of `values`."""
    return [*((_EQUAL, "ok", 0, v) for v in values), (_EQUAL, "no", "no", 0)]


def _block(name: str, number: int, body: list[_Step], error: int = errno.EPERM) -> list[_Step]:
    """For the call `number`: `body`, which jumps to "ok" or "no"."""
    steps: list[_Step] = [(_EQUAL, 0, f"{name}:end", number)]
    for step in body:
        if isinstance(step, str):
            raise TypeError("labels of a block are its own")
        code, if_true, if_false, operand = step
        local = [f"{name}:{j}" if isinstance(j, str) else j for j in (if_true, if_false)]
        steps.append((code, local[0], local[1], operand))
    return [*steps, f"{name}:no", _answer(_ERROR, error), f"{name}:ok", _answer(_ALLOW), f"{name}:end"]


@cache
def program(*, sockets: bool, strict: bool, signals_to: tuple[int, ...] | None = None) -> bytes:
    """The filter as BPF: with or without network sockets; `strict` where no namespace helps.

    `signals_to` are the only process numbers that may be signalled (None: the kernel's own rules decide).
    """
    here = 0 if syscalls.X86 else 1
    steps: list[_Step] = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, 0xC000_003E if syscalls.X86 else 0xC000_00B7)]
    steps += [_answer(_KILL), (_LOAD, 0, 0, 0)]
    if syscalls.X86:
        steps += [(_AT_LEAST, 0, 1, _X32), _answer(_KILL)]
    steps += _refuse(_REFUSED, errno.EPERM)
    # clone3 hides its flags behind a pointer; libc falls back to clone
    steps += [(_EQUAL, 0, 1, _CLONE3), _answer(_ERROR, errno.ENOSYS)]
    steps += _block("clone", _CLONE[here], [_argument(0), (_ANY_BIT, "no", "ok", _NEW_NAMESPACES)])
    console: list[_Step] = [_argument(1), (_EQUAL, "no", 0, _TIOCSTI), (_EQUAL, "no", "ok", _TIOCLINUX)]
    steps += _block("ioctl", _IOCTL[here], console)
    steps += _block("prlimit", _PRLIMIT[here], [_argument(0), *_only_values((0,))])
    steps += _block("affinity", _SET_AFFINITY[here], [_argument(0), *_only_values((0,))])
    # Shared by no file: what a child filled and left is seen nowhere, and could be neither counted nor ended.
    shared: list[_Step] = [_argument(3), (_ANY_BIT, 0, "ok", _MAP_ANONYMOUS), (_ANY_BIT, "no", "ok", _MAP_SHARED)]
    steps += _block("mmap", _MMAP[here], shared, errno.ENOMEM)
    pair: list[_Step] = [_argument(0), (_EQUAL, 0, "no", _AF_UNIX)]
    # One of a pair of datagram sockets can be turned to any other socket of the machine.
    pair += [(_EQUAL, "ok", "ok", 0)] if sockets else [_argument(1), (_ANY_BIT, "no", "ok", _SOCK_DGRAM)]
    steps += _block("pair", _SOCKETPAIR[here], pair, errno.EAFNOSUPPORT)
    families: list[_Step] = [_argument(0), (_EQUAL, "no", "no", 0)]
    if sockets:  # gloo asks for routes over a netlink socket of protocol 0
        families = [_argument(0), *((_EQUAL, "ok", 0, f) for f in (_AF_UNIX, _AF_INET, _AF_INET6))]
        families += [(_EQUAL, 0, "no", _AF_NETLINK), _argument(2), (_EQUAL, "ok", "no", 0)]
    steps += _block("socket", _SOCKET[here], families, errno.EAFNOSUPPORT)
    if strict:
        steps += _refuse(_REFUSED_STRICT, errno.EPERM) + _refuse(_PRETENDED_STRICT, 0)
    if signals_to is not None:
        for index, numbers in enumerate((*_SIGNALLING[:-1], _PIDFD_OPEN)):
            steps += _block(f"signal{index}", numbers[here], [_argument(0), *_only_values(signals_to)])
    steps.append(_answer(_ALLOW))
    return _assemble(steps)


def install(code: bytes) -> None:
    """Put the filter on this process and all that it starts, for good; raises OSError where seccomp is missing."""
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(buffer))
    syscalls.no_new_privileges()
    syscalls.syscall("seccomp", 1, 0, header)
