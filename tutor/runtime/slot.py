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

from tutor.runtime import handover, jail, lockdown, places, syscalls, watch, wire
from tutor.runtime.guard import Guard
from tutor.runtime.protocol import Evaluate, Job, Level

Serve = Callable[[Job, Callable[[bytes], None], Callable[[], Evaluate | None]], int]
"""Runs a job; sends messages; gets what to evaluate when it is over, None when nothing more is to come."""
Load = Callable[[], tuple[Serve, wire.Ready | None]]
"""Gives what runs a job; what loads torch first says so in a `Ready`."""
_PARKED = b"parked"
_AT_ONCE_MS = 5
"""A job that comes within this time is not kept waiting by a rehearsal."""


class Plan(NamedTuple):
    """What a slot is made of."""

    level: Level
    request: wire.SlotRequest
    number: int
    readable: places.Places
    rooms: tuple[str, ...] = ()
    """Folders in memory to write to: at the `full` level all there are, for this run only."""
    scratch_root: str = ""
    """The folder that holds the scratch folder, where it is no room; empty for the machine's own place for such."""
    device: str = "cpu"
    rehearse: Callable[[], None] | None = None
    """What a parked process does while it waits, so that its run begins sooner."""


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

    def never(_job: Job, _send: object, _next: object) -> int:
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
            supervise(plan, lambda: (serve, None), learners, supervisors)
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
    learner = Learner(lambda: (serve, None), learners, lockdown.SCRATCH, temporary, lock, plan.rehearse)
    pid = _park(learner, supervisors)
    if pid:
        _tell(supervisors, Guard(pid, supervisors, mounts=plan.rooms).watch())


def supervise(plan: Plan, load: Load, learners: socket.socket, supervisors: socket.socket) -> None:
    """Fork a learner's process that writes to a folder of its own, watch it, and clear up after it."""
    zygote = os.getppid()
    if syscalls.supported():
        syscalls.adopt_orphans()
        syscalls.set_dumpable(False)
    uid = lockdown.spare_uid(plan.number) if os.getuid() == 0 else os.getuid()
    scratch = tempfile.mkdtemp(prefix="torch-tutor-run-", dir=plan.scratch_root or None)
    if os.getuid() == 0:
        os.chown(scratch, uid, uid)

    def lock() -> None:
        bare = lockdown.Bare(
            plan.request.processes, (scratch, *plan.rooms), uid, plan.readable, plan.level, plan.device
        )
        lockdown.lock_bare(bare)

    try:
        learner = Learner(load, learners, scratch, scratch, lock, plan.rehearse)
        pid = _park(learner, supervisors, scratch)
        if pid:
            _tell(supervisors, Guard(pid, supervisors, scratch=scratch).watch())
    finally:
        watch.end_tree(os.getpid())
        watch.remove_tree(scratch)
        if os.getuid() == 0:  # no other run has this user number
            for room in plan.rooms:
                watch.remove_files_of(uid, room)
        if plan.scratch_root and os.getppid() != zygote:  # it was killed, and can't clear up after the last run
            with contextlib.suppress(OSError):
                Path(plan.scratch_root).rmdir()


def _park(learner: Learner, supervisors: socket.socket, scratch: str = "") -> int:
    """Fork the learner's process and wait until it is locked down; 0 where that failed, which the tutor was told."""
    told, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        supervisors.close()
        os.close(told)
        learner.live(tell)
    learner.inbox.close()
    os.close(tell)
    words = _words_before_an_order(told, supervisors)
    if not words.startswith(_PARKED):
        why = words.decode(errors="replace") or "the learner's process ended while it was locked down"
        _tell(supervisors, wire.Fault(why))
        return 0
    _tell(supervisors, wire.Parked(ready=wire.ready(words[len(_PARKED) :]), scratch=scratch))
    return pid


def _words_before_an_order(told: int, tutor: socket.socket) -> bytes:
    """All that the learner's process says of its preparation; what there is when the tutor gives it up meanwhile."""
    poll = select.poll()
    poll.register(told, select.POLLIN)
    poll.register(tutor, select.POLLIN)
    words = b""
    with os.fdopen(told, "rb", buffering=0) as pipe:
        while tutor.fileno() not in dict(poll.poll()):
            more = pipe.read(1 << 16)
            if not more:
                return words
            words += more
    return b"it was given up"


def _tell(tutor: socket.socket, message: msgspec.Struct) -> None:
    with contextlib.suppress(OSError):  # where the tutor is gone, there is nobody to tell
        tutor.send(wire.encode(message))


def _close_all_but(*kept: int) -> None:
    low = 3
    for descriptor in (*sorted(kept), handover.MOST_DESCRIPTORS):
        os.closerange(low, descriptor)
        low = descriptor + 1


# ---- the learner's process --------------------------------------------------------------------------------------


class Learner(NamedTuple):
    """The process that will run a learner's code; whatever goes wrong before that ends it."""

    load: Load
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
                self._settle()
                serve, ready = self.load()
                lockdown.lock_common()
                self.lock()
            except BaseException:
                os.write(tell, traceback.format_exc()[-4000:].encode())
                raise
            os.write(tell, _PARKED + wire.encode(ready))
            os.close(tell)
            if self.rehearse is not None and not handover.is_near(self.inbox, _AT_ONCE_MS):
                self.rehearse()
            data = lockdown.data_bytes()
            job = handover.job(self.inbox)
            lockdown.limit_for_job(job.limits, job.device, data)
            code = serve(job, handover.send, handover.next_request)
        finally:  # a forked process never returns into the zygote's frames
            os._exit(code)

    def _settle(self) -> None:
        os.setsid()
        if syscalls.supported():
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
