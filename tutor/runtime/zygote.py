"""The process that has torch loaded and runs no line of a learner's: it forks a locked-down slot for every run.

It is started by exec with a scrubbed environment, hears its `Config` on a socket, imports torch with a single thread
(a thread pool here would hang the children), answers `Ready`, and then prepares one slot for every `SlotRequest`. When
the tutor is gone, by whatever death, the socket closes and everything ends.
"""

from __future__ import annotations

import gc
import importlib
import os
import platform
import signal
import socket
import tempfile
import traceback
from pathlib import Path

from tutor.runtime import landlock, lockdown, places, slot, watch, wire
from tutor.runtime.protocol import Level, Protection

SKLEARN = ("datasets", "linear_model", "metrics", "model_selection", "preprocessing")


def main(descriptor: int) -> None:
    """Serve the tutor behind a socket until it is gone."""
    control = socket.socket(fileno=descriptor)
    control.set_inheritable(False)
    try:
        serve(control)
    except BaseException:  # the last thing that can be said: why nothing works
        control.send(wire.encode(wire.Fault(traceback.format_exc()[-4000:])))
        raise


def serve(control: socket.socket) -> None:
    """Load torch, say so, fork slots."""
    config = wire.config(control.recv(wire.LARGEST))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    readable = places.readable()  # needs the real HOME, which no child sees
    slot.probe(config.level)
    load(config.preload)
    root = Path(tempfile.mkdtemp(prefix="torch-tutor-"))
    root.chmod(0o711)
    os.environ["HOME"] = str(root)
    child = importlib.import_module(config.child)
    child.warm()
    gc.collect()
    gc.freeze()
    control.send(wire.encode(ready(config.level)))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # supervisors are reaped by the kernel
    try:
        number = os.getpid() % lockdown.MOST_RUNS
        while data := control.recv(wire.LARGEST):
            number += 1
            request = wire.slot_request(data)
            slot.make(control, slot.Plan(config.level, request, str(root), number, readable), child.serve)
    finally:
        _wait_for_slots()
        watch.remove_tree(str(root))


def load(preload: tuple[str, ...]) -> None:
    """Import torch and what a course asks for, with one thread."""
    import torch

    torch.set_num_threads(1)
    for name in ("torch.nn", "torch.optim", "torch.utils.data", "numpy"):
        importlib.import_module(name)
    if "sklearn" in preload:
        for name in SKLEARN:
            importlib.import_module(f"sklearn.{name}")


def ready(level: Level) -> wire.Ready:
    """What this process is, and what protects the machine from its children."""
    import torch

    return wire.Ready(
        torch_version=str(torch.__version__), python_version=platform.python_version(), protections=protections(level)
    )


def protections(level: Level) -> tuple[Protection, ...]:
    """Each protection of a run at this level: on, or off and why."""
    version = landlock.abi()
    as_root = os.getuid() == 0
    user = "a run takes an unprivileged user number" if as_root else "runs as you; Landlock and seccomp hold it"
    return (
        Protection(
            name="files", on=True, why=f"Landlock, version {version}: no home folder, only a scratch folder to write"
        ),
        Protection(name="network", on=True, why="seccomp: no sockets"),
        Protection(
            name="system calls", on=True, why="seccomp: no mounts, namespaces, tracing, other processes' memory"
        ),
        Protection(
            name="signals",
            on=True,
            why="Landlock: only to the run's own processes" if version >= 6 else "seccomp: only to itself",
        ),
        Protection(name="user", on=as_root, why=user),
        Protection(name="limits", on=True, why="time, processor, memory, processes, files and output are bounded"),
        Protection(
            name="namespaces", on=False, why=f"not used at the {level.value} level; run unknown people's code elsewhere"
        ),
    )


def _wait_for_slots() -> None:
    try:
        while True:
            os.wait()
    except ChildProcessError:
        return
