"""What the kernel offers: texts for findings that are given, and the real thing, also where something forbids it."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tutor.runtime import levels, machine, primitives
from tutor.runtime.helper import import_path
from tutor.runtime.machine import Machine
from tutor.runtime.places import PACKAGE
from tutor.runtime.protocol import Level

UBUNTU = Machine(release="6.8.0-45-generic", apparmor_limits=True, most_namespaces=63000)
REPOSITORY = Path(__file__).resolve().parents[2]


# ---- what to do -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "says"),
    [
        (UBUNTU, "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"),
        (UBUNTU, "sudo apt install bubblewrap"),
        (msgspec.structs.replace(UBUNTU, bubblewrap="/usr/bin/bwrap"), "AppArmor rule, as docs/sandbox.md shows"),
        (Machine(release="6.1.0", most_namespaces=0), "sudo sysctl -w user.max_user_namespaces=15000"),
        (Machine(release="4.19.0", for_all=False), "sudo sysctl -w kernel.unprivileged_userns_clone=1"),
        (Machine(container="Docker"), "--security-opt seccomp=unconfined --security-opt apparmor=unconfined"),
        (Machine(container="Docker", root=True), "`--user 1000` or `--cap-add SYS_ADMIN`"),
        (
            Machine(container="Docker", apparmor_limits=True),
            "on the machine around it, run `sudo sysctl -w kernel.apparmor",
        ),
        (Machine(container="Podman"), "--security-opt unmask=ALL"),
        (Machine(container="Kubernetes"), "procMount Unmasked"),
        (Machine(container="LXC"), "security.nesting=true"),
        (Machine(release="4.4.0-19041-Microsoft"), "wsl --set-version NAME 2"),
        (Machine(system="Darwin"), "Run torch-tutor in Linux"),
        (Machine(release="6.1.0"), "RestrictNamespaces"),
    ],
)
def test_what_to_do_for_namespaces(here: Machine, says: str) -> None:
    assert says in machine.for_namespaces(here)


@pytest.mark.parametrize(
    ("here", "says"),
    [
        (Machine(release="5.10.0-28-amd64"), "Update to Linux 5.13 or later."),
        (Machine(release="5.15.0"), "lsm=landlock"),
        (Machine(release="6.8.0", container="Docker"), "seccomp"),
        (Machine(system="Darwin"), "Run torch-tutor in Linux"),
    ],
)
def test_what_to_do_for_landlock(here: Machine, says: str) -> None:
    assert says in machine.for_landlock(here)


@pytest.mark.parametrize(
    ("here", "says"),
    [
        (UBUNTU, "apt install bubblewrap`); then load its AppArmor rule"),
        (Machine(), "apt install bubblewrap`)."),
        (Machine(container="Docker"), "apt install bubblewrap`)."),
        (Machine(container="Docker", bubblewrap="/usr/bin/bwrap"), "--security-opt"),
        (Machine(system="Windows"), "WSL 2"),
    ],
)
def test_what_to_do_for_bubblewrap(here: Machine, says: str) -> None:
    assert says in machine.for_bubblewrap(here)


def test_settings_are_read_where_they_are(tmp_path: Path) -> None:
    for name, value in ((machine.APPARMOR, "1"), (machine.MOST, "0"), (machine.FOR_ALL, "what")):
        file = tmp_path / "proc/sys" / name.replace(".", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{value}\n")
    (tmp_path / "run").mkdir()
    (tmp_path / "run/.containerenv").touch()
    here = machine.look(tmp_path)
    assert (here.apparmor_limits, here.most_namespaces, here.for_all) == (True, 0, None)
    assert here.container == "Podman"


def test_a_machine_without_the_settings_has_none_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    monkeypatch.setenv("container", "lxc")
    here = machine.look(tmp_path)
    assert (here.apparmor_limits, here.most_namespaces, here.for_all) == (None, None, None)
    assert here.container == "LXC"


# ---- what is said -----------------------------------------------------------------------------------------------


def test_a_finding_says_what_failed_in_words_and_what_to_do() -> None:
    found = primitives.judged("user namespaces", OSError(errno.EPERM, "unshare 0x10000000"), UBUNTU)
    assert not found.works
    assert found.why == "unshare 0x10000000: Operation not permitted (EPERM)"
    assert machine.APPARMOR in found.fix


def test_an_error_that_has_its_words_already_is_not_doubled() -> None:
    said = machine.in_words(OSError(errno.ENOSYS, "landlock: Function not implemented"))
    assert said == "landlock: Function not implemented (ENOSYS)"
    assert machine.in_words(OSError("no number")) == "no number"
    assert machine.in_words(PermissionError(13, "Permission denied", "/x")) == "Permission denied: '/x' (EACCES)"
    assert machine.in_words(OSError(0, "it was put on, and refuses nothing")) == "it was put on, and refuses nothing"


def test_what_works_needs_no_fix() -> None:
    assert primitives.judged("seccomp", None, UBUNTU) == primitives.Primitive(
        name="seccomp", means="the kernel refuses system calls that no lesson needs", works=True
    )


def test_settings_that_stand_in_the_way_are_named() -> None:
    here = Machine(apparmor_limits=True, most_namespaces=0, for_all=False)
    found = primitives.settings(here)
    assert [one.name for one in found] == [machine.APPARMOR, machine.MOST, machine.FOR_ALL]
    assert not any(one.works for one in found)
    assert all("sudo sysctl -w" in one.fix for one in found)
    assert all(one.works and not one.fix for one in primitives.settings(Machine(apparmor_limits=False, for_all=True)))
    assert primitives.settings(Machine()) == ()


@pytest.mark.parametrize("system", ["Darwin", "Windows"])
def test_another_system_is_told_in_one_line(system: str) -> None:
    (found,) = primitives.probe(Machine(system=system))
    assert not found.works
    assert system in found.why
    assert "Run torch-tutor in Linux" in found.fix


# ---- the real thing ---------------------------------------------------------------------------------------------


def test_the_kernel_is_asked_and_answers() -> None:
    found = {one.name: one for one in primitives.probe()}
    for name in ("seccomp", "no_new_privs", "pidfd", "memfd", "subreaper"):  # nothing works here without these
        assert found[name].works, found[name]
    assert all(one.works or (one.why and one.fix) for one in found.values())


REFUSING = """
import sys
from tutor.runtime import primitives, seccomp, syscalls
x86 = syscalls.X86
numbers = [{numbers}]
steps = [(0x20, 0, 0, 0)]
for number in numbers:
    steps += seccomp._refuse({{"it": (number[0], number[1])}}, {error})
seccomp.install(seccomp._assemble([*steps, (6, 0, 0, 0x7FFF0000)]))
for one in primitives.probe():
    print(one.name, one.works, one.why, one.fix, sep="|")
"""


def probed(numbers: str, error: int) -> dict[str, tuple[bool, str, str]]:
    """What is found where a filter refuses these system calls, as a container's may."""
    program = REFUSING.format(numbers=numbers, error=error)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    rows = (line.split("|") for line in done.stdout.splitlines())
    return {name: (works == "True", why, fix) for name, works, why, fix in rows}


def test_refused_namespaces_are_found() -> None:
    found = probed("(272, 97)", errno.EPERM)  # unshare
    for name in ("user namespaces", "other namespaces", "own /proc", "file systems in memory"):
        works, why, fix = found[name]
        assert not works
        assert "Operation not permitted (EPERM)" in why
        assert fix
    assert found["seccomp"][0]


def test_a_kernel_without_landlock_is_found() -> None:
    works, why, fix = probed("(444, 444)", errno.ENOSYS)["Landlock"]  # landlock_create_ruleset
    assert not works
    assert "not available" in why
    assert fix


def test_a_refused_mount_is_told_apart_from_refused_namespaces() -> None:
    found = probed("(165, 40)", errno.EACCES)  # mount
    assert not found["own /proc"][0]
    assert "Permission denied (EACCES)" in found["own /proc"][1]
    assert not found["file systems in memory"][0]


def test_filters_that_are_put_on_and_refuse_nothing_do_not_count() -> None:
    program = (
        "from tutor.runtime import landlock, primitives, seccomp\n"
        "landlock.restrict = lambda *_, **__: None\n"
        "seccomp.install = lambda _: None\n"
        "print([one.why for one in primitives.probe() if one.name in ('Landlock', 'seccomp')])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    assert done.stdout == f"{['it was put on, and refuses nothing'] * 2}\n"


def test_it_can_be_imported_and_asked_where_nothing_is_there() -> None:
    program = (
        "import sys, platform, os\n"
        "for name in ('fcntl', 'resource', 'termios', 'pwd', 'grp'): sys.modules[name] = None\n"
        "del os.fork, os.pidfd_open, os.getuid\n"
        "platform.system = lambda: 'Windows'\n"
        "from tutor.runtime import primitives\n"
        "print([one.name for one in primitives.probe()])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=REPOSITORY)
    assert done.stdout == "['Linux']\n", done.stderr


# ---- levels -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", list(Level))
def test_a_protection_that_is_off_says_why_and_what_to_do(level: Level) -> None:
    for not_stronger in ("", "the full level can't be had: unshare 0x7e020000: Operation not permitted"):
        for device in ("cpu", "cuda"):
            for one in levels.protections(level, not_stronger, device):
                assert one.why
                assert bool(one.fix) is not one.on


def test_a_python_that_others_can_not_read_is_not_blamed_on_namespaces() -> None:
    why = "Permission denied: '/root/.venv'"
    assert "Install Python" in levels.how_to_have(Level.FULL, why, UBUNTU)
    assert "sysctl" in levels.how_to_have(Level.FULL, "unshare 0x1: Operation not permitted", UBUNTU)
    assert levels.how_to_have(Level.BASIC, "the kernel has no Landlock", Machine(release="5.4.0")).startswith("Update")
    assert levels.how_to_have(Level.SPARE, "no", UBUNTU) == ""


def test_packages_behind_a_link_are_found_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packages = tmp_path / "real" / "site-packages"
    packages.mkdir(parents=True)
    (tmp_path / "linked").symlink_to(tmp_path / "real")
    (tmp_path / "scripts").mkdir()
    monkeypatch.setattr(sys, "path", ["", str(tmp_path / "scripts"), str(tmp_path / "linked" / "site-packages")])
    assert import_path() == [str(PACKAGE.parent), str(packages)]
