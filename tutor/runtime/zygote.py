"""The process that has torch loaded and runs no line of a learner's: it forks a locked-down slot for every run.

It is started by exec with a scrubbed environment, hears its `Config` on a socket, builds the jail where the level has
one, tries one slot out, imports torch with a single thread (a thread pool here would hang the children), answers
`Ready`, and then prepares one slot for every `SlotRequest`. When the tutor is gone, by whatever death, all ends.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import platform
import signal
import socket
import sys
import tempfile
import traceback
from pathlib import Path

import msgspec

from tutor.runtime import bubblewrap, jail, levels, lockdown, machine, memory, places, slot, syscalls, watch, wire
from tutor.runtime.protocol import Level, Limits

SKLEARN = ("datasets", "linear_model", "metrics", "model_selection", "preprocessing")


def main(descriptor: int) -> None:
    """Serve the tutor behind a socket until it is gone."""
    control = socket.socket(fileno=descriptor)
    control.set_inheritable(False)
    try:
        serve(control)
    except BaseException:  # the last thing that can be said: why nothing works
        _complain(control, traceback.format_exc())
        raise
    os._exit(0)  # torch has nothing to do at its end that matters


def _complain(control: socket.socket, text: str, *, level: bool = False) -> None:
    with contextlib.suppress(OSError):
        control.send(wire.encode(wire.Fault(text[-4000:], level=level)))


def serve(control: socket.socket) -> None:
    """Lock in, load torch, say so, fork slots."""
    config = wire.config(control.recv(wire.LARGEST))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        plan = prepare(config.level, control)
    except OSError as error:
        _complain(control, machine.in_words(error), level=True)
        return
    tempfile.tempdir = os.environ["HOME"]  # modules ask at their import; each run looks for itself
    try:
        load(config.request.preload)
        child = importlib.import_module(config.child)
        child.warm()
        rehearse = importlib.import_module("tutor.runtime.rehearsal").rehearse
        _settle()
        if config.level is not Level.FULL:
            syscalls.die_with_parent(0)  # from here on a closed socket says it, and there is time to clear up
        scratch_root = plan.scratch_root if config.level is Level.BASIC else ""
        control.send(wire.encode(msgspec.structs.replace(ready(config), scratch_root=scratch_root)))
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # supervisors are reaped by the kernel
        plan = plan._replace(rehearse=rehearse)
        while data := control.recv(wire.LARGEST):
            plan = plan._replace(request=wire.slot_request(data), number=plan.number + 1)
            if load(plan.request.preload):
                _settle()
            if not watch.descendants(os.getpid()):  # nobody is there whose files these could be
                for room in plan.rooms if config.level is Level.JAIL else ():
                    watch.remove_files_of(os.getuid(), room)
            slot.make(control, plan, child.serve)
    finally:
        if plan.scratch_root:
            _wait_for_slots()
            watch.remove_tree(plan.scratch_root)


def prepare(level: Level, control: socket.socket) -> slot.Plan:
    """Put the protections of the level on, and see one slot stand; OSError with the reason where that fails."""
    levels.check(level)
    syscalls.die_with_parent()
    limits = Limits()
    request = wire.SlotRequest(scratch_mb=limits.scratch_mb, processes=limits.processes)
    readable = places.readable()  # needs the real HOME, which no child sees
    number = os.getpid()
    if level is Level.FULL:
        rooms = jail.rooms()
        jail.enter(control)
        os.environ["HOME"] = lockdown.SCRATCH
        plan = slot.Plan(level, request, number, readable, rooms=rooms)
    else:
        jailed = level is Level.JAIL
        root = Path(tempfile.mkdtemp(prefix="torch-tutor-", dir=lockdown.SCRATCH if jailed else None))
        root.chmod(0o711)
        os.environ["HOME"] = str(root)
        rooms = (bubblewrap.SHARED_MEMORY,) if jailed else ()
        plan = slot.Plan(level, request, number, readable, rooms, scratch_root=str(root))
    try:
        slot.try_out(plan)
    except BaseException:
        if plan.scratch_root:
            watch.remove_tree(plan.scratch_root)
        raise
    return plan


def load(preload: tuple[str, ...]) -> bool:
    """Import torch and what a lesson asks for, with one thread; whether there was anything to import."""
    import torch

    before = len(sys.modules)
    torch.set_num_threads(1)
    for name in ("torch.nn", "torch.optim", "torch.utils.data", "numpy"):
        importlib.import_module(name)
    if "sklearn" in preload:
        for name in SKLEARN:
            importlib.import_module(f"sklearn.{name}")
    return len(sys.modules) > before


def _settle() -> None:
    """Keep what was loaded out of the garbage collector's way, and give back the memory that only loading needed."""
    gc.collect()
    gc.freeze()
    memory.give_back()


def ready(config: wire.Config) -> wire.Ready:
    """What this process is, and what protects the machine from a learner's."""
    import torch

    return wire.Ready(
        torch_version=str(torch.__version__),
        python_version=platform.python_version(),
        devices=devices(config.device),
        protections=levels.protections(config.level, config.not_stronger, config.device),
    )


def devices(wanted: str) -> tuple[str, ...]:
    """The CPU, and the device that runs are to use where torch can drive it."""
    import torch

    # Nothing else may be asked before a fork, and only where PYTORCH_NVML_BASED_CUDA_CHECK is set.
    there = torch.cuda.is_available() if wanted == "cuda" else wanted == "mps" and torch.backends.mps.is_available()
    return ("cpu", wanted) if there else ("cpu",)


def _wait_for_slots() -> None:
    try:
        while True:
            os.wait()
    except ChildProcessError:
        return
