"""One job, run in this process: setup, the learner's code, given; then what was asked about it, as one last message.

`serve` expects to be the only thing that this process does: it takes over `__main__`, the standard streams, the seeds
and the handler of interrupts, and its caller leaves with `os._exit`.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import linecache
import multiprocessing.process
import multiprocessing.util
import os
import signal
import sys
import threading
import time
import types
import weakref
from collections.abc import Callable
from pathlib import Path

import msgspec
import torch

from tutor.runtime import device, errors, probes, repl, trace
from tutor.runtime.caps import Caps
from tutor.runtime.gradients_seen import GradientsSeen
from tutor.runtime.graphs import graphs
from tutor.runtime.lines import Lines
from tutor.runtime.operations import Operations
from tutor.runtime.plots_asked import PlotsAsked
from tutor.runtime.protocol import Evaluate, EvaluationProbe, GradientsProbe, Job, JobFile, Message, Result, Started
from tutor.runtime.rows_seen import RowsSeen
from tutor.runtime.values import ErrorReport

SETUP, GIVEN = "<setup>", "<given>"
_recorder = trace.Recorder()
_clock = time.perf_counter
_pid = os.getpid
_leave = os._exit


def warm() -> None:
    """Load what a first use of torch would load, once, before any fork; starts no thread and no backward."""
    import numpy

    import tutor.runtime.observe

    torch.set_num_threads(1)
    ones = torch.ones(2, 3)
    repr(ones @ ones.T)
    leaf = torch.ones(2, requires_grad=True)
    repr((leaf * 2.0).sum())
    torch.optim.SGD([leaf], lr=0.1)  # the first optimizer imports 800 modules, which takes a second
    tutor.runtime.observe.observe({"leaf": leaf, "array": numpy.ones(2), "layer": torch.nn.Linear(2, 1)}, Caps())
    Lines().compiled(Job(code="for name in ():\n    name = name + 1\n"))
    probes.seed_all(0)
    device.warm()
    try:
        raise ValueError
    except ValueError as error:
        errors.report(error, {})
    linecache.clearcache()  # a child that cleared it would write to all the memory that it takes
    _recorder.install()
    # torch registers thousands of these; running them at the end of a child takes 65 ms and frees nothing that matters.
    for finalizer in list(weakref.finalize._registry):  # type: ignore[attr-defined]  # no public way to list them
        finalizer.atexit = False


class Channel:
    """Sends messages whole: an interrupt that arrives in between waits until the message is out."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._owner = _pid()
        self._encode = msgspec.msgpack.Encoder().encode
        self._lock = threading.RLock()
        self._sending = False
        self._interrupted = False

    def __call__(self, message: Message) -> None:
        """Send a message, and raise the interrupt that came meanwhile."""
        if _pid() != self._owner:
            return  # a fork of the learner's program: the pipe is not its own
        body = self._encode(message)
        with self._lock:
            self._sending = True
            try:
                self._send(body)
            finally:
                self._sending = False
        if self._interrupted:
            self._interrupted = False
            raise KeyboardInterrupt

    def interrupt(self, _signal: int, _frame: object) -> None:
        """Handler of SIGINT."""
        if self._sending:
            self._interrupted = True
        else:
            raise KeyboardInterrupt


def serve(job: Job, send: Callable[[bytes], None], next_request: Callable[[], Evaluate | None]) -> int:
    """Run a job and send Started, TraceBatches and, last, its Result; the exit code is for `os._exit`.

    With `job.console`, what `next_request` gives is evaluated in the finished program afterwards, until it gives None.
    """
    channel = Channel(send)
    signal.signal(signal.SIGINT, channel.interrupt)
    program, code = perform(job, channel, _finish_threads)
    if job.console:
        limit = job.limits.message_mb << 20
        repl.serve(program.namespace, program.parts, program.from_given, next_request, send, limit)
    return code


def perform(job: Job, channel: Channel, finish: Callable[[], None]) -> tuple[Program, int]:
    """Run a job and send what comes of it; `finish` is called when its last line has run."""
    owner = _pid()
    baseline = device.resident_mb()
    _open_streams()
    device.prepare(job.device)
    torch.set_num_threads(job.threads)
    probes.seed_all(job.seed)
    _quiet_exit()
    program = Program(job)
    _recorder.prepare(tuple(program.parts), job.filename, channel)
    if any(isinstance(probe, EvaluationProbe) for probe in job.probes):
        _recorder.rows = RowsSeen()
    paths = [probe.expr for probe in job.probes if isinstance(probe, GradientsProbe)]
    if paths:
        _recorder.gradients = GradientsSeen(program.namespace, paths)
    try:
        error, seconds, code = program.run(channel, _recorder, finish)
    except KeyboardInterrupt as interrupt:  # between two parts
        error, seconds, code = errors.report(interrupt, program.parts), 0.0, 130
    if _pid() != owner:
        _leave(code)  # the learner's program forked, and this is the fork
    try:
        result = _result(job, program, _recorder, error, seconds, baseline)
    except KeyboardInterrupt as interrupt:
        lines = program.lines
        error = error or errors.report(interrupt, program.parts)
        result = Result(error=error, seconds=seconds, line_shapes=lines.shapes(), loops=lines.loops())
        code = 130
    _send_bounded(result, channel, job.limits.message_mb << 20)
    return program, code


def _open_streams() -> None:
    # Unbuffered, so that what was printed before a crash or an endless loop is seen.
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        raw = io.FileIO(descriptor, "w", closefd=False)
        raw.name = f"<{name}>"
        stream = io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", write_through=True)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")  # type: ignore[misc]


def _quiet_exit() -> None:
    """Forget what the zygote registered for its exit; keep only the clean-up of processes the learner starts."""
    atexit._clear()
    weakref.finalize._registered_with_atexit = False  # type: ignore[attr-defined]  # so that later ones register again
    atexit.register(multiprocessing.util._exit_function)  # type: ignore[attr-defined]  # as multiprocessing does


class Program:
    """The three parts of a job in one `__main__` module that is also a file, as `spawn` needs it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.parts: dict[str, errors.Part] = {SETUP: "setup", job.filename: "code", GIVEN: "given"}
        self.module = types.ModuleType("__main__")
        self.namespace = self.module.__dict__
        self.from_given: frozenset[str] = frozenset()
        self.lines = Lines()
        self.plots = PlotsAsked()
        self.operations = Operations(job.filename) if job.operations else None

    def _enter(self) -> None:
        job, here = self.job, Path.cwd()
        with contextlib.suppress(
            OSError, ValueError
        ):  # a read-only folder, or a name that is no file name; the source is in linecache all the same
            (here / job.filename).write_text(job.code, encoding="utf-8", errors="backslashreplace")
        for name, text in ((SETUP, job.setup), (job.filename, job.code), (GIVEN, job.given)):
            linecache.cache[name] = (len(text), None, [f"{line}\n" for line in text.split("\n")], name)
        self.module.__file__ = str(here / job.filename)
        self.namespace["__builtins__"] = __builtins__
        self.plots.install()
        sys.modules["__main__"] = self.module
        sys.argv = [job.filename]
        sys.path.insert(0, str(here))
        multiprocessing.process.ORIGINAL_DIR = str(here)  # type: ignore[attr-defined]  # where spawn looks for __main__
        multiprocessing.process.current_process().authkey = os.urandom(32)

    def run(
        self, channel: Channel, recorder: trace.Recorder, finish: Callable[[], None]
    ) -> tuple[ErrorReport | None, float, int]:
        """Run the parts; the error they ended in, the seconds from the first line on, and an exit code."""
        self._enter()
        job = self.job
        if not job.trace:
            recorder.uninstall()
        begun = _clock()
        channel(Started(at=begun))
        recorder.begin(begun)
        error: ErrorReport | None = None
        code = 0
        try:
            _lay_out(job.files)
            self._part(job.setup, SETUP)
            with self._counting():
                self._part(job.code, job.filename)
            before = set(self.namespace)
            with self._counting(only_learners=True):
                self._part(job.given, GIVEN)
            self.from_given = frozenset(self.namespace) - before
        except BaseException as raised:
            error, code = errors.report(raised, self.parts), _exit_code(raised)
        seconds = _clock() - begun
        try:
            finish()
        except BaseException as raised:
            error, code = error or errors.report(raised, self.parts), code or _exit_code(raised)
        recorder.end()
        return error, seconds, code

    def _counting(self, *, only_learners: bool = False) -> contextlib.AbstractContextManager[None]:
        if self.operations is None:
            return contextlib.nullcontext()
        return self.operations.counting(only_learners=only_learners)

    def _part(self, source: str, filename: str) -> None:
        if not source.strip():
            return
        job = self.job
        try:
            if filename == job.filename and job.trace:
                code = self.lines.compiled(job)
            else:
                code = compile(source, filename, "exec", dont_inherit=True)
            exec(code, self.namespace)
        except SystemExit as leaving:
            if leaving.code not in (None, 0):
                raise


def _lay_out(files: tuple[JobFile, ...]) -> None:
    """Put the course's data files into the folder of the run."""
    for file in files:
        place = Path(file.path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.data)


def _exit_code(error: BaseException) -> int:
    if isinstance(error, KeyboardInterrupt):
        return 130
    return error.code & 0xFF if isinstance(error, SystemExit) and isinstance(error.code, int) else 1


def _finish_threads() -> None:
    """Wait for the learner's threads, as Python does at its end, and run what the program registered for its exit."""
    threading._shutdown()  # type: ignore[attr-defined]  # also ends the threads of executors
    atexit._run_exitfuncs()


def _result(
    job: Job, program: Program, recorder: trace.Recorder, error: ErrorReport | None, seconds: float, baseline: float
) -> Result:
    used = device.peak_mb(job.device, baseline)
    caps = Caps(bytes_left=(job.limits.message_mb << 20) * 3 // 4)
    with probes.undisturbed():
        asked = probes.Asked(program.namespace, caps, program.parts, job.seed, recorder, program.operations)
        observations = tuple(probes.answer(probe, asked) for probe in job.probes)
        listed = probes.variables(program.namespace, caps, program.from_given) if job.variables else ()
        optimizers = recorder.optimizers()
        seen = graphs(probes.listed(program.namespace, program.from_given)) if job.graphs else ()
        plots = program.plots.made()
    actual, name = device.describe(job.device)
    return Result(
        error=error,
        seconds=seconds,
        device=actual,
        device_name=name,
        peak_mb=used,
        observations=observations,
        variables=listed,
        totals=recorder.totals(),
        optimizers=optimizers,
        line_shapes=program.lines.shapes(),
        loops=program.lines.loops(),
        graphs=seen,
        plots=plots,
        operations=program.operations.names() if program.operations is not None else {},
    )


def _send_bounded(result: Result, channel: Channel, limit: int) -> None:
    """Send the result; where it is too large for one message, without plots, graphs, variables, observations."""
    fitting = result
    for left_out in ({}, {"plots": ()}, {"graphs": ()}, {"variables": ()}, {"observations": ()}):
        fitting = msgspec.structs.replace(fitting, **left_out)
        if len(msgspec.msgpack.encode(fitting)) <= limit:
            break
    channel(fitting)
