"""What an escape is: a program, what must not come of it, and how its run has to end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import NamedTuple

from tutor.runtime.protocol import Level, Limits, Outcome, Report
from tutor.runtime.values import PlainValue

FINISHED, RAISED, TIMED_OUT = Outcome.FINISHED, Outcome.RAISED, Outcome.TIMED_OUT
OUT_OF_MEMORY, FILE_LIMIT, CPU_LIMIT = Outcome.OUT_OF_MEMORY, Outcome.FILE_LIMIT, Outcome.CPU_LIMIT
KILLED, ENDED_EARLY, PROTOCOL_ERROR = Outcome.KILLED, Outcome.ENDED_EARLY, Outcome.PROTOCOL_ERROR
OUTPUT_LIMIT, PROCESS_LIMIT = Outcome.OUTPUT_LIMIT, Outcome.PROCESS_LIMIT

SIZES = Limits(time_s=20.0, cpu_s=15, memory_mb=200, output_kb=64, message_mb=8, file_mb=4, scratch_mb=16, processes=24)
"""Limits of a program that ends, or meets another limit, before its time is over."""
ENDLESS = Limits(
    time_s=0.6, cpu_s=15, memory_mb=200, output_kb=64, message_mb=8, file_mb=4, scratch_mb=16, processes=24
)
"""Limits of a program that ends only with its time."""


class Never(Enum):
    """What must not come of a program. All of it is looked for after every run, whatever the program is after."""

    READ = "something of the machine's is read"
    WRITTEN = "something outside of its folder is made, changed or removed"
    REACHED = "someone outside is reached over a socket"
    TOUCHED = "another process is signalled, read or changed"
    ALLOWED = "the kernel does it"
    LEFT = "a process is left"
    GROWN = "it takes more than it may"
    HUNG = "it keeps anyone waiting"
    BELIEVED = "what it sent is taken for a report"
    RAW = "a control character reaches the terminal"
    FOOLED = "the report says something else than the truth"


class Escape(NamedTuple):
    """One program. It finds in place: the helpers of `preamble`, and the names of the bait that is laid out for it."""

    tries: str
    never: Never
    code: str
    ends: tuple[Outcome, ...] = (FINISHED,)
    """The outcomes that may be reported; more than one only where the program's own timing decides."""
    sees: object = None
    """What `x` has to be at the end, where that matters."""
    shows: Callable[[Report], object] = lambda _report: True
    """What else has to be true of the report."""
    limits: Limits = SIZES
    holds: Level = Level.BASIC
    """The weakest level that has to withstand it."""
    setup: str = ""


def refused(tries: str, never: Never, code: str, holds: Level = Level.BASIC) -> Escape:
    """A program whose every attempt is refused, and which goes on undisturbed; `x` says so."""
    return Escape(tries, never, code, sees="refused", holds=holds)


def one_line(tries: str, never: Never, *attempts: str) -> Escape:
    """A program of attempts, each an expression."""
    listed = ", ".join(f"lambda: {attempt}" for attempt in attempts)
    return refused(tries, never, f"x = attempt({listed})")


def broken(tries: str, code: str, *ends: Outcome, limits: Limits = SIZES) -> Escape:
    """A program that harms itself only, so that it has to be survived at every level, also where nothing isolates it."""
    return Escape(tries, Never.HUNG, code, ends, limits=limits, holds=Level.SPARE)


def holding_at(level: Level, escapes: Iterable[Escape]) -> list[Escape]:
    """Those that have to be withstood at this level."""
    strength = list(Level)
    return [escape for escape in escapes if strength.index(level) <= strength.index(escape.holds)]


def value_of(report: Report) -> object:
    """What `x` was, where it is a plain value."""
    observation = report.observations.get("x")
    seen = observation.seen if observation else None
    return seen.value if isinstance(seen, PlainValue) else seen
