"""One slot: a supervisor, and below it the learner's process, locked down and parked until a job comes.

The supervisor watches memory and scratch space, passes on interrupts, reports the exit by wait4 and ends everything
that the run started. It is trusted; the learner's process can neither signal nor read it.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, NoReturn

import msgspec

from tutor.runtime import jail, lockdown, places, syscalls, watch, wire
from tutor.runtime.guard import Guard
from tutor.runtime.protocol import Job, Level

Serve = Callable[[Job, Callable[[bytes], None]], int]
_decode_job = msgspec.msgpack.Decoder(Job).decode
_AT_ONCE_MS = 5
"""A job that comes within this time is not kept waiting by a rehearsal."""
_JOB = 3
_MOST_DESCRIPTORS = 4096


class Plan(NamedTuple):
    """What a slot is made of."""

    level: Level
    request: wire.SlotRequest
    number: int
    readable: places.Places
    rooms: tuple[str, ...] = ()
    """Folders in memory to write to: at the `full` level all there are, for this run only."""
    scratch_root: str = ""
    """The folder that holds the scratch folder, where it is no room."""
    rehearse: Callable[[], None] | None = None
    """What a parked process does while it waits, so that its run begins faster."""


def make(control: socket.socket, plan: Plan, serve: Serve) -> None:
    """Fork a slot and hand its three descriptors to the tutor."""
    pid, for_learner, for_supervisor = _fork(plan, serve)
    handle = os.pidfd_open(pid)
    made = wire.encode(wire.SlotMade(pid))
    socket.send_fds(control, [made], [for_learner.fileno(), for_supervisor.fileno(), handle])
    os.close(handle)
    for_learner.close()
    for_supervisor.close()


def try_out(plan: Plan) -> None:
    """Make a slot and throw it away; OSError with the reason where a protection can't be put on."""

    def never(_job: Job, _send: Callable[[bytes], None]) -> int:
        return 1

    pid, for_learner, for_supervisor = _fork(plan, never)
    with for_learner, for_supervisor:
        data = for_supervisor.recv(wire.LARGEST)
    os.waitpid(pid, 0)
    heard = wire.from_supervisor(data) if data else wire.Fault("the supervisor of a run ended at once")
    if isinstance(heard, wire.Fault):
        raise OSError(heard.text)


def _fork(plan: Plan, serve: Serve) -> tuple[int, socket.socket, socket.socket]:
    for_learner, learners = wire.pair()
    for_supervisor, supervisors = wire.pair()
    pid = jail.fork_room() if plan.level is Level.FULL else os.fork()
    if pid == 0:
        _supervisor_process(plan, serve, learners, supervisors)
    learners.close()
    supervisors.close()
    return pid, for_learner, for_supervisor


# ---- the supervisor ---------------------------------------------------------------------------------------------


def _supervisor_process(plan: Plan, serve: Serve, learners: socket.socket, supervisors: socket.socket) -> NoReturn:
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        _close_all_but(learners.fileno(), supervisors.fileno())
        if plan.level is Level.FULL:
            _supervise_room(plan, serve, learners, supervisors)
        else:
            _supervise_folder(plan, serve, learners, supervisors)
    except BaseException:  # a forked process never returns into the zygote's frames
        _tell(supervisors, wire.Fault(traceback.format_exc()[-4000:]))
    finally:
        os._exit(0)  # in a room, the kernel ends whatever is left with its first process


def _supervise_room(plan: Plan, serve: Serve, learners: socket.socket, supervisors: socket.socket) -> None:
    syscalls.die_with_parent()
    jail.furnish(plan.rooms, plan.request.scratch_mb)
    syscalls.set_dumpable(False)

    def lock() -> None:
        lockdown.lock_in_namespaces(plan.request.processes, plan.rooms)

    temporary = "/tmp" if "/tmp" in plan.rooms else lockdown.SCRATCH
    learner = Learner(serve, learners, lockdown.SCRATCH, temporary, lock, plan.rehearse)
    pid = _park(learner, supervisors)
    if pid:
        _tell(supervisors, Guard(pid, supervisors, mounts=plan.rooms).watch())


def _supervise_folder(plan: Plan, serve: Serve, learners: socket.socket, supervisors: socket.socket) -> None:
    zygote = os.getppid()
    syscalls.adopt_orphans()
    syscalls.set_dumpable(False)
    uid = lockdown.spare_uid(plan.number)
    scratch = tempfile.mkdtemp(prefix="run-", dir=plan.scratch_root)
    if os.getuid() == 0:
        os.chown(scratch, uid, uid)

    def lock() -> None:
        jailed = plan.level is Level.JAIL
        lockdown.lock_bare(plan.request.processes, (scratch, *plan.rooms), uid, plan.readable, jailed=jailed)

    try:
        pid = _park(Learner(serve, learners, scratch, scratch, lock, plan.rehearse), supervisors)
        if pid:
            _tell(supervisors, Guard(pid, supervisors, scratch=scratch).watch())
    finally:
        watch.end_tree(os.getpid())
        watch.remove_tree(scratch)
        for room in plan.rooms:
            watch.remove_files_of(uid if os.getuid() == 0 else os.getuid(), room)
        if os.getppid() != zygote:  # it was killed, and can't clear up after the last run
            with contextlib.suppress(OSError):
                Path(plan.scratch_root).rmdir()


def _park(learner: Learner, supervisors: socket.socket) -> int:
    """Fork the learner's process and wait until it is locked down; 0 where that failed, which the tutor was told."""
    told, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        supervisors.close()
        os.close(told)
        learner.live(tell)
    learner.inbox.close()
    os.close(tell)
    with os.fdopen(told, "rb") as pipe:
        trouble = pipe.read()
    if trouble != b"parked":
        why = trouble.decode(errors="replace") or "the learner's process ended while it was locked down"
        _tell(supervisors, wire.Fault(why))
        return 0
    _tell(supervisors, wire.Parked())
    return pid


def _tell(tutor: socket.socket, message: msgspec.Struct) -> None:
    with contextlib.suppress(OSError):  # where the tutor is gone, there is nobody to tell
        tutor.send(wire.encode(message))


def _close_all_but(*kept: int) -> None:
    low = 3
    for descriptor in (*sorted(kept), _MOST_DESCRIPTORS):
        os.closerange(low, descriptor)
        low = descriptor + 1


# ---- the learner's process --------------------------------------------------------------------------------------


class Learner(NamedTuple):
    """The process that will run a learner's code; whatever goes wrong before that ends it."""

    serve: Serve
    inbox: socket.socket
    scratch: str
    temporary: str
    lock: Callable[[], None]
    rehearse: Callable[[], None] | None

    def live(self, tell: int) -> NoReturn:
        """Lock down, say so, wait for the job, run it, leave."""
        code = 71
        try:
            try:
                self._lock_down()
            except BaseException:
                os.write(tell, traceback.format_exc()[-4000:].encode())
                raise
            os.write(tell, b"parked")
            os.close(tell)
            if self.rehearse is not None and not _waits(self.inbox):
                self.rehearse()
            data_bytes = lockdown.data_bytes()
            job, messages = _receive(self.inbox)
            lockdown.limit_for_job(job.limits, job.device, data_bytes)
            code = self.serve(job, _framed(messages))
        finally:  # a forked process never returns into the zygote's frames
            os._exit(code)

    def _lock_down(self) -> None:
        os.setsid()
        syscalls.die_with_parent()
        syscalls.set_dumpable(True)  # or its own entry in /proc would be closed to it
        os.chdir(self.scratch)
        os.environ.update(
            HOME=self.scratch,
            TMPDIR=self.temporary,
            TORCHINDUCTOR_CACHE_DIR=f"{self.temporary}/.inductor",
            USER="learner",
        )
        tempfile.tempdir = None  # the zygote's answer is cached there
        lockdown.lock_common()
        self.lock()


def _waits(inbox: socket.socket) -> bool:
    """Whether a job, or the end, is there or comes at once."""
    poll = select.poll()
    poll.register(inbox, select.POLLIN)
    return bool(poll.poll(_AT_ONCE_MS))


def _receive(inbox: socket.socket) -> tuple[Job, int]:
    """The job, and the descriptor for messages; standard output and error are in place afterwards."""
    data, received, _, _ = socket.recv_fds(inbox, 1, 4)
    if not data:
        os._exit(0)  # never used: the tutor has closed the slot
    body, stdout, stderr, messages = received
    job = _decode_job(os.pread(body, os.fstat(body).st_size, 0))
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
