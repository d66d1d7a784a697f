"""What the kernel offers for isolation: each thing is tried by the system call itself, in a child that is thrown away.

A look at a version number or at a file would not tell: a container's filter, AppArmor or a boot option may stand
between. Nothing here needs torch, and where the system is not Linux, it says so and tries nothing.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, NoReturn

import msgspec

from tutor.runtime import landlock, machine, seccomp, syscalls
from tutor.runtime.machine import Machine

PATIENCE_S = 5
"""A try that takes longer is ended, and has failed."""
_NOBODY = 65534
_SPACES = (
    syscalls.CLONE_NEWUSER
    | syscalls.CLONE_NEWNS
    | syscalls.CLONE_NEWPID
    | syscalls.CLONE_NEWIPC
    | syscalls.CLONE_NEWUTS
    | syscalls.CLONE_NEWNET
    | syscalls.CLONE_NEWCGROUP
)


class Primitive(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that isolation is made of."""

    name: str
    means: str
    """What it is, in words."""
    works: bool
    why: str = ""
    """What was found: the error where it does not work."""
    fix: str = ""
    """What to do about it; empty where it works."""


# ---- what is tried; each raises OSError where it does not work --------------------------------------------------


def _user_namespace() -> None:
    if os.getuid() == 0:  # what root may do tells nothing: runs are an ordinary user's
        syscalls.become(_NOBODY, _NOBODY)
    uid, gid = os.getuid(), os.getgid()
    syscalls.unshare(syscalls.CLONE_NEWUSER)
    syscalls.map_to_self(uid, gid)


def _namespaces() -> None:
    if os.getuid() == 0:
        syscalls.unshare(syscalls.CLONE_NEWNS)  # as root, the jail is built before root is given up
        syscalls.become(_NOBODY, _NOBODY)
    uid, gid = os.getuid(), os.getgid()
    syscalls.unshare(_SPACES)
    syscalls.map_to_self(uid, gid)
    syscalls.loopback_up()


def _mounted(kind: str, target: str) -> Callable[[], None]:
    def work() -> None:
        _namespaces()
        syscalls.mount(None, "/", None, syscalls.MS_REC | syscalls.MS_PRIVATE)
        error = _in_child(lambda: syscalls.mount(kind, target, kind, syscalls.MS_NOSUID | syscalls.MS_NODEV))
        if error is not None:
            raise error

    return work


def _landlock() -> None:
    landlock.restrict(landlock.Rules(), tcp=False)
    _must_refuse(lambda: Path("/proc/self/status").read_text())


def _seccomp() -> None:
    seccomp.install(seccomp.program(sockets=False, strict=True))
    _must_refuse(lambda: os.close(os.memfd_create("probe")))


def _must_refuse(forbidden: Callable[[], object]) -> None:
    try:
        forbidden()
    except PermissionError:
        return
    raise OSError(0, "it was put on, and refuses nothing")


def _no_new_privileges() -> None:
    syscalls.no_new_privileges()
    if "NoNewPrivs:\t1" not in Path("/proc/self/status").read_text():
        raise OSError(0, "it was put on, and is not there")


def _pidfd() -> None:
    handle = os.pidfd_open(os.getpid())
    signal.pidfd_send_signal(handle, 0)


def _memfd() -> None:
    os.close(os.memfd_create("probe"))


def _subreaper() -> None:
    syscalls.adopt_orphans()
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        if os.fork() == 0:
            os.read(told, 1)  # until its parent is gone
            os._exit(0)
        os._exit(0)
    os.waitpid(child, 0)
    os.write(tell, b"x")
    try:
        os.wait()
    except ChildProcessError:
        raise OSError(0, "an orphan went to another process") from None


def _bubblewrap() -> None:
    command = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=PATIENCE_S - 1
        )
    except FileNotFoundError:
        raise OSError(0, "bubblewrap is not installed (its program is bwrap)") from None
    except subprocess.TimeoutExpired:
        raise OSError(0, "bwrap does not come to an end") from None
    if done.returncode:
        raise OSError(0, (done.stderr.strip().splitlines() or [f"bwrap ended with {done.returncode}"])[-1])


class _Try(NamedTuple):
    name: str
    means: str
    work: Callable[[], None]
    fix: Callable[[Machine], str]


def _newer(version: str) -> Callable[[Machine], str]:
    return lambda here: (
        f"Let the container's seccomp filter pass it, or update to Linux {version} or later."
        if here.container
        else f"Update to Linux {version} or later."
    )


_TRIES = (
    _Try(
        "user namespaces",
        "an ordinary user gets a private world to lock things into",
        _user_namespace,
        machine.for_namespaces,
    ),
    _Try(
        "other namespaces",
        "files, processes and network of a run's own",
        _namespaces,
        machine.for_namespaces,
    ),
    _Try("own /proc", "only a run's own processes are listed", _mounted("proc", "/proc"), machine.for_namespaces),
    _Try(
        "file systems in memory",
        "folders of a bounded size that vanish",
        _mounted("tmpfs", "/tmp"),
        machine.for_namespaces,
    ),
    _Try("bubblewrap", "a program that may build jails where others may not", _bubblewrap, machine.for_bubblewrap),
    _Try("Landlock", "the kernel refuses files that a run was not given", _landlock, machine.for_landlock),
    _Try("seccomp", "the kernel refuses system calls that no lesson needs", _seccomp, _newer("3.17")),
    _Try("no_new_privs", "no program that a run starts gains rights", _no_new_privileges, _newer("3.5")),
    _Try("pidfd", "a handle on a process that can't go to another one", _pidfd, _newer("5.3")),
    _Try("memfd", "memory handed over as a file", _memfd, _newer("3.17")),
    _Try("subreaper", "what a run leaves behind comes back to us", _subreaper, _newer("3.4")),
)


def probe(here: Machine | None = None) -> tuple[Primitive, ...]:
    """Try everything, and read the settings that explain it; takes well under a second."""
    here = here or machine.look()
    if here.system != "Linux" or not syscalls.supported():
        return (no_linux(here),)
    found = tuple(judged(one.name, _in_child(one.work), here) for one in _TRIES)
    return (*found, *settings(here))


def no_linux(here: Machine) -> Primitive:
    """The one thing to say of a system whose calls we don't know."""
    return Primitive(
        name="Linux",
        means="the protections are made by its kernel",
        works=False,
        why=f"this is {here.system or 'an unknown system'} on {syscalls.MACHINE}; they exist on x86_64 and aarch64",
        fix=machine.for_namespaces(msgspec.structs.replace(here, system=here.system if here.system != "Linux" else "")),
    )


def judged(name: str, error: OSError | None, here: Machine) -> Primitive:
    """One thing by what came of trying it."""
    one = next(t for t in _TRIES if t.name == name)
    if error is not None:
        return Primitive(name=name, means=one.means, works=False, why=machine.in_words(error), fix=one.fix(here))
    why = f"version {landlock.abi()} of it" if name == "Landlock" else ""
    return Primitive(name=name, means=one.means, works=True, why=why)


def settings(here: Machine) -> tuple[Primitive, ...]:
    """What of the machine's settings stands in the way of namespaces, as far as it has these settings."""
    found: list[Primitive] = []

    def add(setting: str, means: str, value: int | None, fits: bool, fix: str) -> None:
        if value is not None:
            found.append(
                Primitive(name=setting, means=means, works=fits, why=f"it is {value}", fix="" if fits else fix)
            )

    limits = None if here.apparmor_limits is None else int(here.apparmor_limits)
    add(
        machine.APPARMOR,
        "AppArmor lets only programs that it has a rule for use user namespaces",
        limits,
        not limits,
        f"For the full level, run `sudo sysctl -w {machine.APPARMOR}=0`. {machine.for_bubblewrap(here)}",
    )
    add(
        machine.MOST,
        "how many user namespaces there may be",
        here.most_namespaces,
        bool(here.most_namespaces),
        f"Allow user namespaces: `sudo sysctl -w {machine.MOST}=15000`.",
    )
    for_all = None if here.for_all is None else int(here.for_all)
    add(
        machine.FOR_ALL,
        "whether ordinary users may make user namespaces",
        for_all,
        bool(for_all),
        f"Allow user namespaces to all users: `sudo sysctl -w {machine.FOR_ALL}=1`.",
    )
    return tuple(found)


# ---- the child --------------------------------------------------------------------------------------------------


def _in_child(work: Callable[[], None]) -> OSError | None:
    """Do it in a forked process, and bring its error home."""
    told, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        _live(work, tell)
    os.close(tell)
    with os.fdopen(told, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(pid, 0)
    if said == b"fine":
        return None
    if said:
        number, _, text = said.decode(errors="replace").partition(" ")
        return OSError(int(number), text)
    if os.WIFSIGNALED(status):
        return OSError(0, f"the kernel ended the process that tried it ({signal.Signals(os.WTERMSIG(status)).name})")
    return OSError(0, "the process that tried it ended without a word")


def _live(work: Callable[[], None], tell: int) -> NoReturn:
    """The forked process: it tries, says how it went, and never returns."""
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(PATIENCE_S)
        with open(os.devnull, "r+b", buffering=0) as nothing:  # noqa: PTH123 - descriptors, not a path
            for stream in (0, 1, 2):
                os.dup2(nothing.fileno(), stream)
        said = b"fine"
        try:
            work()
        except OSError as error:
            said = f"{error.errno or 0} {error.strerror or error}".encode()
        os.write(tell, said)
    finally:
        os._exit(0)
