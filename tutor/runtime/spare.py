"""A process that loads torch by itself, is used for one run and thrown away: where a fork of a warm one is not safe.

That is so on macOS, and for CUDA and MPS, which do not survive a fork. The supervisor forks before anything is loaded;
its child loads torch, puts on what protections the machine has, and parks as every other learner's process does.
"""

from __future__ import annotations

import importlib
import os
import signal
import socket

from tutor.runtime import places, slot, syscalls, wire, zygote
from tutor.runtime.protocol import Level


def main(learners: int, supervisors: int) -> None:
    """Supervise one run for the tutor behind the sockets; its first message is a `wire.Config`."""
    with socket.socket(fileno=learners) as inbox, socket.socket(fileno=supervisors) as tutor:
        inbox.set_inheritable(False)
        tutor.set_inheritable(False)
        config = wire.config(tutor.recv(wire.LARGEST))
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if syscalls.supported():
            syscalls.die_with_parent()
        plan = slot.Plan(Level.SPARE, config.request, os.getpid(), places.readable(), device=config.device)
        slot.supervise(plan, lambda: _loaded(config), inbox, tutor)


def _loaded(config: wire.Config) -> tuple[slot.Serve, wire.Ready]:
    zygote.load(config.request.preload)
    child = importlib.import_module(config.child)
    child.warm()
    return child.serve, zygote.ready(config)
