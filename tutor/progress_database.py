"""The SQLite file that progress is kept in: opened, set aside where it is damaged, read and written row by row."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from tutor.lessons.model import StepRef

SCHEMA = """
CREATE TABLE IF NOT EXISTS step (
    course TEXT, lesson TEXT, step TEXT,
    passed_at REAL, with_answer INTEGER NOT NULL DEFAULT 0,
    hints INTEGER NOT NULL DEFAULT 0, answer_shown INTEGER NOT NULL DEFAULT 0,
    draft TEXT, choice TEXT,
    PRIMARY KEY (course, lesson, step)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS attempt (
    course TEXT, lesson TEXT, step TEXT,
    at REAL, code TEXT, outcome TEXT, passed INTEGER, seconds REAL
);
CREATE INDEX IF NOT EXISTS attempt_by_step ON attempt (course, lesson, step);
CREATE TABLE IF NOT EXISTS kept (
    course TEXT, lesson TEXT, step TEXT, key TEXT, value TEXT, PRIMARY KEY (course, lesson, step, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS position (course TEXT PRIMARY KEY, lesson TEXT, step TEXT, at REAL) WITHOUT ROWID;
"""
UNTIL_QUIT = "What you do now lasts until you quit."


class ProgressDatabase:
    """The rows of one course. `warning` tells the learner where the file could not be used as it was."""

    def __init__(self, path: Path, course_id: str) -> None:
        self.course = course_id
        self.warning: str | None = None
        self._db = self._open(path)

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

    def data_version(self) -> int:
        """A number that is another one after another program, or another connection, has written to the file."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self._db.close()

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


def connect(name: str) -> sqlite3.Connection:
    """Open and prepare a database; sqlite3.DatabaseError if it is damaged, OperationalError if it can't be used."""
    db = sqlite3.connect(name, timeout=5, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        db.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
    except sqlite3.Error:
        db.close()
        raise
    return db
