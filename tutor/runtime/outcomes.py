"""How a run ended, in one sentence for the learner: what was hit, the limit, the usual cause."""

from __future__ import annotations

import signal

from tutor.runtime import wire
from tutor.runtime.protocol import Answer, Limits, Outcome, Report
from tutor.runtime.values import ErrorReport, LoopCount

_MEMORY_WORDS = (
    "can't allocate memory",
    "not enough memory",
    "out of memory",
    "std::bad_alloc",
    "Cannot allocate memory",
)
_PROCESS_WORDS = (
    ("BlockingIOError", "[Errno 11] Resource temporarily unavailable"),
    ("RuntimeError", "can't start new thread"),
)
_FILE_WORDS = ("File too large", "No space left on device", "Disk quota exceeded")


def of_error(error: ErrorReport) -> Outcome:
    """The outcome of a program that ended in an exception: raised, or a limit that the exception tells of."""
    if error.type in ("MemoryError", "OutOfMemoryError"):
        return Outcome.OUT_OF_MEMORY
    if error.type in ("RuntimeError", "OSError") and any(words in error.message for words in _MEMORY_WORDS):
        return Outcome.OUT_OF_MEMORY
    if error.type == "OSError" and any(words in error.message for words in _FILE_WORDS):
        return Outcome.FILE_LIMIT
    if (error.type, error.message) in _PROCESS_WORDS:
        return Outcome.PROCESS_LIMIT
    return Outcome.RAISED


def of_end(ended: wire.Ended, limits: Limits, stderr: str) -> tuple[Outcome, str]:
    """The outcome of a process that ended without a result, and what is known of it; native code tells on `stderr`."""
    by_supervisor = {"memory": Outcome.OUT_OF_MEMORY, "scratch": Outcome.FILE_LIMIT, "time": Outcome.TIMED_OUT}
    if ended.why in by_supervisor:
        return by_supervisor[ended.why], ""
    if ended.signal == signal.SIGXCPU or (ended.signal == signal.SIGKILL and ended.cpu_s >= limits.cpu_s):
        return Outcome.CPU_LIMIT, ""
    if ended.signal == signal.SIGXFSZ:
        return Outcome.FILE_LIMIT, ""
    if ended.signal == signal.SIGABRT and "std::bad_alloc" in stderr[-2000:]:
        return Outcome.OUT_OF_MEMORY, ""
    if ended.signal:
        return Outcome.KILLED, signal_name(ended.signal)
    return Outcome.ENDED_EARLY, f"exit code {ended.code}"


def signal_name(number: int) -> str:
    """SIGSEGV with what it means; the number where it has no name."""
    try:
        known = signal.Signals(number)
    except ValueError:
        return f"signal {number}"
    means = signal.strsignal(number)
    return f"{known.name} ({means})" if means else known.name


def sentence(report: Report | Answer, limits: Limits) -> str:
    """One sentence on how a run ended; empty for one that finished."""
    line = report.error.line if report.error is not None else None
    at = f" It was at line {line}." if line else ""
    loop = busiest_loop(report)
    endless = "Usually a loop never ends." if loop is None else _went_round(loop)
    match report.outcome:
        case Outcome.FINISHED:
            return ""
        case Outcome.RAISED:
            return _raised(report.error)
        case Outcome.TIMED_OUT:
            return f"Your program ran longer than {limits.time_s:g} s and was stopped. {endless}{at}"
        case Outcome.CPU_LIMIT:
            return f"Your program used more than {limits.cpu_s} s of processor time. {endless}{at}"
        case Outcome.OUT_OF_MEMORY:
            return (
                f"Your program needed more than {limits.memory_mb} MB of memory."
                f" Usually a tensor has a dimension too large, or a list grows in a loop.{at}"
            )
        case Outcome.OUTPUT_LIMIT:
            return (
                f"Your program wrote more than {limits.output_kb} KB and was stopped."
                f" Usually a print stands in a loop that never ends.{at}"
            )
        case Outcome.FILE_LIMIT:
            return (
                f"Your program wrote more than its folder holds"
                f" ({limits.file_mb} MB a file, {limits.scratch_mb} MB in all).{at}"
            )
        case Outcome.PROCESS_LIMIT:
            return (
                f"Your program could start no further process or thread: it may have {limits.processes} at once,"
                f" and each thread takes some of its memory for a stack."
                f" Usually they are started in a loop, and nobody waits for their end.{at}"
            )
        case Outcome.KILLED:
            return (
                f"The process was ended by {report.detail or 'a signal'}."
                " Python can't do this to itself; native code wrote or read where it may not."
            )
        case Outcome.INTERRUPTED:
            return "You stopped the run." + (at if loop is None else f"{at} {_went_round(loop)}")
        case Outcome.ENDED_EARLY:
            return (
                "The process left before your program was over, so nothing could be observed."
                " Usually os._exit was called, or another program took its place."
            )
        case Outcome.PROTOCOL_ERROR:
            return f"What the process reported can't be used: {report.detail or 'it is not complete'}."
        case Outcome.RUNTIME_FAULT:
            return f"The tutor could not run your code; this is not your fault. {report.detail}".rstrip()


def busiest_loop(report: Report | Answer) -> LoopCount | None:
    """The loop that a program was in when it was stopped, of several the one that went round most since it began."""
    line = report.error.line if report.error is not None else None
    if line is None or isinstance(report, Answer):
        return None
    around = [loop for loop in report.loops if loop.line <= line <= loop.last_line]
    return max(around, key=lambda loop: (loop.turns, loop.line), default=None)


def _went_round(loop: LoopCount) -> str:
    times = "once" if loop.turns == 1 else f"{loop.turns:,} times"
    return f"The loop in line {loop.line} had gone round {times}."


def _raised(error: ErrorReport | None) -> str:
    if error is None:
        return "Your program ended with an error."
    place = f" in line {error.line}" if error.line else ""
    return f"Your program stopped{place}: {error.type}: {error.message}".rstrip(": ")
