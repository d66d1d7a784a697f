"""What a run can not reach: the home folder, the tutor's state and answers, the network, other processes."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Job, Limits, Outcome, PlainValue, ValueProbe

pytestmark = pytest.mark.asyncio(loop_scope="module")
PACKAGE = Path(__file__).resolve().parents[2] / "tutor"

TRY = """
def attempt(what):
    try:
        return f"did: {what()!r}"
    except (OSError, ValueError) as error:
        return "refused"
import os, signal, socket
x = attempt(lambda: %s)
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def runtime() -> AsyncIterator[Runtime]:
    async with Runtime() as started:
        yield started


async def answer(runtime: Runtime, expression: str) -> object:
    job = Job(code=TRY % expression, limits=Limits(time_s=5), probes=(ValueProbe("x", "x"),))
    report = await runtime.run(job)
    assert report.outcome is Outcome.FINISHED, report
    seen = report.observations["x"].seen
    assert isinstance(seen, PlainValue)
    return seen.value


REFUSED = {
    "list the home folder": f"os.listdir({str(Path.home())!r})",
    "read a lesson's answers": f"open({str(PACKAGE / 'lessons/content/tensors.yaml')!r}).read()",
    "read the account file": "open('/etc/passwd').read()",
    "list the folder for temporary files": "os.listdir('/tmp')",
    "write beside its folder": "open('/tmp/torch-tutor-was-here', 'w')",
    "write to its own Python": f"open({os.__file__!r}, 'a')",
    "read the tutor's environment": f"open('/proc/{os.getpid()}/environ', 'rb').read()",
    "read its parent's environment": "open(f'/proc/{os.getppid()}/environ', 'rb').read()",
    "signal its parent": "os.kill(os.getppid(), signal.SIGTERM)",
    "signal the tutor": f"os.kill({os.getpid()}, 0)",
    "open a network socket": "socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
    "open a datagram socket": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "open a local socket": "socket.socket(socket.AF_UNIX)",
    "change its user": "os.setuid(0)",
    "raise a limit": "__import__('resource').setrlimit(__import__('resource').RLIMIT_NPROC, (10**6, 10**6))",
    "go up out of its folder": "os.listdir('..')",
}


@pytest.mark.parametrize("expression", REFUSED.values(), ids=REFUSED.keys())
async def test_a_run_can_not(runtime: Runtime, expression: str) -> None:
    assert await answer(runtime, expression) == "refused"


async def test_what_lessons_need_is_allowed(runtime: Runtime) -> None:
    assert await answer(runtime, "open('mine', 'w').write('four')") == "did: 4"
    assert await answer(runtime, "os.listdir('.')") == "did: ['lesson.py']"
    assert await answer(runtime, "__import__('subprocess').check_output(['echo', 'hi'])") == r"did: b'hi\n'"


async def test_it_can_not_mount(runtime: Runtime) -> None:
    call = "__import__('ctypes').CDLL(None).mount(b'x', b'/mnt', b'tmpfs', 0, None)"
    assert await answer(runtime, call) == "did: -1"


async def test_killing_everyone_reaches_nobody(runtime: Runtime) -> None:
    before = children(os.getpid())
    await answer(runtime, "os.kill(-1, signal.SIGKILL)")
    await answer(runtime, "os.kill(0, signal.SIGCONT)")
    assert children(os.getpid()) == before


async def test_the_environment_holds_no_secret(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_TOKEN", "secret")
    async with Runtime() as other:
        assert await answer(other, "os.environ.get('MY_TOKEN')") == "did: None"


async def test_a_program_left_in_the_background_ends_with_the_run(runtime: Runtime) -> None:
    code = "import os, time\nx = os.fork()\nif x == 0:\n    os.setsid()\n    time.sleep(600)\n    os._exit(0)\n"
    report = await runtime.run(Job(code=code, probes=(ValueProbe("x", "x"),)))
    assert report.outcome is Outcome.FINISHED
    await runtime.close()
    assert not [pid for pid in descendants(os.getpid()) if "sleep" in command(pid) or "zygote" in command(pid)]


async def test_a_zygote_that_is_killed_is_started_again(runtime: Runtime) -> None:
    await runtime.start()
    (zygote,) = [pid for pid in children(os.getpid()) if "zygote" in command(pid)]
    os.kill(zygote, signal.SIGKILL)
    report = await runtime.run(Job(code="x = 1"))
    assert report.outcome is Outcome.FINISHED


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def descendants(pid: int) -> list[int]:
    below = children(pid)
    return below + [deeper for child in below for deeper in descendants(child)]


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()
