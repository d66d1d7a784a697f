"""The tables of the progress file, and how it is opened."""

from __future__ import annotations

import sqlite3

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
