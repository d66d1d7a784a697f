"""What a learner found wrong in a step, as a file for its author: words, code, run and verdicts."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from tutor import __version__
from tutor.checks.base import Verdict
from tutor.lessons.model import AnyStep, Course, StepRef
from tutor.runtime.protocol import Report

LAST_LINES = 20
"""Lines of output that a report holds."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What the learner had before them."""

    words: str
    code: str = ""
    report: Report | None = None
    """The last run of the step; None where nothing was run."""
    verdicts: tuple[Verdict, ...] = ()
    place: str = ""
    """Device, torch and isolation, as the status line names them."""


def fault_text(course: Course, ref: StepRef, step: AnyStep, found: Found) -> str:
    """The report as Markdown; it holds nothing of the machine but versions, and no path."""
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    facts = {
        "Course": f"{course.id} {course.version}",
        "Step": f"{ref} ({step.kind}): {step.title}",
        "torch-tutor": __version__,
        "System": ", ".join(filter(None, (system, found.place))),
    }
    parts = [
        f"# A fault in {ref}",
        found.words.strip() or "(no words)",
        "\n".join(f"- {name}: {value}" for name, value in facts.items()),
        *section("The learner's code", found.code, "python"),
        *(run_sections(found.report) if found.report is not None else ["Nothing was run."]),
        *section("What the checks said", "\n".join(map(verdict_lines, found.verdicts))),
    ]
    return "\n\n".join(parts) + "\n"


def run_sections(report: Report) -> list[str]:
    """How the last run ended, and the end of what it printed."""
    error = report.error
    ending = f"Ended: {report.outcome}, after {report.seconds:.3g} s."
    told = error.text.strip() or f"{error.type}: {error.message}" if error is not None else ""
    return [ending, *section("Its error", told), *section("Its output", last_lines(report.stdout + report.stderr))]


def last_lines(text: str) -> str:
    """The last lines of a text; how many went before."""
    lines = text.splitlines()
    left_out = [f"… {len(lines) - LAST_LINES} lines …"] if len(lines) > LAST_LINES else []
    return "\n".join(left_out + lines[-LAST_LINES:])


def verdict_lines(verdict: Verdict) -> str:
    """A verdict as it was read."""
    more = (f"    {part}" for part in (verdict.why, verdict.next) if part)
    return "\n".join([f"{verdict.status} {verdict.title}: {verdict.finding}", *more])


def section(title: str, text: str, language: str = "text") -> list[str]:
    """A heading and a fenced text; nothing for an empty one."""
    if not text.strip():
        return []
    fence = "`" * max(3, longest_run(text) + 1)
    return [f"## {title}", f"{fence}{language}\n{text.rstrip()}\n{fence}"]


def longest_run(text: str, of: str = "`") -> int:
    """The length of the longest row of one character."""
    longest = now = 0
    for each in text:
        now = now + 1 if each == of else 0
        longest = max(longest, now)
    return longest


def write(folder: Path, ref: StepRef, text: str) -> Path:
    """Write a report under a name of its own; OSError where that can't be done."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"fault-{ref.lesson}-{ref.step}-{time.strftime('%Y%m%d')}"
    path = next(iter(free(folder, name)))
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    return path


def free(folder: Path, name: str) -> Iterable[Path]:
    """Names that no file has yet."""
    names: Sequence[str] = [f"{name}.md", *(f"{name}-{number}.md" for number in range(2, 1000))]
    return (folder / each for each in names if not (folder / each).exists())
