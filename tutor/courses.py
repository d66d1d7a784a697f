"""The courses from elsewhere that were opened here: which may be opened without asking, and which there are."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import msgspec

from tutor.lessons.model import Course
from tutor.progress_database import connect

_SCHEMA = """
CREATE TABLE IF NOT EXISTS used (
    place TEXT PRIMARY KEY, shown TEXT, course TEXT, title TEXT, steps INTEGER, at REAL
) WITHOUT ROWID
"""


class UsedCourse(msgspec.Struct, frozen=True, kw_only=True):
    """A course that was opened."""

    course: str
    title: str
    place: str
    """The file or folder that was named."""
    steps: int
    passed: int
    opened: float
    """When it was opened last, in seconds since 1970."""

    @property
    def there(self) -> bool:
        """Whether its files are still there."""
        return Path(self.place).exists()


class UsedCourses:
    """The list, kept beside progress. Where it can't be read or written, every course is a new one."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def knows(self, place: Path) -> bool:
        """Whether somebody has agreed to open the course of this file or folder before."""
        rows = self._all("SELECT 1 FROM used WHERE place = ?", (str(place.absolute()),))
        return bool(rows)

    def note(self, course: Course, place: Path, shown: Path) -> None:
        """Note that a course was opened: from where its files are, and what the learner calls that."""
        steps = sum(len(lesson.steps) for lesson in course.lessons)
        row = (str(place.absolute()), str(shown.absolute()), course.id, course.title, steps, time.time())
        self._all("INSERT OR REPLACE INTO used VALUES (?, ?, ?, ?, ?, ?)", row)

    def all(self) -> list[UsedCourse]:
        """Every course, the one that was opened last first."""
        passed = "(SELECT count(*) FROM step WHERE step.course = used.course AND passed_at IS NOT NULL)"
        rows = self._all(
            f"SELECT course, title, shown, steps, {passed}, max(at) FROM used GROUP BY course, shown ORDER BY 6 DESC"
        )
        return [
            UsedCourse(course=course, title=title, place=shown, steps=steps, passed=passed, opened=at)
            for course, title, shown, steps, passed, at in rows
        ]

    def _all(self, query: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            db = connect(str(self._path))
        except (OSError, sqlite3.Error):
            return []
        try:
            db.execute(_SCHEMA)
            return db.execute(query, values).fetchall()
        except sqlite3.Error:
            return []
        finally:
            db.close()
