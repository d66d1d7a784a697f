"""One slot: a supervisor, and below it the learner's process, locked down and parked until a job comes.

The supervisor watches memory and scratch space, passes on interrupts, reports the exit by wait4 and ends everything
that the run started. It is trusted; the learner's process can neither signal nor read it.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import tempfile
import time
import traceback
from collections.abc import Callable
from typing import NamedTuple, NoReturn

import msgspec

from tutor.runtime import landlock, lockdown, places, seccomp, syscalls, watch, wire
from tutor.runtime.protocol import Job, Level

Serve = Callable[[Job, Callable[[bytes], None]], int]
TICK_S = 0.1
"""How often the supervisor looks at memory."""
_FOLDER_EVERY = 5
"""The scratch folder is walked once in so many looks."""
_JOB = 3
_MOST_DESCRIPTORS = 4096


class Plan(NamedTuple):
    """What a slot is made of."""

    level: Level
    request: wire.SlotRequest
    scratch_root: str
    number: int
    readable: places.Places


def probe(level: Level) -> None:
    """Try in a throw-away child whether the level can be had; raises OSError with the reason."""
    if level is not Level.BASIC:
        raise OSError(f"the {level.value} level is not available in this version; basic is")
    if not syscalls.supported() or not landlock.abi():
        raise OSError(
            "this kernel has no Landlock (Linux 5.13 or later, x86_64 or aarch64), so code can't be run safely"
        )
    seccomp.program(sockets=False, strict=True)  # assembled once, for all children


def make(control: socket.socket, plan: Plan, serve: Serve) -> None:
    """Fork a slot and hand its three descriptors to the tutor."""
    for_learner, learners = wire.pair()
    for_supervisor, supervisors = wire.pair()
    pid = os.fork()
    if pid == 0:
        _supervisor_process(plan, serve, learners, supervisors)
    handle = os.pidfd_open(pid)
    made = wire.encode(wire.SlotMade(pid))
    socket.send_fds(control, [made], [for_learner.fileno(), for_supervisor.fileno(), handle])
    os.close(handle)
    for end in (for_learner, learners, for_supervisor, supervisors):
        end.close()


# ---- the supervisor ---------------------------------------------------------------------------------------------


def _supervisor_process(plan: Plan, serve: Serve, learners: socket.socket, supervisors: socket.socket) -> NoReturn:
    try:
        _supervise(plan, serve, learners, supervisors)
    except BaseException:  # a forked process never returns into the zygote's frames
        _tell(supervisors, wire.Fault(traceback.format_exc()[-4000:]))
    finally:
        os._exit(0)


def _supervise(plan: Plan, serve: Serve, learners: socket.socket, supervisors: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    syscalls.adopt_orphans()
    syscalls.set_dumpable(False)
    _close_all_but(learners.fileno(), supervisors.fileno())
    uid = lockdown.spare_uid(plan.number)
    scratch = tempfile.mkdtemp(prefix="run-", dir=plan.scratch_root)
    if os.getuid() == 0:
        os.chown(scratch, uid, uid)
    told, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        supervisors.close()
        os.close(told)
        _learner_process(plan, serve, learners, scratch, uid, tell)
    learners.close()
    os.close(tell)
    try:
        with os.fdopen(told, "rb") as pipe:
            trouble = pipe.read()
        if trouble != b"parked":
            _tell(
                supervisors,
                wire.Fault(trouble.decode(errors="replace") or "the learner's process ended while it was locked down"),
            )
            return
        _tell(supervisors, wire.Parked(scratch=scratch))
        _tell(supervisors, Guard(pid, supervisors, scratch).watch())
    finally:
        watch.end_tree(os.getpid())
        watch.remove_tree(scratch)


class Guard:
    """Watches one learner's process until it has ended or has to."""

    def __init__(self, pid: int, tutor: socket.socket, scratch: str) -> None:
        self._pid = pid
        self._tutor = tutor
        self._scratch = scratch
        self._shared = watch.resident("self")
        self._orders: wire.Watch | None = None
        self._deadline = 0.0
        self._looks = 0

    def watch(self) -> wire.Ended:
        """Wait for the end, bring it about where a limit is passed, and say how it came."""
        handle = os.pidfd_open(self._pid)
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        poll.register(self._tutor, select.POLLIN)
        why = ""
        while not why:
            ready = dict(poll.poll(int(TICK_S * 1000) if self._orders else None))
            if self._tutor.fileno() in ready:
                why = self._hear()
            if handle in ready:
                break
            why = why or self._look()
        if why:
            os.kill(self._pid, signal.SIGKILL)
        _, status, usage = os.wait4(self._pid, 0)
        os.close(handle)
        return wire.Ended(
            why=why,
            code=os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1,
            signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
            cpu_s=usage.ru_utime + usage.ru_stime,
            peak_mb=usage.ru_maxrss / 1024,
        )

    def _hear(self) -> str:
        data = self._tutor.recv(wire.LARGEST)
        if not data:
            return "the tutor is gone"
        match wire.to_supervisor(data):
            case wire.Watch() as orders:
                self._orders = orders
                self._deadline = time.monotonic() + orders.seconds
            case wire.Interrupt():
                _signal_group(self._pid, signal.SIGINT)
            case wire.Kill():
                return "killed"
        return ""

    def _look(self) -> str:
        orders = self._orders
        if orders is None:
            return ""
        if time.monotonic() > self._deadline:
            return "time"
        self._looks += 1
        pids = watch.descendants(os.getpid())
        if watch.tree_memory(pids, self._shared) > orders.memory_mb * lockdown.MB:
            return "memory"
        if (
            self._looks % _FOLDER_EVERY == 0
            and watch.folder_used(self._scratch, pids) > orders.scratch_mb * lockdown.MB
        ):
            return "scratch"
        return ""


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return  # it has ended meanwhile


def _tell(tutor: socket.socket, message: msgspec.Struct) -> None:
    try:
        tutor.send(wire.encode(message))
    except OSError:
        return  # the tutor is gone; there is nobody to tell


def _close_all_but(*kept: int) -> None:
    low = 3
    for descriptor in (*sorted(kept), _MOST_DESCRIPTORS):
        os.closerange(low, descriptor)
        low = descriptor + 1


# ---- the learner's process --------------------------------------------------------------------------------------


def _learner_process(plan: Plan, serve: Serve, inbox: socket.socket, scratch: str, uid: int, tell: int) -> NoReturn:
    code = 71
    try:
        os.setsid()
        os.chdir(scratch)
        _environment(scratch)
        lockdown.lock_common()
        lockdown.lock_bare(plan.request.processes, scratch, uid, plan.readable)
        os.write(tell, b"parked")
    except BaseException:
        os.write(tell, traceback.format_exc()[-4000:].encode())
        os._exit(code)
    try:
        os.close(tell)
        job, messages = _receive(inbox)
        lockdown.limit_for_job(job.limits, plan.level, job.device)
        code = serve(job, _framed(messages))
    finally:
        os._exit(code)


def _environment(scratch: str) -> None:
    places_for = {
        "HOME": scratch,
        "TMPDIR": scratch,
        "TORCHINDUCTOR_CACHE_DIR": f"{scratch}/.inductor",
        "USER": "learner",
    }
    os.environ.update(places_for)
    tempfile.tempdir = None  # the zygote's answer is cached there


def _receive(inbox: socket.socket) -> tuple[Job, int]:
    """The job, and the descriptor for messages; standard output and error are in place afterwards."""
    data, received, _, _ = socket.recv_fds(inbox, 1, 4)
    if not data:
        os._exit(0)  # never used: the tutor has closed the slot
    body, stdout, stderr, messages = received
    with os.fdopen(body, "rb") as file:
        file.seek(0)
        job = msgspec.msgpack.decode(file.read(), type=Job)
    inbox.close()
    nothing = os.open("/dev/null", os.O_RDONLY)
    for source, target in ((nothing, 0), (stdout, 1), (stderr, 2)):
        os.dup2(source, target, inheritable=True)
    os.dup2(messages, _JOB, inheritable=False)
    os.closerange(_JOB + 1, _MOST_DESCRIPTORS)
    return job, _JOB


def _framed(descriptor: int, write: Callable[[int, memoryview], int] = os.write) -> Callable[[bytes], None]:
    """Sends a message with its length before it; where nobody listens any more, nothing is sent."""

    def send(body: bytes) -> None:
        rest = memoryview(len(body).to_bytes(4, "little") + body)
        try:
            while rest:
                rest = rest[write(descriptor, rest) :]
        except BrokenPipeError:
            return

    return send
