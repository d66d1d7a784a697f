"""What kind of machine this is, as far as it decides how well code can be isolated, and what to do about it in words.

Only files are read here, so that it works on any system and at any moment; `primitives` tries things out.
"""

from __future__ import annotations

import errno
import os
import platform
import shutil
from pathlib import Path

import msgspec

APPARMOR = "kernel.apparmor_restrict_unprivileged_userns"
MOST = "user.max_user_namespaces"
FOR_ALL = "kernel.unprivileged_userns_clone"
_DOCKER_OPTIONS = ("seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined")


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """The settings that decide; None where the machine has no such setting."""

    system: str = "Linux"
    release: str = ""
    container: str = ""
    """What this runs inside of: Docker, Podman and the like; empty where no container was found."""
    root: bool = False
    apparmor_limits: bool | None = None
    most_namespaces: int | None = None
    for_all: bool | None = None
    """Whether users who are not root may make user namespaces, where the kernel has a switch for it."""
    bubblewrap: str = ""
    """Where its program is."""

    @property
    def old_wsl(self) -> bool:
        """Whether this is the first version of WSL, which has no Linux kernel."""
        return self.release.endswith("-Microsoft")


def look(top: Path = Path("/")) -> Machine:
    """Read the settings below `top`."""
    limits = _number(top, APPARMOR)
    for_all = _number(top, FOR_ALL)
    return Machine(
        system=platform.system(),
        release=platform.release(),
        container=_container(top),
        root=hasattr(os, "getuid") and os.getuid() == 0,
        apparmor_limits=None if limits is None else bool(limits),
        most_namespaces=_number(top, MOST),
        for_all=None if for_all is None else bool(for_all),
        bubblewrap=shutil.which("bwrap") or "",
    )


def _number(top: Path, setting: str) -> int | None:
    try:
        return int((top / "proc/sys" / setting.replace(".", "/")).read_text())
    except (OSError, ValueError):
        return None


def _container(top: Path) -> str:
    for mark, name in (("run/.containerenv", "Podman"), (".dockerenv", "Docker")):
        if (top / mark).exists():
            return name
    if "KUBERNETES_SERVICE_HOST" in os.environ:
        return "Kubernetes"
    kind = os.environ.get("container", "")  # noqa: SIM112 - its name is in small letters
    return {"lxc": "LXC", "systemd-nspawn": "systemd-nspawn"}.get(kind, "")


def in_words(error: OSError) -> str:
    """An error of the kernel for people: what was tried, what it means, and its name to search for."""
    text = error.strerror or str(error)
    name = errno.errorcode.get(error.errno or 0, "")
    known = os.strerror(error.errno or 0) if name else ""
    if known and known not in text:
        text = f"{text}: {known}"
    if error.filename:
        text = f"{text}: {error.filename!r}"
    return f"{text} ({name})" if name and name not in text else text


# ---- what to do -------------------------------------------------------------------------------------------------


def for_namespaces(machine: Machine) -> str:
    """How to get the namespaces of the `full` level, for somebody who may change the machine."""
    if machine.system != "Linux":
        return "Run torch-tutor in Linux: a virtual machine, a container, or WSL 2 on Windows."
    if machine.old_wsl:
        return "Move this distribution to WSL 2: in Windows, run `wsl --set-version NAME 2`."
    if machine.most_namespaces == 0:
        return f"Allow user namespaces: `sudo sysctl -w {MOST}=15000`."
    if machine.for_all is False and not machine.root:
        return f"Allow user namespaces to all users: `sudo sysctl -w {FOR_ALL}=1`."
    if machine.container:
        return _for_container(machine)
    if machine.apparmor_limits:
        return f"For the full level, run `sudo sysctl -w {APPARMOR}=0`. {for_bubblewrap(machine)}"
    return "Use a Linux whose kernel and service manager allow user namespaces; systemd has RestrictNamespaces= for it."


def _for_container(machine: Machine) -> str:
    if machine.container == "Kubernetes":
        return "Let the pod's security context allow namespaces: seccompProfile Unconfined and procMount Unmasked."
    if machine.container not in ("Docker", "Podman"):
        return "Let the container nest others (for LXC: security.nesting=true)."
    options = " ".join(f"--security-opt {option}" for option in _DOCKER_OPTIONS)
    if machine.container == "Podman":
        options = "--security-opt seccomp=unconfined --security-opt unmask=ALL --security-opt label=disable"
    text = f"Start the container with `{options}`"
    if machine.root:
        text += " and, as it runs as root, with `--user 1000` or `--cap-add SYS_ADMIN`"
    if machine.apparmor_limits:
        text += f"; on the machine around it, run `sudo sysctl -w {APPARMOR}=0`"
    return f"{text}."


def for_bubblewrap(machine: Machine) -> str:
    """How to get bubblewrap to work, for the `jail` level."""
    if machine.system != "Linux" or machine.old_wsl:
        return for_namespaces(machine)
    rule = "its AppArmor rule, as docs/sandbox.md shows"
    if not machine.bubblewrap:
        then = f"; then load {rule}" if machine.apparmor_limits and not machine.container else ""
        return f"For the jail level, install bubblewrap (on Debian and Ubuntu: `sudo apt install bubblewrap`){then}."
    if machine.apparmor_limits and not machine.container:
        return f"For the jail level, load {rule}."
    return for_namespaces(machine)


def for_landlock(machine: Machine) -> str:
    """How to get Landlock."""
    if machine.system != "Linux" or machine.old_wsl:
        return for_namespaces(machine)
    if machine.container and _at_least(machine.release, 5, 13):
        return "Let the container's filter pass Landlock: a newer Docker does, or `--security-opt seccomp=unconfined`."
    if _at_least(machine.release, 5, 13):
        return "Start the kernel with landlock in its list of security modules: `lsm=landlock,…` on its command line."
    return "Update to Linux 5.13 or later."


def _at_least(release: str, major: int, minor: int) -> bool:
    numbers = [int(part) if part.isdigit() else 0 for part in release.split("-")[0].split(".")[:2]]
    return [*numbers, 0, 0][:2] >= [major, minor]
