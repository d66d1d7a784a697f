"""What a parked process does while it waits for its job: it runs a small program of our own, start to end.

A forked process shares the zygote's memory until it writes to it, and must find each page of a library anew. That costs
the first run of anything most of its time; after a rehearsal, it is spent before the learner presses Run.
"""

from __future__ import annotations

import linecache
import multiprocessing.process
import os
import sys
from pathlib import Path

import msgspec

from tutor.runtime import child
from tutor.runtime.protocol import Job, ValueProbe

_JOB = msgspec.msgpack.encode(
    Job(code="import torch\nx = torch.ones(2, 3)\nprint(end='')\n", probes=(ValueProbe("x", "x"),))
)


def rehearse() -> None:
    """Run a program of our own and forget it; interrupts stay ignored, random numbers are seeded by the run itself."""
    job = msgspec.msgpack.decode(_JOB, type=Job)
    main, arguments, path, environment = sys.modules["__main__"], sys.argv, list(sys.path), dict(os.environ)
    origin = multiprocessing.process.ORIGINAL_DIR  # type: ignore[attr-defined]
    child.perform(job, child.Channel(_nowhere), _not_yet)
    sys.modules["__main__"], sys.argv, sys.path[:] = main, arguments, path
    multiprocessing.process.ORIGINAL_DIR = origin  # type: ignore[attr-defined]
    os.environ.update(environment)
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    for name in (child.SETUP, job.filename, child.GIVEN):
        linecache.cache.pop(name, None)
    Path(job.filename).unlink(missing_ok=True)


def _not_yet() -> None:
    """At its end a program waits for its threads; Python does that once."""


def _nowhere(_body: bytes) -> None:
    """Where the messages of a rehearsal go."""
