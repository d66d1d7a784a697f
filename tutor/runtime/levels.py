"""The levels of isolation: which there are, and what each protects, one by one, for `doctor`."""

from __future__ import annotations

import os

from tutor.runtime import landlock, machine, syscalls
from tutor.runtime.machine import Machine
from tutor.runtime.protocol import Level, Protection

BUILT = (Level.FULL, Level.JAIL, Level.BASIC, Level.SPARE)
"""The levels of this version, strongest first."""
FORKED = BUILT[:-1]
"""The levels at which a run is a fork of a process that has torch loaded; the last one needs nothing but Linux."""
STRANGERS = (Level.FULL, Level.JAIL)
"""The levels at which the code of people one does not know may be run."""


def check(level: Level) -> None:
    """Raise OSError where a look already tells that the level can't be had here."""
    if level is Level.SPARE:
        return
    if not syscalls.supported():
        raise OSError("code can be run safely only on Linux, on x86_64 or aarch64")
    if level is not Level.FULL and not landlock.abi():
        raise OSError("the kernel has no Landlock (Linux 5.13 or later has it), so files can't be protected")


def how_to_have(level: Level, why: str, here: Machine) -> str:
    """What to do to have a level that can't be had, `why` being the reason."""
    if "Python is installed" in why or "Permission denied: '/" in why:
        return "Install Python and torch-tutor in a folder of their own that every user may read."
    ways = {Level.FULL: machine.for_namespaces, Level.JAIL: machine.for_bubblewrap, Level.BASIC: machine.for_landlock}
    return ways[level](here) if level in ways else ""


def confines_spare(device: str) -> bool:
    """Whether a spare process is held by Landlock and seccomp."""
    return device == "cpu" and syscalls.supported() and landlock.abi() > 0


def protections(level: Level, not_stronger: str, device: str = "cpu") -> tuple[Protection, ...]:
    """Each protection of a run at this level: on, or off and why."""
    version = landlock.abi()
    match level:
        case Level.FULL:
            return _in_rooms(version)
        case Level.JAIL:
            return _in_jail(version, not_stronger)
        case Level.BASIC:
            return _in_folders(version, not_stronger)
        case Level.SPARE:
            return _in_spare(version, not_stronger, device)


def _protection(name: str, why: str, *, on: bool = True, fix: str = "") -> Protection:
    return Protection(name=name, on=on, why=why, fix="" if on else fix)


def _stronger(not_stronger: str) -> str:
    """What to do to have a stronger level."""
    if not not_stronger:
        return "Ask for no level (--level, TORCH_TUTOR_LEVEL), and the strongest that works is taken."
    return how_to_have(Level.FULL, not_stronger, machine.look())


_CALLS = _protection("system calls", "seccomp: no mounts, namespaces, tracing, other processes' memory")
_LIMITS = _protection("limits", "time, processor, memory, processes, files and output are bounded")


def _in_rooms(version: int) -> tuple[Protection, ...]:
    landlocked = f", and Landlock, version {version}" if version else ""
    return (
        _protection("files", f"a root of its own{landlocked}: Python, read-only, and folders in memory to write to"),
        _protection("network", "a network of its own, with nothing in it"),
        _CALLS,
        _protection("processes", "a process namespace of its own: no other process can be seen or signalled"),
        _protection("user", "a user namespace of its own, without capabilities"),
        _LIMITS,
    )


def _in_jail(version: int, not_stronger: str) -> tuple[Protection, ...]:
    why = not_stronger or "the jail level was asked for"
    one_each = f"{why}; all runs share one jail, so they run one after the other"
    return (
        _protection("files", f"a root of its own (bubblewrap), and Landlock, version {version}"),
        _protection("network", "a network of its own (bubblewrap), with nothing in it"),
        _CALLS,
        _protection(
            "processes", "a process namespace of its own (bubblewrap): no other process of the machine is seen"
        ),
        _signals(version),
        _user("a user namespace of its own (bubblewrap), without capabilities"),
        _LIMITS,
        _protection("one jail a run", one_each, on=False, fix=_stronger(not_stronger)),
    )


def _in_spare(version: int, not_stronger: str, device: str) -> tuple[Protection, ...]:
    if confines_spare(device):
        return _in_folders(version, not_stronger, asked=Level.SPARE)
    why = not_stronger or "the spare level was asked for"
    what_to_do = machine.for_landlock(machine.look())
    if device != "cpu":
        why = f"a process that drives {device} must reach the driver's own files and calls"
        what_to_do = "Run code that you don't trust on the CPU."
    return (
        _protection("files", f"{why}; your program can read and write what you can", on=False, fix=what_to_do),
        _protection("network", why, on=False, fix=what_to_do),
        _LIMITS,
    )


def _signals(version: int) -> Protection:
    how = "Landlock: only to the run's own processes" if version >= 6 else "seccomp: only to itself"
    return _protection("signals", how)


def _user(otherwise: str) -> Protection:
    return _protection("user", "an unprivileged user number for each run" if os.getuid() == 0 else otherwise)


def _in_folders(version: int, not_stronger: str, asked: Level = Level.BASIC) -> tuple[Protection, ...]:
    as_root = os.getuid() == 0
    user = "an unprivileged user number for each run" if as_root else "runs as you; Landlock and seccomp hold it"
    why = not_stronger or f"the {asked} level was asked for"
    stronger = _stronger(not_stronger)
    return (
        _protection("files", f"Landlock, version {version}: no home folder, one scratch folder to write to"),
        _protection("network", "seccomp: no sockets"),
        _CALLS,
        _signals(version),
        _protection("user", user, on=as_root, fix=stronger),
        _LIMITS,
        _protection("namespaces", f"{why}; run the code of people you don't know elsewhere", on=False, fix=stronger),
    )
