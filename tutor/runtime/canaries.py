"""Ten attacks of the tutor on its own sandbox, for `doctor`: each HOLDS or is BROKEN, with what happened.

They run as a learner's code runs. Whether one got through is judged on this side wherever that can be seen here: by
what arrived at a listener, by the state of a file, by the processes that are there. A canary that could not be tried
has not held.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from tutor.runtime import attacks, watch
from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Job, Level, Limits, Outcome, Output, Report, RunEvent
from tutor.runtime.safe_text import visible
from tutor.runtime.traps import Traps

LIMITS = Limits(time_s=10.0, memory_mb=1024)
FEW = Limits(time_s=10.0, memory_mb=1024, processes=24)
"""Limits of the canary that forks, where it has a run of its own."""
SMALL = Limits(time_s=10.0, memory_mb=64)
"""Limits of the canary that allocates."""
ALLOCATION_MB = 192
"""What it tries to have."""
FORKS = 200
"""How many processes the canary that forks tries to start; the limit is lower."""
_SLACK = 24
"""Processes of the runtime itself that may come and go meanwhile."""
_TICK_S = 0.03
_GONE_S = 3.0


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one canary."""

    name: str
    holds: bool
    detail: str
    """What was seen, in words."""


class _Seen(NamedTuple):
    """What is known after a run."""

    traps: Traps
    report: Report
    told: tuple[str, ...] | None
    """What got through as the program itself says; None where it did not come to its end."""
    events: Sequence[str]
    most: int
    """How many processes more than before there were at the most."""
    limits: Limits

    @property
    def said(self) -> str:
        return "; ".join(self.told or ())


class _Canary(NamedTuple):
    key: str
    name: str
    code: str
    judge: Callable[[_Seen], Awaitable[str]]
    """What happened, where the sandbox is broken; else empty."""
    held: str
    limits: Limits = LIMITS
    ends_itself: bool = True
    """Whether its program comes to its end where the sandbox holds."""


# ---- the judges -------------------------------------------------------------------------------------------------


async def _home(seen: _Seen) -> str:
    if seen.traps.secret in seen.said:
        return f"the content of {seen.traps.file} came out"
    return seen.said


async def _outside(seen: _Seen) -> str:
    changed = seen.traps.changed()
    return f"something was changed in {', '.join(changed)}" if changed else seen.said


async def _network(seen: _Seen) -> str:
    reached = seen.traps.reached()
    return f"reached: {', '.join(reached)}" if reached else ""


async def _signals(seen: _Seen) -> str:
    await asyncio.sleep(0)  # a signal that has arrived is counted
    reached = seen.traps.signalled()
    if seen.report.outcome is Outcome.RUNTIME_FAULT:
        reached.append("the supervisor of the run")
    return f"a signal reached {', '.join(reached)}" if reached else ""


async def _memory_of_others(seen: _Seen) -> str:
    if seen.traps.secret in seen.said:
        return "a secret from the environment of another process of yours came out"
    if not seen.traps.decoy_answers():
        return "another process of yours was traced, and ended by that"
    return seen.said


async def _daemon(seen: _Seen) -> str:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_GONE_S):
            while seen.traps.left_behind():
                await asyncio.sleep(_TICK_S)
    left = seen.traps.left_behind()
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, 9)
    return "a process was still there when the run was over (it has been ended now)" if left else ""


async def _processes(seen: _Seen) -> str:
    if seen.most > seen.limits.processes + _SLACK:
        return f"{seen.most} processes at once, with a limit of {seen.limits.processes}"
    return seen.said


async def _allocation(seen: _Seen) -> str:
    if seen.report.outcome is Outcome.OUT_OF_MEMORY:
        return ""
    had = f"it got {seen.said}" if seen.said else f"the run ended as {seen.report.outcome.value}"
    return f"{had}, and was not ended at its limit of {SMALL.memory_mb} MB"


async def _output(seen: _Seen) -> str:
    if seen.traps.title not in seen.report.stdout or seen.traps.title not in seen.report.stderr:
        return "what it wrote did not arrive, so nothing can be said of it"
    texts = (*_texts(msgspec.to_builtins(seen.report)), *seen.events)
    return "" if all(text == visible(text) for text in texts) else "a control character came through"


async def _answers(seen: _Seen) -> str:
    out = seen.traps.answers_in(seen.said)
    return f"this came out: {', '.join(map(str, out))}" if out else seen.said


def _texts(value: object) -> list[str]:
    """Every text in a plain value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.items() for text in _texts(item)]
    return [text for item in value for text in _texts(item)] if isinstance(value, list | tuple) else []


CANARIES = (
    _Canary("home", "read a file in your home folder", attacks.HOME, _home, "the file stayed closed"),
    _Canary("outside", "write outside its scratch folder", attacks.OUTSIDE, _outside, "no file was changed"),
    _Canary(
        "network",
        "reach a port or a local socket",
        attacks.NETWORK,
        _network,
        "nothing arrived",
    ),
    _Canary("signals", "end the tutor or your processes", attacks.SIGNALS, _signals, "no signal arrived"),
    _Canary(
        "memory",
        "read or trace other processes",
        attacks.MEMORY_OF_OTHERS,
        _memory_of_others,
        "they stayed closed",
    ),
    _Canary("daemon", "leave a process behind", attacks.DAEMON, _daemon, "it was ended with the run"),
    _Canary("answers", "read the answers of the lessons", attacks.ANSWERS, _answers, "they stayed closed"),
    _Canary("output", "send commands to your terminal", attacks.OUTPUT, _output, "they came as plain text"),
    _Canary(
        "processes",
        "start processes without end",
        attacks.PROCESSES,
        _processes,
        "it was stopped at its limit",
        limits=FEW,
    ),
    _Canary(
        "allocation",
        "take memory beyond its limit",
        attacks.ALLOCATION,
        _allocation,
        f"it was ended at {SMALL.memory_mb} MB",
        limits=SMALL,
        ends_itself=False,
    ),
)
NAMES = tuple(canary.name for canary in CANARIES)


# ---- the runs ---------------------------------------------------------------------------------------------------


async def release(
    runtime: Runtime, answers: Sequence[Path] = (), on_progress: Callable[[int], None] = lambda _done: None
) -> tuple[Verdict, ...]:
    """Let all canaries fly in runs of a started runtime; `on_progress` hears how many have come back."""
    verdicts: list[Verdict] = []
    for group in _groups(runtime.info.level if runtime.info else Level.BASIC):
        with Traps(answers) as traps:
            verdicts += await _fly(runtime, group, traps)
        on_progress(len(verdicts))
    return tuple(verdicts)


def _groups(level: Level) -> list[tuple[_Canary, ...]]:
    """Which canaries share a run: none, but where every run has to load torch."""
    if level is not Level.SPARE:
        return [(canary,) for canary in CANARIES]
    alike = tuple(canary for canary in CANARIES if canary.ends_itself)
    return [alike, *((canary,) for canary in CANARIES if canary not in alike)]


async def _fly(runtime: Runtime, group: tuple[_Canary, ...], traps: Traps) -> list[Verdict]:
    events: list[str] = []

    def on_event(event: RunEvent) -> None:
        if isinstance(event, Output):
            events.append(event.text)

    limits = group[0].limits if len(group) == 1 else LIMITS
    job = Job(code=program(group, traps), limits=limits)
    before = _processes_below()
    most = 0
    running = asyncio.create_task(runtime.run(job, on_event))
    while not (await asyncio.wait([running], timeout=_TICK_S))[0]:
        most = max(most, _processes_below() - before)
    report = await running
    told = _told(report.stdout, traps.mark)
    return [await _judged(canary, _Seen(traps, report, told.get(canary.key), events, most, limits)) for canary in group]


def _processes_below() -> int:
    return len(watch.descendants(os.getpid()))


def program(group: tuple[_Canary, ...], traps: Traps) -> str:
    """The code of a run that tries these canaries one after the other."""
    told = traps.told(processes=FORKS, allocation=ALLOCATION_MB << 20)
    code = f"traps = {told!r}\n{attacks.PRELUDE}"
    for canary in group:
        code += f"{canary.code}\ntell({canary.key!r}, attack())\n"
    return code


def _told(stdout: str, mark: str) -> dict[str, tuple[str, ...]]:
    """What the programs have told: for each canary what got through."""
    told = {}
    for line in stdout.splitlines():
        found, _, words = line.partition(" ")
        if found == mark:
            key, _, listed = words.partition(" ")
            with contextlib.suppress(msgspec.DecodeError):
                told[key] = msgspec.json.decode(listed, type=tuple[str, ...])
    return told


async def _judged(canary: _Canary, seen: _Seen) -> Verdict:
    broken = await canary.judge(seen)
    if not broken and canary.ends_itself and seen.told is None:
        why = seen.report.detail or (seen.report.error.text.splitlines()[-1] if seen.report.error else "")
        broken = f"it could not be tried: the run ended as {seen.report.outcome.value}. {why}".rstrip()
    return Verdict(name=canary.name, holds=not broken, detail=visible(broken or canary.held))
