"""Progress as one JSON object, to move between machines: written whole, merged without losing what is there."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Annotated, Any

import msgspec

from tutor.progress import IMPORTED, Progress

FORMAT = 1
Text = Annotated[str, msgspec.Meta(max_length=1_000_000)]


class StepRow(msgspec.Struct, frozen=True, kw_only=True):
    """A step, as far as the learner is with it."""

    lesson: str
    step: str
    passed_at: float | None = None
    with_answer: int = 0
    hints: int = 0
    answer_shown: int = 0
    draft: Text | None = None
    choice: Text | None = None


class AttemptRow(msgspec.Struct, frozen=True, kw_only=True):
    """A run."""

    lesson: str
    step: str
    at: float
    code: Text
    outcome: str
    passed: int
    seconds: float


class KeptRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a kind of step remembers."""

    lesson: str
    step: str
    key: str
    value: Text


class ProgressFile(msgspec.Struct, frozen=True, kw_only=True):
    """The progress of one course."""

    format: int
    course: str
    exported: float
    steps: tuple[StepRow, ...] = ()
    attempts: tuple[AttemptRow, ...] = ()
    kept: tuple[KeptRow, ...] = ()


class Merged(msgspec.Struct, frozen=True):
    """What came of an import."""

    steps: int
    attempts: int
    drafts_aside: int
    """Drafts that went to the history, because another one was here already."""


def exported(progress: Progress) -> bytes:
    """The progress of a course as JSON."""
    db, course = progress.database, progress.course
    made = ProgressFile(
        format=FORMAT,
        course=course,
        exported=time.time(),
        steps=tuple(StepRow(**row) for row in _rows(db, "step", StepRow, course)),
        attempts=tuple(AttemptRow(**row) for row in _rows(db, "attempt", AttemptRow, course)),
        kept=tuple(KeptRow(**row) for row in _rows(db, "kept", KeptRow, course)),
    )
    return msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n"


def read(path: Path) -> ProgressFile:
    """The progress in a file; ValueError, with what is wrong, where it holds none; OSError where it can't be read."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=ProgressFile)
    except msgspec.MsgspecError as error:
        raise ValueError(f"{path} does not hold progress: {error}") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8 text (byte {error.start + 1})") from None
    if found.format > FORMAT:
        raise ValueError(f"{path} was written by a newer torch-tutor (format {found.format}); update this one")
    return found


def merge(progress: Progress, found: ProgressFile) -> Merged:
    """Take in the progress of another machine. What is here stays: the better state wins, both drafts are kept."""
    db, course = progress.database, progress.course
    aside = attempts = 0
    db.execute("BEGIN IMMEDIATE")
    try:
        for attempt in found.attempts:
            attempts += _add_attempt(db, course, attempt)
        for step in found.steps:
            aside += _merge_step(db, course, step, found.exported)
        for kept in found.kept:
            values = (course, kept.lesson, kept.step, kept.key, kept.value)
            db.execute("INSERT OR IGNORE INTO kept VALUES (?, ?, ?, ?, ?)", values)
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
    return Merged(len(found.steps), attempts, aside)


def _rows(db: sqlite3.Connection, table: str, row: type[msgspec.Struct], course: str) -> list[dict[str, Any]]:
    names = row.__struct_fields__
    found = db.execute(f"SELECT {', '.join(names)} FROM {table} WHERE course = ?", (course,))
    return [dict(zip(names, values, strict=True)) for values in found]


def _add_attempt(db: sqlite3.Connection, course: str, attempt: AttemptRow) -> int:
    """Add a run that is not here yet; 1 if it was added."""
    values = (course, *msgspec.structs.astuple(attempt))
    same = "SELECT 1 FROM attempt WHERE course = ? AND lesson = ? AND step = ? AND at = ? AND code = ?"
    if db.execute(same, values[:5]).fetchone():
        return 0
    db.execute("INSERT INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
    return 1


def _merge_step(db: sqlite3.Connection, course: str, theirs: StepRow, exported_at: float) -> int:
    """Merge a step; 1 if its draft went to the history."""
    key = (course, theirs.lesson, theirs.step)
    names = StepRow.__struct_fields__[2:]
    row = db.execute(
        f"SELECT {', '.join(names)} FROM step WHERE course = ? AND lesson = ? AND step = ?", key
    ).fetchone()
    own = StepRow(lesson=theirs.lesson, step=theirs.step, **dict(zip(names, row, strict=True))) if row else theirs
    passes = [one for one in (own, theirs) if one.passed_at is not None]
    best = min(passes, key=lambda one: (one.with_answer, one.passed_at)) if passes else own
    values = (
        best.passed_at,
        best.with_answer,
        max(own.hints, theirs.hints),
        max(own.answer_shown, theirs.answer_shown),
        theirs.draft if own.draft is None else own.draft,
        theirs.choice if own.choice is None else own.choice,
    )
    db.execute("INSERT OR REPLACE INTO step VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*key, *values))
    if theirs.draft is None or own.draft is None or theirs.draft == own.draft:
        return 0
    aside = AttemptRow(
        lesson=theirs.lesson, step=theirs.step, at=exported_at, code=theirs.draft, outcome=IMPORTED, passed=0, seconds=0
    )
    return _add_attempt(db, course, aside)
