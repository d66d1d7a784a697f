"""What a learner has done: states, drafts, attempts and the place in the course, in one SQLite file.

Everything is written as it happens, in WAL mode, so that a killed program loses nothing that was handed over, and two
tutors may run at once. A damaged file is set aside and named in `warning`; nothing is ever deleted.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from tutor.lessons.model import StepRef
from tutor.progress_database import ProgressDatabase

RESET = "reset"
"""The outcome under which the history keeps a draft that was reset."""
IMPORTED = "imported"
"""The outcome under which it keeps a draft that another one stands in the place of."""
ELSEWHERE = "elsewhere"
"""The outcome under which it keeps a draft of another window, which this one's took the place of."""
_A_RUN = f"outcome NOT IN ('{RESET}', '{IMPORTED}', '{ELSEWHERE}')"


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


class Progress(ProgressDatabase):
    """The progress of one course."""

    def __init__(self, path: Path, course_id: str) -> None:
        super().__init__(path, course_id)
        self._states: Mapping[StepRef, State] | None = None
        self._read_at = 0
        self._looked_at = self.data_version()

    @property
    def database(self) -> sqlite3.Connection:
        """The open file, for those who move progress as a whole."""
        self._states = None
        return self._db

    # ---- states -------------------------------------------------------------------------------------------------

    def states(self) -> Mapping[StepRef, State]:
        """The state of every step that was ever opened; a mapping that never changes, the same one until a state does.

        It is read from the file again only where another tutor has written to that.
        """
        version = self.data_version()
        if self._states is None or version != self._read_at:
            query = "SELECT lesson, step, passed_at, with_answer FROM step WHERE course = ?"
            rows = self._db.execute(query, (self.course,))
            self._read_at = version
            self._states = {StepRef(lesson, step): state_of(*passed) for lesson, step, *passed in rows}
        return self._states

    def _note_state(self, ref: StepRef) -> None:
        if self._states is not None and self._states.get(ref) is not (now := self.state(ref)):
            self._states = {**self._states, ref: now}

    def _set(self, ref: StepRef, **values: Any) -> None:
        super()._set(ref, **values)
        self._note_state(ref)

    def state(self, ref: StepRef) -> State:
        """The state of one step."""
        row = self._row(ref, "passed_at, with_answer")
        return State.NEW if row is None else state_of(*row)

    def begin(self, ref: StepRef) -> None:
        """Note that the step was opened."""
        self._write(
            "INSERT OR IGNORE INTO step (course, lesson, step) VALUES (?, ?, ?)", (self.course, ref.lesson, ref.step)
        )
        self._note_state(ref)

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
        before, self._looked_at = self._looked_at, self.data_version()
        return before != self._looked_at

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
        self._states = None


def state_of(passed_at: float | None, with_answer: int) -> State:
    """The state that a row of the step table stands for."""
    if passed_at is None:
        return State.BEGUN
    return State.PASSED_WITH_ANSWER if with_answer else State.PASSED
