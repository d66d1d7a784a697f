"""What a run can not reach: the home folder, the tutor's state and answers, the network, other processes."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Job, Level, Limits, Outcome, ValueProbe
from tutor.runtime.values import PlainValue

pytestmark = pytest.mark.asyncio(loop_scope="module")
PACKAGE = Path(__file__).resolve().parents[2] / "tutor"

TRY = """
def attempt(what):
    try:
        return f"did: {what()!r}"
    except (OSError, ValueError, ImportError) as error:
        return "refused"
import ctypes, glob, os, resource, signal, socket, stat, time
libc = ctypes.CDLL(None)
def connect(address, family=socket.AF_INET):
    with socket.socket(family) as one:
        one.settimeout(1)
        one.connect(address)
x = attempt(lambda: %s)
"""


async def answer(runtime: Runtime, expression: str) -> object:
    job = Job(code=TRY % expression, limits=Limits(time_s=10), probes=(ValueProbe("x", "x"),))
    report = await runtime.run(job)
    assert report.outcome is Outcome.FINISHED, report
    seen = report.observations["x"].seen
    assert isinstance(seen, PlainValue)
    return seen.value


@pytest.fixture(scope="module")
def secret() -> Iterator[Path]:
    """A file in the home folder."""
    with tempfile.NamedTemporaryFile("w", dir=Path.home(), prefix=".torch-tutor-test-") as file:
        file.write("secret")
        file.flush()
        yield Path(file.name)


@pytest.fixture(scope="module")
def listener() -> Iterator[int]:
    """A TCP port that this machine listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


REFUSED = {
    "read a lesson's answers": f"open({str(PACKAGE / 'lessons/content/tensors.yaml')!r}).read()",
    "list the lessons": f"os.listdir({str(PACKAGE / 'lessons')!r})",
    "import the lessons": "__import__('importlib').import_module('tutor.lessons.load')",
    "read the password file": "open('/etc/shadow').read()",
    "write beside its folder": "open('/var/tmp/torch-tutor-was-here', 'w')",
    "write at the top": "open('/torch-tutor-was-here', 'w')",
    "write to its own Python": f"open({os.__file__!r}, 'a')",
    "write to a package": f"open({msgspec.__file__!r}, 'a')",
    "write to the runtime": f"open({str(PACKAGE / 'runtime/child.py')!r}, 'a')",
    "remove a part of Python": f"os.unlink({os.__file__!r})",
    "read the tutor's environment": f"open('/proc/{os.getpid()}/environ', 'rb').read()",
    "read its parent's environment": "open(f'/proc/{os.getppid()}/environ', 'rb').read()",
    "read its parent's memory": "open(f'/proc/{os.getppid()}/mem', 'rb').read(1)",
    "list its parent's descriptors": "os.listdir(f'/proc/{os.getppid()}/fd')",
    "signal the tutor": f"os.kill({os.getpid()}, 0)",
    "become root": "os.setuid(0)",
    "raise a limit": "resource.setrlimit(resource.RLIMIT_NPROC, (10**6, 10**6))",
    "lift its memory limit": "resource.setrlimit(resource.RLIMIT_DATA, (-1, -1))",
    "use a raw socket": "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
    "use a packet socket": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "change the system's clock": "time.clock_settime(time.CLOCK_REALTIME, 0)",
    "make a device": "os.mknod('disk', 0o600 | stat.S_IFBLK, os.makedev(254, 0))",
    "change the root": "os.chroot('.')",
    "change the name of the machine": "socket.sethostname('learner')",
    "change its parent's priority": "os.setpriority(os.PRIO_PROCESS, os.getppid(), 5)",
}


@pytest.mark.parametrize("expression", REFUSED.values(), ids=REFUSED.keys())
async def test_a_run_can_not(runtime: Runtime, expression: str) -> None:
    assert await answer(runtime, expression) == "refused"


@pytest.mark.parametrize(
    "call",
    [
        "mount(b'x', b'/mnt', b'tmpfs', 0, None)",
        "umount2(b'/proc', 2)",
        "unshare(0x10000000)",
        "unshare(0x20000)",
        "ptrace(16, os.getppid(), 0, 0)",
        "process_vm_readv(os.getppid(), 0, 0, 0, 0, 0)",
        "personality(0x0400000)",
        "syscall(425, 1, 0)",
        "syscall(321, 0, 0, 0)",
        "syscall(298, 0, 0, -1, -1, 0)",
        "syscall(323, 0)",
        "sched_setaffinity(os.getppid(), 128, b'\\1' + bytes(127))",
        "shmget(0, 1 << 30, 0o1600)",
        "memfd_create(b'x', 0)",
        "prlimit(os.getppid(), 7, 0, 0)",
        "ioctl(1, 0x5412, b'x')",
    ],
)
async def test_the_kernel_refuses(runtime: Runtime, call: str) -> None:
    assert await answer(runtime, f"libc.{call}") == "did: -1"


async def test_the_home_folder_is_out_of_reach(runtime: Runtime, secret: Path) -> None:
    assert await answer(runtime, f"open({str(secret)!r}).read()") == "refused"
    seen = await answer(runtime, f"os.listdir({str(secret.parent)!r})")
    assert secret.name not in str(seen)
    assert await answer(runtime, f"os.unlink({str(secret)!r})") == "refused"


@pytest.mark.parametrize("address", ["('127.0.0.1', {port})", "('192.0.2.1', 80)", "('169.254.169.254', 80)"])
async def test_nothing_can_be_connected_to(runtime: Runtime, listener: int, address: str) -> None:
    assert await answer(runtime, f"connect({address.format(port=listener)})") == "refused"


async def test_a_local_socket_of_the_machine_is_out_of_reach(runtime: Runtime, tmp_path: Path) -> None:
    path = str(tmp_path / "socket")
    with socket.socket(socket.AF_UNIX) as local:
        local.bind(path)
        local.listen()
        assert await answer(runtime, f"connect({path!r}, socket.AF_UNIX)") == "refused"
        local.close()
    with socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind("\0torch-tutor-test")
        abstract.listen()
        assert await answer(runtime, "connect('\\0torch-tutor-test', socket.AF_UNIX)") == "refused"


async def test_what_lessons_need_is_allowed(runtime: Runtime) -> None:
    assert await answer(runtime, "open('mine', 'w').write('four')") == "did: 4"
    assert await answer(runtime, "os.listdir('.')") == "did: ['lesson.py']"
    assert await answer(runtime, "__import__('subprocess').check_output(['echo', 'hi'])") == r"did: b'hi\n'"
    assert await answer(runtime, "__import__('tempfile').TemporaryFile().write(b'four')") == "did: 4"


async def test_its_supervisor_survives_whatever_it_sends(runtime: Runtime) -> None:
    sending = (
        "[attempt(lambda: os.kill(who, one)) for who in (os.getppid(), -1) for one in (19, 15, 11, 9)] and 'alive'"
    )
    before = children(os.getpid())
    if runtime.info and runtime.info.level is Level.FULL:
        sending = sending.replace("-1)", "-os.getppid())")  # everyone that it sees is its own
    assert await answer(runtime, sending) == "did: 'alive'"
    assert children(os.getpid()) == before
    assert await answer(runtime, "'next'") == "did: 'next'"


async def test_no_other_process_of_the_machine_is_seen_to(runtime: Runtime) -> None:
    found = await answer(runtime, "[attempt(lambda: open(f).read()) for f in glob.glob('/proc/[0-9]*/cmdline')]")
    assert "pytest" not in str(found)


async def test_the_environment_holds_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_TOKEN", "secret")
    async with Runtime() as other:
        assert await answer(other, "os.environ.get('MY_TOKEN')") == "did: None"
        assert await answer(other, "b'MY_TOKEN' in open('/proc/self/environ', 'rb').read()") == "did: False"


def descendants(pid: int) -> list[int]:
    below = children(pid)
    return below + [deeper for child in below for deeper in descendants(child)]


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


async def test_the_zygote_has_one_thread_or_its_children_would_hang(runtime: Runtime) -> None:
    await runtime.start()
    threads = [len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in descendants(os.getpid())]
    assert threads
    assert set(threads) == {1}
