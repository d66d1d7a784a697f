"""What a parked process does while it waits changes nothing that the run after it can see."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec

from tutor.runtime.inbox import Inbox
from tutor.runtime.places import PACKAGE
from tutor.runtime.protocol import Job, ValueProbe

REHEARSE_AND_LOOK = """
import atexit, json, linecache, multiprocessing.process, os, signal, sys, threading
from tutor.runtime import child, rehearsal

def seen():
    return [
        repr(sys.modules["__main__"]), sys.argv, sys.path, dict(os.environ), sorted(os.listdir()),
        multiprocessing.process.ORIGINAL_DIR, sorted(linecache.cache), repr(signal.getsignal(signal.SIGINT)),
        threading.main_thread().is_alive(), [thread.name for thread in threading.enumerate()],
        sorted(os.listdir("/proc/self/fd")),
    ]

child.warm()
signal.signal(signal.SIGINT, signal.SIG_IGN)
before = seen()
rehearsal.rehearse()
after = seen()
"""
SAY_WHAT_WAS_SEEN = "os.write(2, json.dumps([before, after]).encode())\nos._exit(0)\n"
RUN = """
import msgspec
from tutor.runtime.protocol import Job
if not rehearsed:
    child.warm()
job = msgspec.json.decode(sys.argv[1], type=Job)
code = child.serve(job, lambda body: os.write(2, len(body).to_bytes(4, "little") + body), lambda: None)
os._exit(code)
"""
LATE = """
import atexit, concurrent.futures, random, threading, time, numpy, torch
numbers = torch.rand(3).tolist(), numpy.random.rand(2).tolist(), random.random()
layer = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
layer(torch.ones(1, 2)).sum().backward()
optimizer.step()
late = []
atexit.register(late.append, "at the end")
with concurrent.futures.ThreadPoolExecutor() as pool:
    late += pool.map(str, [1, 2])
threading.Thread(target=lambda: (time.sleep(0.05), late.append("a thread"))).start()
"""


def python(script: str, tmp_path: Path, *arguments: str) -> bytes:
    command = [sys.executable, "-c", script, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_a_rehearsal_leaves_the_process_as_it_was(tmp_path: Path) -> None:
    before, after = json.loads(python(REHEARSE_AND_LOOK + SAY_WHAT_WAS_SEEN, tmp_path))
    assert after == before


def test_a_run_is_the_same_with_and_without_a_rehearsal(tmp_path: Path) -> None:
    probes = (ValueProbe("numbers", "numbers"), ValueProbe("late", "sorted(late)"))
    job = Job(code=LATE, probes=probes)
    text = msgspec.json.encode(job).decode()
    imports = "import os, sys\nfrom tutor.runtime import child\nrehearsed = False\n"
    results = []
    for script in (imports + RUN, REHEARSE_AND_LOOK + "rehearsed = True\n" + RUN):
        inbox = Inbox(job)
        for _ in inbox.feed(python(script, tmp_path, text)):
            pass
        assert inbox.result is not None
        results.append(inbox.result)
    plain, rehearsed = results
    assert rehearsed.error is None
    assert rehearsed.observations == plain.observations
    assert rehearsed.totals == plain.totals
    assert rehearsed.optimizers == plain.optimizers
    assert "a thread" in repr(rehearsed.observations)
    assert "at the end" in repr(rehearsed.observations)
