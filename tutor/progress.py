"""What a learner has done: states, drafts, attempts and the place in the course, in one SQLite file.

Everything is written as it happens, in WAL mode, so that a killed program loses nothing that was handed over, and two
tutors may run at once. A damaged file is set aside and named in `warning`; nothing is ever deleted.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from tutor.lessons.model import StepRef
from tutor.progress_schema import connect

RESET = "reset"
"""The outcome under which the history keeps a draft that was reset."""
IMPORTED = "imported"
"""The outcome under which it keeps a draft that another one stands in the place of."""
ELSEWHERE = "elsewhere"
"""The outcome under which it keeps a draft of another window, which this one's took the place of."""
_A_RUN = f"outcome NOT IN ('{RESET}', '{IMPORTED}', '{ELSEWHERE}')"
UNTIL_QUIT = "What you do now lasts until you quit."


class State(StrEnum):
    """How far a learner is with a step."""

    NEW = "new"
    BEGUN = "begun"
    PASSED = "passed"
    PASSED_WITH_ANSWER = "passed_with_answer"

    @property
    def done(self) -> bool:
        """Whether the step is behind the learner."""
        return self in (State.PASSED, State.PASSED_WITH_ANSWER)


class Version(msgspec.Struct, frozen=True):
    """The code of a step as it was run, or set aside, at some time."""

    at: float
    code: str
    outcome: str
    passed: bool


class Progress:
    """The progress of one course. `warning` tells the learner where the file could not be used as it was."""

    def __init__(self, path: Path, course_id: str) -> None:
        self.course = course_id
        self.warning: str | None = None
        self._db = self._open(path)
        self._version: int | None = None

    def _open(self, path: Path) -> sqlite3.Connection:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return connect(str(path))
        except sqlite3.OperationalError as error:
            self.warning = f"Progress can't be kept in {path} ({error}). {UNTIL_QUIT}"
        except sqlite3.DatabaseError as error:
            return self._set_aside(path, error)
        except OSError as error:
            self.warning = f"Progress can't be kept: {error.strerror}: {path.parent}. {UNTIL_QUIT}"
        return connect(":memory:")

    def _set_aside(self, path: Path, error: sqlite3.DatabaseError) -> sqlite3.Connection:
        aside = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
        for suffix in ("", "-wal", "-shm"):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.replace(aside.with_name(aside.name + suffix))
        self.warning = (
            f"The progress file was damaged ({error}). It is kept as {aside.name}, and a new one was started."
        )
        return connect(str(path))

    @property
    def database(self) -> sqlite3.Connection:
        """The open file, for those who move progress as a whole."""
        return self._db

    # ---- states -------------------------------------------------------------------------------------------------

    def states(self) -> dict[StepRef, State]:
        """The state of every step that was ever opened."""
        rows = self._db.execute(
            "SELECT lesson, step, passed_at, with_answer FROM step WHERE course = ?", (self.course,)
        )
        return {
            StepRef(lesson, step): state_of(passed_at, with_answer) for lesson, step, passed_at, with_answer in rows
        }

    def state(self, ref: StepRef) -> State:
        """The state of one step."""
        row = self._row(ref, "passed_at, with_answer")
        return State.NEW if row is None else state_of(*row)

    def begin(self, ref: StepRef) -> None:
        """Note that the step was opened."""
        self._write(
            "INSERT OR IGNORE INTO step (course, lesson, step) VALUES (?, ?, ?)", (self.course, ref.lesson, ref.step)
        )

    def mark_passed(self, ref: StepRef) -> None:
        """Note that the step is done; a pass without the answer stays one."""
        if self.state(ref) is not State.PASSED:
            self._set(ref, passed_at=time.time(), with_answer=int(self.answer_shown(ref)))

    # ---- drafts and attempts ------------------------------------------------------------------------------------

    def save_draft(self, ref: StepRef, text: str) -> None:
        """Keep the text of the editor."""
        self._set(ref, draft=text)

    def set_aside(self, ref: StepRef, text: str) -> None:
        """Keep a draft in the history, as another one takes its place."""
        self._attempt(ref, text, ELSEWHERE, passed=False, seconds=0)

    def written_elsewhere(self) -> bool:
        """Whether another program wrote to the file since this was asked last; costs next to nothing."""
        version = int(self._db.execute("PRAGMA data_version").fetchone()[0])
        before, self._version = self._version, version
        return before not in (None, version)

    def draft(self, ref: StepRef) -> str | None:
        """The kept text, or None where the learner has not typed yet."""
        draft: str | None = self._value(ref, "draft", None)
        return draft

    def record_attempt(
        self, ref: StepRef, *, code: str, outcome: str, passed: bool, seconds: float, done: bool = True
    ) -> None:
        """Keep a run, and mark the step as passed if it did, unless there is more to be `done` than to pass."""
        self._attempt(ref, code, outcome, passed=passed, seconds=seconds)
        self.begin(ref)
        if passed and done:
            self.mark_passed(ref)

    def _attempt(self, ref: StepRef, code: str, outcome: str, *, passed: bool, seconds: float) -> None:
        self._write(
            "INSERT INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*self._key(ref), time.time(), code, outcome, int(passed), seconds),
        )

    def attempts(self, ref: StepRef) -> int:
        """How many runs there were."""
        return self._count(f"AND {_A_RUN}", ref)

    def history(self, ref: StepRef, most: int = 100) -> list[Version]:
        """What was run or set aside in a step, the last one first; of the same code in a row only the last."""
        where = "course = ? AND lesson = ? AND step = ?"
        query = f"SELECT at, code, outcome, passed FROM attempt WHERE {where} ORDER BY at DESC"
        found: list[Version] = []
        for at, code, outcome, passed in self._db.execute(query, self._key(ref)):
            if not found or found[-1].code != code:
                found.append(Version(at, code, outcome, bool(passed)))
            if len(found) == most:
                break
        return found

    def runs(self) -> list[tuple[float, bool]]:
        """When something ran, in seconds since 1970, and whether it passed."""
        query = f"SELECT at, passed FROM attempt WHERE course = ? AND {_A_RUN}"
        return [(at, bool(passed)) for at, passed in self._db.execute(query, (self.course,))]

    def failures_since_pass(self, ref: StepRef) -> int:
        """How many runs failed since the last one that passed."""
        return self._count(
            f"AND NOT passed AND {_A_RUN} AND at > (SELECT coalesce(max(at), 0) FROM attempt"
            " WHERE course = ?1 AND lesson = ?2 AND step = ?3 AND passed)",
            ref,
        )

    # ---- hints, answers, choices --------------------------------------------------------------------------------

    def show_hint(self, ref: StepRef) -> int:
        """Count one more hint as shown; returns how many are shown now."""
        shown = self.hints_shown(ref) + 1
        self._set(ref, hints=shown)
        return shown

    def hints_shown(self, ref: StepRef) -> int:
        """How many hints the learner has seen."""
        return int(self._value(ref, "hints", 0))

    def show_answer(self, ref: StepRef) -> None:
        """Note that the learner saw the answer."""
        self._set(ref, answer_shown=1)

    def answer_shown(self, ref: StepRef) -> bool:
        """Whether the learner saw the answer."""
        return bool(self._value(ref, "answer_shown", 0))

    def save_choice(self, ref: StepRef, picked: Iterable[int]) -> None:
        """Keep the options that were picked, counted from 0."""
        self._set(ref, choice=json.dumps(sorted(picked)))

    def choice(self, ref: StepRef) -> tuple[int, ...]:
        """The options that were picked, () if none."""
        return tuple(json.loads(self._value(ref, "choice", None) or "[]"))

    def keep(self, ref: StepRef, key: str, value: Any) -> None:
        """Keep what a kind of step has to remember: anything that JSON can hold."""
        text = msgspec.json.encode(value).decode()
        self._write("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?)", (*self._key(ref), key, text))

    def kept(self, ref: StepRef, key: str) -> Any:
        """What was kept; None where nothing was, or it can't be read."""
        query = "SELECT value FROM kept WHERE course = ? AND lesson = ? AND step = ? AND key = ?"
        row = self._db.execute(query, (*self._key(ref), key)).fetchone()
        try:
            return None if row is None else msgspec.json.decode(row[0])
        except msgspec.DecodeError:
            return None

    def keeping(self, key: str) -> list[StepRef]:
        """The steps for which something is kept under a key."""
        query = "SELECT lesson, step FROM kept WHERE course = ? AND key = ?"
        return [StepRef(*row) for row in self._db.execute(query, (self.course, key))]

    # ---- place and resets ---------------------------------------------------------------------------------------

    def set_position(self, ref: StepRef) -> None:
        """Remember where the learner is."""
        self._write(
            "INSERT OR REPLACE INTO position VALUES (?, ?, ?, ?)", (self.course, ref.lesson, ref.step, time.time())
        )

    def position(self) -> StepRef | None:
        """Where the learner was last."""
        row = self._db.execute("SELECT lesson, step FROM position WHERE course = ?", (self.course,)).fetchone()
        return None if row is None else StepRef(*row)

    def reset_step(self, ref: StepRef) -> None:
        """Forget state, draft, hints and answer of a step; the draft goes into the history, so that it is not lost."""
        self._reset("course = ? AND lesson = ? AND step = ?", self._key(ref))

    def reset_lesson(self, lesson_id: str) -> None:
        """Do the same for every step of a lesson."""
        self._reset("course = ? AND lesson = ?", (self.course, lesson_id))

    def _reset(self, which: str, key: tuple[str, ...]) -> None:
        keep = (
            f"INSERT INTO attempt SELECT course, lesson, step, {time.time()}, draft, '{RESET}', 0, 0 FROM step"
            f" WHERE {which} AND draft IS NOT NULL"
        )
        self._write(keep, key)
        self._write(f"DELETE FROM step WHERE {which}", key)
        self._write(f"DELETE FROM kept WHERE {which}", key)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # ---- SQL ----------------------------------------------------------------------------------------------------

    def _key(self, ref: StepRef) -> tuple[str, str, str]:
        return self.course, ref.lesson, ref.step

    def _write(self, query: str, values: tuple[Any, ...]) -> None:
        try:
            self._db.execute(query, values)
        except sqlite3.OperationalError as error:
            self.warning = f"Your progress could not be saved just now ({error})."

    def _row(self, ref: StepRef, columns: str) -> tuple[Any, ...] | None:
        query = f"SELECT {columns} FROM step WHERE course = ? AND lesson = ? AND step = ?"
        row: tuple[Any, ...] | None = self._db.execute(query, self._key(ref)).fetchone()
        return row

    def _value(self, ref: StepRef, column: str, default: Any) -> Any:
        row = self._row(ref, column)
        return default if row is None else row[0]

    def _count(self, condition: str, ref: StepRef) -> int:
        query = f"SELECT count(*) FROM attempt WHERE course = ?1 AND lesson = ?2 AND step = ?3 {condition}"
        return int(self._db.execute(query, self._key(ref)).fetchone()[0])

    def _set(self, ref: StepRef, **values: Any) -> None:
        columns = ", ".join(values)
        changes = ", ".join(f"{column} = excluded.{column}" for column in values)
        marks = ", ".join("?" * (3 + len(values)))
        self._write(
            f"INSERT INTO step (course, lesson, step, {columns}) VALUES ({marks})"
            f" ON CONFLICT (course, lesson, step) DO UPDATE SET {changes}",
            (*self._key(ref), *values.values()),
        )


def state_of(passed_at: float | None, with_answer: int) -> State:
    """The state that a row of the step table stands for."""
    if passed_at is None:
        return State.BEGUN
    return State.PASSED_WITH_ANSWER if with_answer else State.PASSED
